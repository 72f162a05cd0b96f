"""Undo that is sent twice, and undo that brings back what others saw: revisions rise, and nothing is left out."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from conference.audit.model import Actor, by_staff
from conference.core.errors import StaleRevisionError
from conference.core.ids import SessionId
from conference.db.work import transact
from conference.programme import rules, service, steps, talks
from conference.programme.inline import EditTalks, TalkLine, edit_talks
from conference.programme.model import PartChoice, Talk, TalkDetails
from conference.web.access import Role
from tests.factories.accounts import make_member
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part
from tests.integration.programme.test_steps import do, put, states, stored, undo


@pytest.fixture
def me(app: Flask) -> Actor:
    return by_staff(make_member(Role.PROGRAMME, "me@conference.example"))


@pytest.fixture
def other(app: Flask) -> Actor:
    return by_staff(make_member(Role.PROGRAMME, "other@conference.example"))


def edit(session_id: SessionId, actor: Actor, **values: Any) -> None:
    seen = stored(session_id)
    details = replace(service.details_of(seen), **values)
    transact(lambda session: service.edit_session(session, session_id, seen.revision, details, actor=actor))


def delete(session_id: SessionId, actor: Actor) -> None:
    mark = rules.seen_mark(stored(session_id))
    transact(lambda session: service.delete_session(session, session_id, mark, actor=actor))


def write(session_id: SessionId, actor: Actor, *rows: tuple[Talk, tuple[PartChoice, ...]]) -> None:
    wanted = EditTalks(
        session_id=session_id,
        talks=tuple(
            TalkLine(talk_id=talk.id, title=talk.title, duration_min=talk.duration_min, people=people)
            for talk, people in rows
        ),
        seen=tuple((talk.id, talk.revision) for talk in stored(session_id).talks),
    )
    transact(lambda session: edit_talks(session, wanted, key="talks-of-the-panel", actor=actor))


def save(seen: Talk, actor: Actor, **values: Any) -> None:
    """Save the form of the talk as it was seen."""
    people = tuple(part(one.person_id, one.role) for one in seen.people)
    details = TalkDetails(title="Another", duration_min=seen.duration_min, people=people, **values)
    transact(lambda session: talks.edit_talk(session, seen.id, seen.revision, details, actor=actor))


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_what_is_sent_twice_is_done_once(me: Actor, way: str) -> None:
    session_id = make_session(room_id=make_room("A"), start=at("09:00"))
    for time in ("10:00", "11:00"):
        do(put(session_id, None, time), me)
    if way == "redo":
        undo(me)
        undo(me)
    made = [
        transact(lambda session: getattr(steps, way)(session, actor=me, key="sent-twice")).id
        for _ in range(2)
    ]
    span = stored(session_id).span
    assert (made[0], span is not None and span.start) == (made[1], at("10:00"))


def test_a_form_open_on_a_talk_whose_people_were_taken_back_is_told(me: Actor, other: Actor) -> None:
    session_id = make_session()
    make_talk(session_id, "One")
    write(session_id, me, (stored(session_id).talks[0], (part(make_person()),)))
    seen = stored(session_id).talks[0]
    undo(me)
    with pytest.raises(StaleRevisionError):
        save(seen, other)


def test_a_form_open_on_a_talk_that_was_put_elsewhere_is_told(me: Actor, other: Actor) -> None:
    session_id = make_session()
    make_talk(session_id, "One")
    make_talk(session_id, "Two")
    one, two = stored(session_id).talks
    write(session_id, me, (two, ()), (one, ()))
    for seen, position in ((one, 1), (two, 2)):
        with pytest.raises(StaleRevisionError):
            save(seen, other, position=position)


def test_what_came_back_has_no_revision_that_it_had_before(me: Actor, other: Actor) -> None:
    session_id = make_session("A")
    edit(session_id, me, title="B")
    seen = stored(session_id)
    delete(session_id, me)
    undo(me)
    edit(session_id, me, title="C")
    details = replace(service.details_of(seen), abstract="Of another")
    with pytest.raises(StaleRevisionError):
        transact(
            lambda session: service.edit_session(session, session_id, seen.revision, details, actor=other)
        )


@pytest.mark.parametrize("is_inner_first", [True, False])
def test_a_session_comes_back_around_what_stood_inside_it(
    app: Flask, me: Actor, is_inner_first: bool
) -> None:
    room_id = make_room("A")
    first, second = (make_session(name, room_id=room_id, start=at("09:00")) for name in ("X", "Y"))
    inner, outer = (first, second) if is_inner_first else (second, first)
    edit(inner, me, parent_id=outer)
    before = states()
    delete(outer, me)
    undo(me)
    assert states() == before
