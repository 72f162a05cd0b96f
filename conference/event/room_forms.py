"""The form of a room: its hours on each day of the conference, and the walk to each other room."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import BooleanField, Field, IntegerField, StringField
from wtforms.validators import NumberRange, Optional, ValidationError

from conference.core.clock import STOCKHOLM, read_clock
from conference.core.ids import RoomId
from conference.core.interval import Interval
from conference.event.model import Room, RoomDetails, RoomFacts, RoomHours
from conference.event.rules import MOST_DAYS
from conference.web.forms import AtMost, Required
from conference.web.language import gettext, long_date
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm

LONGEST_WALK_MIN = 180


class RoomForm(RevisedForm):
    """`opens_1` and `closes_1` are those of the first day; `room_form` adds `walk_7`, the walk to room 7."""

    name = StringField(_l("Name"), [Required(_l("Enter the room's name.")), AtMost(100)])
    seats = IntegerField(
        _l("Seats"),
        [Optional(), NumberRange(0, 100_000, _l("Enter a number of seats, or leave it empty if unknown."))],
    )
    is_emptied_by_plenary = BooleanField(_l("Empty during plenaries"))
    _days: Sequence[date] = ()
    _kept: Sequence[RoomHours] = ()
    _others: Sequence[Room] = ()

    def offer(self, days: Sequence[date], others: Sequence[Room], kept: Sequence[RoomHours] = ()) -> None:
        """Ask for these days and these rooms; hours of other days are kept as they are."""
        self._days, self._others = days, others
        self._kept = [hours for hours in kept if hours.day not in days]

    @property
    def hours(self) -> list[tuple[str, Field, Field]]:
        """The rows to show: the day in words, when the room opens and when it closes."""
        return [
            (long_date(day), self[f"opens_{number}"], self[f"closes_{number}"])
            for number, day in enumerate(self._days, 1)
        ]

    @property
    def walks(self) -> list[Field]:
        return [self[f"walk_{room.id}"] for room in self._others]

    def check_closes(self, field: Field) -> None:
        opens = self[field.name.replace("closes", "opens")]
        if bool(opens.data) != bool(field.data):
            raise ValidationError(gettext("Enter both times, or leave both empty: then it is open all day."))

    def details(self) -> RoomDetails:
        return RoomDetails(
            name=self.name.data or "",
            seats=self.seats.data,
            is_emptied_by_plenary=self.is_emptied_by_plenary.data,
        )

    def facts(self) -> RoomFacts:
        typed = (
            _hours(day, self[f"opens_{number}"].data, self[f"closes_{number}"].data)
            for number, day in enumerate(self._days, 1)
        )
        hours = [*self._kept, *(one for one in typed if one)]
        return RoomFacts(
            hours=tuple(sorted(hours, key=lambda one: one.day)),
            walks_min={room.id: self[f"walk_{room.id}"].data or 0 for room in self._others},
        )


def _hours(day: date, opens: str | None, closes: str | None) -> RoomHours | None:
    """Return the day's hours; what closes no later than it opens closes on the day after."""
    first, last = read_clock(opens or ""), read_clock(closes or "")
    if first is None or last is None:
        return None
    until = day if last > first else day + timedelta(days=1)
    return RoomHours(day=day, span=Interval(start=_at(day, first), end=_at(until, last)))


def _at(day: date, clock_time: time) -> datetime:
    return datetime.combine(day, clock_time, STOCKHOLM)


def _a_clock_time(form: RoomForm, field: Field) -> None:  # noqa: ARG001 -- the signature is WTForms'
    if field.data and read_clock(field.data) is None:
        raise ValidationError(gettext("Enter the time as hours and minutes, such as 09:30."))


def _both_times(form: RoomForm, field: Field) -> None:
    form.check_closes(field)


for _number in range(1, MOST_DAYS + 1):
    # Fields by number and not a list of forms, so that a summary can lead to the one that is wrong.
    setattr(RoomForm, f"opens_{_number}", StringField(_l("Opens"), [AtMost(5), _a_clock_time], default=""))
    setattr(
        RoomForm,
        f"closes_{_number}",
        StringField(_l("Closes"), [AtMost(5), _a_clock_time, _both_times], default=""),
    )


def room_form(others: Sequence[Room]) -> type[RoomForm]:
    """Return the form with a field for the walk to each of the other rooms."""
    remedy = _l("Enter the minutes of the walk, 0 to 180, or leave it empty if it takes none.")
    fields = {
        f"walk_{room.id}": IntegerField(room.name, [Optional(), NumberRange(0, LONGEST_WALK_MIN, remedy)])
        for room in others
    }
    return type("RoomForm", (RoomForm,), fields)


def room_values(room: Room, walks_min: Mapping[RoomId, int], days: Sequence[date]) -> dict[str, Any]:
    """Return what is stored by the names of the form's fields."""
    values: dict[str, Any] = {
        "name": room.name,
        "seats": room.seats,
        "is_emptied_by_plenary": room.is_emptied_by_plenary,
        "revision": room.revision,
    }
    hours = {one.day: one.span for one in room.hours}
    for number, day in enumerate(days, 1):
        span = hours.get(day)
        values[f"opens_{number}"] = f"{span.start.astimezone(STOCKHOLM):%H:%M}" if span else ""
        values[f"closes_{number}"] = f"{span.end.astimezone(STOCKHOLM):%H:%M}" if span else ""
    return values | {f"walk_{other}": minutes for other, minutes in walks_min.items()}
