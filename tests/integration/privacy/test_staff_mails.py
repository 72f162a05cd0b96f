"""Mails to members of staff are kept for 30 days, or until the member is removed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from conference.accounts.letters import invite_by_mail, mail_reset
from conference.accounts.queries import member_at
from conference.accounts.service import remove
from conference.audit.model import BY_SYSTEM
from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.queries import mails_about
from conference.mail.tables import OutboxRow
from conference.mail.wording_model import TEST_KIND
from conference.privacy.retention import RetentionSource, end_staff_mails
from conference.web.access import Role
from tests.factories.accounts import make_member
from tests.factories.mail import make_due, outbox_row, queue_note

ADDRESS = "gone@staff.example"
EMPTY = {
    "recipient": "",
    "recipient_name": "",
    "subject": "",
    "text": "",
    "html": "",
    "link": None,
    "link_slot": "",
}


def invited() -> MailId:
    """Invite a member by mail, which was sent; return the mail's id."""
    make_member(Role.ORGANISER)
    transact(
        lambda session: invite_by_mail(
            session, ADDRESS, Role.DESK, "Gone Person", language="en", actor=BY_SYSTEM
        )
    )
    db.session.rollback()
    member = member_at(ADDRESS, db.session())
    (mail,) = mails_about("staff", member.id)
    make_due(mail.id, state="done", sent_at=real_now())
    return mail.id


def left_of(mail_id: MailId) -> dict[str, object]:
    row = outbox_row(mail_id)
    return {name: row[name] for name in EMPTY}


def test_removing_a_member_empties_the_mails_to_the_account_and_no_others(app: Flask) -> None:
    mail_id = invited()
    reset_member = member_at(ADDRESS, db.session())
    db.session.rollback()
    transact(lambda session: mail_reset(session, reset_member, now=real_now()))
    test = queue_note(app, recipient=ADDRESS.upper())
    make_due(test, kind=TEST_KIND, state="done")
    as_attendee = queue_note(app, recipient=ADDRESS)
    other = queue_note(app, recipient="other@staff.example", about=("staff", reset_member.id + 1))
    transact(lambda session: remove(session, reset_member.id, reset_member.revision, actor=BY_SYSTEM))
    db.session.rollback()
    about = db.session.scalars(select(OutboxRow.id).where(OutboxRow.about_type == "staff")).all()
    assert len(about) == 3
    for one in [MailId(found) for found in about if found != other] + [test]:
        assert left_of(one) == EMPTY
    assert outbox_row(MailId(mail_id + 1))["state"] == "cancelled"
    assert outbox_row(as_attendee)["recipient"] == ADDRESS
    assert outbox_row(other)["recipient"] == "other@staff.example"


@pytest.mark.parametrize(
    ("state", "days", "is_emptied"),
    [
        ("done", 31, True),
        ("failed", 31, True),
        ("cancelled", 31, True),
        ("held", 31, True),
        ("done", 29, False),
        ("failed", 29, False),
        ("queued", 31, False),
        ("retrying", 31, False),
        ("running", 31, False),
    ],
)
def test_what_ended_a_month_ago_is_emptied_by_the_worker(
    app: Flask, state: str, days: int, *, is_emptied: bool
) -> None:
    mail_id, source = invited(), RetentionSource()
    at = real_now() - timedelta(days=days)
    make_due(mail_id, state=state, due_at=at, sent_at=at if state == "done" else None)
    db.session.rollback()
    found = source.claim("worker")
    assert bool(found) == is_emptied
    db.session.rollback()
    for one in found:
        source.run(one, "worker")
    assert (left_of(mail_id) == EMPTY) == is_emptied
    db.session.rollback()
    assert RetentionSource().claim("worker") == []


def test_tests_to_oneself_go_too_and_mails_to_attendees_stay(app: Flask) -> None:
    at = real_now() - timedelta(days=31)
    test, own = queue_note(app, recipient=ADDRESS), queue_note(app)
    make_due(test, kind=TEST_KIND, state="done", sent_at=at)
    make_due(own, state="done", sent_at=at)
    assert end_staff_mails() == 1
    assert (left_of(test), outbox_row(own)["recipient"]) == (EMPTY, "asa@clinic.example")
    assert end_staff_mails() == 0
