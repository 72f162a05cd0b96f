from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Field as WtField
from wtforms.validators import ValidationError

from conference.core.clock import STOCKHOLM, read_clock
from conference.core.ids import ExtraId, RoomId, SessionId, TrackId
from conference.people.model import Person
from conference.programme.choices import moment, read_person, written
from conference.programme.model import (
    TALK_ROLES,
    Kind,
    MoveSession,
    Part,
    PartChoice,
    PartRole,
    Programme,
    Session,
    SessionDetails,
    Talk,
    TalkDetails,
)
from conference.programme.talk_fields import TalkFactsForm
from conference.programme.words import KIND_WORDS, ROLE_WORDS
from conference.registration.extra_model import Extra
from conference.web.forms import AtMost, BaseForm, Required
from conference.web.language import gettext, long_date
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import number_of

# So many people fit one form; as many empty rows stand below those that are filled.
MOST_PEOPLE = 20
EMPTY_ROWS = 3
MOST_CHARACTERS = 20_000
LONGEST_MIN = 1440
MOST_EXPECTED = 100_000


class ListedField(SelectField):
    """A choice from a list. One that is gone is kept as an empty choice, and refused by the rules with a remedy."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, validate_choice=False, default="", choices=[], **options)


def whole_minutes(form: BaseForm, field: WtField) -> None:  # noqa: ARG001 -- the signature is WTForms'
    """Refuse what is no whole number of minutes from 1 to a day."""
    if not _is_number(field.data) or not 1 <= int(field.data) <= LONGEST_MIN:
        raise ValidationError(gettext("Enter how many minutes it lasts, 1 to 1440."))


def whole_people(form: BaseForm, field: WtField) -> None:  # noqa: ARG001 -- the signature is WTForms'
    """Refuse what is no number of people up to 100,000; empty is unknown."""
    if field.data and (not _is_number(field.data) or int(field.data) > MOST_EXPECTED):
        raise ValidationError(gettext("Enter a number of people up to 100000, or leave it empty if unknown."))


def _is_number(typed: str | None) -> bool:
    return bool(typed) and str(typed).isascii() and str(typed).isdigit() and len(str(typed)) < 7  # noqa: PLR2004 -- more digits than any number here has


class PlacedForm(BaseForm):
    """Room, day and time, which both forms of a session have."""

    room_id = ListedField(_l("Room"))
    day = ListedField(_l("Day"))
    # Plain text: the browser's own time field shows 12 hours where its language does.
    time = StringField(_l("Start, such as 09:30"), [AtMost(5)], default="")
    revision = HiddenField()
    _days: Sequence[str] = ()

    def validate_day(self, field: WtField) -> None:
        if field.data and field.data not in self._days:
            raise ValidationError(gettext("That is no day of the conference. Choose one of its days."))
        if self.time.data and not field.data:
            raise ValidationError(gettext("Choose the day as well, or clear the time."))

    def validate_time(self, field: WtField) -> None:
        if field.data and read_clock(field.data) is None:
            raise ValidationError(gettext("Enter the time as hours and minutes, such as 09:30."))
        if self.day.data and not field.data:
            raise ValidationError(gettext("Enter the time as well, or choose no day."))

    def offer_places(self, programme: Programme) -> None:
        self.room_id.choices = [("", gettext("No room yet"))]
        self.room_id.choices += [(str(room.id), room.name) for room in programme.rooms]
        days = _offered_days(self, programme)
        self._days = [day.isoformat() for day in days]
        self.day.choices = [("", gettext("Not scheduled"))]
        self.day.choices += [(day.isoformat(), long_date(day)) for day in days]

    def show_place(self, session: Session) -> None:
        self.room_id.data = str(session.room.id) if session.room else ""
        start = session.span.start.astimezone(STOCKHOLM) if session.span else None
        self.day.data = start.date().isoformat() if start else ""
        self.time.data = f"{start:%H:%M}" if start else ""
        self.revision.data = str(session.revision)

    @property
    def start(self) -> datetime | None:
        return moment(self.day.data or "", self.time.data or "")

    @property
    def chosen_room(self) -> RoomId | None:
        number = number_of(self.room_id.data)
        return None if number is None else RoomId(number)


def _offered_days(form: PlacedForm, programme: Programme) -> list[date]:
    """The event's days, and the day that was typed where a session still stands on it after the event was moved."""
    others = {session.day for session in programme.sessions if session.day} - set(programme.days)
    return [*programme.days, *sorted(day for day in others if day.isoformat() == form.day.data)]


class MoveForm(PlacedForm):
    def to_command(self, session_id: SessionId) -> MoveSession:
        return MoveSession(
            session_id=session_id,
            room_id=self.chosen_room,
            start=self.start,
            expected_revision=number_of(self.revision.data),
        )


class PeopleForm(BaseForm):
    """Rows of a person and a role, `person_1` and `role_1` on. Persons are typed or picked from the browser's list."""

    _people: Sequence[Person] = ()
    _roles: Sequence[PartRole] = tuple(PartRole)

    def offer_people(self, people: Sequence[Person]) -> None:
        self._people = people
        for number in range(1, MOST_PEOPLE + 1):
            field = self[f"role_{number}"]
            assert isinstance(field, ListedField)
            field.choices = [(role.value, ROLE_WORDS[role]) for role in self._roles]

    def show_people(self, parts: Iterable[Part]) -> None:
        known = {person.id: person for person in self._people}
        for number, part in enumerate(list(parts)[:MOST_PEOPLE], 1):
            person = known.get(part.person_id)
            self[f"person_{number}"].data = written(person) if person else f"{part.name} (#{part.person_id})"
            self[f"role_{number}"].data = part.role.value

    @property
    def rows(self) -> list[tuple[WtField, WtField]]:
        """The rows to show: up to the last filled one and some empty ones."""
        filled = [
            n for n in range(1, MOST_PEOPLE + 1) if self[f"person_{n}"].data or self[f"person_{n}"].errors
        ]
        shown = min(MOST_PEOPLE, max(filled, default=0) + EMPTY_ROWS)
        return [(self[f"person_{n}"], self[f"role_{n}"]) for n in range(1, shown + 1)]

    def check_person(self, field: WtField) -> None:
        if field.data and read_person(field.data, self._people) is None:
            raise ValidationError(
                gettext("Choose a person from the list. New people are added under People first.")
            )

    def check_role(self, field: WtField) -> None:
        if self[field.name.replace("role", "person")].data and field.data not in list(self._roles):
            raise ValidationError(gettext("Choose a role from the list."))

    @property
    def parts(self) -> tuple[PartChoice, ...]:
        found = []
        for number in range(1, MOST_PEOPLE + 1):
            typed = self[f"person_{number}"].data
            person_id = read_person(typed, self._people) if typed else None
            if person_id is not None:
                found.append(PartChoice(person_id=person_id, role=PartRole(self[f"role_{number}"].data)))
        return tuple(found)


def _check_person(form: PeopleForm, field: WtField) -> None:
    form.check_person(field)


def _check_role(form: PeopleForm, field: WtField) -> None:
    form.check_role(field)


for _number in range(1, MOST_PEOPLE + 1):
    # Fields by number and not a list of forms, so that a summary can lead to the one that is wrong.
    setattr(
        PeopleForm, f"person_{_number}", StringField(_l("Person"), [AtMost(260), _check_person], default="")
    )
    setattr(PeopleForm, f"role_{_number}", ListedField(_l("Role"), validators=[_check_role]))


class SessionForm(PlacedForm, PeopleForm):
    kind = ListedField(_l("Kind"))
    title = StringField(_l("Title"), [Required(_l("Enter the title.")), AtMost(200)])
    abstract = TextAreaField(_l("Abstract"), [AtMost(MOST_CHARACTERS)], default="")
    track_id = ListedField(_l("Track"))
    duration_min = StringField(
        _l("Minutes"),
        [Required(_l("Enter how many minutes it lasts, 1 to 1440.")), AtMost(6), whole_minutes],
        default="60",
    )

    expected_people = StringField(_l("People expected"), [AtMost(6), whole_people], default="")
    extra_id = ListedField(_l("People register by"))
    parent_id = ListedField(_l("Stands inside"))
    sponsor = StringField(_l("Company that pays for it"), [AtMost(120)], default="")
    may_share_room = BooleanField(_l("Shares its room on purpose"))
    is_pinned = BooleanField(_l("Pinned to its room and time"))

    def validate_kind(self, field: WtField) -> None:
        if field.data not in list(Kind):
            raise ValidationError(gettext("Choose a kind from the list."))

    def offer(
        self,
        programme: Programme,
        people: Sequence[Person],
        extras: Sequence[Extra] = (),
        session_id: int | None = None,
    ) -> None:
        self.offer_places(programme)
        self.extra_id.choices = [("", gettext("Nothing: all may come"))]
        self.extra_id.choices += [(str(extra.id), extra.name) for extra in extras]
        self.parent_id.choices = [("", gettext("No other session"))]
        self.parent_id.choices += [
            (str(one.id), one.title) for one in programme.sessions if one.id != session_id
        ]
        self.offer_people(people)
        self.kind.choices = [(kind.value, KIND_WORDS[kind]) for kind in Kind]
        self.track_id.choices = [("", gettext("No track"))]
        self.track_id.choices += [(str(track.id), track.name) for track in programme.tracks]

    def show(self, session: Session) -> None:
        self.show_place(session)
        self.show_people(session.people)
        self.kind.data, self.title.data, self.abstract.data = (
            session.kind.value,
            session.title,
            session.abstract,
        )
        self.track_id.data = str(session.track.id) if session.track else ""
        self.duration_min.data = str(session.duration_min)
        self.expected_people.data = "" if session.expected_people is None else str(session.expected_people)
        self.extra_id.data = "" if session.extra_id is None else str(session.extra_id)
        self.parent_id.data = "" if session.parent_id is None else str(session.parent_id)
        self.sponsor.data = session.sponsor
        self.may_share_room.data, self.is_pinned.data = session.may_share_room, session.is_pinned

    def to_details(self) -> SessionDetails:
        track, extra, parent = (
            number_of(field.data) for field in (self.track_id, self.extra_id, self.parent_id)
        )
        return SessionDetails(
            kind=Kind(self.kind.data),
            title=str(self.title.data),
            abstract=self.abstract.data or "",
            track_id=None if track is None else TrackId(track),
            room_id=self.chosen_room,
            start=self.start,
            duration_min=int(str(self.duration_min.data)),
            people=self.parts,
            is_pinned=self.is_pinned.data,
            may_share_room=self.may_share_room.data,
            expected_people=int(self.expected_people.data) if self.expected_people.data else None,
            sponsor=self.sponsor.data or "",
            parent_id=None if parent is None else SessionId(parent),
            extra_id=None if extra is None else ExtraId(extra),
        )


class TalkForm(TalkFactsForm, PeopleForm):
    title = StringField(_l("Title"), [Required(_l("Enter the title.")), AtMost(300)])
    abstract = TextAreaField(_l("Abstract"), [AtMost(MOST_CHARACTERS)], default="")
    duration_min = StringField(
        _l("Minutes"),
        [Required(_l("Enter how many minutes it lasts, 1 to 1440.")), AtMost(6), whole_minutes],
        default="20",
    )
    position = StringField(_l("Position in the session"), [AtMost(4)], default="")
    poster_number = StringField(_l("Poster number"), [AtMost(20)], default="")
    board = StringField(_l("Board"), [AtMost(20)], default="")
    revision = HiddenField()
    # Where the text of a talk that somebody deleted can be saved as a new one.
    session_id = HiddenField()
    _roles = TALK_ROLES

    def validate_position(self, field: WtField) -> None:
        if field.data and (not _is_number(field.data) or int(field.data) < 1):
            raise ValidationError(gettext("Enter the position as a number: 1 is the first talk."))

    def show(self, parent: Session, talk: Talk) -> None:
        position = 1 + parent.talks.index(talk)
        self.session_id.data = str(parent.id)
        self.title.data, self.abstract.data = talk.title, talk.abstract
        self.duration_min.data, self.position.data = str(talk.duration_min), str(position)
        self.revision.data = str(talk.revision)
        self.poster_number.data, self.board.data = talk.poster_number, talk.board
        for name, value in self.fact_values(talk).items():
            self[name].data = value
        self.show_people(talk.people)

    def to_details(self) -> TalkDetails:
        return TalkDetails(
            title=str(self.title.data),
            abstract=self.abstract.data or "",
            duration_min=int(str(self.duration_min.data)),
            position=number_of(self.position.data),
            people=self.parts,
            facts=self.to_facts(),
            poster_number=self.poster_number.data or "",
            board=self.board.data or "",
        )


class DeleteForm(BaseForm):
    """`seen` is what the page that asks has shown: a session's mark, or a talk's revision."""

    seen = HiddenField()
