"""The mails after an approval and after a change that others see."""

from dataclasses import replace

from flask import Flask

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.people.model import PersonDetails
from conference.people.queries import get_person
from conference.registration import approving, many, service
from conference.registration.model import ChangeRegistration, Choices
from conference.registration.papers import make_calendar
from tests.factories.registration import ASA, make_category, register_attendee
from tests.factories.registration_acts import kinds, mail_rows, registration


def save(made: RegistrationId, person: PersonDetails, **more: object) -> None:
    stored = registration(made)
    command = ChangeRegistration(
        registration_id=made,
        person=person,
        profession="",
        career_stage="",
        choices=Choices(),
        expected_revision=stored.revision,
        expected_person_revision=get_person(stored.person_id).revision,
    )
    command = replace(command, **more)  # type: ignore[arg-type]  # each test names fields of the command
    transact(lambda session: service.change(session, command, actor=BY_LINK, now=clock.now()))
    db.session.rollback()


def papers(made: RegistrationId) -> list[str]:
    return [order["kind"] for order in mail_rows(made)[-1].attachments]


def test_a_change_that_others_see_is_mailed_with_new_papers(app: Flask) -> None:
    made = register_attendee(make_category())
    save(made, replace(ASA, family_name="Öberg", country="DE"))
    assert (kinds(made), papers(made)) == (["confirmation", "changed"], ["ticket", "calendar"])
    text = mail_rows(made)[-1].text
    assert "This is new:\n\nName: Åsa Öberg\nCountry: Germany\n\nSo it stands now:" in text
    assert "A new ticket and a new calendar file" in text


def test_a_change_that_nobody_sees_is_not_mailed(app: Flask) -> None:
    made = register_attendee(make_category())
    save(made, ASA, profession="doctor")
    save(made, replace(ASA, orcid="0000-0002-1825-0097"))
    assert kinds(made) == ["confirmation"]


def test_who_waits_gets_no_papers_with_the_change(app: Flask) -> None:
    category = make_category(seats=1)
    register_attendee(category, email="first@x.example")
    made = register_attendee(category)
    save(made, replace(ASA, affiliation=""))
    assert (kinds(made), papers(made)) == (["waiting", "changed"], [])
    text = mail_rows(made)[-1].text
    assert ("Affiliation: –" in text, "new ticket" in text) == (True, False)


def test_another_category_is_named_and_its_days_alone_stay_in_the_calendar(app: Flask) -> None:
    both, first = make_category("Both"), make_category("Thursday only", days="2022-09-22")
    made = register_attendee(both)
    transact(lambda session: many.move_to(session, made, first, actor=BY_SYSTEM, now=clock.now()))
    assert (kinds(made), papers(made)) == (["confirmation", "changed"], ["ticket", "calendar", "calendar"])
    row = mail_rows(made)[-1]
    files = [make_calendar(order["facts"]) for order in row.attachments[1:]]
    assert [(b"METHOD:CANCEL" in f.content, f.content.count(b"BEGIN:VEVENT")) for f in files] == [
        (False, 1),
        (True, 1),
    ]
    assert b"DTSTART;VALUE=DATE:20220922" in files[0].content
    assert b"DTSTART;VALUE=DATE:20220923" in files[1].content
    assert all(b"SEQUENCE:1" in file.content for file in files)
    assert "Category: Thursday only\n\nSo it stands now:" in row.text
    assert "When: Thursday 22 September 2022\nWhere" in row.text


def test_one_who_is_approved_gets_words_of_their_own_and_the_ticket(app: Flask) -> None:
    made = register_attendee(make_category(needs_approval=True))
    transact(lambda session: approving.approve(session, made, actor=BY_SYSTEM, now=clock.now()))
    assert (kinds(made), papers(made)) == (["pending", "approved"], ["ticket", "calendar"])
    assert "The organisers have approved your registration" in mail_rows(made)[-1].text
