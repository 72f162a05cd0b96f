from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from conference.core.clock import STOCKHOLM
from conference.core.ids import ExtraId, PersonId, RoomId, SessionId, TalkId, TrackId
from conference.core.interval import Interval
from conference.event.model import Room, Track


class Kind(StrEnum):
    PLENARY = "plenary"
    PARALLEL = "parallel"
    WORKSHOP = "workshop"
    PANEL = "panel"
    POSTER = "poster"
    BREAK = "break"
    SOCIAL = "social"
    INDUSTRY = "industry"
    EXHIBITION = "exhibition"


# A coffee break and an evening may be for all and in no room that can be booked.
ROOMLESS = frozenset({Kind.BREAK, Kind.SOCIAL})
# Posters and stands are there for the whole session, all at once; talks follow each other.
AT_ONCE = frozenset({Kind.POSTER, Kind.EXHIBITION})
# Kept apart from science (EACCME), where a sponsor may be named.
INDUSTRIAL = frozenset({Kind.INDUSTRY, Kind.EXHIBITION})


class PartRole(StrEnum):
    SPEAKER = "speaker"
    PRESENTING_AUTHOR = "presenting author"
    CHAIR = "chair"
    MODERATOR = "moderator"
    PANELLIST = "panellist"


TALK_ROLES = (PartRole.SPEAKER, PartRole.PRESENTING_AUTHOR)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A person with a role. `name` and `affiliation` are those shown; `sort_name` puts the family name first."""

    person_id: PersonId
    name: str
    affiliation: str
    country: str
    role: PartRole
    sort_name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Undisclosed:
    """Somebody who has no part in the programme, has to disclose interests before a final version, and has not."""

    person_id: PersonId
    name: str
    duty: str = ""


class Level(StrEnum):
    INTRODUCTORY = "introductory"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


@dataclass(frozen=True, kw_only=True, slots=True)
class CoAuthor:
    """Who wrote the talk too and does not give it: text of the talk, not a record of a person."""

    name: str
    affiliation: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkFacts:
    """What a talk says beside title and abstract. Co-authors are in the order of the talk's title page."""

    level: Level | None = None
    keywords: tuple[str, ...] = ()
    co_authors: tuple[CoAuthor, ...] = ()


NO_FACTS = TalkFacts()


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """A talk in its session; `span` follows from the session's start, None while that is open.

    A poster's span is its whole session; `poster_number` and `board` are "" for a talk.
    """

    id: TalkId
    title: str
    abstract: str
    span: Interval | None
    people: tuple[Part, ...]
    duration_min: int = 0
    revision: int = 0
    facts: TalkFacts = NO_FACTS
    poster_number: str = ""
    board: str = ""

    def at(self, span: Interval | None) -> "Talk":
        """Return the talk at another time. Written out, because `replace` takes four times as long and moves are many."""
        return Talk(
            id=self.id,
            title=self.title,
            abstract=self.abstract,
            span=span,
            people=self.people,
            duration_min=self.duration_min,
            revision=self.revision,
            facts=self.facts,
            poster_number=self.poster_number,
            board=self.board,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A session with its talks in order. `sequence` is the version that last changed it, for calendar files.

    `parent_id` is the session that it stands inside: the two are never in each other's way. `expected_people` is what
    staff think, `extra_id` how people register for it. A pinned one stays where it is.
    """

    id: SessionId
    kind: Kind
    title: str
    abstract: str
    track: Track | None
    room: Room | None
    span: Interval | None
    people: tuple[Part, ...]
    talks: tuple[Talk, ...]
    duration_min: int = 0
    revision: int = 0
    sequence: int = 0
    is_pinned: bool = False
    may_share_room: bool = False
    expected_people: int | None = None
    sponsor: str = ""
    parent_id: SessionId | None = None
    extra_id: ExtraId | None = None

    @property
    def day(self) -> date | None:
        """The day in Stockholm on which it starts."""
        return self.span.start.astimezone(STOCKHOLM).date() if self.span else None

    @property
    def is_scheduled(self) -> bool:
        """Whether it has a time and a room, or needs none: what is not scheduled is not published."""
        return self.span is not None and (self.room is not None or self.kind in ROOMLESS)

    @property
    def everybody(self) -> tuple[Part, ...]:
        """The parts of the session and then those of its talks."""
        return self.people + tuple(part for talk in self.talks for part in talk.people)


@dataclass(frozen=True, kw_only=True, slots=True)
class Programme:
    """A whole programme: the draft where `version` is None, else what was published. Sessions by time and room.

    `draft_revision` is the draft's own, or that from which the version was frozen. `published_at` is when the public
    came to see it, which is later than it was published where a version after it was withdrawn. `name` is "" for none.
    """

    version: int | None
    published_at: datetime | None
    days: tuple[date, ...]
    rooms: tuple[Room, ...]
    tracks: tuple[Track, ...]
    sessions: tuple[Session, ...]
    draft_revision: int = 0
    name: str = ""

    def on(self, day: date) -> tuple[Session, ...]:
        """The sessions that start on the day."""
        return tuple(session for session in self.sessions if session.day == day)


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicProfile:
    """What a person lets be shown beside their name: "" where they do not. `webp` and `jpeg` are addresses."""

    biography: str = ""
    webp: str = ""
    jpeg: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartChoice:
    person_id: PersonId
    role: PartRole


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionDetails:
    """What staff say of a session. `start` is aware; without it, or without a room, it is not scheduled."""

    kind: Kind
    title: str
    abstract: str = ""
    track_id: TrackId | None = None
    room_id: RoomId | None = None
    start: datetime | None = None
    duration_min: int = 60
    people: tuple[PartChoice, ...] = ()
    is_pinned: bool = False
    may_share_room: bool = False
    expected_people: int | None = None
    sponsor: str = ""
    parent_id: SessionId | None = None
    extra_id: ExtraId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkDetails:
    """What staff say of a talk. `position` counts from 1; None is last for a new talk, else where it is."""

    title: str
    abstract: str = ""
    duration_min: int = 20
    position: int | None = None
    people: tuple[PartChoice, ...] = ()
    facts: TalkFacts = NO_FACTS
    poster_number: str = ""
    board: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveSession:
    """Put a session into another room and time, or off the schedule where one is None."""

    session_id: SessionId
    room_id: RoomId | None
    start: datetime | None
    expected_revision: int | None


class Telling(StrEnum):
    """When those whom a version concerns are told of it. NOBODY is told now, and asked for no more."""

    NOW = "now"
    LATER = "later"
    NOBODY = "nobody"


NAME_AT_MOST = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Labels:
    """What staff say of a version when they publish it."""

    name: str = ""
    is_final: bool = False
    telling: Telling = Telling.NOW


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """A published version without its content. `withdrawn_at` None for one that was not withdrawn.

    `public_since` is when the public came to see it, last after the withdrawal of a later one.
    """

    number: int
    published_at: datetime
    published_by: int | None
    is_final: bool = False
    name: str = ""
    telling: Telling = Telling.NOW
    public_since: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Printing:
    """A version that was sent to print, by whom and when."""

    id: int
    number: int
    sent_at: datetime
    sent_by: int | None
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduledVersion:
    """The version that waits for its time, as it was frozen."""

    publish_at: datetime
    labels: Labels
    programme: Programme
    set_at: datetime
    set_by: int | None
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A mail as it would be sent, in the reader's language, its personal link masked.

    `entered` and `taken_out` count the calendar's entries that come with it.
    """

    name: str
    address: str
    language: str
    subject: str
    text: str
    entered: int = 0
    taken_out: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Untold:
    """Who does not know yet what a version changed for them: with their mails, and by name who cannot be mailed."""

    letters: tuple[Letter, ...] = ()
    without_address: tuple[str, ...] = ()
    came_back: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.letters or self.without_address or self.came_back)
