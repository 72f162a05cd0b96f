"""How somebody's badge stands, in the words that the desk reads: printed when, in which box, changed since."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from conference.core.clock import STOCKHOLM
from conference.core.ids import RegistrationId
from conference.printing.box_service import boxes
from conference.printing.picking import face_of, sort_name_of
from conference.printing.runs import last_prints
from conference.registration.filters import ListFilters
from conference.registration.model import BadgePerson
from conference.registration.queries import badge_people
from conference.web.language import day_and_month, gettext


@dataclass(frozen=True, kw_only=True, slots=True)
class BadgeStanding:
    """`printed_at` None: not printed. `box` is the label of the box where the badge lies or will lie."""

    printed_at: datetime | None
    is_changed: bool
    box: str

    @property
    def words(self) -> str:
        """Return for example "Printed 20 September, box E–H"."""
        if self.printed_at is None:
            return gettext("Not printed, box %(box)s", box=self.box)
        day = day_and_month(self.printed_at.astimezone(STOCKHOLM).date())
        if self.is_changed:
            return gettext("Changed since it was printed %(day)s, box %(box)s", day=day, box=self.box)
        return gettext("Printed %(day)s, box %(box)s", day=day, box=self.box)


def standings(ids: Collection[RegistrationId]) -> dict[RegistrationId, BadgeStanding]:
    """Return how the badge stands of each of these registrations that has one.

    A number of statements that does not grow with them.
    """
    people = badge_people(ListFilters(chosen=tuple(ids))) if ids else []
    printed, its_boxes = last_prints(ids), boxes() if people else None
    found = {}
    for one in people:
        assert its_boxes is not None
        last = printed.get(one.registration_id)
        found[one.registration_id] = BadgeStanding(
            printed_at=last.at if last else None,
            is_changed=last is not None and last.face != face_of(one),
            box=its_boxes.label_of(sort_name_of(one)),
        )
    return found


def standing_words(ids: Collection[RegistrationId]) -> dict[RegistrationId, str]:
    """Return the same as words, for a list of another room."""
    return {one: standing.words for one, standing in standings(ids).items()}


def box_of(person: BadgePerson) -> str:
    """Return the label of the person's box."""
    return boxes().label_of(sort_name_of(person))
