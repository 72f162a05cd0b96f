"""The form behind a personal invitation, and the public form with a code."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import CategoryId, InvitationId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.registration.access_codes import get_code
from conference.registration.invitation_model import InvitationState
from conference.registration.invitations import delete_invitation, edit_invitation, revoke
from conference.registration.model import Access, Registration
from conference.registration.queries import find_live_by_address
from tests.factories.extras import make_extra
from tests.factories.invitations import (
    INVITEE,
    by_invitation,
    make_code,
    make_invitation,
    send,
    stored_invitation,
    token_for,
)
from tests.factories.questions import make_question
from tests.factories.registration import make_category
from tests.factories.web import token_of

PERSON = {"given_name": "Åsa", "affiliation": "Lab", "country": "SE"}


def url_of(invitation: InvitationId) -> str:
    return f"/invited/{token_for(invitation)}"


def guests(**details: Any) -> CategoryId:
    return make_category("Guest", access=Access.INVITED, **details)


def post(client: FlaskClient, url: str, **values: str) -> TestResponse:
    data = PERSON | {"csrf_token": token_of(client, url)} | values
    return client.post(url, data=data)


def registered(email: str = INVITEE) -> Registration | None:
    db.session.rollback()
    return find_live_by_address(email)


def text_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", answer.text)


def test_the_form_is_filled_and_has_its_category_alone(client: FlaskClient) -> None:
    make_category()
    category = guests(description="Our guests")
    invitation = make_invitation(category, given_name="Åsa", family_name="Öhman", affiliation="KI")
    page = client.get(url_of(invitation)).text
    assert re.findall(r'name="category"\s+id="category-(\d+)"', page) == [str(category)]
    for value in ("Åsa", "Öhman", "KI"):
        assert f'value="{value}"' in page
    assert INVITEE in page
    assert 'name="email"' not in page
    assert 'name="code"' not in page
    assert "noindex" in page


def test_following_the_link_changes_nothing(client: FlaskClient) -> None:
    invitation = make_invitation(guests(seats=2), holds_seat=True)
    before = stored_invitation(invitation)
    for _ in range(3):
        assert client.get(url_of(invitation)).status_code == 200
        assert client.head(url_of(invitation)).status_code == 200
    assert stored_invitation(invitation) == before


def test_an_invited_person_registers_with_extras_and_answers(client: FlaskClient) -> None:
    category = guests()
    make_extra("Workshop", category, seats=3)
    make_extra("Other workshop", make_category(), seats=3)
    make_question("Your table", categories=frozenset({category}))
    url = url_of(make_invitation(category))
    page = client.get(url).text
    assert "Workshop" in page
    assert "Other workshop" not in page
    assert "Your table" in page
    answer = post(client, url, category=str(category), extras="1", q1="Seven")
    assert answer.status_code == 303
    assert registered() is not None
    assert INVITEE in client.get("/register/sent").text
    assert "Correct the address" not in client.get("/register/sent").text


def test_what_the_invitation_fixes_is_not_taken_from_the_form(client: FlaskClient) -> None:
    """trust.md 24: another address, another category, a state and an invitation of one's own choice."""
    category, other = guests(), make_category()
    url = url_of(make_invitation(category))
    free = make_invitation(category, email="")
    assert post(client, url, category=str(other)).status_code == 422
    assert registered() is None
    answer = post(
        client,
        url,
        category=str(category),
        email="thief@x.example",
        invitation_id=str(free),
        holds_seat="y",
        state="attended",
    )
    assert answer.status_code == 303
    assert registered("thief@x.example") is None
    made = registered()
    assert made is not None
    assert (made.state.value, stored_invitation(free).state) == ("confirmed", InvitationState.OPEN)


def test_the_public_form_takes_no_invited_category(client: FlaskClient) -> None:
    """trust.md 24: an invited-only category, with an invitation's number beside it."""
    make_category()
    category = guests()
    invitation = make_invitation(category)
    answer = post(
        client,
        "/register",
        category=str(category),
        email=INVITEE,
        invitation_id=str(invitation),
        code="anything",
    )
    assert answer.status_code == 422
    assert "This category is no longer offered." in answer.text
    assert registered() is None


def test_a_fixed_address_is_not_corrected_by_hand(client: FlaskClient) -> None:
    category = guests()
    url = url_of(make_invitation(category))
    assert post(client, url, category=str(category)).status_code == 303
    token = token_of(client, "/register/lost-link")
    answer = client.post("/register/correct", data={"csrf_token": token, "email": "other@x.example"})
    assert answer.status_code == 422
    assert f"The invitation is for {INVITEE} alone." in answer.text
    assert registered() is not None


def _use(invitation: InvitationId) -> None:
    send(by_invitation(stored_invitation(invitation).details.category_id, invitation))


def _lapse(_invitation: InvitationId) -> None:
    clock.begin_at(clock.now() + timedelta(days=7))


def _revoke(invitation: InvitationId) -> None:
    transact(lambda session: revoke(session, invitation, actor=BY_SYSTEM, now=clock.now()))


@pytest.mark.parametrize(
    ("end", "status", "words"),
    [
        (_use, 409, "This invitation has been used"),
        (_lapse, 410, "The deadline of this invitation is over"),
        (_revoke, 410, "The organisers took this invitation back."),
    ],
)
def test_an_invitation_that_is_over_says_what_happened(
    client: FlaskClient, end: Callable[[InvitationId], None], status: int, words: str
) -> None:
    category = guests()
    invitation = make_invitation(category)
    url = url_of(invitation)
    token = token_of(client, url)
    end(invitation)
    answers = [client.get(url), client.post(url, data={"csrf_token": token, "category": str(category)})]
    full = PERSON | {"csrf_token": token, "category": str(category), "family_name": "Late"}
    answers.append(client.post(url, data=full))
    for answer in answers:
        assert answer.status_code == status
        assert words in answer.text
        assert "write to the organisers" in answer.text


def test_forged_deleted_and_replaced_links(client: FlaskClient) -> None:
    category = guests()
    invitation, gone = make_invitation(category), make_invitation(category, email="b@x.example")
    old = url_of(invitation)
    assert client.get(f"{old[:-1]}{'A' if old[-1] != 'A' else 'B'}").status_code == 404
    assert client.get("/invited/1-1-x").status_code == 404
    deleted = url_of(gone)
    transact(lambda session: delete_invitation(session, gone, 1, actor=BY_SYSTEM, now=clock.now()))
    assert client.get(deleted).status_code == 404
    before = stored_invitation(invitation)
    moved = replace(before.details, email="new@x.example")
    transact(
        lambda session: edit_invitation(
            session, invitation, before.revision, moved, actor=BY_SYSTEM, now=clock.now()
        )
    )
    answer = client.get(old)
    assert (answer.status_code, "This link was replaced by a newer one." in answer.text) == (410, True)
    assert client.get(url_of(invitation)).status_code == 200


def test_nothing_typed_is_lost_when_the_form_is_refused(client: FlaskClient) -> None:
    category = guests()
    url = url_of(make_invitation(category, email=""))
    answer = post(client, url, category=str(category), email="no address", family_name="Öhman")
    assert answer.status_code == 400
    assert 'value="no address"' in answer.text
    assert 'value="Öhman"' in answer.text


def test_the_link_speaks_the_language_of_the_invitation(client: FlaskClient) -> None:
    category = guests()
    assert 'lang="de"' in client.get(url_of(make_invitation(category, language="de"))).text


def partners(**details: Any) -> CategoryId:
    return make_category("Partner", access=Access.CODE, **details)


def test_the_code_is_asked_where_a_category_needs_one(client: FlaskClient) -> None:
    make_category()
    assert 'name="code"' not in client.get("/register").text
    category = partners()
    page = client.get("/register?code=GENO-MICS").text
    assert 'value="GENO-MICS"' in page
    assert page.count("Needs a code") == 1
    assert f'id="category-{category}"' in page


def test_a_code_registers(client: FlaskClient) -> None:
    category = partners()
    code = make_code(category, uses_allowed=1)
    answer = post(client, "/register", category=str(category), email="a@x.example", code=" GENOMICS ")
    assert answer.status_code == 303
    assert registered("a@x.example") is not None
    db.session.rollback()
    assert get_code(code).uses == 1


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("", 422, "Partner needs a code."),
        ("genetics", 422, "This code is not known."),
        ("friends", 422, "This code is for Friend."),
        ("late one", 422, "This code is no longer valid."),
        ("used up", 409, "This code has been used as often as it may be."),
        ("x" * 61, 400, "Code: This text has 61 characters"),
    ],
)
def test_a_code_that_opens_nothing_is_refused_at_its_field_with_all_that_was_typed(
    client: FlaskClient, code: str, status: int, words: str
) -> None:
    category = partners()
    make_code(make_category("Friend", access=Access.CODE), "friends")
    make_code(category, "late one", expires_at=clock.now())
    make_code(category, "used up", uses_allowed=0)
    answer = post(
        client, "/register", category=str(category), email="a@x.example", code=code, family_name="Öhman"
    )
    page = text_of(answer)
    assert answer.status_code == status
    assert f'<a href="#code">{words}' in page
    assert 'value="Öhman"' in page
    assert not code or f'value="{code}"' in page
    assert registered("a@x.example") is None


def test_a_code_used_up_while_the_form_was_open(client: FlaskClient) -> None:
    category = partners()
    code = make_code(category, uses_allowed=1)
    token = token_of(client, "/register?code=genomics")
    data = PERSON | {"csrf_token": token, "category": str(category), "code": "genomics"}
    assert client.post("/register", data=data | {"email": "a@x.example"}).status_code == 303
    answer = client.post("/register", data=data | {"email": "b@x.example", "form_key": "b" * 24})
    assert (answer.status_code, 'value="b@x.example"' in answer.text) == (409, True)
    db.session.rollback()
    assert get_code(code).uses == 1


def test_too_many_wrong_codes_are_answered_with_a_pause(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conference.registration.access_codes.WRONG_AN_HOUR", 2)
    category = partners()
    make_code(category)
    wanted = {"category": str(category), "email": "a@x.example"}
    for code in ("wrong one", "wrong two"):
        assert post(client, "/register", code=code, **wanted).status_code == 422
    answer = post(client, "/register", code="genomics", **wanted)
    assert (answer.status_code, "Too many wrong codes" in answer.text) == (429, True)
    public = make_category()
    assert post(client, "/register", category=str(public), email="a@x.example").status_code == 303


def test_a_form_without_a_code_costs_no_statement_more(app: Flask, client: FlaskClient) -> None:
    public = make_category()
    post(client, "/register", category=str(public), email="warm@x.example")
    data = PERSON | {"csrf_token": token_of(client, "/register"), "category": str(public)}
    with counted_statements() as before:
        client.post("/register", data=data | {"email": "a@x.example"})
    make_code(partners())
    make_invitation(guests())
    data["csrf_token"] = token_of(client, "/register")
    client.post("/register", data=data | {"email": "b@x.example"})
    with counted_statements() as after:
        client.post("/register", data=data | {"email": "c@x.example", "form_key": "c" * 24})
    assert len(after) == len(before)
