"""News carry a way out, honour it even when they are queued already, and nothing else carries one."""

from email.message import EmailMessage

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.campaigns.model import Purpose
from conference.core.clock import clock, real_now
from conference.core.ids import CampaignId, MailId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.news import (
    NOT_WANTED,
    digest_of,
    has_unsubscribed,
    subscribe_again,
    token_of,
    unsubscribe,
)
from conference.mail.outbox import deliver
from conference.mail.personal import wishes_held
from conference.mail.queries import get_mail
from conference.mail.reading import open_mail
from conference.mail.wording_model import Wording
from conference.privacy.queries import everything_held
from conference.privacy.service import erase_person
from conference.registration.queries import get_registration
from tests.factories.campaigns import its_mails, make_campaign, send, stored
from tests.factories.dumps import dump
from tests.factories.mail import taken_of
from tests.factories.registration import make_category, register_attendee
from tests.factories.smtp import mailserver, send_through

ADDRESS = "asa@lab.example"


def news(purpose: Purpose = Purpose.NEWS) -> tuple[CampaignId, MailId]:
    register_attendee(make_category())
    campaign = make_campaign(
        purpose=purpose, texts={"en": Wording(subject="Call for posters", text="Dear {name},\n\nsend one.")}
    )
    send(campaign)
    (mail,) = its_mails(campaign)
    return campaign, MailId(mail.id)


def sent(app: Flask, mail_id: MailId) -> list[EmailMessage]:
    with mailserver() as server:
        send_through(app, server.port)
        deliver(mail_id, "me")
    return server.mails


def test_news_say_how_to_stop_them_in_header_and_both_parts(app: Flask) -> None:
    _, mail_id = news()
    (mail,) = sent(app, mail_id)
    link = f"http://localhost/unsubscribe/{token_of(ADDRESS)}?lang=en"
    assert mail["List-Unsubscribe"] == f"<{link}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"Get no more news of this conference:\n{link}" in taken_of(mail, "plain")
    assert f'href="{link}"' in taken_of(mail, "html")


def test_the_office_sees_that_link_masked(app: Flask) -> None:
    _, mail_id = news()
    assert "(link to unsubscribe)" in get_mail(mail_id).text
    opened = open_mail(mail_id)
    assert 'href="#"' in opened.html
    for shown in (opened.html, opened.record.text):
        assert "/unsubscribe/" not in shown
        assert "newsf" not in shown


def test_what_is_about_ones_own_registration_carries_no_such_link(app: Flask) -> None:
    _, mail_id = news(Purpose.OWN)
    (mail,) = sent(app, mail_id)
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (None, None)
    assert "unsubscribe" not in taken_of(mail, "plain")


def test_news_that_were_queued_before_the_wish_are_not_sent(app: Flask) -> None:
    _, mail_id = news()
    transact(lambda session: unsubscribe(session, digest_of("ASA@lab.example"), now=real_now()))
    assert sent(app, mail_id) == []
    db.session.rollback()
    assert (get_mail(mail_id).state, get_mail(mail_id).last_answer) == ("cancelled", NOT_WANTED)


def test_the_wish_outlives_the_erasure_of_its_person_and_is_no_address(app: Flask) -> None:
    campaign, _ = news()
    transact(lambda session: unsubscribe(session, digest_of(ADDRESS), now=real_now()))
    person_id = get_registration(register_attendee(make_category("Again"))).person_id
    db.session.rollback()
    held = everything_held(person_id)
    assert [one["address"] for one in held["no news"]] == [ADDRESS]
    assert [(one["campaign"], one["written"]) for one in held["campaigns"]] == [("The hall", True)]
    transact(lambda session: erase_person(session, person_id, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    assert has_unsubscribed(digest_of(ADDRESS))
    assert everything_held(person_id)["campaigns"] == []
    assert stored(campaign).is_frozen
    assert ADDRESS not in dump()


def test_a_wish_is_kept_once_and_can_be_taken_back(app: Flask) -> None:
    for _ in range(2):
        transact(lambda session: unsubscribe(session, digest_of(ADDRESS), now=real_now()))
    assert [one["address"] for one in wishes_held([ADDRESS, "bo@lab.example", ""])] == [ADDRESS]
    db.session.rollback()
    transact(lambda session: subscribe_again(session, digest_of(ADDRESS)))
    assert wishes_held([ADDRESS]) == []


@pytest.mark.parametrize("written", ["asa@lab.example", " ASA@lab.example", "asa@LAB.EXAMPLE "])
def test_an_address_is_the_same_however_it_is_written(app: Flask, written: str) -> None:
    assert digest_of(written) == digest_of(ADDRESS)
    assert len(digest_of(written)) == 27
