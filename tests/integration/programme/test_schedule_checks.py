"""What staff set of the checks, and what it does to moves, edits and publishing, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.errors import RevisionMissingError, StaleRevisionError
from conference.core.ids import PersonId, RoomId, SessionId
from conference.core.interval import Interval
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.event import service as event_service
from conference.event.model import RoomDetails, RoomFacts, RoomHours
from conference.event.queries import get_room, walks
from conference.people.availability import set_unavailable
from conference.programme import service, talks
from conference.programme.changes import ChangeKind, diff
from conference.programme.check_setting import edit_checks
from conference.programme.checking import standing
from conference.programme.errors import (
    BlockedError,
    GoneChoiceError,
    InsideItselfError,
    MoveBlockedError,
    NothingToPublishError,
    PinnedError,
    SeverityError,
)
from conference.programme.facts import CheckSettings
from conference.programme.model import Kind, MoveSession, PartRole, Session, TalkDetails
from conference.programme.queries import (
    board_of,
    check_settings,
    count_conflicts,
    draft,
    get_session,
    published,
    versions,
)
from conference.programme.records import Edited
from conference.programme.rules import seen_mark
from conference.programme.severity import DEFAULTS, ConflictKind, Severity
from conference.speakers.dossiers import sign
from conference.speakers.model import SignDisclosure
from tests.factories.extras import make_extra
from tests.factories.programme import (
    at,
    make_person,
    make_room,
    make_session,
    make_talk,
    part,
    publish_now,
)
from tests.factories.registration import make_category

KINDS = ConflictKind
LED = Kind.WORKSHOP


def stored(session_id: SessionId) -> Session:
    return get_session(transact(draft), session_id)


def set_checks(**other: object) -> int:
    """Write the settings, those there are but for what is named, and return their revision."""
    now: CheckSettings = transact(check_settings)
    wanted = replace(now, **other)  # type: ignore[arg-type]  # the names are its own
    return transact(lambda session: edit_checks(session, now.revision, wanted, actor=BY_SYSTEM))


def let_block(*kinds: ConflictKind) -> int:
    return set_checks(severities={**DEFAULTS, **dict.fromkeys(kinds, Severity.BLOCK_MOVE)})


def move(session_id: SessionId, room_id: RoomId | None, start: datetime | None) -> Edited:
    command = MoveSession(
        session_id=session_id, room_id=room_id, start=start, expected_revision=stored(session_id).revision
    )
    return transact(lambda session: service.move_session(session, command, actor=BY_SYSTEM))


def kinds_of(session_id: SessionId) -> set[ConflictKind]:
    db.session.rollback()
    return {
        one.kind for one in standing(transact(lambda session: board_of(draft(session), session)), session_id)
    }


def test_settings_begin_with_the_defaults_and_are_kept_with_a_revision_and_a_history(app: Flask) -> None:
    first: CheckSettings = transact(check_settings)
    assert (first.severities, first.sponsors, first.many_marks, first.revision) == (DEFAULTS, (), 10, 1)
    assert "TBA" in first.placeholders
    assert set_checks(sponsors=("Acme",), many_marks=3) == 2
    after: CheckSettings = transact(check_settings)
    assert (after.sponsors, after.many_marks, after.revision) == (("Acme",), 3, 2)
    (entry,) = history_of("schedule_check", 1)
    assert set(entry.changes) == {"sponsors", "many_marks"}


@pytest.mark.parametrize(
    ("seen", "refusal"), [(None, RevisionMissingError), (1, StaleRevisionError), (7, StaleRevisionError)]
)
def test_settings_that_were_not_seen_are_not_written(
    app: Flask, seen: int | None, refusal: type[Exception]
) -> None:
    set_checks(many_marks=4)
    late = replace(transact(check_settings), many_marks=5)
    with pytest.raises(refusal):
        transact(lambda session: edit_checks(session, seen, late, actor=BY_SYSTEM))
    assert transact(check_settings).many_marks == 4


def test_what_no_place_cures_cannot_block_a_move(app: Flask) -> None:
    with pytest.raises(SeverityError, match="chair missing"):
        let_block(KINDS.CHAIR_MISSING)


def test_a_kind_that_a_later_release_knows_is_left_out(app: Flask) -> None:
    set_checks(many_marks=4)
    with db.engine.begin() as connection:
        connection.execute(
            text("""UPDATE schedule_check SET severities = '{"new kind": "warn", "room taken": "loud"}'""")
        )
        connection.execute(text("UPDATE standing_token SET token = 'another'"))
    assert transact(check_settings).severities == DEFAULTS


def test_a_move_that_may_not_be_changes_nothing(app: Flask) -> None:
    room_id = make_room("Aula")
    make_session("First", kind=LED, room_id=room_id, start=at("09:00"))
    second = make_session("Second", kind=LED)
    let_block(KINDS.ROOM_TAKEN)
    before = transact(draft)
    with pytest.raises(MoveBlockedError) as caught:
        move(second, room_id, at("09:30"))
    assert [(one.kind, one.minutes) for one in caught.value.conflicts] == [(KINDS.ROOM_TAKEN, 30)]
    assert transact(draft) == before
    assert move(second, room_id, at("10:00")).revision == 2


def edit_title_and_place(session_id: SessionId, room_id: RoomId) -> object:
    details = replace(service.details_of(stored(session_id)), room_id=room_id, start=at("09:30"))
    return transact(lambda s: service.edit_session(s, session_id, 1, details, actor=BY_SYSTEM))


def make_there(_session_id: SessionId, room_id: RoomId) -> object:
    return make_session("Third", kind=LED, room_id=room_id, start=at("09:30"))


@pytest.mark.parametrize("edit", [edit_title_and_place, make_there])
def test_no_other_edit_goes_round_it(app: Flask, edit: Callable[[SessionId, RoomId], object]) -> None:
    room_id = make_room("Aula")
    make_session("First", kind=LED, room_id=room_id, start=at("09:00"))
    second = make_session("Second", kind=LED)
    let_block(KINDS.ROOM_TAKEN)
    before = transact(draft)
    with pytest.raises(MoveBlockedError):
        edit(second, room_id)
    assert transact(draft) == before


def test_a_talk_cannot_bring_in_who_is_elsewhere_where_that_blocks(app: Flask) -> None:
    person_id = make_person()
    make_session("First", kind=LED, start=at("09:00"), people=[part(person_id)])
    second = make_session("Second", kind=LED, start=at("09:30"))
    let_block(KINDS.PERSON_TWICE)
    with pytest.raises(MoveBlockedError):
        make_talk(second, people=[part(person_id)])
    talk_id = make_talk(second)
    with pytest.raises(MoveBlockedError):
        transact(lambda s: talks.edit_talk(s, talk_id, 1, TalkDetails(title="X", people=(part(person_id),)), actor=BY_SYSTEM))  # fmt: skip
    assert stored(second).talks[0].people == ()


def test_what_blocks_since_the_settings_changed_may_be_edited_still(app: Flask) -> None:
    room_id = make_room("Aula")
    make_session("First", kind=LED, room_id=room_id, start=at("09:00"))
    second = make_session("Second", kind=LED, room_id=room_id, start=at("09:30"))
    let_block(KINDS.ROOM_TAKEN)
    details = replace(service.details_of(stored(second)), title="Retitled")
    transact(lambda s: service.edit_session(s, second, 1, details, actor=BY_SYSTEM))
    assert stored(second).title == "Retitled"


def test_a_pinned_session_is_moved_by_nothing_but_the_form_that_unpins_it(app: Flask) -> None:
    room_id = make_room("Aula")
    pinned = make_session("Pinned", kind=LED, room_id=room_id, start=at("09:00"), is_pinned=True)
    with pytest.raises(PinnedError):
        move(pinned, room_id, at("10:00"))
    details = replace(service.details_of(stored(pinned)), start=at("10:00"))
    with pytest.raises(PinnedError):
        transact(lambda s: service.edit_session(s, pinned, 1, details, actor=BY_SYSTEM))
    free = replace(details, is_pinned=False)
    transact(lambda s: service.edit_session(s, pinned, 1, free, actor=BY_SYSTEM))
    found = stored(pinned)
    assert (found.is_pinned, found.span and found.span.start) == (False, at("10:00"))


def test_containers_hold_sessions_and_never_themselves(app: Flask) -> None:
    room_id = make_room("Aula")
    outer = make_session("Outer", kind=LED, room_id=room_id, start=at("09:00"), duration_min=120)
    inner = make_session("Inner", kind=LED, room_id=room_id, start=at("09:00"), parent_id=outer)
    assert kinds_of(inner) == set()
    turned = replace(service.details_of(stored(outer)), parent_id=inner)
    with pytest.raises(InsideItselfError):
        transact(lambda s: service.edit_session(s, outer, 1, turned, actor=BY_SYSTEM))
    with pytest.raises(GoneChoiceError):
        make_session("Lost", parent_id=SessionId(999))
    with pytest.raises(GoneChoiceError):
        make_session("Lost", extra_id=999)
    mark = seen_mark(stored(outer))
    transact(lambda s: service.delete_session(s, outer, mark, actor=BY_SYSTEM))
    assert (stored(inner).parent_id, stored(inner).revision) == (None, 2)
    assert history_of("session", inner)[0].changes == {"parent_id": (outer, None)}


def test_hours_walks_seats_and_times_of_people_are_read_from_the_database(app: Flask) -> None:
    near, far = make_room("Aula"), make_room("Far", place=2)
    person_id = make_person()
    people = [part(person_id)]
    first = make_session("First", kind=LED, room_id=near, start=at("09:00"), people=people)
    second = make_session(
        "Second", kind=LED, room_id=far, start=at("10:05"), people=people, expected_people=90
    )
    open_hours = RoomHours(day=at("09:00").date(), span=Interval(start=at("09:30"), end=at("18:00")))
    facts = RoomFacts(hours=(open_hours,), walks_min={far: 10})
    room = RoomDetails(name="Aula", seats=100)
    transact(lambda s: event_service.edit_room(s, near, 1, room, facts, actor=BY_SYSTEM))
    small = RoomDetails(name="Far", seats=80)
    transact(lambda s: event_service.edit_room(s, far, 2, small, actor=BY_SYSTEM))
    span = Interval(start=at("10:30"), end=at("11:00"))
    transact(lambda s: set_unavailable(s, person_id, [span], actor=BY_SYSTEM))
    assert kinds_of(first) == {KINDS.OUTSIDE_ROOM_HOURS, KINDS.WALK_TOO_SHORT, KINDS.DISCLOSURE_MISSING}
    assert kinds_of(second) == {
        KINDS.WALK_TOO_SHORT,
        KINDS.TOO_FEW_SEATS,
        KINDS.PERSON_UNAVAILABLE,
        KINDS.DISCLOSURE_MISSING,
    }


def test_a_walk_is_one_for_both_rooms_and_tells_both_their_revisions(app: Flask) -> None:
    one, other = make_room("One"), make_room("Other", place=2)
    room = RoomDetails(name="One", seats=100)
    facts = RoomFacts(walks_min={other: 7, RoomId(999): 5})
    transact(lambda s: event_service.edit_room(s, one, 1, room, facts, actor=BY_SYSTEM))
    assert transact(walks) == {(one, other): 7, (other, one): 7}
    assert [get_room(which).revision for which in (one, other)] == [2, 2]
    back = RoomFacts(walks_min={one: 3})
    with pytest.raises(StaleRevisionError):
        transact(lambda s: event_service.edit_room(s, other, 1, RoomDetails(name="Other", seats=1), back, actor=BY_SYSTEM))  # fmt: skip
    none = RoomFacts(walks_min={})
    transact(lambda s: event_service.edit_room(s, one, 2, room, none, actor=BY_SYSTEM))
    assert transact(walks) == {}
    (*_, last) = history_of("room", one)
    assert {"walks_min"} <= {name for entry in history_of("room", one) for name in entry.changes}, last


def test_a_room_without_new_facts_keeps_those_it_has_and_takes_them_along(app: Flask) -> None:
    one, other = make_room("One"), make_room("Other", place=2)
    hours = (RoomHours(day=at("09:00").date(), span=Interval(start=at("08:00"), end=at("18:00"))),)
    facts = RoomFacts(hours=hours, walks_min={other: 7})
    transact(lambda s: event_service.edit_room(s, one, 1, RoomDetails(name="One", seats=1), facts, actor=BY_SYSTEM))  # fmt: skip
    transact(lambda s: event_service.edit_room(s, one, 2, RoomDetails(name="Uno", seats=1), actor=BY_SYSTEM))
    assert (get_room(one).name, get_room(one).hours) == ("Uno", hours)
    assert transact(walks)
    transact(lambda s: event_service.delete_room(s, one, 3, actor=BY_SYSTEM))
    assert transact(walks) == {}


def test_who_is_registered_by_an_extra_counts_as_people_in_the_room(app: Flask) -> None:
    extra_id = make_extra("Workshop", make_category(), seats=30)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE extra SET taken = 12"))
    session_id = make_session("Hands on", kind=LED, room_id=make_room("Small", seats=10), start=at("09:00"), extra_id=extra_id)  # fmt: skip
    (conflict,) = standing(transact(lambda session: board_of(draft(session), session)), session_id)
    assert (conflict.kind, getattr(conflict, "needed", None)) == (KINDS.TOO_FEW_SEATS, 12)


def test_posters_keep_number_and_board_and_show_in_the_version(app: Flask) -> None:
    session_id = make_session("Posters", kind=Kind.POSTER, room_id=make_room("Foyer"), start=at("09:00"), duration_min=90)  # fmt: skip
    talk_id = make_talk(session_id, "A poster")
    publish_now()
    details = TalkDetails(title="A poster", poster_number="P-12", board="A3")
    transact(lambda s: talks.edit_talk(s, talk_id, 1, details, actor=BY_SYSTEM))
    (talk,) = stored(session_id).talks
    assert (talk.poster_number, talk.board, talk.span) == ("P-12", "A3", stored(session_id).span)
    assert [one.kind for one in diff(published(), transact(draft))] == [ChangeKind.TALKS]
    publish_now()
    db.session.rollback()
    public = published()
    assert public is not None
    assert [(one.poster_number, one.board) for one in public.sessions[0].talks] == [("P-12", "A3")]


def test_versions_of_the_release_before_are_read(app: Flask) -> None:
    make_session("Old", room_id=make_room("Aula"), start=at("09:00"))
    make_talk(transact(draft).sessions[0].id)
    publish_now()
    db.session.rollback()
    before = published()
    old = """UPDATE programme_version SET snapshot = replace(replace(replace(CAST(snapshot AS TEXT), '"poster_number": "", ', ''), '"board": "", ', ''), '"parent": null, ', '')"""
    with db.engine.begin() as connection:
        connection.execute(text(old + ("::json" if connection.dialect.name == "postgresql" else "")))
        assert "poster" not in str(
            connection.scalar(text("SELECT CAST(snapshot AS TEXT) FROM programme_version"))
        )
    app.extensions.pop("conference.programme.published")
    assert published() == before


def signed(person_id: PersonId) -> None:
    command = SignDisclosure(person_id=person_id, is_nothing=True, interests={}, signed_name="Åsa Lind")
    transact(lambda session: sign(session, command, actor=BY_SYSTEM, now=at("09:00")))


def test_a_missing_disclosure_blocks_the_final_version_only(app: Flask) -> None:
    person_id = make_person()
    make_session("First", room_id=make_room("Aula"), start=at("09:00"), people=[part(person_id, PartRole.CHAIR)])  # fmt: skip
    with pytest.raises(BlockedError) as caught:
        publish_now(is_final=True)
    assert caught.value.facts == {"count": 1}
    assert publish_now() == 1
    signed(person_id)
    # Nothing of the draft has changed; that it is final now is enough.
    assert publish_now(is_final=True) == 2
    with pytest.raises(NothingToPublishError):
        publish_now(is_final=True)
    db.session.rollback()
    assert [(one.number, one.is_final) for one in versions()] == [(2, True), (1, False)]


@pytest.mark.parametrize(("severity", "is_refused"), [(Severity.WARN, False), (Severity.BLOCK_PUBLISHING, True), (Severity.BLOCK_MOVE, True)])  # fmt: skip
def test_publishing_follows_the_severities(app: Flask, severity: Severity, is_refused: bool) -> None:
    room_id = make_room("Aula")
    make_session("First", kind=LED, room_id=room_id, start=at("09:00"))
    make_session("Second", kind=LED, room_id=room_id, start=at("09:30"))
    set_checks(severities={**DEFAULTS, KINDS.ROOM_TAKEN: severity})
    db.session.rollback()
    assert count_conflicts() == is_refused
    if is_refused:
        with pytest.raises(BlockedError):
            publish_now()
    else:
        assert publish_now() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_move_takes_the_same_statements_whatever_the_draft_holds(app: Flask, count: int) -> None:
    room_id = make_room("Aula")
    made = [make_session(f"S{number}", kind=LED, people=[part(make_person())]) for number in range(count)]
    command = MoveSession(session_id=made[0], room_id=room_id, start=at("09:00"), expected_revision=1)
    transact(lambda session: board_of(draft(session), session))
    with counted_statements() as statements:
        transact(lambda session: service.move_session(session, command, actor=BY_SYSTEM))
    assert len([one for one in statements if one.startswith("SELECT")]) == 10
