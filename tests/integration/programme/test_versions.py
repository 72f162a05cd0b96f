"""Named versions, withdrawing them, and the one that waits for its time."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import STOCKHOLM, clock
from conference.core.errors import (
    DomainError,
    NotFoundError,
    RevisionMissingError,
    StaleDeletionError,
    StaleRevisionError,
)
from conference.core.ids import SessionId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.worker import Worker
from conference.people.merging import MergePeople, merge
from conference.programme import releasing, service, versioning
from conference.programme.errors import (
    BlockedError,
    NotScheduledError,
    NotThePublicVersionError,
    PublishTimeOverError,
    PublishTimeSkippedError,
    PublishTimeTooLateError,
    ScheduledInTheWayError,
    StaleDraftError,
    VersionNameError,
    WithdrawnAlreadyError,
)
from conference.programme.model import Labels, MoveSession, Programme, Telling
from conference.programme.personal import erase, shown_people
from conference.programme.queries import (
    draft,
    draft_revision,
    get_session,
    next_number,
    published,
    scheduled,
    version,
    versions,
)
from conference.programme.registry import version_published
from conference.programme.tables import VersionRow
from tests.factories.programme import (
    at,
    make_person,
    make_room,
    make_session,
    part,
    publish_now,
    withdraw_version,
)

NINE = datetime.fromisoformat("2022-09-06T09:00")


def public() -> Programme | None:
    db.session.rollback()
    return published()


def shown() -> Programme:
    found = public()
    assert found
    return found


def move(session_id: SessionId, clock_time: str) -> None:
    stored = get_session(transact(draft), session_id)
    assert stored.room
    wanted = MoveSession(
        session_id=session_id, room_id=stored.room.id, start=at(clock_time), expected_revision=stored.revision
    )
    transact(lambda session: service.move_session(session, wanted, actor=BY_SYSTEM))


def start_of(session_id: SessionId) -> str:
    span = get_session(shown(), session_id).span
    assert span
    return f"{span.start.astimezone(STOCKHOLM):%H:%M}"


def set_for(local: datetime = NINE, labels: Labels | None = None) -> datetime:
    seen, now = transact(draft_revision), clock.now()
    return transact(
        lambda session: versioning.schedule(
            session, seen_draft_revision=seen, at=local, labels=labels or Labels(), actor=BY_SYSTEM, now=now
        )
    )


def refuses(error: type[DomainError], work: Callable[[DbSession], object]) -> DomainError:
    with pytest.raises(error) as caught:
        transact(work)
    db.session.rollback()
    return caught.value


@pytest.fixture
def session_id(app: Flask) -> SessionId:
    return make_session("First", room_id=make_room("Aula"), start=at("09:00"))


def test_a_version_carries_its_name_and_one_of_61_characters_is_refused(session_id: SessionId) -> None:
    publish_now(name="  After the committee ", telling=Telling.LATER)
    assert shown().name == "After the committee"
    (only,) = transact(versions)
    assert (only.name, only.telling) == ("After the committee", Telling.LATER)
    move(session_id, "10:00")
    with pytest.raises(VersionNameError) as caught:
        publish_now(name="x" * 61)
    assert (caught.value.field, caught.value.facts) == ("name", {"most": 60, "count": 61})
    publish_now(name="x" * 60)
    assert shown().name == "x" * 60


def test_a_withdrawn_version_gives_the_one_before_back_and_its_number_to_nobody(
    session_id: SessionId,
) -> None:
    publish_now()
    move(session_id, "11:00")
    publish_now()
    assert start_of(session_id) == "11:00"
    assert withdraw_version(2) == 1
    assert (shown().version, start_of(session_id)) == (1, "09:00")
    newest, first = transact(versions)
    assert newest.withdrawn_at is not None
    assert first.withdrawn_at is None
    assert [one.action for one in history_of("programme_version", newest_id())] == [
        "version withdrawn",
        "published",
    ]
    # The draft is still the one that was published as 2; a third version makes it public again.
    assert (publish_now(), start_of(session_id)) == (3, "11:00")
    assert withdraw_version(3) == 1
    assert withdraw_version(1) is None
    assert public() is None
    assert (publish_now(), shown().version) == (4, 4)


def newest_id() -> int:
    found = transact(lambda session: session.scalar(select(VersionRow.id).where(VersionRow.number == 2)))
    assert found
    return found


def test_calendars_take_what_a_withdrawal_puts_back_for_newer(session_id: SessionId) -> None:
    """A calendar keeps the entry with the highest SEQUENCE (RFC 5545, 3.8.7.4): each state that was public has a higher one."""
    other = make_session("Other", room_id=make_room("Annexe"), start=at("09:00"))
    seen: list[int] = []

    def note(*, untouched: int) -> None:
        sequences = {one.id: one.sequence for one in shown().sessions}
        assert sequences[other] == untouched
        seen.append(sequences[session_id])

    publish_now()
    note(untouched=1)
    move(session_id, "11:00")
    publish_now()
    note(untouched=1)
    withdraw_version(2)
    note(untouched=1)
    publish_now()
    note(untouched=1)
    withdraw_version(3)
    note(untouched=1)
    move(session_id, "12:00")
    publish_now()
    note(untouched=1)
    assert seen == sorted(set(seen))


def test_a_version_that_is_public_again_has_another_key_for_every_cache(session_id: SessionId) -> None:
    publish_now()
    before = shown()
    move(session_id, "11:00")
    publish_now()
    clock.shift(clock.offset + timedelta(minutes=5))
    withdraw_version(2)
    again = shown()
    assert before.published_at is not None
    assert again.published_at is not None
    assert again.published_at >= before.published_at + timedelta(minutes=5)
    assert transact(versions)[1].published_at == before.published_at


def test_only_the_public_version_is_withdrawn_and_once(session_id: SessionId) -> None:
    publish_now()
    move(session_id, "11:00")
    publish_now()
    now = clock.now()
    older = refuses(NotThePublicVersionError, lambda s: versioning.withdraw(s, 1, actor=BY_SYSTEM, now=now))
    assert older.facts == {"number": 1, "newest": 2}
    withdraw_version(2)
    refuses(WithdrawnAlreadyError, lambda s: versioning.withdraw(s, 2, actor=BY_SYSTEM, now=now))
    refuses(NotFoundError, lambda s: versioning.withdraw(s, 9, actor=BY_SYSTEM, now=now))
    assert shown().version == 1


def test_a_scheduled_version_is_frozen_now_and_public_at_its_time_by_a_worker(
    app: Flask, session_id: SessionId
) -> None:
    publish_now()
    move(session_id, "10:00")
    moment = set_for(labels=Labels(name="For the press", telling=Telling.NOBODY))
    assert moment == datetime.fromisoformat("2022-09-06T09:00+02:00")
    move(session_id, "14:00")
    Worker(app).run_due()
    assert start_of(session_id) == "09:00"
    # A late worker publishes late.
    clock.begin_at(moment + timedelta(hours=7))
    Worker(app).run_due()
    made = shown()
    assert (made.version, made.name, start_of(session_id)) == (2, "For the press", "10:00")
    assert made.published_at is not None
    assert made.published_at >= moment + timedelta(hours=7)
    assert transact(versions)[0].telling is Telling.NOBODY
    Worker(app).run_due()
    assert transact(next_number) == 3
    assert transact(scheduled) is None


def test_while_a_version_waits_nothing_else_is_published_and_it_is_changed_or_called_off(
    session_id: SessionId,
) -> None:
    moment = set_for()
    with pytest.raises(ScheduledInTheWayError) as caught:
        publish_now()
    assert caught.value.facts == {"moment": "6 September 2022, 09:00"}
    with pytest.raises(ScheduledInTheWayError):
        set_for()
    later, now = NINE + timedelta(hours=1), clock.now()
    transact(lambda s: versioning.set_time(s, 1, later, actor=BY_SYSTEM, now=now))
    waiting = transact(scheduled)
    assert waiting
    assert (waiting.publish_at, waiting.revision) == (moment + timedelta(hours=1), 2)
    refuses(
        StaleRevisionError,
        lambda s: versioning.set_time(s, 1, later + timedelta(hours=1), actor=BY_SYSTEM, now=now),
    )
    refuses(RevisionMissingError, lambda s: versioning.set_time(s, None, later, actor=BY_SYSTEM, now=now))
    refuses(StaleDeletionError, lambda s: versioning.call_off(s, 1, actor=BY_SYSTEM))
    transact(lambda s: versioning.call_off(s, 2, actor=BY_SYSTEM))
    refuses(NotScheduledError, lambda s: versioning.call_off(s, 2, actor=BY_SYSTEM))
    refuses(NotScheduledError, lambda s: versioning.set_time(s, 2, later, actor=BY_SYSTEM, now=now))
    assert publish_now() == 1
    actions = [one.action for one in history_of("programme_scheduled", 1)]
    assert actions == ["publication called off", "publication set", "publication set"]


def test_a_draft_with_conflicts_or_unseen_is_not_scheduled(session_id: SessionId) -> None:
    seen, now = transact(draft_revision), clock.now()
    make_session("Second", room_id=make_room("Aula"), start=at("09:30"))
    with pytest.raises(BlockedError):
        set_for()
    refuses(
        StaleDraftError,
        lambda s: versioning.schedule(
            s, seen_draft_revision=seen, at=NINE, labels=Labels(), actor=BY_SYSTEM, now=now
        ),
    )
    assert transact(scheduled) is None


@pytest.mark.parametrize(
    ("typed", "now", "end", "wanted"),
    [
        ("2022-09-05T08:00", "2022-09-05T08:00+02:00", "2022-09-23T23:59+02:00", PublishTimeOverError),
        ("0001-01-01T00:30", "2022-09-05T08:00+02:00", "2022-09-23T23:59+02:00", PublishTimeOverError),
        ("2022-09-23T23:59", "2022-09-05T08:00+02:00", "2022-09-23T23:59+02:00", "2022-09-23T21:59+00:00"),
        ("2022-09-24T00:00", "2022-09-05T08:00+02:00", "2022-09-23T23:59+02:00", PublishTimeTooLateError),
        ("2023-03-26T02:30", "2023-03-01T08:00+01:00", "2023-04-23T23:59+02:00", PublishTimeSkippedError),
        ("2022-10-30T02:30", "2022-10-01T08:00+02:00", "2022-11-23T23:59+01:00", "2022-10-30T00:30+00:00"),
    ],
)
def test_a_time_is_in_the_future_before_the_end_and_one_that_there_is(
    typed: str, now: str, end: str, wanted: str | type[DomainError]
) -> None:
    """Of the hour that the end of summer repeats, 02:30 is the first: 00:30 UTC."""
    local, *bounds = (datetime.fromisoformat(one) for one in (typed, now, end))
    if isinstance(wanted, str):
        assert versioning.moment_to_publish(local, *bounds) == datetime.fromisoformat(wanted)
        return
    with pytest.raises(wanted) as caught:
        versioning.moment_to_publish(local, *bounds)
    assert caught.value.field == "at"


def test_a_worker_that_is_killed_while_it_publishes_has_done_nothing_and_the_next_does_it(
    app: Flask, session_id: SessionId
) -> None:
    clock.begin_at(set_for() + timedelta(minutes=1))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt  # as little is done after it as after a kill

    version_published.fill("~killed", killed)
    try:
        with pytest.raises(KeyboardInterrupt):
            Worker(app).run_due()
    finally:
        del version_published._entries["~killed"]
    assert public() is None
    Worker(app).run_due()
    assert shown().version == 1
    assert len(transact(versions)) == 1


def test_two_workers_at_once_publish_once(app: Flask, session_id: SessionId) -> None:
    clock.begin_at(set_for() + timedelta(minutes=1))
    together = threading.Barrier(2)

    def work() -> None:
        with app.app_context():
            claimed = releasing.due.claim("me")
            together.wait(60)
            for one in claimed:
                releasing.due.run(one, "me")

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    db.session.rollback()
    assert [one.number for one in versions()] == [1]


def test_who_is_erased_is_gone_from_the_version_that_waits_and_who_is_merged_has_the_other_name(
    app: Flask,
) -> None:
    gone, kept, erased = make_person(), make_person("Bo", "Ek"), make_person("Lin", "Berg")
    room_id = make_room("Aula")
    make_session("Parts", room_id=room_id, start=at("09:00"), people=[part(gone), part(erased)])
    publish_now()
    make_session("More", room_id=room_id, start=at("11:00"), people=[part(gone), part(erased)])
    set_for()
    assert transact(shown_people) == {gone, erased}
    command = MergePeople(kept_id=kept, gone_id=gone, take=(), kept_revision=1, gone_revision=1)
    transact(lambda s: merge(s, command, actor=BY_SYSTEM))
    transact(lambda s: erase(s, erased))
    waiting = transact(scheduled)
    assert waiting
    for programme in (waiting.programme, transact(lambda s: version(1, s))):
        for one in programme.sessions:
            assert [(seen.person_id, seen.name) for seen in one.people] == [(kept, "Åsa Lind"), (erased, "–")]
