"""The privacy notice in versions: kept by the worker, shown again, and named by each registration."""

from dataclasses import asdict, replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import OrganiserId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.event.model import OrganiserDetails
from conference.event.notices import keep_present, notice, notice_number, notices, present_texts
from conference.event.queries import get_organiser
from conference.event.service import edit_organiser
from conference.privacy.record import processing_record
from conference.registration.links import link_of
from conference.registration.question_model import Kind
from conference.registration.service import register
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.questions import make_question
from tests.factories.registration import a_form, make_category, register_attendee
from tests.factories.registration_acts import registration


def work() -> None:
    """Do what the worker does each second."""
    for job in notice.claim("w"):
        notice.run(job, "w")
    db.session.rollback()


def name_contact(contact: str) -> None:
    one = get_organiser(OrganiserId(1))
    known = {name: value for name, value in asdict(one).items() if name in OrganiserDetails.__slots__}
    details = replace(OrganiserDetails(**known), privacy_contact=contact)
    transact(lambda session: edit_organiser(session, one.id, one.revision, details, actor=BY_SYSTEM))
    db.session.rollback()


def test_the_worker_keeps_the_first_version_once(app: Flask) -> None:
    assert (notices(), notice_number()) == ((), None)
    work()
    db.session.rollback()
    assert (notice_number(), notice.claim("w")) == (1, [])
    assert transact(lambda session: keep_present(session, now=clock.now())) is None


def test_a_changed_fact_is_a_new_version_and_the_one_before_can_be_read(
    app: Flask, client: FlaskClient
) -> None:
    name_contact("first@x.example")
    work()
    name_contact("second@x.example")
    between = client.get("/privacy").text
    assert ("second@x.example" in between, "Version 2" in between) == (True, False)
    work()
    page = client.get("/privacy").text
    assert ("second@x.example" in page, "first@x.example" in page) == (True, False)
    assert ("Version 2" in page, 'href="/privacy/1"' in page) == (True, True)
    old = client.get("/privacy/1").text
    assert ("first@x.example" in old, "no longer the present one" in old) == (True, True)
    assert "no longer the present one" not in client.get("/privacy/2").text
    assert client.get("/privacy/3").status_code == 404


@pytest.mark.parametrize(
    ("tag", "words"), [("sv", "personuppgifts"), ("de", "gemeinsam"), ("en", "joint controllers")]
)
def test_each_version_is_kept_in_three_languages(
    app: Flask, client: FlaskClient, tag: str, words: str
) -> None:
    work()
    assert words in client.get(f"/privacy/1?lang={tag}").text
    assert words in client.get(f"/privacy?lang={tag}").text


def test_the_facts_stay_text(app: Flask, client: FlaskClient) -> None:
    name_contact("<b>bold</b>")
    work()
    page = client.get("/privacy/1").text
    assert ("&lt;b&gt;bold" in page, "<b>bold" in page) == (True, False)


def test_a_registration_says_under_which_version_it_was_sent(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    before = register_attendee(category, email="a@x.example")
    work()
    after = register_attendee(category, email="b@x.example")
    assert [registration(one).notice_number for one in (before, after)] == [None, 1]
    assert 'href="/privacy/1"' in client.get(f"/r/{link_of(after, 1)}").text
    assert '"privacy notice": 1' in client.get(f"/r/{link_of(after, 1)}/data.json").text
    sign_in(client, Role.DESK)
    assert 'href="/privacy/1"' in client.get(f"/staff/registrations/{after}").text


def test_the_number_costs_the_form_no_statement(app: Flask) -> None:
    category = make_category()

    def count(number: int) -> int:
        form = a_form(category, email=f"{number}@x.example")
        with counted_statements() as statements:
            transact(lambda session: register(session, form, now=clock.now()))
        return len(statements)

    # The first after each change reads the standing facts once.
    before = [count(1), count(2)][1]
    work()
    after = [count(3), count(4)][1]
    assert (before, notice_number()) == (after, 1)


def test_the_record_of_processing_names_the_live_questions(app: Flask) -> None:
    make_question("Diet", Kind.TEXT, is_sensitive=True)
    make_question("Topic")
    make_question("Gone", is_retired=True)
    text = processing_record()
    assert "- Diet: sensitive, encrypted, with consent, deleted 14 days after the end" in text
    assert "- Topic: kept as the registration" in text
    assert "Gone" not in text
    assert "disclosures of interests, which are printed in the programme" in text


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", "it stands in the printed programme and on its page"),
        ("sv", "den står i det tryckta programmet och på dess sida"),
        ("de", "sie steht im gedruckten Programm und auf dessen Seite"),
    ],
)
def test_the_notice_tells_that_disclosures_are_printed(app: Flask, tag: str, words: str) -> None:
    assert words in present_texts()[tag]
