from flask import Flask

from conference.core.interval import Interval
from conference.db.work import transact
from conference.programme.queries import draft, published
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now


def test_a_session_with_talks_is_read_back_and_published_as_written(app: Flask) -> None:
    room, person = make_room("Aula"), make_person()
    session_id = make_session("Rare diseases", room_id=room, start=at("09:00"), people=[part(person)])
    make_talk(session_id, "First", duration_min=20)
    make_talk(session_id, "Second", duration_min=15, people=[part(person)])
    programme = transact(draft)
    (session,) = programme.sessions
    assert [(talk.title, talk.span) for talk in session.talks] == [
        ("First", talk_span("09:00", "09:20")),
        ("Second", talk_span("09:20", "09:35")),
    ]
    assert publish_now() == 1
    public = published()
    assert public
    assert public.sessions[0].talks[1].people == session.talks[1].people


def talk_span(start: str, end: str) -> Interval:
    return Interval(start=at(start), end=at(end))
