"""What becomes of mails to an address once their record has another one."""

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock, real_now
from conference.core.ids import MailId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.errors import AddressCorrectedError, MailEmptiedError
from conference.mail.personal import erase
from conference.mail.queries import mails_about
from conference.mail.registry import addresses_now
from conference.mail.service import send_again
from conference.mail.wording_model import TEST_KIND
from conference.people.tables import PersonRow
from conference.registration.queries import get_registration
from conference.registration.writing import move_address
from tests.factories.groups import make_group
from tests.factories.invitations import make_invitation
from tests.factories.mail import make_due, outbox_row, queue_note
from tests.factories.programme import make_person
from tests.factories.registration import make_category, register_attendee

OLD, NEW = "stranger@clinic.example", "right@clinic.example"


def again(mail_id: MailId) -> None:
    db.session.rollback()
    transact(lambda session: send_again(session, mail_id, actor=BY_SYSTEM, now=real_now()))


def correct(registration_id: RegistrationId) -> None:
    def work(session: Session) -> None:
        before = get_registration(registration_id, session)
        move_address(session, before, NEW, actor=BY_SYSTEM, now=clock.now())

    db.session.rollback()
    transact(work)


@pytest.mark.parametrize(
    ("state", "after"),
    [("held", "cancelled"), ("queued", "cancelled"), ("retrying", "cancelled"), ("failed", "failed")],
)
def test_nothing_goes_to_the_earlier_address_after_a_correction(app: Flask, state: str, after: str) -> None:
    registration_id = register_attendee(make_category(), email=OLD)
    (mail,) = mails_about("registration", registration_id)
    make_due(mail.id, state=state)
    correct(registration_id)
    assert outbox_row(mail.id)["state"] == after
    make_due(mail.id, state="failed")
    with pytest.raises(AddressCorrectedError) as refused:
        again(mail.id)
    assert refused.value.facts == {"address": NEW, "earlier": OLD}
    assert outbox_row(mail.id)["state"] == "failed"


def test_a_mail_to_the_address_of_its_record_is_sent_again(app: Flask) -> None:
    registration_id = register_attendee(make_category(), email=OLD)
    (mail,) = mails_about("registration", registration_id)
    make_due(mail.id, state="held", recipient=OLD.upper())
    again(mail.id)
    assert outbox_row(mail.id)["state"] == "queued"


def test_a_mail_to_an_address_of_the_office_s_choosing_is_sent_again(app: Flask) -> None:
    registration_id = register_attendee(make_category(), email=OLD)
    for values in ({"copy_of": 1}, {"kind": TEST_KIND}, {"about_id": 99}, {"about_type": "meeting"}):
        mail_id = queue_note(app, recipient="c@clinic.example", about=("registration", registration_id))
        make_due(mail_id, state="failed", **values)
        again(mail_id)
        assert outbox_row(mail_id)["state"] == "queued"


def test_an_erased_mail_is_not_sent_again_and_a_held_one_is_cancelled_with_it(app: Flask) -> None:
    mail_id = queue_note(app)
    make_due(mail_id, state="held")
    transact(lambda session: erase(session, [("registration", 1)], []))
    assert outbox_row(mail_id)["state"] == "cancelled"
    make_due(mail_id, state="failed")
    with pytest.raises(MailEmptiedError):
        again(mail_id)


def test_each_record_tells_its_address(app: Flask) -> None:
    category = make_category()
    registration_id = register_attendee(category, email=OLD)
    invitation_id = make_invitation(category, email="inv@clinic.example")
    person_id = make_person("Zoë", "Muster")
    transact(
        lambda session: session.execute(
            update(PersonRow).where(PersonRow.id == person_id).values(email="zoe@clinic.example")
        )
    )
    make_group(category)
    db.session.rollback()
    found = {
        kind: addresses_now.get(kind)(one, db.session())
        for kind, one in (
            ("registration", registration_id),
            ("invitation", invitation_id),
            ("person", person_id),
            ("registration_group", 1),
        )
    }
    assert found == {
        "registration": OLD,
        "invitation": "inv@clinic.example",
        "person": "zoe@clinic.example",
        "registration_group": "kim@hospital.example",
    }
    assert [find(987, db.session()) for _, find in addresses_now.items()] == [""] * 4
