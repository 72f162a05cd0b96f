from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from conference.core.clock import STOCKHOLM
from conference.core.ids import OrganiserId, RoomId, TrackId
from conference.core.interval import Interval


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """The one conference. Days are those of Stockholm; both bounds are days of the conference."""

    title: str
    city: str
    venue: str
    first_day: date
    last_day: date
    summary: str
    contact_email: str
    contact_phone: str
    is_demonstration: bool
    revision: int

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(
            self.first_day + timedelta(days=n) for n in range((self.last_day - self.first_day).days + 1)
        )

    @property
    def span(self) -> Interval:
        """From midnight of the first day to midnight after the last, Stockholm time."""
        return Interval(start=_midnight(self.first_day), end=_midnight(self.last_day + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), STOCKHOLM)


@dataclass(frozen=True, kw_only=True, slots=True)
class Organiser:
    id: OrganiserId
    place: int
    name: str
    short_name: str
    country: str
    privacy_contact: str
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Track:
    """`colour` is 1 to 5, one of the theme's track colours."""

    id: TrackId
    place: int
    name: str
    colour: int
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomHours:
    """When a room is open on one day of Stockholm; the span may end after midnight."""

    day: date
    span: Interval


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """A room of the venue; `seats` None where nobody counted. On a day without hours it is open all day.

    `is_emptied_by_plenary` says that nothing else is in it while a plenary is anywhere.
    """

    id: RoomId
    place: int
    name: str
    seats: int | None
    revision: int
    is_emptied_by_plenary: bool = False
    hours: tuple[RoomHours, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EventDetails:
    """What organisers may change of the event, by the names of `Event`."""

    title: str
    city: str
    venue: str
    first_day: date
    last_day: date
    summary: str
    contact_email: str
    contact_phone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganiserDetails:
    name: str
    short_name: str
    country: str
    privacy_contact: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackDetails:
    name: str
    colour: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomDetails:
    name: str
    seats: int | None
    is_emptied_by_plenary: bool = False


class BookletPart(StrEnum):
    """A part of the programme booklet that organisers write. The value begins the names of `BookletTexts`."""

    WELCOME = "welcome"
    DIRECTIONS = "directions"
    ACKNOWLEDGEMENTS = "acknowledgements"


@dataclass(frozen=True, kw_only=True, slots=True)
class BookletTexts:
    """What organisers write for the booklet, by part and language; "" leaves the part out in that language."""

    welcome_en: str = ""
    welcome_sv: str = ""
    welcome_de: str = ""
    directions_en: str = ""
    directions_sv: str = ""
    directions_de: str = ""
    acknowledgements_en: str = ""
    acknowledgements_sv: str = ""
    acknowledgements_de: str = ""

    def of(self, part: BookletPart, language: str) -> str:
        """Return the part's text in the language of this tag."""
        text: str = getattr(self, f"{part}_{language}")
        return text


# The minutes that a walk takes, by the two rooms in either order. A pair that is not in it takes none.
Walks = Mapping[tuple[RoomId, RoomId], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomFacts:
    """When a room is open, and how many minutes one walks to others. Either None is left as it is."""

    hours: tuple[RoomHours, ...] | None = None
    walks_min: Mapping[RoomId, int] | None = None
