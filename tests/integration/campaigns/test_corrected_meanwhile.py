"""Whose address is corrected, or who is erased, between the making of a campaign's mail and its writing."""

from functools import partial

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.campaigns import sending
from conference.core.clock import clock
from conference.core.ids import CampaignId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.privacy.service import erase_person
from conference.registration.queries import get_registration
from conference.registration.writing import move_address
from tests.factories.campaigns import begin, its_mails, make_campaign
from tests.factories.registration import make_category, register_attendee


def _correct(registration_id: RegistrationId) -> None:
    transact(
        lambda session: move_address(
            session,
            get_registration(registration_id, session),
            "new@clinic.example",
            actor=BY_SYSTEM,
            now=clock.now(),
        )
    )


def _write_all(campaign_id: CampaignId) -> list[str]:
    while made := sending._next(campaign_id):
        transact(partial(sending._write, campaign_id=campaign_id, written=made))
    db.session.rollback()
    return [str(mail.recipient) for mail in its_mails(campaign_id)]


def test_the_mail_is_made_anew_for_the_new_address(app: Flask) -> None:
    registration_id = register_attendee(make_category(), email="old@clinic.example")
    campaign_id = make_campaign()
    begin(campaign_id)
    sending._fix(campaign_id)
    made = sending._next(campaign_id)
    _correct(registration_id)
    transact(lambda session: sending._write(session, campaign_id, made))
    assert _write_all(campaign_id) == ["new@clinic.example"]


def test_control_without_a_second_look_it_goes_to_the_old_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    registration_id = register_attendee(make_category(), email="old@clinic.example")
    campaign_id = make_campaign()
    begin(campaign_id)
    sending._fix(campaign_id)
    made = sending._next(campaign_id)
    _correct(registration_id)
    monkeypatch.setattr(sending, "_as_it_is", lambda _session, written: list(written))
    transact(lambda session: sending._write(session, campaign_id, made))
    monkeypatch.undo()
    assert _write_all(campaign_id) == ["old@clinic.example"]


def test_nobody_who_was_erased_is_written_to(app: Flask) -> None:
    registration_id = register_attendee(make_category(), email="old@clinic.example")
    campaign_id = make_campaign()
    begin(campaign_id)
    sending._fix(campaign_id)
    made = sending._next(campaign_id)
    db.session.rollback()
    person_id = get_registration(registration_id).person_id
    db.session.rollback()
    transact(lambda session: erase_person(session, person_id, actor=BY_SYSTEM, now=clock.now()))
    transact(lambda session: sending._write(session, campaign_id, made))
    assert _write_all(campaign_id) == []
