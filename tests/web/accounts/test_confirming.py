"""A form that changes who may come in waits until its sender has proved again who it is, and goes on as it was typed."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from conference.accounts.attempts import CONFIRM_MAIL, FACTOR_ACCOUNT
from conference.accounts.factors import factors_of, new_setup
from conference.accounts.letters import mailed_link
from conference.accounts.passwords import hash_password
from conference.accounts.queries import has_account, staff_members
from conference.accounts.service import change_password
from conference.accounts.tables import StaffSessionRow
from conference.accounts.totp import code_at, step_of
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.tables import OutboxRow
from conference.web.access import Role, awaits_confirming
from tests.factories.accounts import add_app, age_sessions, app_code, make_member, sign_in, use_up
from tests.factories.browsing import PageForm, forms_in
from tests.factories.passkeys import Device
from tests.factories.web import token_of
from tests.web.accounts.test_passkeys import add, asked

PASSWORD = "a sentence of some length"
INVITE = "/staff/accounts/invite"
ASKS = "<h1>Confirm that it is you</h1>"
TYPED = {
    "email": "eva@staff.example",
    "name": "Eva “the <b>” Ek &amp; Söner",
    "role": "desk",
    "language": "sv",
}
# Each view whose forms wait, by endpoint. One that is taken out is a decision to be written down.
WAITS = {
    "accounts.invite", "accounts.member", "accounts.mail_link", "accounts.new_link", "accounts.remove", "accounts.limit",
    "accounts.suspend", "accounts.resume", "accounts.reset_second_factor", "accounts.desk_codes", "accounts.end_session",
    "accounts.end_sessions", "accounts.authenticator", "accounts.remove_authenticator", "accounts.recovery_codes",
    "accounts.add_passkey", "accounts.remove_passkey", "accounts.confirm", "api.tokens", "privacy.office_erase",
}  # fmt: skip


def invite(client: FlaskClient) -> str:
    """Send an invitation from a browser that was left open; return the page that asks who it is."""
    data = TYPED | {"csrf_token": token_of(client, "/staff/accounts")}
    age_sessions()
    page = client.post(INVITE, data=data)
    assert (page.status_code, ASKS in page.text, "Invite somebody" in page.text) == (403, True, True)
    assert not has_account(TYPED["email"])
    return page.text


def waiting(page: str, field: str) -> PageForm:
    """Return the form of the page that asks which has this field, by the end of its name."""
    found = [one for one in forms_in(page, INVITE) if any(name.endswith(field) for name, _ in one.fields)]
    assert len(found) == 1
    return found[0]


def go_on(client: FlaskClient, page: str, field: str = "back", **proof: str) -> tuple[int, str]:
    form = waiting(page, field)
    data = form.sent() | {f"confirm-{name}": [value] for name, value in proof.items()}
    answer = client.post(form.action, data=data)
    db.session.rollback()
    return answer.status_code, answer.text


def invited() -> list[tuple[str, str, str, str]]:
    db.session.rollback()
    return [
        (one.email, one.name, one.role.value, one.language)
        for one in staff_members()
        if one.email == TYPED["email"]
    ]


AS_TYPED = [(TYPED["email"], TYPED["name"], "desk", "sv")]


def with_app(client: FlaskClient) -> tuple[StaffId, bytes, list[str]]:
    me = sign_in(client, Role.ORGANISER)
    return me, *add_app(me)


def with_password(client: FlaskClient) -> StaffId:
    me = make_member(Role.ORGANISER)
    transact(lambda session: change_password(session, me, hash_password(PASSWORD), now=real_now()))
    return sign_in(client, Role.ORGANISER)


def test_these_views_wait_and_no_others(app: Flask) -> None:
    assert {name for name, view in app.view_functions.items() if awaits_confirming(view)} == WAITS


def test_within_ten_minutes_nobody_is_asked(client: FlaskClient) -> None:
    with_app(client)
    data = TYPED | {"csrf_token": token_of(client, "/staff/accounts")}
    age_sessions(minutes=9)
    assert client.post(INVITE, data=data).status_code == 303
    assert invited() == AS_TYPED


def test_a_code_of_the_app_lets_the_form_go_on_as_it_was_typed(client: FlaskClient) -> None:
    me, secret, _ = with_app(client)
    page = invite(client)
    status, text = go_on(client, page, code="000000")
    assert (status, ASKS in text, "does not fit" in text) == (422, True, True)
    assert go_on(client, text, code=app_code(secret))[0] == 303
    assert invited() == AS_TYPED
    assert [act.action for act in history_of("staff", me)][:1] == ["proved to be there"]
    # For ten minutes from now.
    again = {"csrf_token": token_of(client, "/staff/accounts"), **TYPED, "email": "bo@staff.example"}
    assert client.post(INVITE, data=again).status_code == 303


def test_a_recovery_code_counts_once(client: FlaskClient) -> None:
    me, _, codes = with_app(client)
    page = invite(client)
    assert go_on(client, page, code=codes[0])[0] == 303
    assert factors_of(me).codes_left == 9
    page = re.sub("eva@staff", "bo@staff", page)
    age_sessions()
    assert go_on(client, page, code=codes[0])[0] == 422


def test_a_passkey_lets_the_form_go_on(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    device = Device()
    add(client, device)
    page = invite(client)
    form = waiting(page, "confirm-credential")
    answer = client.post(
        form.action, data=form.sent(**{"confirm-credential": device.use(asked(client, new=False))})
    )
    assert answer.status_code == 303
    assert invited() == AS_TYPED


def test_anothers_passkey_or_code_proves_nothing(app: Flask, client: FlaskClient) -> None:
    other, key = app.test_client(), Device()
    someone = sign_in(other, Role.DESK)
    add(other, key)
    theirs, _ = add_app(someone)
    me = sign_in(client, Role.ORGANISER)
    add(client, Device(credential_id=b"mine"))
    page = invite(client)
    form = waiting(page, "confirm-credential")
    told = form.sent(**{"confirm-credential": key.use(asked(client, new=False))})
    answer = client.post(form.action, data=told)
    assert (answer.status_code, "This passkey was not accepted" in answer.text) == (401, True)
    # No app of one's own: what is typed is a recovery code, and another's app is none.
    assert go_on(client, answer.text, field="code", code=app_code(theirs))[0] == 422
    assert (invited(), me == someone) == ([], False)


def test_the_page_of_another_browser_is_worth_nothing(app: Flask, client: FlaskClient) -> None:
    """What waits is of one browser: sent by another, whoever is signed in there, it invites nobody."""
    _, secret, _ = with_app(client)
    page = invite(client)
    other = app.test_client()
    sign_in(other, Role.ORGANISER)
    token_of(other, "/staff/accounts")
    for minutes in (0, 11):
        age_sessions(minutes)
        status, text = go_on(other, page, code=app_code(secret))
        assert (status, "This page was open too long" in text, ASKS in text) == (400, True, False)
    stranger = app.test_client()
    assert go_on(stranger, page, code=app_code(secret))[0] == 401
    assert invited() == []


def test_a_form_without_its_token_is_asked_nothing_and_refused(client: FlaskClient) -> None:
    """Nobody is to prove who they are for a form that another page sent."""
    with_app(client)
    age_sessions()
    answer = client.post(INVITE, data=TYPED)
    assert (answer.status_code, ASKS in answer.text) == (400, False)
    assert invited() == []


def test_without_a_second_factor_the_password_counts(client: FlaskClient) -> None:
    with_password(client)
    page = invite(client)
    status, text = go_on(client, page, password=f"{PASSWORD}!")
    assert (status, "This is not your present password" in text) == (422, True)
    assert go_on(client, text, password="")[0] == 403
    assert go_on(client, text, password=PASSWORD)[0] == 303
    assert invited() == AS_TYPED


def test_with_a_second_factor_the_password_and_a_mail_count_no_more(client: FlaskClient) -> None:
    add_app(with_password(client))
    page = invite(client)
    assert [go_on(client, page, password=PASSWORD)[0], go_on(client, page, mail="1")[0]] == [403, 409]
    assert (invited(), link_mails()) == ([], [])


def link_mails() -> list[OutboxRow]:
    db.session.rollback()
    found = select(OutboxRow).where(OutboxRow.kind == "sign_in_confirmation").order_by(OutboxRow.id)
    return list(db.session.scalars(found))


def link_of(mail: OutboxRow) -> str:
    assert mail.link is not None
    return mailed_link(mail.link["ref"]).removeprefix("http://localhost")


def open_link(client: FlaskClient, url: str) -> tuple[int, str]:
    token = token_of(client, "/staff/desk-sign-in")
    answer = client.post(url, data={"csrf_token": token})
    return answer.status_code, answer.text


def says_that_it_counts_no_more(client: FlaskClient, url: str) -> bool:
    page = client.get(url)
    head = "<h1>This link confirms nothing here</h1>"
    return (page.status_code, head in page.text, "Yes, it is me</button>" in page.text) == (410, True, False)


def test_with_neither_a_mailed_link_counts_in_the_browser_that_asked(app: Flask, client: FlaskClient) -> None:
    me = sign_in(client, Role.ORGANISER)
    page = invite(client)
    status, text = go_on(client, page, mail="1")
    assert (status, "A link is on its way" in text) == (403, True)
    status, early = go_on(client, text)
    assert (status, "was not opened in this browser yet" in early, "A link is on its way" in early) == (
        403,
        True,
        True,
    )
    (mail,) = link_mails()
    assert (mail.recipient, mail.about_id) == ("organiser@staff.example", me)
    url = link_of(mail)
    assert "Yes, it is me" in client.get(url).text
    other = app.test_client()
    led = other.get(url)
    assert "counts only in the browser that asked for it" in other.get(led.location).text
    assert "counts only in the browser" not in other.get("/staff/sign-in?next=/staff/confirm").text
    sign_in(other, Role.ORGANISER)
    assert open_link(other, url)[0] == 410
    assert says_that_it_counts_no_more(other, url)
    assert go_on(client, early)[0] == 403
    assert open_link(client, url)[0] == 200
    assert says_that_it_counts_no_more(client, url)
    assert open_link(client, url)[0] == 410
    assert go_on(client, early)[0] == 303
    assert invited() == AS_TYPED


def test_the_mailed_link_is_dead_after_half_an_hour_and_by_a_newer_one(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    text = invite(client)
    for _ in range(2):
        _, text = go_on(client, text, mail="1")
    first, second = (link_of(mail) for mail in link_mails())
    assert open_link(client, first)[0] == 410
    over = {"asked_until": real_now() - timedelta(seconds=1)}
    transact(lambda session: session.execute(update(StaffSessionRow).values(over)))
    assert open_link(client, second)[0] == 410
    assert go_on(client, text)[0] == 403


def test_the_fifth_mail_within_the_hour_is_the_last(client: FlaskClient) -> None:
    me = sign_in(client, Role.ORGANISER)
    use_up(CONFIRM_MAIL, str(me), left=1)
    text = go_on(client, invite(client), mail="1")[1]
    status, refused = go_on(client, text, mail="1")
    assert (CONFIRM_MAIL.most, CONFIRM_MAIL.window) == (5, timedelta(hours=1))
    assert (status, "That was tried too often" in refused, len(link_mails())) == (429, True, 1)


def test_tries_are_counted_and_what_was_typed_stays(client: FlaskClient) -> None:
    me, secret, _ = with_app(client)
    page = invite(client)
    use_up(FACTOR_ACCOUNT, str(me))
    answer = client.post(INVITE, data=waiting(page, "code").sent(**{"confirm-code": app_code(secret)}))
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert dict(waiting(answer.text, "code").fields)["email"] == TYPED["email"]


def test_a_field_of_several_values_and_lines_goes_on_whole(client: FlaskClient) -> None:
    with_app(client)
    someone = make_member(Role.PROGRAMME)
    url = f"/staff/accounts/{someone}/tracks"
    token = token_of(client, "/staff/accounts")
    age_sessions()
    sent = {"csrf_token": token, "tracks": ["1", "2"], "is_limited": "y", "note": 'one\r\n"two" <b>'}
    page = client.post(url, data=sent)
    fields = [pair for pair in forms_in(page.text, url)[-1].fields if not pair[0].startswith("confirm-")]
    assert ([value for name, value in fields if name == "tracks"], dict(fields)["note"]) == (
        ["1", "2"],
        sent["note"],
    )


def test_a_page_with_nothing_to_send_yet_asks_first(client: FlaskClient) -> None:
    sign_in(client, Role.DESK)
    assert client.get("/staff/confirm?next=/staff/password").location == "/staff/password"
    age_sessions()
    page = client.get("/staff/confirm?next=//other.example")
    assert (page.status_code, ASKS in page.text) == (200, True)
    me = sign_in(client, Role.DESK)
    secret, _ = add_app(me)
    age_sessions()
    for target, lands in (("/staff/password", "/staff/password"), ("//other.example", "/staff/")):
        url = f"/staff/confirm?next={target}"
        age_sessions()
        form = forms_in(client.get(url).text, url)[-1]
        typed = {"confirm-code": app_code(secret, 0 if target[1] != "/" else 1)}
        assert client.post(form.action, data=form.sent(**typed)).location == lands
    assert db.session.scalar(select(func.count()).select_from(StaffSessionRow)) == 2


@pytest.mark.parametrize("named", ["https://other.example/x", "http://localhost/staff/accounts?x=1", ""])
def test_back_leads_to_the_page_of_the_form_and_nowhere_else(client: FlaskClient, named: str) -> None:
    with_app(client)
    token = token_of(client, "/staff/accounts")
    age_sessions()
    page = client.post(
        INVITE, data=TYPED | {"csrf_token": token}, headers={"Referer": named} if named else {}
    )
    back = re.search(r'<a href="([^"]+)">Back</a>', page.text)
    assert back is not None
    assert back[1] == ("/staff/accounts?x=1" if "localhost" in named else "/staff/")


def test_back_says_what_is_lost_and_nothing_leads_away_from_what_was_typed(client: FlaskClient) -> None:
    with_password(client)
    typed = invite(client)
    assert "Back leaves this undone, and forgets what you typed." in typed
    assert 'href="/staff/me/guards"' not in typed
    token = token_of(client, "/staff/me/guards")
    pressed = client.post("/staff/me/recovery-codes", data={"csrf_token": token, "revision": "1"}).text
    assert ("Back leaves this undone." in pressed, "forgets" in pressed) == (True, False)
    opened = client.get("/staff/confirm?next=/staff/me/authenticator").text
    assert ("What you sent" in opened, "Back leaves" in opened) == (False, False)


def test_who_changes_the_password_stays_confirmed(client: FlaskClient) -> None:
    with_password(client)
    assert go_on(client, invite(client), password=PASSWORD)[0] == 303
    # The sign-in is long ago, the confirmation is not.
    earlier = {"created_at": real_now() - timedelta(hours=1)}
    transact(lambda session: session.execute(update(StaffSessionRow).values(earlier)))
    again = {"present": PASSWORD, "password": f"{PASSWORD}!", "repeated": f"{PASSWORD}!"}
    url = "/staff/password"
    assert client.post(url, data=again | {"csrf_token": token_of(client, url)}).status_code == 303
    data = TYPED | {"csrf_token": token_of(client, "/staff/accounts"), "email": "bo@staff.example"}
    assert client.post(INVITE, data=data).status_code == 303
    # It makes the session no younger.
    assert db.session.scalars(select(StaffSessionRow.created_at)).all() == [earlier["created_at"]]


def test_an_app_is_set_up_after_its_owner_is_asked_and_not_before(client: FlaskClient) -> None:
    me = with_password(client)
    url = "/staff/me/authenticator"
    token = token_of(client, url)
    age_sessions()
    assert client.get(url).location == f"/staff/confirm?next={url}"
    # A page that was open for long: its code has run out once its owner is known, and that is what is said.
    secret, sealed = new_setup(me, real_now())
    old = code_at(secret, step_of(real_now()) - 9)
    page = client.post(url, data={"csrf_token": token, "setup": sealed, "code": old})
    form = forms_in(page.text, url)[-1]
    answer = client.post(form.action, data=form.sent(**{"confirm-password": PASSWORD}))
    assert (answer.status_code, "ran out while you confirmed" in answer.text) == (422, True)
    assert (old in answer.text, sealed in answer.text) == (False, True)
    wrong = client.post(url, data={"csrf_token": token, "setup": sealed, "code": old})
    assert (wrong.status_code, "does not belong to the picture" in wrong.text) == (422, True)
    right = {"csrf_token": token, "setup": sealed, "code": code_at(secret, step_of(real_now()))}
    assert client.post(url, data=right).status_code == 200
    assert factors_of(me).has_totp


def test_a_new_passkey_keeps_its_name_while_its_owner_is_asked(client: FlaskClient) -> None:
    me = sign_in(client, Role.DESK)
    secret, _ = add_app(me)
    token = token_of(client, "/staff/me/guards")
    age_sessions()
    begun = client.post("/staff/me/passkeys/begin", data={"csrf_token": token})
    assert (begun.status_code, begun.get_json()["is_stale"]) == (403, True)
    url = "/staff/me/passkeys"
    page = client.post(url, data={"csrf_token": token, "name": "Work laptop", "credential": ""})
    assert (page.status_code, ASKS in page.text) == (403, True)
    form = forms_in(page.text, url)[-1]
    shown = client.post(form.action, data=form.sent(**{"confirm-code": app_code(secret)}))
    assert (shown.status_code, 'value="Work laptop"' in shown.text, "There is a problem" in shown.text) == (
        200,
        True,
        False,
    )
