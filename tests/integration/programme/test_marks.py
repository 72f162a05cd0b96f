"""Marks as other rooms ask for them, and where they end: withdrawal, passing on, erasure."""

from dataclasses import replace

import pytest
from flask import Flask

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import PersonId, RegistrationId, SessionId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.privacy.queries import everything_held
from conference.privacy.service import erase_person
from conference.programme import service
from conference.programme.checking import check
from conference.programme.conflicts import ManyMarked
from conference.programme.mark_queries import asked_for_news, marked_together, marks_of
from conference.programme.marking import change_marks, forget_marks, wish_for_news
from conference.programme.queries import board_of, check_facts, draft, get_session
from conference.programme.rules import seen_mark
from conference.registration.group_model import PassOn
from conference.registration.passing import pass_on
from tests.factories.programme import at, make_room, make_session, publish_now
from tests.factories.registration import ASA, make_category, register_attendee
from tests.factories.registration_acts import withdraw


@pytest.fixture
def people(app: Flask) -> list[RegistrationId]:
    """Three registrations and four published sessions: the first two at one time, the others later."""
    for number, start in enumerate(("09:00", "09:00", "11:00", "13:00"), 1):
        make_session(
            f"Session {number}", room_id=make_room(f"Room {number}"), start=at(start), duration_min=60
        )
    publish_now()
    category_id = make_category()
    return [register_attendee(category_id, email=f"{number}@x.example") for number in range(3)]


def mark(registration_id: RegistrationId, *numbers: int, is_told: bool = False) -> None:
    ids = [SessionId(number) for number in numbers]
    transact(lambda session: change_marks(session, registration_id, add=ids))
    transact(lambda session: wish_for_news(session, registration_id, is_wished=is_told, now=clock.now()))


def told() -> dict[int, set[int]]:
    return {int(one): {int(number) for number in ids} for one, ids in transact(asked_for_news).items()}


def test_those_who_asked_are_told_with_what_they_marked(people: list[RegistrationId]) -> None:
    mark(people[0], 1, 3, is_told=True)
    mark(people[1], 2)
    mark(people[2], is_told=True)
    assert told() == {people[0]: {1, 3}, people[2]: set()}
    with counted_statements() as statements:
        asked_for_news(db.session())
    assert len([one for one in statements if one.startswith("SELECT")]) == 1


def test_a_session_that_the_draft_deletes_stays_marked_for_who_is_to_be_told(
    people: list[RegistrationId],
) -> None:
    mark(people[0], 1, is_told=True)
    seen = seen_mark(get_session(draft(), 1))
    transact(lambda session: service.delete_session(session, 1, seen, actor=BY_SYSTEM))
    db.session.rollback()
    publish_now()
    assert told() == {people[0]: {1}}


def test_who_withdraws_is_neither_told_nor_counted(people: list[RegistrationId]) -> None:
    for one in people:
        mark(one, 1, 2, is_told=True)
    withdraw(people[0])
    assert set(told()) == set(people[1:])
    assert marks_of(people[0]) == frozenset()
    assert marked_together(2) == {(1, 2): 2}


def test_who_takes_over_a_place_does_not_take_over_its_marks(people: list[RegistrationId]) -> None:
    mark(people[0], 1, 2, is_told=True)
    command = PassOn(
        registration_id=people[0],
        person=replace(ASA, given_name="Eva", email="eva@x.example"),
        profession="doctor",
        seen_version=1,
    )
    transact(lambda session: pass_on(session, command, actor=BY_LINK, now=clock.now()))
    assert (marks_of(people[0]), told()) == (frozenset(), {})


def test_pairs_are_counted_from_the_threshold_on(people: list[RegistrationId]) -> None:
    mark(people[0], 1, 2, 3)
    mark(people[1], 1, 2)
    mark(people[2], 2, 3)
    assert marked_together(1) == {(1, 2): 2, (1, 3): 1, (2, 3): 2}
    assert marked_together(2) == {(1, 2): 2, (2, 3): 2}
    assert marked_together(3) == {}


def test_pairs_are_counted_anew_only_when_marks_came_or_went(people: list[RegistrationId]) -> None:
    mark(people[0], 1, 2)
    assert marked_together(1) == {(1, 2): 1}
    with counted_statements() as statements:
        marked_together(1)
    assert len(statements) == 1
    transact(lambda session: change_marks(session, people[0], remove=[SessionId(2)], add=[SessionId(3)]))
    assert marked_together(1) == {(1, 3): 1}
    transact(lambda session: forget_marks(session, people[0]))
    assert marked_together(1) == {}


def test_two_sessions_at_once_that_many_marked_are_a_conflict(people: list[RegistrationId]) -> None:
    least = check_facts(draft()).settings.many_marks
    category_id = make_category("Student")
    crowd = [register_attendee(category_id, email=f"crowd{number}@x.example") for number in range(least)]
    for one in crowd[:-1]:
        mark(one, 1, 2, 3)

    def found() -> list[ManyMarked]:
        return [one for one in check(board_of(draft())) if isinstance(one, ManyMarked)]

    assert found() == []
    mark(crowd[-1], 1, 2, 3)
    (conflict,) = found()
    assert (conflict.marks, {one.id for one in conflict.sessions}) == (least, {1, 2})


def test_what_is_held_names_the_marks_and_erasure_forgets_them(people: list[RegistrationId]) -> None:
    mark(people[0], 1, is_told=True)
    mark(people[1], 2)
    assert everything_held(PersonId(1))["sessions marked"] == [
        {"marked": ["Session 1"], "tell of changes": True}
    ]
    transact(lambda session: erase_person(session, PersonId(1), actor=BY_SYSTEM, now=clock.now()))
    assert [len(marks_of(one)) for one in people] == [0, 1, 0]
    assert told() == {}
