from dataclasses import replace

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import SessionId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.people.queries import get_person
from conference.people.service import edit_person
from conference.programme import rules, service, talks
from conference.programme.errors import BlockedError, NothingToPublishError, StaleDraftError
from conference.programme.model import MoveSession, Programme, TalkDetails
from conference.programme.queries import draft, draft_revision, get_session, published, version, versions
from conference.programme.routes import draft_fact
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now


def public() -> Programme:
    db.session.rollback()
    programme = published()
    assert programme
    return programme


def change_everything(session_id: SessionId) -> None:
    """Edit, move, add, and rename whoever takes part."""
    session = get_session(transact(draft), session_id)
    person = get_person(session.people[0].person_id)
    details = replace(service.details_of(session), title="Changed", people=())
    renamed = replace(person.details, given_name="Renamed")
    talk = session.talks[0]
    transact(lambda s: service.edit_session(s, session_id, session.revision, details, actor=BY_SYSTEM))
    transact(
        lambda s: talks.edit_talk(s, talk.id, talk.revision, TalkDetails(title="Changed"), actor=BY_SYSTEM)
    )
    transact(lambda s: edit_person(s, person.id, person.revision, renamed, actor=BY_SYSTEM))
    make_session("Added", room_id=make_room("Annexe", place=2), start=at("15:00"))


def test_nothing_is_public_before_the_first_version(app: Flask) -> None:
    make_session("Draft", room_id=make_room("Aula"), start=at("09:00"))
    assert published() is None
    assert versions() == []


def test_a_version_is_frozen_with_names_and_affiliations_as_they_were(app: Flask) -> None:
    person_id = make_person()
    session_id = make_session(
        "Public", room_id=make_room("Aula"), start=at("09:00"), people=[part(person_id)]
    )
    make_talk(session_id, "Told", people=[part(person_id)])
    assert publish_now() == 1
    frozen = public()
    (session,) = frozen.sessions
    assert (frozen.version, session.title, session.sequence) == (1, "Public", 1)
    assert [(seen.name, seen.affiliation) for seen in session.everybody] == [
        ("Åsa Lind", "Hospital of Example")
    ] * 2
    change_everything(session_id)
    assert public() == frozen
    assert publish_now() == 2
    assert {item.title for item in public().sessions} == {"Changed", "Added"}
    assert version(1) == frozen
    assert [item.number for item in versions()] == [2, 1]


def test_a_conflict_stops_publishing(app: Flask) -> None:
    room_id = make_room("Aula")
    make_session("First", room_id=room_id, start=at("09:00"))
    second = make_session("Second", room_id=room_id, start=at("09:30"))
    with pytest.raises(BlockedError) as caught:
        publish_now()
    assert caught.value.facts == {"count": 1}
    db.session.rollback()
    assert published() is None
    move = MoveSession(session_id=second, room_id=room_id, start=at("10:00"), expected_revision=1)
    transact(lambda session: service.move_session(session, move, actor=BY_SYSTEM))
    assert publish_now() == 1


def test_publishing_a_draft_that_was_not_seen_is_refused(app: Flask) -> None:
    make_session("First", room_id=make_room("Aula"), start=at("09:00"))
    seen = transact(draft_revision)
    make_session("Second", room_id=make_room("Annexe"), start=at("09:00"))
    with pytest.raises(StaleDraftError):
        transact(
            lambda session: service.publish(
                session, seen_draft_revision=seen, actor=BY_SYSTEM, now=clock.now()
            )
        )
    assert versions() == []


def test_publishing_the_same_again_is_refused(app: Flask) -> None:
    make_session("First", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    with pytest.raises(NothingToPublishError):
        publish_now()


def test_what_has_no_time_stays_in_the_draft(app: Flask) -> None:
    make_session("Open")
    make_session("Placed", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    assert [session.title for session in public().sessions] == ["Placed"]


def test_the_header_counts_what_is_not_public(app: Flask) -> None:
    assert draft_fact() is None
    room_id = make_room("Aula")
    first = make_session("First", room_id=room_id, start=at("09:00"))
    db.session.rollback()
    assert draft_fact() == "Draft: 1 change not public"
    make_session("Second", room_id=room_id, start=at("10:00"))
    db.session.rollback()
    assert draft_fact() == "Draft: 2 changes not public"
    publish_now()
    db.session.rollback()
    assert draft_fact() is None
    seen = rules.seen_mark(get_session(transact(draft), first))
    transact(lambda session: service.delete_session(session, first, seen, actor=BY_SYSTEM))
    db.session.rollback()
    assert draft_fact() == "Draft: 1 change not public"
    with counted_statements() as statements:
        draft_fact()
    assert len(statements) == 1


def test_the_published_programme_costs_one_statement_once_it_is_known(app: Flask) -> None:
    make_session("First", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    public()
    with counted_statements() as statements:
        published()
    assert len(statements) == 1
