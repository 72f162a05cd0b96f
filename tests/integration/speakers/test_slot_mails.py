"""What a new version of the programme, a confirmation and a refusal send to speakers and chairs."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import MailId, PersonId, RegistrationId, SessionId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.outbox import deliver
from conference.mail.tables import OutboxRow
from conference.programme import service as programme
from conference.programme.model import MoveSession
from conference.programme.queries import draft
from conference.programme.registry import version_published
from conference.programme.rules import seen_mark
from conference.registration import service as registration_service
from conference.registration.model import State
from conference.registration.queries import find_live_by_person, get_registration
from conference.speakers import dossiers, service
from tests.factories.mail import read_back, taken_of
from tests.factories.merged import merge_into
from tests.factories.programme import at, make_person, publish_now
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw
from tests.factories.smtp import mailserver, send_through
from tests.factories.speakers import confirm_speaker, make_speaker, make_speaker_category


def rows(person_id: PersonId) -> list[OutboxRow]:
    """Mails about the person, oldest first."""
    db.session.rollback()
    about = (OutboxRow.about_type == "person", OutboxRow.about_id == person_id)
    return list(db.session.scalars(select(OutboxRow).where(*about).order_by(OutboxRow.id)))


def kinds(person_id: PersonId) -> list[str]:
    return [row.kind for row in rows(person_id)]


def files(row: OutboxRow) -> list[tuple[str, str, int]]:
    """Return method, UID and SEQUENCE of each calendar file."""
    return [(o["facts"]["method"], o["facts"]["uid"], o["facts"]["sequence"]) for o in row.attachments]


def find_registration(person_id: PersonId) -> RegistrationId:
    found = transact(lambda session: find_live_by_person(person_id, session))
    assert found
    return found.id


def session_of(person_id: PersonId) -> SessionId:
    found = transact(draft).sessions
    return next(one.id for one in found if person_id in {part.person_id for part in one.everybody})


def move(person_id: PersonId, start: datetime | None) -> None:
    stored = next(one for one in transact(draft).sessions if one.id == session_of(person_id))
    assert stored.room
    wanted = MoveSession(
        session_id=stored.id, room_id=stored.room.id, start=start, expected_revision=stored.revision
    )
    transact(lambda session: programme.move_session(session, wanted, actor=BY_SYSTEM))


@pytest.fixture
def speaker(app: Flask) -> PersonId:
    """Somebody who has confirmed a talk that is public."""
    make_speaker_category()
    person_id = make_speaker()
    publish_now()
    confirm_speaker(person_id)
    return person_id


def test_who_confirms_gets_the_published_slots_and_once_only(speaker: PersonId) -> None:
    confirm_speaker(speaker)
    (row,) = rows(speaker)
    ((method, uid, sequence),) = files(row)
    assert (row.kind, method, sequence) == ("part_confirmed", "REQUEST", 1)
    assert uid.endswith(f"-person-{speaker}")
    assert "This mail brings the published times to your calendar" in row.text


def test_who_confirms_before_the_first_version_gets_the_slots_with_it(app: Flask) -> None:
    make_speaker_category()
    person_id = make_speaker()
    confirm_speaker(person_id)
    assert [files(row) for row in rows(person_id)] == [[]]
    assert "These times are not published yet." in rows(person_id)[0].text
    publish_now()
    assert kinds(person_id) == ["part_confirmed", "slot_changed"]
    ((method, _, sequence),) = files(rows(person_id)[1])
    assert (method, sequence) == ("REQUEST", 2)
    assert "Set for you:\n\nSpeaker: Talk 0" in rows(person_id)[1].text


def test_a_moved_slot_is_mailed_with_a_request_of_a_higher_sequence(speaker: PersonId) -> None:
    move(speaker, at("14:00"))
    assert kinds(speaker) == ["part_confirmed"]
    publish_now()
    first, moved = rows(speaker)
    ((_, uid, before),) = files(first)
    assert (moved.kind, files(moved)) == ("slot_changed", [("REQUEST", uid, before + 1)])
    assert "Now: Thursday 22 September 2022, 14:00–14:20, Aula 0\nBefore: Thursday" in moved.text
    assert moved.subject.startswith("Another time or room: your part in")
    move(speaker, at("15:00"))
    publish_now()
    assert files(rows(speaker)[-1]) == [("REQUEST", uid, before + 2)]


def test_a_cancelled_slot_is_taken_out_and_comes_back_with_a_later_version(speaker: PersonId) -> None:
    ((_, uid, _),) = files(rows(speaker)[0])
    move(speaker, None)
    publish_now()
    assert files(rows(speaker)[-1]) == [("CANCEL", uid, 2)]
    assert rows(speaker)[-1].subject.startswith("Cancelled: your part in")
    move(speaker, at("10:00"))
    publish_now()
    assert files(rows(speaker)[-1]) == [("REQUEST", uid, 3)]


def test_a_merged_persons_entry_is_moved_and_taken_out_under_the_id_it_was_entered_with(
    speaker: PersonId,
) -> None:
    ((_, uid, before),) = files(rows(speaker)[0])
    middle, kept = make_person("Åsa", "Lindh"), make_person("Åsa", "Lind")
    merge_into(middle, speaker, ["email"])
    merge_into(kept, middle, ["email"])
    move(kept, at("14:00"))
    publish_now()
    assert files(rows(kept)[-1]) == [("REQUEST", uid, before + 1)]
    move(kept, at("15:00"))
    publish_now()
    assert files(rows(kept)[-1]) == [("REQUEST", uid, before + 2)]
    move(kept, None)
    publish_now()
    assert files(rows(kept)[-1]) == [("CANCEL", uid, before + 3)]


def test_a_deleted_session_is_cancelled_too(speaker: PersonId) -> None:
    stored = next(one for one in transact(draft).sessions if one.id == session_of(speaker))
    transact(lambda session: programme.delete_session(session, stored.id, seen_mark(stored), actor=BY_SYSTEM))
    make_speaker(1, clock_time="11:00")
    publish_now()
    assert [file[0] for file in files(rows(speaker)[-1])] == ["CANCEL"]


def test_who_was_invited_is_told_in_words_and_who_was_never_told_hears_nothing(app: Flask) -> None:
    make_speaker_category()
    invited, unknown, nobody = make_speaker(), make_speaker(1), make_speaker(2, email="")
    publish_now()
    transact(lambda session: service.send_link(session, invited, actor=BY_SYSTEM))
    for place, person_id in enumerate((invited, unknown, nobody)):
        move(person_id, at(f"1{place}:30"))
    publish_now()
    assert [kinds(one) for one in (invited, unknown, nobody)] == [["speaker_link", "slot_changed"], [], []]
    assert files(rows(invited)[-1]) == []
    assert "calendar" not in rows(invited)[-1].text


def test_who_declines_gets_a_mail_and_one_who_had_confirmed_a_cancellation(speaker: PersonId) -> None:
    other = make_speaker(1)
    transact(lambda s: dossiers.decline(s, other, "On leave", actor=BY_LINK, now=clock.now()))
    transact(lambda s: dossiers.decline(s, other, "On leave", actor=BY_LINK, now=clock.now()))
    assert [(row.kind, files(row)) for row in rows(other)] == [("part_declined", [])]
    ((_, uid, _),) = files(rows(speaker)[0])
    withdraw(find_registration(speaker))
    transact(lambda s: dossiers.decline(s, speaker, "", actor=BY_LINK, now=clock.now()))
    assert kinds(speaker)[-1] == "part_declined"
    assert files(rows(speaker)[-1]) == [("CANCEL", uid, 3)]


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.CANCELLED])
def test_who_has_no_registration_any_more_has_the_slots_taken_out_until_they_confirm_anew(
    speaker: PersonId, state: State
) -> None:
    ((_, uid, _),) = files(rows(speaker)[0])
    ended = find_registration(speaker)
    for _ in range(2):
        transact(
            lambda session: registration_service.withdraw(
                session, ended, actor=BY_LINK, now=clock.now(), state=state
            )
        )
    assert kinds(speaker) == ["part_confirmed", "part_withdrawn"]
    told = rows(speaker)[-1]
    assert files(told) == [("CANCEL", uid, 2)]
    assert "This mail takes the times out of your calendar." in told.text
    confirm_speaker(speaker)
    assert kinds(speaker)[-1] == "part_confirmed"
    assert files(rows(speaker)[-1]) == [("REQUEST", uid, 3)]


def test_who_has_no_published_slot_hears_of_the_registration_alone(app: Flask) -> None:
    make_speaker_category()
    unpublished = make_speaker()
    withdraw(confirm_speaker(unpublished))
    publish_now()
    attendee = register_attendee(make_category())
    withdraw(attendee)
    assert kinds(unpublished) == ["part_confirmed"]
    assert kinds(get_registration(attendee).person_id) == []


def test_a_version_that_is_rolled_back_writes_no_mail(speaker: PersonId) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    move(speaker, at("16:00"))
    version_published.fill("~fails", fail)
    try:
        with pytest.raises(RuntimeError):
            publish_now()
    finally:
        del version_published._entries["~fails"]
    assert kinds(speaker) == ["part_confirmed"]


def test_the_request_stands_beside_text_and_html(app: Flask, speaker: PersonId) -> None:
    with mailserver() as server:
        send_through(app, server.port)
        deliver(MailId(rows(speaker)[0].id), "me")
        raw = server.raw[0]
    mail = read_back(raw)
    shape = [part.get_content_type() for part in mail.walk()]
    assert shape == ["multipart/alternative", "text/plain", "text/html", "text/calendar"]
    calendar = list(mail.walk())[-1]
    assert (calendar.get_param("method"), calendar.get_content_charset()) == ("REQUEST", "utf-8")
    assert calendar.get_content_disposition() is None
    assert "METHOD:REQUEST" in str(calendar.get_payload(decode=True).decode())  # type: ignore[union-attr]  # one part
    assert "You have confirmed your part" in taken_of(mail, "plain")
