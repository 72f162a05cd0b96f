from dataclasses import asdict, replace
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.errors import NotFoundError, RevisionMissingError, StaleDeletionError, StaleRevisionError
from conference.core.ids import RoomId, TrackId
from conference.db.base import db
from conference.db.work import transact
from conference.event import service
from conference.event.errors import (
    EndsBeforeItBeginsError,
    NameTakenError,
    SessionsOutsideError,
    StillUsedError,
    TooManyDaysError,
)
from conference.event.model import EventDetails, OrganiserDetails, RoomDetails, TrackDetails
from conference.event.queries import get_event, missing_facts, organisers, rooms, tracks
from conference.programme.queries import draft_revision
from tests.factories.programme import at, make_room, make_session

HALL = RoomDetails(name="Hall", seats=100)


def details(**changes: Any) -> EventDetails:
    names = EventDetails.__dataclass_fields__
    stored = {name: value for name, value in asdict(get_event()).items() if name in names}
    return EventDetails(**stored | changes)


def edit_event(revision: int | None, wanted: EventDetails, *, meant: bool = False) -> int:
    return transact(
        lambda session: service.edit_event(
            session, revision, wanted, sessions_may_lie_outside=meant, actor=BY_SYSTEM
        )
    )


def create_room(room: RoomDetails) -> RoomId:
    return transact(lambda session: service.create_room(session, room, actor=BY_SYSTEM))


def edit_room(room_id: RoomId, revision: int | None, room: RoomDetails) -> int:
    return transact(lambda session: service.edit_room(session, room_id, revision, room, actor=BY_SYSTEM))


def delete_room(room_id: RoomId, revision: int | None) -> None:
    transact(lambda session: service.delete_room(session, room_id, revision, actor=BY_SYSTEM))


def test_edit_event_writes_and_audits_what_changed(app: Flask) -> None:
    assert edit_event(1, details(venue="Aula Ångström", first_day=date(2022, 9, 21))) == 2
    db.session.remove()
    event = get_event()
    assert (event.venue, event.first_day, event.revision) == ("Aula Ångström", date(2022, 9, 21), 2)
    (entry,) = history_of("event", 1)
    assert entry.changes == {"venue": ("", "Aula Ångström"), "first_day": ("2022-09-22", "2022-09-21")}


def test_edit_event_needs_the_revision_that_was_seen(app: Flask) -> None:
    edit_event(1, details(venue="First"))
    with pytest.raises(StaleRevisionError) as caught:
        edit_event(1, details(venue="Second"))
    assert (caught.value.theirs, caught.value.mine) == ({"venue": "First"}, {"venue": "Second"})
    with pytest.raises(RevisionMissingError):
        edit_event(None, details(venue="Third"))


def test_event_lasts_from_one_to_fourteen_days(app: Flask) -> None:
    with pytest.raises(EndsBeforeItBeginsError):
        edit_event(1, details(last_day=date(2022, 9, 21)))
    with pytest.raises(TooManyDaysError):
        edit_event(1, details(last_day=date(2022, 10, 6)))
    assert edit_event(1, details(last_day=date(2022, 9, 22))) == 2


def test_days_leave_no_session_outside_unless_it_is_meant(app: Flask) -> None:
    make_session("Opening", room_id=make_room("Aula"), start=at("09:00"))
    shorter = details(first_day=date(2022, 9, 23))
    with pytest.raises(SessionsOutsideError) as caught:
        edit_event(1, shorter)
    assert "“Opening”" in str(caught.value)
    db.session.remove()
    assert get_event().first_day == date(2022, 9, 22)
    assert edit_event(1, shorter, meant=True) == 2


def test_edit_organiser(app: Flask) -> None:
    gms = organisers()[0]
    wanted = OrganiserDetails(
        name=gms.name, short_name="GMS", country="SE", privacy_contact="privacy@gms.example"
    )

    def edit(revision: int | None) -> int:
        return transact(
            lambda session: service.edit_organiser(session, gms.id, revision, wanted, actor=BY_SYSTEM)
        )

    assert edit(1) == 2
    with pytest.raises(StaleRevisionError):
        transact(
            lambda session: service.edit_organiser(
                session, gms.id, 1, replace(wanted, short_name="X"), actor=BY_SYSTEM
            )
        )
    db.session.remove()
    assert organisers()[0].privacy_contact == "privacy@gms.example"


def test_missing_facts_names_what_is_open(app: Flask) -> None:
    assert missing_facts() == [
        "The venue is not named. Set it under Event.",
        "There is no e-mail address for questions. Set it under Event.",
        "Genomic Medicine Sweden has no contact point for personal data. Set it under Event.",
        "Centers for Personalized Medicine has no contact point for personal data. Set it under Event.",
    ]


def test_rooms_are_made_changed_and_deleted(app: Flask) -> None:
    hall = create_room(HALL)
    assert edit_room(hall, 1, RoomDetails(name="Great hall", seats=None)) == 2
    db.session.remove()
    assert [(room.name, room.seats, room.place) for room in rooms()] == [("Great hall", None, 1)]
    with pytest.raises(StaleDeletionError):
        delete_room(hall, 1)
    with pytest.raises(RevisionMissingError):
        delete_room(hall, None)
    delete_room(hall, 2)
    with pytest.raises(NotFoundError):
        delete_room(hall, 2)
    db.session.remove()
    assert [entry.action for entry in history_of("room", hall)] == ["deleted", "changed", "created"]


def test_two_rooms_of_one_name_are_refused(app: Flask) -> None:
    create_room(HALL)
    with pytest.raises(NameTakenError):
        create_room(HALL)
    small = create_room(RoomDetails(name="Small", seats=None))
    with pytest.raises(NameTakenError):
        edit_room(small, 1, HALL)
    assert edit_room(small, 1, RoomDetails(name="Small", seats=5)) == 2


def test_two_who_add_one_room_at_once_add_it_once(app: Flask) -> None:
    barrier, answers = Barrier(4), []

    def add() -> None:
        with app.app_context():
            barrier.wait()
            try:
                create_room(HALL)
                answers.append("added")
            except NameTakenError:
                answers.append("taken")

    threads = [Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["added", "taken", "taken", "taken"]


def test_a_used_room_or_track_is_not_deleted(app: Flask) -> None:
    room = make_room("Aula")
    make_session("Opening", room_id=room, start=at("09:00"), track_id=TrackId(1))
    with pytest.raises(StillUsedError) as caught:
        delete_room(room, 1)
    assert str(caught.value) == "This is still used by: “Opening”. Change that first; then it can be deleted."
    with pytest.raises(StillUsedError):
        transact(lambda session: service.delete_track(session, TrackId(1), 1, actor=BY_SYSTEM))
    transact(lambda session: service.delete_track(session, TrackId(2), 1, actor=BY_SYSTEM))
    db.session.remove()
    assert [track.id for track in tracks()] == [1, 3, 4, 5]


def test_tracks_are_made_and_changed(app: Flask) -> None:
    pain = TrackDetails(name="Pain", colour=2)
    track = transact(lambda session: service.create_track(session, pain, actor=BY_SYSTEM))
    transact(lambda session: service.edit_track(session, track, 1, replace(pain, colour=3), actor=BY_SYSTEM))
    db.session.remove()
    last = tracks()[-1]
    assert (last.id, last.name, last.colour, last.place, last.revision) == (track, "Pain", 3, 6, 2)


def test_each_change_of_what_the_programme_shows_raises_the_draft(app: Flask) -> None:
    def revision() -> int:
        db.session.remove()
        return draft_revision()

    before = revision()
    hall = create_room(HALL)
    after_create = revision()
    edit_room(hall, 1, replace(HALL, seats=7))
    after_edit = revision()
    delete_room(hall, 2)
    assert before < after_create < after_edit < revision()
