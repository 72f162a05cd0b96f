from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.errors import DomainError
from conference.programme.changes import Change, ChangeKind, diff, with_sequences
from conference.programme.errors import DurationError, OutsideEventError, RoleInTalkError, SamePartError
from conference.programme.model import Kind, PartChoice, PartRole, Programme, Session
from conference.programme.rules import check_parts, check_place, publishable, talk_spans
from conference.programme.snapshot import freeze, thaw
from tests.factories.programme_values import EVENT, NINE, person, programme, session

OLD = session(1, room_number=1, people=[person(7)], talks=[(20, [person(8)])])


@pytest.mark.parametrize(
    ("new", "kinds"),
    [
        (OLD, []),
        (replace(OLD, revision=9, sequence=4), []),
        (session(1, start_min=30, room_number=1, people=[person(7)], talks=[(20, [person(8)])]), [ChangeKind.MOVED_IN_TIME]),
        (replace(OLD, title="Other"), [ChangeKind.RETITLED]),
        (replace(OLD, people=()), [ChangeKind.PEOPLE]),
        (replace(OLD, people=(replace(person(7), affiliation="Elsewhere"),)), [ChangeKind.PEOPLE]),
        (replace(OLD, talks=(replace(OLD.talks[0], title="Other"),)), [ChangeKind.TALKS]),
        (replace(OLD, abstract="New", title="Other"), [ChangeKind.RETITLED, ChangeKind.DETAILS]),
    ],
)  # fmt: skip
def test_a_changed_session_is_told_by_what_changed(new: Session, kinds: list[ChangeKind]) -> None:
    assert diff(programme(OLD), programme(new)) == tuple(
        Change(kind=kind, old=OLD, new=new) for kind in kinds
    )


def test_added_and_cancelled_sessions_and_other_rooms_are_told() -> None:
    other = session(2, room_number=2)
    assert diff(programme(OLD), programme(other)) == (
        Change(kind=ChangeKind.ROOMS),
        Change(kind=ChangeKind.ADDED, new=other),
        Change(kind=ChangeKind.CANCELLED, old=OLD),
    )
    assert diff(None, programme(OLD)) == (Change(kind=ChangeKind.ADDED, new=OLD),)


def test_a_sequence_is_the_version_that_last_changed_the_session() -> None:
    same, moved = replace(OLD, sequence=2), session(2, start_min=90)
    before = programme(same, replace(moved, sequence=1))
    now = programme(OLD, session(2, start_min=120), session(3, start_min=300))
    assert with_sequences(before, now, 5) == {1: 2, 2: 5, 3: 5}


values = st.builds(
    session,
    st.integers(1, 9),
    start_min=st.none() | st.integers(0, 600),
    duration_min=st.integers(1, 300),
    room_number=st.none() | st.integers(1, 3),
    kind=st.sampled_from(Kind),
    people=st.lists(st.builds(person, st.integers(1, 5), st.sampled_from(PartRole)), max_size=2),
    talks=st.lists(st.tuples(st.integers(1, 60), st.lists(st.builds(person, st.integers(1, 5)), max_size=1)), max_size=3),
    title=st.text(min_size=1, max_size=20),
)  # fmt: skip
programmes = st.lists(values, max_size=6, unique_by=lambda item: item.id).map(lambda items: programme(*items))


@given(programmes)
def test_a_frozen_programme_thaws_to_the_same(made: Programme) -> None:
    at = datetime(2022, 9, 5, 6, tzinfo=UTC)
    thawed = thaw(freeze(made), version=3, published_at=at, draft_revision=8)
    assert diff(made, thawed) == diff(thawed, made) == ()
    assert [item.title for item in thawed.sessions] == [item.title for item in made.sessions]
    assert (thawed.version, thawed.published_at, thawed.draft_revision) == (3, at, 8)


@given(programmes, programmes)
def test_every_difference_is_counted_both_ways(one: Programme, other: Programme) -> None:
    def of_sessions(changes: tuple[Change, ...], kind: ChangeKind) -> set[int]:
        return {change.session.id for change in changes if change.kind is kind and change.session}

    there, back = diff(one, other), diff(other, one)
    assert of_sessions(there, ChangeKind.ADDED) == of_sessions(back, ChangeKind.CANCELLED)
    assert of_sessions(there, ChangeKind.MOVED_IN_TIME) == of_sessions(back, ChangeKind.MOVED_IN_TIME)
    assert (there == ()) == (back == ())


def test_only_what_has_a_time_and_a_room_or_needs_none_is_published() -> None:
    listed = (
        session(1, room_number=1),
        session(2),
        session(3, start_min=None, room_number=1),
        session(4, kind=Kind.BREAK),
    )
    assert [item.id for item in publishable(programme(*listed)).sessions] == [4, 1]


def test_talks_follow_each_other_from_the_start() -> None:
    spans = talk_spans(NINE, [20, 15])
    assert [(span.start.minute, span.end.minute) for span in spans if span] == [(0, 20), (20, 35)]
    assert talk_spans(None, [20, 15]) == [None, None]


@pytest.mark.parametrize(
    ("start", "duration_min", "error"),
    [
        ("2022-09-22T00:00+02:00", 1440, None),
        ("2022-09-23T23:00+02:00", 60, None),
        (None, 60, None),
        ("2022-09-21T23:59+02:00", 60, OutsideEventError),
        ("2022-09-23T23:30+02:00", 60, OutsideEventError),
        ("2022-09-22T09:00+02:00", 0, DurationError),
        ("2022-09-22T09:00+02:00", -5, DurationError),
        ("2022-09-22T09:00+02:00", 1441, DurationError),
    ],
)
def test_a_place_is_within_the_event_and_lasts_a_minute_to_a_day(
    start: str | None, duration_min: int, error: type[DomainError] | None
) -> None:
    moment = datetime.fromisoformat(start) if start else None
    if error is None:
        check_place(EVENT, moment, duration_min)
        return
    with pytest.raises(error):
        check_place(EVENT, moment, duration_min)


def test_parts_are_refused_twice_and_a_chair_in_a_talk() -> None:
    speaker = PartChoice(person_id=person(1).person_id, role=PartRole.SPEAKER)
    check_parts([speaker, replace(speaker, role=PartRole.CHAIR)])
    with pytest.raises(SamePartError):
        check_parts([speaker, speaker])
    with pytest.raises(RoleInTalkError):
        check_parts([replace(speaker, role=PartRole.CHAIR)], in_talk=True)
