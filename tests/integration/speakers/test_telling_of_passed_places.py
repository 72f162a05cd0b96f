"""A place that goes to another person takes neither the marks' history nor the keys of their mails along."""

from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import RegistrationId, SessionId
from conference.db.work import transact
from conference.people.merging import MergePeople, merge
from conference.people.queries import get_person
from conference.programme.marking import change_marks, wish_for_news
from conference.programme.model import Telling
from conference.registration import passing
from conference.registration.group_model import PassOn
from conference.speakers import service
from conference.speakers.tables import MarkedToldRow
from tests.factories.programme import at, make_room, make_session, part, publish_now, withdraw_version
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import registration
from tests.factories.speakers import make_speaker, make_speaker_category
from tests.factories.telling import files, kinds, mails, marked_mails, move, session_of, tell, to_tell


def _mark(registration_id: RegistrationId, session_id: SessionId) -> None:
    transact(lambda s: change_marks(s, registration_id, add=[session_id]))
    transact(lambda s: wish_for_news(s, registration_id, is_wished=True, now=clock.now()))


def _pass_on(registration_id: RegistrationId) -> None:
    before = registration(registration_id)
    details = transact(lambda s: get_person(before.person_id, s)).details
    person = replace(details, given_name="Nina", family_name="Ny", email="nina@x.example")
    command = PassOn(
        registration_id=registration_id, person=person, profession="", seen_version=before.link_version
    )
    transact(lambda s: passing.pass_on(s, command, actor=BY_LINK, now=clock.now()))


def test_who_takes_over_a_place_is_told_of_their_own_marks_only(app: Flask) -> None:
    marked = make_session("Rare", room_id=make_room("R9", place=9), start=at("09:00"))
    publish_now()
    place = register_attendee(make_category())
    _mark(place, marked)
    move(marked, "10:00")
    publish_now()
    assert [one.recipient for one in marked_mails(place)] == ["asa@lab.example"]
    _pass_on(place)
    assert transact(lambda s: list(s.scalars(select(MarkedToldRow)))) == []
    move(marked, "11:00")
    publish_now()
    _mark(place, marked)
    assert not to_tell().letters
    move(marked, "12:00")
    publish_now()
    # The first mail lies with its reader now, whose record has the same number here.
    mail = marked_mails(place)[-1]
    assert (mail.about_type, mail.recipient) == ("registration", "nina@x.example")
    assert "Before: Thursday 22 September 2022, 11:00" in mail.text


def test_what_was_told_from_the_draft_stays_so_after_a_mail_about_something_else(app: Flask) -> None:
    make_speaker_category()
    invited = make_speaker()
    publish_now(telling=Telling.NOBODY)
    move(session_of(invited), "11:00")
    publish_now(telling=Telling.NOBODY)
    make_session("Second", room_id=make_room("R9", place=9), start=at("15:00"), people=[part(invited)])
    transact(lambda s: service.send_link(s, invited, actor=BY_SYSTEM))
    withdraw_version(2)
    tell(1)
    assert kinds(invited) == ["speaker_link", "slot_changed"]
    assert not to_tell().letters


def test_who_was_invited_and_is_registered_since_is_not_told_that_a_part_to_come_is_cancelled(
    app: Flask,
) -> None:
    make_speaker_category()
    invited = make_speaker()
    publish_now(telling=Telling.NOBODY)
    make_session("Second", room_id=make_room("R9", place=9), start=at("15:00"), people=[part(invited)])
    transact(lambda s: service.send_link(s, invited, actor=BY_SYSTEM))
    other = registration(register_attendee(make_category("Other"), email="l@other.example")).person_id
    one, two = transact(lambda s: (get_person(invited, s), get_person(other, s)))
    both = MergePeople(
        kept_id=invited,
        gone_id=other,
        take={"email"},
        kept_revision=one.revision,
        gone_revision=two.revision,
    )
    transact(lambda s: merge(s, both, actor=BY_SYSTEM))
    assert not to_tell().letters
    publish_now()
    assert files(mails(invited)[-1]) == [("REQUEST", 1)]
    assert not to_tell().letters
