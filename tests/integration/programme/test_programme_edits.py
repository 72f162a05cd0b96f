from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.errors import DomainError, NotFoundError, RevisionMissingError, StaleRevisionError
from conference.core.ids import PersonId, RoomId, SessionId, TalkId, TrackId
from conference.core.interval import Interval
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.programme import rules, service, talks
from conference.programme.conflicts import DisclosureMissing, PersonTwice, RoomTaken
from conference.programme.errors import (
    ChangedBeforeDeletionError,
    DurationError,
    GoneChoiceError,
    GoneError,
    OutsideEventError,
    RoleInTalkError,
    SamePartError,
    SessionGoneError,
)
from conference.programme.model import (
    Kind,
    MoveSession,
    PartRole,
    Session,
    SessionDetails,
    TalkDetails,
)
from conference.programme.queries import draft, draft_revision, get_session
from conference.programme.records import Edited
from conference.programme.severity import Severity
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part


def stored(session_id: SessionId) -> Session:
    return get_session(transact(draft), session_id)


def edit(session_id: SessionId, revision: int | None, details: SessionDetails) -> Edited:
    return transact(
        lambda session: service.edit_session(session, session_id, revision, details, actor=BY_SYSTEM)
    )


def move(
    session_id: SessionId, room_id: RoomId | None, start: datetime | None, revision: int | None
) -> Edited:
    command = MoveSession(session_id=session_id, room_id=room_id, start=start, expected_revision=revision)
    return transact(lambda session: service.move_session(session, command, actor=BY_SYSTEM))


def edit_talk(talk_id: TalkId, revision: int | None, details: TalkDetails) -> Edited:
    return transact(lambda session: talks.edit_talk(session, talk_id, revision, details, actor=BY_SYSTEM))


def test_a_session_with_talks_is_read_back_as_written(app: Flask) -> None:
    room_id, person_id = make_room("Aula"), make_person()
    session_id = make_session(
        "Rare diseases", room_id=room_id, start=at("09:00"), people=[part(person_id, PartRole.CHAIR)], track_id=TrackId(3)
    )  # fmt: skip
    make_talk(session_id, "First", duration_min=20)
    make_talk(session_id, "Second", duration_min=15, people=[part(person_id)])
    session = stored(session_id)
    assert session.track
    assert (session.title, session.room and session.room.name, session.track.name, session.span) == (
        "Rare diseases",
        "Aula",
        "Rare diseases",
        Interval(start=at("09:00"), end=at("10:00")),
    )
    assert [(talk.title, talk.span) for talk in session.talks] == [
        ("First", Interval(start=at("09:00"), end=at("09:20"))),
        ("Second", Interval(start=at("09:20"), end=at("09:35"))),
    ]
    assert [(seen.name, seen.role) for seen in session.everybody] == [
        ("Åsa Lind", PartRole.CHAIR),
        ("Åsa Lind", PartRole.SPEAKER),
    ]


def test_a_move_answers_the_new_revision_and_the_conflicts_of_both_kinds(app: Flask) -> None:
    room_id, person_id = make_room("Aula"), make_person()
    chair = [part(person_id, PartRole.CHAIR)]
    first = make_session("First", room_id=room_id, start=at("09:00"), people=chair)
    second = make_session("Second", people=chair)
    moved = move(second, room_id, at("09:45"), 1)
    one, other = stored(first), stored(second)
    assert other.room
    assert moved == Edited(
        session_id=second,
        revision=2,
        conflicts=(
            PersonTwice(severity=BLOCKS, person=other.people[0], first=one, second=other, overlap_min=15),
            RoomTaken(severity=BLOCKS, room=other.room, first=one, second=other, overlap_min=15),
            undisclosed(one, other),
        ),
    )
    moved = move(second, room_id, at("10:00"), 2)
    assert moved == Edited(session_id=second, revision=3, conflicts=(undisclosed(one, stored(second)),))


BLOCKS = Severity.BLOCK_PUBLISHING


def undisclosed(*sessions: Session) -> DisclosureMissing:
    return DisclosureMissing(severity=BLOCKS, person=sessions[0].people[0], sessions=sessions)


def test_every_edit_raises_the_drafts_revision_and_is_in_the_history(app: Flask) -> None:
    before = transact(draft_revision)
    room_id = make_room("Aula")
    session_id = make_session("First title")
    edit(session_id, 1, replace(service.details_of(stored(session_id)), title="Second title"))
    move(session_id, room_id, at("09:00"), 2)
    assert transact(draft_revision) == before + 3
    assert [(entry.action, dict(entry.changes)) for entry in history_of("session", session_id)] == [
        ("moved", {"room_id": (None, room_id), "starts_at": (None, "2022-09-22T07:00:00+00:00")}),
        ("changed", {"title": ("First title", "Second title")}),
        ("created", {}),
    ]


def test_the_second_of_two_tabs_is_told_both_values_and_nothing_is_lost(app: Flask) -> None:
    person_id = make_person()
    session_id = make_session("Opening")
    opened = service.details_of(stored(session_id))
    edit(session_id, 1, replace(opened, title="Theirs", duration_min=30))
    mine = replace(opened, title="Mine", duration_min=30, people=(part(person_id),))
    with pytest.raises(StaleRevisionError) as caught:
        edit(session_id, 1, mine)
    assert (caught.value.theirs, caught.value.mine) == (
        {"title": "Theirs", "people": []},
        {"title": "Mine", "people": [[person_id, "speaker"]]},
    )
    assert service.details_of(stored(session_id)) == replace(opened, title="Theirs", duration_min=30)
    assert edit(session_id, 2, mine).revision == 3


def test_a_write_without_a_revision_is_refused(app: Flask) -> None:
    session_id = make_session()
    talk_id = make_talk(session_id)
    details = service.details_of(stored(session_id))
    writes: list[Callable[[], object]] = [
        lambda: edit(session_id, None, details),
        lambda: move(session_id, None, None, None),
        lambda: edit_talk(talk_id, None, TalkDetails(title="Other")),
        lambda: transact(lambda session: service.delete_session(session, session_id, "", actor=BY_SYSTEM)),
        lambda: transact(lambda session: talks.delete_talk(session, talk_id, None, actor=BY_SYSTEM)),
        lambda: transact(
            lambda session: service.publish(session, seen_draft_revision=None, actor=BY_SYSTEM, now=at("09:00"))
        ),
    ]  # fmt: skip
    for write in writes:
        with pytest.raises(RevisionMissingError):
            write()


SOUND = SessionDetails(kind=Kind.PARALLEL, title="Sound", start=at("09:00"))


@pytest.mark.parametrize(
    ("details", "error", "field"),
    [
        (replace(SOUND, duration_min=0), DurationError, "duration_min"),
        (replace(SOUND, duration_min=1441), DurationError, "duration_min"),
        (replace(SOUND, start=at("09:00", day=21)), OutsideEventError, "day"),
        (replace(SOUND, start=at("23:30", day=23)), OutsideEventError, "day"),
        (replace(SOUND, room_id=RoomId(999)), GoneChoiceError, "room_id"),
        (replace(SOUND, track_id=TrackId(999)), GoneChoiceError, "track_id"),
        (replace(SOUND, people=(part(PersonId(999)),)), GoneChoiceError, "person_1"),
        (replace(SOUND, people=(part(PersonId(1)), part(PersonId(1)))), SamePartError, "person_1"),
    ],
)
def test_a_session_that_cannot_be_is_refused_and_nothing_is_written(
    app: Flask, details: SessionDetails, error: type[DomainError], field: str
) -> None:
    session_id = make_session("Before")
    before = transact(draft)
    for write in (
        lambda session: service.create_session(session, details, actor=BY_SYSTEM),
        lambda session: service.edit_session(session, session_id, 1, details, actor=BY_SYSTEM),
    ):
        with pytest.raises(error) as caught:
            transact(write)
        assert caught.value.field == field
    assert transact(draft) == before


def test_a_talk_that_cannot_be_is_refused(app: Flask) -> None:
    session_id, person_id = make_session(), make_person()
    for details, error in (
        (TalkDetails(title="Short", duration_min=0), DurationError),
        (TalkDetails(title="Chaired", people=(part(person_id, PartRole.CHAIR),)), RoleInTalkError),
        (TalkDetails(title="Nobody's", people=(part(PersonId(999)),)), GoneChoiceError),
    ):
        with pytest.raises(error):
            transact(lambda session, it=details: talks.create_talk(session, session_id, it, actor=BY_SYSTEM))  # type: ignore[misc]  # mypy cannot see through the default
    assert stored(session_id).talks == ()


def test_a_talk_that_moves_up_raises_the_revision_of_those_it_passes(app: Flask) -> None:
    session_id = make_session()
    first, second, third = (make_talk(session_id, title) for title in ("A", "B", "C"))
    edit_talk(third, 1, TalkDetails(title="C", position=1))
    assert [(talk.id, talk.revision) for talk in stored(session_id).talks] == [
        (third, 2),
        (first, 2),
        (second, 2),
    ]
    with pytest.raises(StaleRevisionError) as caught:
        edit_talk(first, 1, TalkDetails(title="A2", position=1))
    assert caught.value.theirs == {"title": "A", "position": 2}


def test_an_edit_after_a_deletion_is_told_so_and_a_second_deletion_finds_nothing(app: Flask) -> None:
    session_id = make_session()
    talk_id = make_talk(session_id)
    seen = rules.seen_mark(stored(session_id))
    transact(lambda session: service.delete_session(session, session_id, seen, actor=BY_SYSTEM))
    with pytest.raises(GoneError):
        edit(session_id, 1, SOUND)
    with pytest.raises(GoneError):
        move(session_id, None, None, 1)
    with pytest.raises(GoneError):
        edit_talk(talk_id, 1, TalkDetails(title="Late"))
    with pytest.raises(SessionGoneError):
        make_talk(session_id)
    with pytest.raises(NotFoundError):
        transact(lambda session: service.delete_session(session, session_id, seen, actor=BY_SYSTEM))
    with pytest.raises(NotFoundError):
        transact(lambda session: talks.delete_talk(session, talk_id, 1, actor=BY_SYSTEM))
    assert next(entry.action for entry in history_of("session", session_id)) == "deleted"


def test_a_deletion_after_an_edit_of_the_session_or_a_talk_deletes_nothing(app: Flask) -> None:
    session_id = make_session()
    talk_id = make_talk(session_id)
    seen = rules.seen_mark(stored(session_id))
    edit_talk(talk_id, 1, TalkDetails(title="Worth keeping"))
    with pytest.raises(ChangedBeforeDeletionError):
        transact(lambda session: service.delete_session(session, session_id, seen, actor=BY_SYSTEM))
    with pytest.raises(ChangedBeforeDeletionError):
        transact(lambda session: talks.delete_talk(session, talk_id, 1, actor=BY_SYSTEM))
    assert [talk.title for talk in stored(session_id).talks] == ["Worth keeping"]
    transact(lambda session: talks.delete_talk(session, talk_id, 2, actor=BY_SYSTEM))
    assert stored(session_id).talks == ()


def test_the_id_of_a_deleted_session_is_never_given_again(app: Flask) -> None:
    session_id = make_session()
    seen = rules.seen_mark(stored(session_id))
    transact(lambda session: service.delete_session(session, session_id, seen, actor=BY_SYSTEM))
    assert make_session() > session_id


@pytest.mark.parametrize("count", [1, 3])
def test_the_draft_is_read_in_few_statements_whatever_its_length(app: Flask, count: int) -> None:
    for number in range(count):
        session_id = make_session(f"Session {number}", people=[part(make_person())])
        make_talk(session_id, people=[part(make_person())])
    draft()
    db.session.rollback()
    with counted_statements() as statements:
        assert len(draft().sessions) == count
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 7
    db.session.rollback()
