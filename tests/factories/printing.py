"""Badge people, ticket facts and programmes as plain values: nothing here asks a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from conference.audit.model import BY_SYSTEM
from conference.core.clock import STOCKHOLM
from conference.core.ids import (
    BadgeDesignId,
    LabelSheetId,
    OrganiserId,
    PersonId,
    RegistrationId,
    RoomId,
    SessionId,
    TalkId,
    TrackId,
)
from conference.core.interval import Interval
from conference.db.work import transact
from conference.demo.names import invented
from conference.demo.schedule import NAMES, ROOMS, Slot, invented_schedule
from conference.event.model import Event, Organiser, Room, Track
from conference.printing.designs import copy_design, use_design
from conference.printing.own_sheets import create_own_sheet
from conference.printing.sheet_rules import SheetDetails
from conference.printing.sheets import A7, Sheet
from conference.programme.model import Kind, Part, PartRole, Programme, Session, Talk
from conference.registration.model import BadgePerson

FIRST_DAY = date(2022, 9, 22)
EVENT = Event(
    title="Cutting Edge Implementation of Precision Medicine in Europe",
    city="Stockholm",
    venue="Conference Centre",
    first_day=FIRST_DAY,
    last_day=date(2022, 9, 23),
    summary="",
    contact_email="office@conference.example",
    contact_phone="",
    is_demonstration=True,
    revision=1,
)
ORGANISERS = tuple(
    Organiser(
        id=OrganiserId(n),
        place=n,
        name=name,
        short_name=short,
        country=country,
        privacy_contact="",
        revision=1,
    )
    for n, (name, short, country) in enumerate(
        (("Genomic Medicine Sweden", "GMS", "SE"), ("Centers for Personalized Medicine", "ZPM", "DE")), 1
    )
)
TRACKS = tuple(
    Track(id=TrackId(n), place=n, name=name, colour=n, revision=1) for n, name in enumerate(NAMES, 1)
)
HALLS = tuple(
    Room(id=RoomId(n), place=n, name=name, seats=seats, revision=1)
    for n, (name, seats) in enumerate(ROOMS, 1)
)


def badge_person(given_name: str, family_name: str = "", number: int = 1, **other: Any) -> BadgePerson:
    values: dict[str, Any] = {
        "registration_id": RegistrationId(number),
        "number": f"7K3M{number:02d}",
        "title": "",
        "given_name": given_name,
        "family_name": family_name,
        "letters": "",
        "badge_name": "",
        "affiliation": "Karolinska University Hospital",
        "country": "SE",
        "badge_word": "Participant",
        "badge_colour": 1,
        "badge_code": f"ABCDEFGHJKMNPQR{number:05d}",
        "no_photographs": False,
    }
    return BadgePerson(**values | other)


def make_own_sheet(name: str = "Zweckform 4784") -> LabelSheetId:
    """Describe a sheet of ten labels; this asks a database."""
    details = SheetDetails(
        name=name, page_width_mm=210, page_height_mm=297, width_mm=96, height_mm=50.8, columns=2, rows=5,
        left_mm=8, top_mm=21.5, pitch_x_mm=98, pitch_y_mm=50.8,
    )  # fmt: skip
    return transact(lambda session: create_own_sheet(session, details, actor=BY_SYSTEM))


def make_own_design(name: str = "Ours", key: str = "a7") -> BadgeDesignId:
    """Copy a shipped design; asks a database too."""
    return transact(lambda session: copy_design(session, key, name, actor=BY_SYSTEM))


def use_own_design(design_id: BadgeDesignId, sheet: Sheet = A7) -> None:
    """Let the sheet be printed in the design; asks a database too."""
    transact(lambda session: use_design(session, sheet, f"own-{design_id}", None, actor=BY_SYSTEM))


def ticket_facts(**other: Any) -> dict[str, Any]:
    facts = {
        "number": "7K3M9Q",
        "name": "Åsa Lindqvist",
        "full_name": "Prof. Dr. med. Åsa Lindqvist, MD, PhD",
        "affiliation": "Karolinska University Hospital",
        "country": "Sweden",
        "category": "Clinical and academic",
        "badge_word": "Participant",
        "badge_colour": 1,
        "badge_code": "ABCDEFGHJKMNPQR01234",
        "event_title": EVENT.title,
        "days": [day.isoformat() for day in EVENT.days],
        "city": EVENT.city,
        "venue": EVENT.venue,
        "contact_email": EVENT.contact_email,
        "organisers": [one.name for one in ORGANISERS],
        "badge": {
            "title": "Prof. Dr. med.",
            "given_name": "Åsa",
            "family_name": "Lindqvist",
            "letters": "MD, PhD",
            "badge_name": "",
            "affiliation": "Karolinska University Hospital",
            "country": "SE",
            "no_photographs": False,
            "days": "",
        },
    }
    return facts | other


def a_programme(version: int | None = 3, extra: tuple[Session, ...] = ()) -> Programme:
    """Return the demonstration's programme as values, with the session `extra` at its end."""
    sessions = tuple(_session(number, slot) for number, slot in enumerate(invented_schedule(), 1))
    return Programme(
        version=version,
        published_at=datetime(2022, 9, 12, 10, tzinfo=UTC) if version else None,
        days=EVENT.days,
        rooms=HALLS,
        tracks=TRACKS,
        sessions=sessions + extra,
    )


def a_session(number: int, title: str, start: str = "18:00", minutes: int = 45, **other: Any) -> Session:
    """Return a panel on the first day in the first hall; `other` replaces fields."""
    begin = datetime.combine(FIRST_DAY, time.fromisoformat(start), STOCKHOLM)
    values: dict[str, Any] = {
        "id": SessionId(number),
        "kind": Kind.PANEL,
        "title": title,
        "abstract": "",
        "track": TRACKS[0],
        "room": HALLS[0],
        "span": Interval(start=begin, end=begin + timedelta(minutes=minutes)),
        "people": (),
        "talks": (),
    }
    return Session(**values | other)


def a_part(number: int, role: PartRole, **other: Any) -> Part:
    details = invented(number)
    values: dict[str, Any] = {
        "person_id": PersonId(number),
        "name": details.full_name,
        "affiliation": details.affiliation,
        "country": details.country,
        "role": role,
        "sort_name": " ".join(filter(None, (details.family_name, details.given_name))),
    }
    if "name" in other:
        values["sort_name"] = other["name"]
    return Part(**values | other)


def _session(number: int, slot: Slot) -> Session:
    begin = datetime.combine(
        FIRST_DAY + timedelta(days=slot.day),
        time.fromisoformat(slot.start),
        STOCKHOLM,
    )
    chair = (a_part(number, PartRole.CHAIR),) if slot.talks else ()
    panel = tuple(a_part(300 + number * 5 + n, PartRole.PANELLIST) for n in range(slot.panel))
    return Session(
        id=SessionId(number),
        kind=Kind(slot.kind),
        title=slot.title,
        abstract="What is known, what is not, and what an example can show. " * 3
        if slot.kind == "workshop"
        else "",
        track=TRACKS[slot.track] if slot.track is not None else None,
        room=HALLS[slot.room] if slot.room is not None else None,
        span=Interval(start=begin, end=begin + timedelta(minutes=slot.duration_min)),
        people=chair + panel,
        talks=tuple(
            _talk(number, place, title, begin, slot.talk_min) for place, title in enumerate(slot.talks)
        ),
    )


def _talk(number: int, place: int, title: str, begin: datetime, minutes: int) -> Talk:
    start = begin + timedelta(minutes=minutes) * place
    return Talk(
        id=TalkId(number * 10 + place),
        title=title,
        abstract="An abstract that nobody wrote, about data that nobody took. " * 4 if place == 0 else "",
        span=Interval(start=start, end=start + timedelta(minutes=minutes)),
        people=(a_part(number * 7 + place, PartRole.SPEAKER),),
    )


def a_wide_day(rooms: int) -> Programme:
    """Return a programme whose first day has so many rooms side by side, four sessions in each."""
    base = a_programme(3)
    halls = tuple(
        Room(id=RoomId(number), place=number, name=f"Room number {number}", seats=50, revision=1)
        for number in range(1, rooms + 1)
    )
    models = [one for one in base.sessions if one.talks]
    sessions = tuple(
        a_session(
            1000 + room.place * 10 + place,
            models[(room.place * 3 + place) % len(models)].title,
            start,
            90,
            room=room,
            track=TRACKS[(room.place + place) % len(TRACKS)],
            kind=Kind.PARALLEL,
            talks=models[(room.place * 3 + place) % len(models)].talks,
        )
        for room in halls
        for place, start in enumerate(("09:00", "11:00", "13:30", "15:30"))
    )
    return replace(base, rooms=halls, sessions=sessions)


def a_long_session(talks: int = 40) -> Programme:
    """Return a programme of one session with so many talks."""
    many = tuple(
        _talk(900, place, f"Talk number {place} of a session without an end", at_nine(), 10)
        for place in range(talks)
    )
    session = a_session(900, "A session of many talks", "09:00", 10 * talks, kind=Kind.PARALLEL, talks=many)
    return replace(a_programme(3), sessions=(session,))


def no_sessions(version: int | None = 3) -> Programme:
    return replace(a_programme(version), sessions=())


def at_nine() -> datetime:
    return datetime.combine(FIRST_DAY, time(9), STOCKHOLM)
