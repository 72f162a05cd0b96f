"""The link that stops the news: nobody makes one for another, opening it changes nothing, one click needs no page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.links import sign, sign_word
from conference.db.base import db
from conference.mail.news import digest_of, has_unsubscribed, token_of
from tests.conftest import SECRET
from tests.factories.web import token_of as csrf_of

ADDRESS = "asa@lab.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def page() -> str:
    return f"/unsubscribe/{token_of(ADDRESS)}"


def stopped(address: str = ADDRESS) -> bool:
    db.session.rollback()
    return has_unsubscribed(digest_of(address))


def test_opening_the_link_changes_nothing(client: FlaskClient) -> None:
    for open_it in (client.get, client.head, client.options):
        assert open_it(page()).status_code == 200
    assert client.get(f"{page()}?List-Unsubscribe=One-Click&act=stop").status_code == 200
    assert not stopped()


def test_one_click_needs_no_page_and_no_token(client: FlaskClient) -> None:
    for _ in range(2):  # as a server that asks again
        answer = client.post(page(), data=ONE_CLICK)
        assert (answer.status_code, answer.text, answer.headers.get("Set-Cookie")) == (200, "Unsubscribed.\n", None)  # fmt: skip
    assert stopped("ASA@LAB.example ")
    assert not stopped("bo@lab.example")


def test_one_click_as_a_form_of_parts_works_too(client: FlaskClient) -> None:
    assert client.post(page(), data=ONE_CLICK, content_type="multipart/form-data").status_code == 200
    assert stopped()


def test_the_pages_button_needs_its_token(client: FlaskClient) -> None:
    for sent in ({}, {"act": "stop"}, {"act": "stop", "csrf_token": "x"}, {"List-Unsubscribe": "no"}):
        assert client.post(page(), data=sent).status_code == 400
    assert not stopped()


def test_it_is_stopped_and_taken_back_by_the_page(client: FlaskClient) -> None:
    token = csrf_of(client, page())
    answer = client.post(page(), data={"csrf_token": token, "act": "stop"})
    assert (answer.status_code, answer.location) == (303, page())
    assert stopped()
    assert "You get no more news" in client.get(page()).text
    assert client.post(page(), data={"csrf_token": token, "act": "undo"}).status_code == 303
    assert not stopped()
    assert "You can stop it here." in client.get(page()).text


def test_undoing_needs_the_token_too(client: FlaskClient) -> None:
    client.post(page(), data=ONE_CLICK)
    assert client.post(page(), data={"act": "undo"}).status_code == 400
    assert stopped()


def forged(app: Flask) -> list[str]:
    digest, mac = token_of(ADDRESS).split(".")
    other = digest_of("bo@lab.example")
    return [
        digest,
        f"{digest}.",
        f".{mac}",
        f"{other}.{mac}",
        f"{digest}.{mac[:-1]}",
        f"{digest}.{mac}A",
        f"{digest}.{mac.swapcase()}",
        sign_word("another key of more than 32 characters", "unsubscribe", digest),
        sign_word(SECRET, "registration", digest),
        sign(SECRET, "unsubscribe", 1, 1),
        "ä.ö",
        "x" * 5000,
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_link_is_no_address(app: Flask, client: FlaskClient, method: str) -> None:
    for token in forged(app):
        answer = client.open(f"/unsubscribe/{token}", method=method, data=ONE_CLICK)
        assert answer.status_code == 404, token
    assert not stopped()


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", "News of this conference"),
        ("sv", "Nyheter om konferensen"),
        ("de", "Neuigkeiten zu dieser Konferenz"),
    ],
)
def test_the_page_speaks_the_mails_language_and_keeps_it(client: FlaskClient, tag: str, words: str) -> None:
    shown = client.get(f"{page()}?lang={tag}")
    assert f'<html lang="{tag}">' in shown.text
    assert words in shown.text
    token = csrf_of(client, page())
    answer = client.post(f"{page()}?lang={tag}", data={"csrf_token": token, "act": "stop"})
    assert answer.location == f"{page()}?lang={tag}"
