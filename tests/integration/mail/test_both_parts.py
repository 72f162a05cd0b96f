from flask import Flask
from sqlalchemy import select

from conference.audit.model import BY_LINK
from conference.core.clock import clock
from conference.db.base import db
from conference.db.work import transact
from conference.mail.tables import OutboxRow
from conference.registration import service
from tests.factories.mail import words_of_html
from tests.factories.registration import make_category, register_attendee


def _words(row: OutboxRow) -> list[str]:
    """Words of the text part, without what only layout brings: rules, bullets, colons, and the address of the link."""
    words = [word for word in row.text.split() if word not in {"-", "--", row.link_slot}]
    return [word.removesuffix(":") for word in words]


def test_both_parts_of_a_registrations_mails_say_the_same(app: Flask) -> None:
    category = make_category(seats=1)
    register_attendee(category)
    register_attendee(category)
    register_attendee(category, given_name="Jürgen")
    register_attendee(category, email="second@lab.example", given_name="Tom <3 & {{x}}")
    leaving = register_attendee(category, email="third@lab.example")
    transact(lambda session: service.withdraw(session, leaving, actor=BY_LINK, now=clock.now()))
    other = make_category("Other")
    seated = register_attendee(other, email="fourth@lab.example")
    transact(lambda session: service.withdraw(session, seated, actor=BY_LINK, now=clock.now()))
    register_attendee(other, email="fourth@lab.example")
    register_attendee(category, email="third@lab.example")
    rows = list(db.session.scalars(select(OutboxRow)))
    assert {row.kind for row in rows} == {
        "confirmation",
        "already_registered",
        "other_name",
        "waiting",
        "withdrawn",
    }
    for row in rows:
        assert _words(row) == [word.removesuffix(":") for word in words_of_html(row.html)], row.kind
        assert row.link_slot in row.text
        assert f'href="{row.link_slot}"' in row.html
