"""Erasing one person of a group leaves its coordinator with an overview of the others."""

import pytest
from flask import Flask
from sqlalchemy import select

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.queries import mails_about
from conference.people.tables import PersonRow
from conference.privacy.service import erase_person
from tests.factories.groups import make_group
from tests.factories.mail import make_due
from tests.factories.registration import make_category


def erase(given_name: str) -> None:
    db.session.rollback()
    found = db.session.scalar(select(PersonRow.id).where(PersonRow.given_name == given_name))
    assert found is not None
    db.session.rollback()
    person_id = PersonId(found)
    transact(lambda session: erase_person(session, person_id, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()


def overviews() -> list[tuple[str, str, bool, bool]]:
    """The overviews, the oldest first: state, recipient, and whether they name Ana and Bo."""
    mails = reversed(mails_about("registration_group", 1))
    return [(mail.state.value, mail.recipient, "Ana" in mail.text, "Bo " in mail.text) for mail in mails]


@pytest.mark.parametrize("state", ["queued", "retrying", "held", "paused"])
def test_an_overview_that_was_to_be_sent_is_written_without_the_person(app: Flask, state: str) -> None:
    make_group(make_category())
    (mail,) = mails_about("registration_group", 1)
    assert overviews() == [("queued", "kim@hospital.example", True, True)]
    make_due(mail.id, state=state)
    erase("Bo")
    assert overviews() == [
        ("cancelled", "", False, False),
        ("queued", "kim@hospital.example", True, False),
    ]


@pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
def test_one_that_ended_is_emptied_and_none_is_written(app: Flask, state: str) -> None:
    make_group(make_category())
    (mail,) = mails_about("registration_group", 1)
    make_due(mail.id, state=state)
    erase("Bo")
    assert overviews() == [(state, "", False, False)]


def test_erasing_the_coordinator_writes_none(app: Flask) -> None:
    make_group(make_category())
    erase("Kim")
    assert overviews() == [("cancelled", "", False, False)]


def test_erasing_all_leaves_no_names_in_the_last_overview(app: Flask) -> None:
    make_group(make_category())
    erase("Bo")
    erase("Ana")
    assert overviews()[-1] == ("queued", "kim@hospital.example", False, False)
