"""What an import would do, without a database: random files one after the other, and the small rules beside it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.ids import PersonId, RoomId, SessionId, TrackId
from conference.core.text import folded
from conference.event.model import Room, Track
from conference.interchange.edition import acronym, as_duration, track_slug
from conference.interchange.guids import Guids, is_guid
from conference.interchange.kinds import kind_of
from conference.interchange.model import Known, Plan, ReadPerson, ReadSchedule, ReadSession, Wishes
from conference.interchange.naming import details_of_name
from conference.interchange.reading_values import source_of
from conference.interchange.rules import kind_of_new, plan, shifted, text_of
from conference.programme.model import Kind, Part, PartRole, Programme, Session
from conference.programme.rules import by_time, span_of
from tests.factories.programme_values import DAYS, EVENT, NINE

NOTHING = Programme(version=None, published_at=None, days=DAYS, rooms=(), tracks=(), sessions=())
EMPTY = Known(
    draft=NOTHING,
    first_day=DAYS[0],
    last_day=DAYS[1],
    people={},
    sessions={},
    persons={},
    rooms={},
    tracks={},
)
WORDS = st.sampled_from(["A", "B", "C"])
READS = st.builds(
    lambda number, title, room, track, start_min, minutes, people, kind, abstract: ReadSession(
        key=str(number),
        line=number,
        title=title,
        kind=kind,
        abstract=abstract,
        track=track,
        room=room,
        start=NINE + timedelta(minutes=start_min),
        duration_min=minutes,
        people=people and tuple(ReadPerson(key=f"p{one}", name=f"Person {one}") for one in sorted(people)),
    ),
    st.integers(1, 9),
    WORDS,
    st.sampled_from(["", "Aula", "Saal"]),
    st.sampled_from(["", "Genes"]),
    st.integers(0, 300),
    st.integers(1, 90),
    st.none() | st.frozensets(st.integers(1, 4), max_size=3),
    st.none() | st.sampled_from(Kind),
    st.none() | st.sampled_from(["", "Text"]),
)
FILES = st.lists(READS, min_size=1, max_size=8, unique_by=lambda one: one.key)


def file_of(sessions: Sequence[ReadSession]) -> ReadSchedule:
    return ReadSchedule(
        source="x", title="X", zone="UTC", days=(DAYS[0],), rooms=(), tracks=(), sessions=tuple(sessions)
    )


def written(known: Known, made: Plan) -> Known:
    """Return what would be known once the plan is written, by the plainest means."""
    rooms = {**known.rooms} | {
        folded(name): RoomId(100 + len(known.rooms) + n) for n, name in enumerate(made.new_rooms)
    }
    tracks = {**known.tracks} | {
        folded(name): TrackId(100 + len(known.tracks) + n) for n, name in enumerate(made.new_tracks)
    }
    persons = {**made.persons} | {one.key: PersonId(int(one.key[1:])) for one in made.new_people}
    stored = {one.id: one for one in known.draft.sessions}
    ids = dict(made.sessions)
    for addition in made.additions:
        ids[addition.read.key] = SessionId(1 + max([0, *stored, *ids.values()]))
        blank = _blank(ids[addition.read.key])
        stored[blank.id] = _with(
            blank,
            addition.read,
            ("title", "kind", "abstract", "track_id", "room_id", "starts_at", "duration_min", "people"),
            rooms,
            tracks,
            persons,
        )
    for change in made.alterations:
        stored[change.stored.id] = _with(change.stored, change.read, change.fields, rooms, tracks, persons)
    for gone in made.removals:
        del stored[gone.id]
    sessions = {key: number for key, number in {**known.sessions, **ids}.items() if number in stored}
    return replace(
        known,
        draft=replace(known.draft, sessions=by_time(stored.values())),
        sessions=sessions,
        persons={**known.persons, **persons},
        people={number: f"Person {number}" for number in persons.values()},
        rooms=rooms,
        tracks=tracks,
        said={key: said for key, said in {**known.said, **made.said}.items() if key in sessions},
    )


def _blank(number: SessionId) -> Session:
    return Session(
        id=number,
        kind=Kind.PARALLEL,
        title="",
        abstract="",
        track=None,
        room=None,
        span=None,
        people=(),
        talks=(),
    )


def _speakers(read: ReadSession, persons: dict[str, PersonId]) -> tuple[Part, ...]:
    return tuple(
        Part(person_id=persons[one.key], name=one.name, affiliation="", country="", role=PartRole.SPEAKER)
        for one in read.people or ()
    )


def _with(
    before: Session,
    read: ReadSession,
    fields: Sequence[str],
    rooms: dict[str, RoomId],
    tracks: dict[str, TrackId],
    persons: dict[str, PersonId],
) -> Session:
    room = (
        Room(id=rooms[folded(read.room)], place=1, name=read.room, seats=None, revision=1)
        if read.room
        else None
    )
    track = (
        Track(id=tracks[folded(read.track)], place=1, name=read.track, colour=1, revision=1)
        if read.track
        else None
    )
    span = span_of(read.start, read.duration_min)
    values: dict[str, dict[str, object]] = {
        "title": {"title": read.title},
        "kind": {"kind": kind_of_new(read)},
        "abstract": {"abstract": text_of(read) or ""},
        "track_id": {"track": track},
        "room_id": {"room": room},
        "starts_at": {"span": span},
        "duration_min": {"duration_min": read.duration_min, "span": span},
        "people": {"people": _speakers(read, persons)},
    }
    merged: dict[str, object] = {}
    for name in fields:
        merged |= values[name]
    if "starts_at" not in fields and "duration_min" in fields:
        assert before.span is not None
        merged["span"] = span_of(before.span.start, read.duration_min)
    return replace(before, **merged)  # type: ignore[arg-type]  # the fields have many types


@given(st.lists(FILES, min_size=1, max_size=4))
def test_file_after_file_the_draft_says_what_the_last_one_says(files: list[list[ReadSession]]) -> None:
    known = EMPTY
    for sessions in files:
        read = file_of(sessions)
        made = plan(known, read, Wishes())
        assert len(made.additions) + len(made.alterations) + made.unchanged == len(sessions)
        known = written(known, made)
        assert plan(known, read, Wishes()).changes_nothing
        stored = {
            key: next(one for one in known.draft.sessions if one.id == number)
            for key, number in known.sessions.items()
        }
        assert set(stored) == {one.key for one in sessions}
        for one in sessions:
            session = stored[one.key]
            assert session.span is not None
            told = (
                session.title,
                session.room.name if session.room else "",
                session.span.start,
                session.duration_min,
            )
            assert told == (one.title, one.room, one.start, one.duration_min)


@given(FILES)
def test_a_dry_run_changes_nothing_that_it_is_given(sessions: list[ReadSession]) -> None:
    known = written(EMPTY, plan(EMPTY, file_of(sessions), Wishes()))
    before = repr(known)
    plan(known, file_of(sessions[:1]), Wishes(keeps_missing=True))
    assert repr(known) == before


@pytest.mark.parametrize(
    ("start", "to", "expected"),
    [
        # From winter to summer, and into the night in which an hour comes twice: the clock time stays.
        ("2024-02-03T08:30:00+00:00", date(2022, 9, 22), "2022-09-22T09:30:00+02:00"),
        ("2022-09-23T00:30:00+00:00", date(2022, 10, 30), "2022-10-30T02:30:00+02:00"),
    ],
)
def test_a_moved_file_keeps_its_clock_times(start: str, to: date, expected: str) -> None:
    moment = datetime.fromisoformat(start)
    one = ReadSession(key="1", line=1, title="A", start=moment, duration_min=30)
    read = replace(file_of([one]), days=(moment.date(),))
    assert shifted(read, to)["1"].astimezone(UTC) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("name", "given_name", "family_name"),
    [
        ("Åsa Lind", "Åsa", "Lind"),
        ("Ludwig van der Berg", "Ludwig", "van der Berg"),
        ("Anna Maria O'Brien", "Anna Maria", "O'Brien"),
        ("de Silva", "de", "Silva"),
        ("李", "李", ""),
        ("", "", ""),
    ],
)
def test_a_name_is_taken_apart_and_is_the_same_together(name: str, given_name: str, family_name: str) -> None:
    details = details_of_name(name)
    assert (details.given_name, details.family_name, details.name) == (given_name, family_name, name)


def test_guids_are_the_same_each_time_and_another_sites_are_others() -> None:
    ours, theirs = Guids(base_url="https://a.example/"), Guids(base_url="https://b.example")
    assert ours.session(SessionId(7)) == Guids(base_url="https://a.example").session(SessionId(7))
    found = {
        ours.session(SessionId(7)),
        ours.session(SessionId(8)),
        ours.person(PersonId(7)),
        ours.room(7),
        theirs.room(7),
    }
    assert len(found) == 5
    assert all(map(is_guid, found))
    given = Guids(base_url="https://a.example", imported={SessionId(7): "x"})
    assert given.session(SessionId(7)) == "x"


def test_small_words() -> None:
    assert [kind_of(one) for one in ("Keynote", "hands-on", "Déjeuner", *Kind)] == [
        Kind.PLENARY, Kind.WORKSHOP, Kind.PARALLEL, *Kind,
    ]  # fmt: skip
    assert [as_duration(one) for one in (5, 60, 1440)] == ["00:05", "01:00", "24:00"]
    assert (acronym(EVENT), acronym(replace(EVENT, title="李"))) == ("tc2022", "2022")
    assert (track_slug("Solid Tumörs & more", 3), track_slug("李", 4)) == (
        "track-solid-tumors-more-3",
        "track-4",
    )
    assert (source_of("31C3!"), source_of("李")) == ("31c3", "schedule")
