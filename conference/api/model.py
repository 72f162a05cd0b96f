"""What programs read of the programme. The words of each field are those of the document at /api/v1/openapi.json."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from conference.api.shapes import told
from conference.programme.model import Kind, Level, PartRole

MOST = 200
USUAL = 50
LARGEST_ID = 999_999_999
_START = datetime(2022, 9, 22, 7, 0, tzinfo=UTC)
_END = datetime(2022, 9, 22, 8, 30, tzinfo=UTC)
_PUBLISHED = datetime(2022, 9, 1, 10, 0, tzinfo=UTC)
_GUID = "4f0f1a4e-7a39-5a4b-9a53-1f1a5b4f3b1e"
_UUID = {"format": "uuid"}
_URI = {"format": "uri"}
_ID = "Unique, and never used again."
_NEXT = "The address of the next part of the list; null at its end."
_VERSION = "The number of the published version that this is from."


class Scope(StrEnum):
    """What a token may read."""

    READ = "registrations:read"
    LIST = "registrations:list"


# The wider one first: who has it needs no other.
SCOPE_WORDS = {
    Scope.READ: "Whole registrations, with e-mail address, profession, tags and answers, but never the sensitive ones",
    Scope.LIST: "Registrations without these: number, state, category, name, affiliation, extras and consents",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Why a request was refused, by RFC 9457."""

    type: str = told("Always about:blank: the status tells the kind.", "about:blank")
    title: str = told("The status in words.", "Bad Request")
    status: int = told("The HTTP status.", 400)
    detail: str = told(
        "What is wrong and what would be right, in English.",
        "The parameter “limit” is “0”. It must be a whole number from 1 to 200.",
    )
    field: str | None = told("The parameter at fault, or null.", "limit")


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """The conference."""

    title: str = told("Its name.", "Cutting Edge Implementation of Precision Medicine in Europe")
    city: str = told("Where it takes place.", "Stockholm")
    venue: str = told("The house, or empty while that is open.", "Example Congress Centre")
    zone: str = told("The time zone of its days. Times are given in UTC.", "Europe/Stockholm")
    days: tuple[date, ...] = told("Its days, in order.", (date(2022, 9, 22), date(2022, 9, 23)))
    version: int | None = told("The number of the published version; null before the first.", 3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """A version of the programme that was published."""

    number: int = told("Counted from 1.", 3)
    name: str = told("As the office called it, or empty.", "")
    published_at: datetime = told("When it was published.", _PUBLISHED)
    is_final: bool = told("Whether it was meant as the last one.", example=False)
    is_current: bool = told("Whether it is what everybody sees now.", example=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """A room of the venue."""

    id: int = told("Unique.", 2)
    name: str = told("Its name.", "Hall A")
    seats: int | None = told("How many; null where nobody counted.", 120)


@dataclass(frozen=True, kw_only=True, slots=True)
class Track:
    """A track of the programme."""

    id: int = told("Unique.", 1)
    name: str = told("Its name.", "Solid tumors")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A person with the role that they have there."""

    person: int = told("The person's id, as under /speakers.", 17)
    guid: str = told("The id that schedule.xml and schedule.json give it too.", _GUID, **_UUID)
    name: str = told("As it is shown.", "Åsa Lind")
    affiliation: str = told("Or empty.", "Hospital of Example")
    country: str = told("The affiliation's, by ISO 3166, or empty.", "SE", pattern="^([A-Z]{2})?$")
    role: PartRole = told("What the person does there.", PartRole.SPEAKER)


@dataclass(frozen=True, kw_only=True, slots=True)
class CoAuthor:
    """Who wrote a talk too and does not give it."""

    name: str = told("As it is written.", "Jürgen Groß")
    affiliation: str = told("Or empty.", "University of Example")


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """A talk or a poster, within its session."""

    id: int = told(_ID, 31)
    session: int = told("The id of its session.", 12)
    title: str = told("One line.", "Reading a tumour board's decisions")
    abstract: str = told("Plain text, or empty.", "What we learned from 200 cases.")
    starts_at: datetime | None = told("When it begins; null while that is open.", _START)
    ends_at: datetime | None = told("When it ends.", _START.replace(minute=20))
    level: Level | None = told("For whom it is; null where that is not said.", Level.INTRODUCTORY)
    keywords: tuple[str, ...] = told("In the speaker's order.", ("tumour board",))
    co_authors: tuple[CoAuthor, ...] = told("In the order of the title page.")
    poster_number: str = told("Of a poster, or empty.", "")
    board: str = told("On which a poster hangs, or empty.", "")
    people: tuple[Part, ...] = told("Speakers and presenting authors, in order.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A session with its talks."""

    id: int = told(_ID, 12)
    guid: str = told("The id that schedule.xml and schedule.json give it too.", _GUID, **_UUID)
    kind: Kind = told("What it is.", Kind.PARALLEL)
    title: str = told("One line.", "Molecular tumour boards")
    abstract: str = told("Plain text, or empty.", "How decisions are made, and by whom.")
    starts_at: datetime | None = told("When it begins; null while that is open.", _START)
    ends_at: datetime | None = told("When it ends.", _END)
    day: date | None = told("The day in Stockholm on which it begins.", date(2022, 9, 22))
    room: Room | None = told("Where it is; null for what needs no room.")
    track: Track | None = told("Its track, or null.")
    inside: int | None = told("The id of the session that it stands inside, or null.", None)
    changed_in_version: int = told("The version that last changed it.", 2)
    url: str = told("Its page, for people.", "https://conference.example/programme/session/12", **_URI)
    people: tuple[Part, ...] = told("Chairs and others of the session as a whole, in order.")
    talks: tuple[Talk, ...] = told("In order.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Appearance:
    """What a person does in a session, or in one talk of it."""

    role: PartRole = told("The role.", PartRole.SPEAKER)
    session: int = told("The session's id.", 12)
    talk: int | None = told("The talk's id; null for the session as a whole.", 31)


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """A person of the programme. Biography and portrait are there while the person lets them be shown, as on the site."""

    id: int = told("Unique.", 17)
    guid: str = told("The id that schedule.xml and schedule.json give it too.", _GUID, **_UUID)
    name: str = told("As it is shown.", "Åsa Lind")
    affiliation: str = told("Or empty.", "Hospital of Example")
    country: str = told("The affiliation's, by ISO 3166, or empty.", "SE", pattern="^([A-Z]{2})?$")
    biography: str | None = told("Plain text, or null.", "Reads genomes.")
    portrait: str | None = told(
        "The address of a picture, or null.",
        "https://conference.example/speakers/portraits/0a1b.webp",
        **_URI,
    )
    appearances: tuple[Appearance, ...] = told("All that the person does, by time.")


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionList:
    """Versions, the newest first."""

    items: tuple[Version, ...] = told("The versions of this part.")
    next: str | None = told(_NEXT, None, **_URI)


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionList:
    """Sessions by start, then room."""

    version: int = told(_VERSION, 3)
    items: tuple[Session, ...] = told("The sessions of this part.")
    next: str | None = told(_NEXT, None, **_URI)


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkList:
    """Talks by the start of their session, in its order."""

    version: int = told(_VERSION, 3)
    items: tuple[Talk, ...] = told("The talks of this part.")
    next: str | None = told(_NEXT, None, **_URI)


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeakerList:
    """Everybody in the programme, by family name."""

    version: int = told(_VERSION, 3)
    items: tuple[Speaker, ...] = told("The people of this part.")
    next: str | None = told(_NEXT, None, **_URI)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomList:
    """Rooms in the order of the programme."""

    version: int = told(_VERSION, 3)
    items: tuple[Room, ...] = told("The rooms of this part.")
    next: str | None = told(_NEXT, None, **_URI)


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackList:
    """Tracks in the order of the programme."""

    version: int = told(_VERSION, 3)
    items: tuple[Track, ...] = told("The tracks of this part.")
    next: str | None = told(_NEXT, None, **_URI)
