"""The second step of signing in: an authenticator app's code, or a recovery code, each once."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from conference.accounts.commands import reset_second_factor
from conference.accounts.factors import factors_of, new_setup, reset_factors
from conference.accounts.passwords import hash_password
from conference.accounts.queries import get_member
from conference.accounts.service import change_password, invite
from conference.accounts.tables import RecoveryCodeRow, StaffRow, StaffSessionRow
from conference.accounts.totp import code_at, decoded, step_of
from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.errors import NotFoundError
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.tables import OutboxRow
from conference.web.access import Role
from tests.factories.accounts import add_app, age_sessions, app_code, make_member, sign_in
from tests.factories.web import token_of

PASSWORD = "a sentence of some length"
EMAIL = "desk@staff.example"


@pytest.fixture
def strict(app: Flask) -> Iterator[Flask]:
    """The application where organisers must have a second factor, as in production."""
    settings = app.extensions["conference.settings"]
    app.extensions["conference.settings"] = replace(settings, second_factor_roles=("organiser",))
    yield app
    app.extensions["conference.settings"] = settings


def with_password(role: Role = Role.DESK) -> StaffId:
    staff_id = make_member(role)
    transact(lambda session: change_password(session, staff_id, hash_password(PASSWORD), now=real_now()))
    return staff_id


def enter(client: FlaskClient, target: str = "") -> str:
    """Give the password, and return where that leads."""
    token = token_of(client, "/staff/sign-in")
    data = {"csrf_token": token, "email": EMAIL, "password": PASSWORD, "next": target}
    return client.post("/staff/sign-in", data=data).headers["Location"]


def give(client: FlaskClient, code: str) -> tuple[int, str]:
    url = "/staff/second-step"
    answer = client.post(url, data={"csrf_token": token_of(client, url), "code": code})
    return answer.status_code, answer.headers.get("Location", answer.text)


def is_in(client: FlaskClient) -> bool:
    return client.get("/staff/").status_code == 200


def mailed() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(row.kind, row.text) for row in db.session.scalars(select(OutboxRow).order_by(OutboxRow.id))]


def test_the_password_alone_opens_nothing_and_the_code_opens_the_office_once(
    app: Flask, client: FlaskClient
) -> None:
    secret, _ = add_app(with_password())
    assert enter(client, "/staff/password") == "/staff/second-step?next=/staff/password"
    assert [is_in(client), client.get("/staff/registrations").status_code] == [False, 303]
    code = app_code(secret)
    token = token_of(client, "/staff/second-step?next=/staff/password")
    data = {"csrf_token": token, "code": code, "next": "/staff/password"}
    assert client.post("/staff/second-step", data=data).headers["Location"] == "/staff/password"
    assert is_in(client)
    other = app.test_client()
    enter(other)
    assert give(other, code)[0] == 422
    assert [give(other, app_code(secret, 1))[0], is_in(other)] == [303, True]


@pytest.mark.parametrize("target", ["//other.example", "/\\other.example", "https://other.example"])
def test_the_second_step_leads_nowhere_else(client: FlaskClient, target: str) -> None:
    secret, _ = add_app(with_password())
    page = enter(client, target)
    data = {"csrf_token": token_of(client, page), "code": app_code(secret), "next": target}
    assert client.post(page, data=data).headers["Location"] == "/staff/"


def test_the_pending_token_is_dead_once_the_code_is_given(app: Flask, client: FlaskClient) -> None:
    secret, _ = add_app(with_password())
    enter(client)
    before = client.get_cookie("conference")
    assert before is not None
    give(client, app_code(secret))
    thief = app.test_client()
    thief.set_cookie("conference", before.value)
    assert (is_in(thief), thief.get("/staff/second-step").location) == (False, "/staff/sign-in")


@pytest.mark.parametrize("code", ["000000", "12345", "ABCD-ABCD-ABCD-ABCD", "x"])
def test_a_wrong_code_is_refused_in_words_and_may_be_typed_again(client: FlaskClient, code: str) -> None:
    secret, _ = add_app(with_password())
    enter(client)
    status, text = give(client, code)
    assert (status, "does not fit, or was used already" in text) == (422, True)
    assert client.post("/staff/second-step", data={"code": app_code(secret)}).status_code == 400
    assert [is_in(client), give(client, app_code(secret))[0]] == [False, 303]


def test_a_recovery_code_counts_once_and_its_owner_is_mailed(app: Flask, client: FlaskClient) -> None:
    staff_id = with_password()
    _, codes = add_app(staff_id)
    assert (len(codes), len(set(codes))) == (10, 10)
    enter(client)
    # As somebody types it who reads it from paper.
    assert give(client, codes[3].lower().replace("-", " ").replace("0", "o"))[0] == 303
    assert (is_in(client), factors_of(staff_id).codes_left) == (True, 9)
    assert "Somebody signed in with the password and a recovery code." in mailed()[-1][1]
    other = app.test_client()
    enter(other)
    assert give(other, codes[3])[0] == 422
    stored = " ".join(db.session.scalars(select(RecoveryCodeRow.code_hash)))
    assert not any(code.replace("-", "") in stored for code in codes)


def test_a_mailed_link_stands_for_the_password_alone(app: Flask, client: FlaskClient) -> None:
    secret, _ = add_app(make_member(Role.DESK))
    url = "/staff/link/" + transact(lambda session: invite(session, EMAIL, Role.DESK))
    answer = client.post(url, data={"csrf_token": token_of(client, url)})
    assert (answer.headers["Location"], is_in(client)) == ("/staff/second-step", False)
    assert [give(client, app_code(secret))[0], is_in(client)] == [303, True]


def test_the_second_step_is_nobodys_who_has_not_given_the_password(client: FlaskClient) -> None:
    assert client.get("/staff/second-step").location == "/staff/sign-in"
    sign_in(client, Role.VIEWER)
    assert client.get("/staff/second-step").location == "/staff/"


def test_the_second_step_ends_after_ten_minutes(client: FlaskClient) -> None:
    add_app(with_password())
    enter(client)
    pending = select(StaffSessionRow.expires_at, StaffSessionRow.created_at).where(StaffSessionRow.is_pending)
    expires_at, created_at = transact(lambda session: session.execute(pending).one())
    assert expires_at - created_at == timedelta(minutes=10)
    past = {"expires_at": real_now() - timedelta(seconds=1)}
    transact(lambda session: session.execute(update(StaffSessionRow).values(past)))
    assert client.get("/staff/second-step").location == "/staff/sign-in"


def set_up(client: FlaskClient) -> tuple[str, dict[str, str]]:
    """Return the page that sets an app up, and what its form sends with the code that the app shows."""
    page = client.get("/staff/me/authenticator").text
    letters, setup = (
        re.search(r"setup-letters\">([A-Z2-7 ]+)<", page),
        re.search(r'name="setup"[^>]*value="([^"]+)"', page),
    )
    assert letters
    assert setup
    secret = decoded(letters[1].replace(" ", ""))
    token = token_of(client, "/staff/me/authenticator")
    return page, {"csrf_token": token, "setup": setup[1], "code": code_at(secret, step_of(real_now()))}


def test_an_app_is_set_up_by_its_first_code_and_the_secret_is_stored_sealed(client: FlaskClient) -> None:
    me = sign_in(client, Role.DESK)
    page, data = set_up(client)
    assert ('<svg xmlns="http://www.w3.org/2000/svg"' in page, "otpauth://totp/" in page) == (True, True)
    wrong = client.post("/staff/me/authenticator", data=data | {"code": "000000"})
    assert (wrong.status_code, "does not belong to the picture above" in wrong.text) == (422, True)
    assert data["setup"] in wrong.text
    done = client.post("/staff/me/authenticator", data=data)
    codes = re.findall(r"<code>((?:[0-9A-Z]{4}-){5}[0-9A-Z]{4})</code>", done.text)
    assert (done.status_code, len(set(codes))) == (200, 10)
    assert codes[0] not in client.get("/staff/me/guards").text
    assert factors_of(me).has_totp
    sealed = db.session.scalar(select(StaffRow.totp_sealed).where(StaffRow.id == me))
    assert sealed
    assert data["setup"] != sealed
    assert history_of("staff", me)[0].action == "authenticator added"
    assert "An authenticator app was added." in mailed()[-1][1]
    # Another app takes the place of the first; the recovery codes stay.
    # The page with the codes, loaded again, sets up nothing, and mails nobody a second time.
    sent = len(mailed())
    loaded = client.post("/staff/me/authenticator", data=data)
    assert (loaded.location, len(mailed())) == ("/staff/me/guards", sent)
    assert "The authenticator app is added already." in client.get("/staff/me/guards").text
    again = client.post("/staff/me/authenticator", data=set_up(client)[1])
    assert (again.location, factors_of(me).codes_left) == ("/staff/me/guards", 10)


def test_the_picture_of_another_account_or_of_an_hour_ago_sets_up_nothing(client: FlaskClient) -> None:
    me, other = sign_in(client, Role.DESK), make_member(Role.VIEWER)
    old = real_now() - timedelta(minutes=31)
    token = token_of(client, "/staff/me/authenticator")
    for staff_id, at in ((other, real_now()), (me, old)):
        secret, setup = new_setup(staff_id, at)
        data = {"csrf_token": token, "setup": setup, "code": code_at(secret, step_of(real_now()))}
        answer = client.post("/staff/me/authenticator", data=data)
        assert (answer.status_code, "Scan the new picture" in answer.text) == (422, True)
    made_up = {"csrf_token": token, "setup": "åbc", "code": "123456"}
    assert client.post("/staff/me/authenticator", data=made_up).status_code == 422
    assert not factors_of(me).is_any


def test_an_organiser_without_a_second_factor_can_only_add_one(strict: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    for path in ("/staff/", "/staff/accounts", "/staff/registrations", "/staff/me", "/staff/password"):
        assert client.get(path).location == "/staff/me/guards"
    page = client.get("/staff/me/guards").text
    assert "Your role needs a second factor" in page
    assert 'href="/staff/accounts"' not in page
    data = {"csrf_token": token_of(client, "/staff/me/guards"), "email": "bo@x.example", "role": "organiser"}
    assert client.post("/staff/accounts/invite", data=data).status_code == 403
    assert client.post("/staff/me/authenticator", data=set_up(client)[1]).status_code == 200
    assert is_in(client)
    removed = client.post("/staff/me/authenticator/remove", data={"csrf_token": data["csrf_token"]})
    assert (removed.status_code, "Your role needs a second factor. Add another" in removed.text) == (
        409,
        True,
    )


def test_other_roles_are_asked_for_none(strict: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    assert is_in(client)


def test_an_app_is_taken_away_with_its_recovery_codes(client: FlaskClient) -> None:
    me = sign_in(client, Role.DESK)
    add_app(me)
    token = token_of(client, "/staff/me/guards")
    assert client.post("/staff/me/authenticator/remove", data={}).status_code == 400
    for _ in range(2):
        assert client.post("/staff/me/authenticator/remove", data={"csrf_token": token}).status_code == 303
    assert (factors_of(me).is_any, factors_of(me).codes_left) == (False, 0)
    assert [kind for kind, text in mailed() if "was removed" in text] == ["account_guarded"]


def test_recovery_codes_are_renewed_and_the_ones_before_die(app: Flask, client: FlaskClient) -> None:
    me = with_password()
    sign_in(client, Role.DESK)
    token = token_of(client, "/staff/me/guards")
    none = client.post("/staff/me/recovery-codes", data={"csrf_token": token})
    assert (none.status_code, "Add a passkey or an authenticator app first" in none.text) == (409, True)
    _, old = add_app(me)
    page = client.post("/staff/me/recovery-codes", data={"csrf_token": token}).text
    new = re.findall(r"<code>([0-9A-Z-]{29})</code>", page)
    assert (len(new), set(new) & set(old)) == (10, set())
    # On paper it is told whose they are, and where they count.
    assert ("desk@staff.example" in page, "http://localhost" in page, "data-print" in page) == (
        True,
        True,
        True,
    )
    other = app.test_client()
    enter(other)
    assert [give(other, old[0])[0], give(other, new[0])[0]] == [422, 303]


PRESSES = ["authenticator/remove", "recovery-codes", "passkeys/1/remove", "authenticator", "passkeys"]


@pytest.mark.parametrize("press", PRESSES)
def test_what_guards_an_account_is_changed_within_ten_minutes_of_signing_in(
    client: FlaskClient, press: str
) -> None:
    me = sign_in(client, Role.DESK)
    add_app(me)
    _, data = set_up(client)
    age_sessions()
    answer = client.post(f"/staff/me/{press}", data=data | {"name": "Key", "credential": "{}"})
    assert (answer.status_code, "<h1>Confirm that it is you</h1>" in answer.text) == (403, True)
    assert factors_of(me).codes_left == 10


def test_an_organiser_takes_a_lost_factor_away_and_its_owner_is_told(app: Flask, client: FlaskClient) -> None:
    someone = with_password()
    add_app(someone)
    browser = app.test_client()
    sign_in(browser, Role.DESK)
    me = sign_in(client, Role.ORGANISER)
    url = f"/staff/accounts/{someone}"
    assert "authenticator app" in client.get(url).text
    assert client.post(f"{url}/reset-second-factor", data={}).status_code == 400
    data = {"csrf_token": token_of(client, url)}
    assert client.post(f"{url}/reset-second-factor", data=data).status_code == 303
    assert (factors_of(someone).is_any, is_in(browser)) == (False, False)
    act = history_of("staff", someone)[0]
    assert (act.action, act.actor.id) == ("second factor reset", me)
    kind, text = mailed()[-1]
    assert (kind, "An organiser took away every second factor" in text) == ("account_guarded", True)
    own = client.post(f"/staff/accounts/{me}/reset-second-factor", data=data)
    assert (own.status_code, "This is your own account" in own.text) == (409, True)
    # A new link that is mailed right after does not take the news back.
    client.post(f"{url}/mail-link", data=data)
    db.session.rollback()
    states = dict(db.session.execute(select(OutboxRow.kind, OutboxRow.state).order_by(OutboxRow.id)).all())
    assert states == {"account_guarded": "queued", "staff_invitation": "queued"}


def test_the_last_organiser_is_helped_by_the_command(app: Flask, client: FlaskClient) -> None:
    me = sign_in(client, Role.ORGANISER)
    add_app(me)
    answer = app.test_cli_runner().invoke(reset_second_factor, ["ORGANISER@staff.example"])
    assert (answer.exit_code, "has no second factor now" in answer.output) == (0, True)
    db.session.rollback()
    assert (factors_of(me).is_any, is_in(client)) == (False, False)
    act = history_of("staff", me)[0]
    assert (act.action, act.actor.kind) == ("second factor reset", "system")
    assert mailed()[-1][0] == "account_guarded"
    unknown = app.test_cli_runner().invoke(reset_second_factor, ["nobody@staff.example"])
    assert isinstance(unknown.exception, NotFoundError)


def test_the_owner_is_told_in_the_language_of_the_account(app: Flask) -> None:
    texts = {}
    for language in ("en", "sv", "de"):
        address = f"{language}@staff.example"
        transact(lambda session, a=address, of=language: invite(session, a, Role.DESK, language=of))  # type: ignore[misc]  # a lambda cannot say its types
        db.session.rollback()
        staff_id = make_member(Role.DESK, address)
        transact(lambda session, one=staff_id: reset_factors(session, one, actor=BY_SYSTEM, now=real_now()))  # type: ignore[misc]  # a lambda cannot say its types
        assert get_member(staff_id).language == language
        texts[language] = mailed()[-1][1]
    assert "An organiser took away" in texts["en"]
    assert "En arrangör har tagit bort" in texts["sv"]
    assert "Ein Veranstalter hat jeden zweiten Faktor" in texts["de"]


def test_whoever_reads_the_database_learns_no_secret(app: Flask) -> None:
    secret, codes = add_app(make_member(Role.DESK))
    stored = " ".join(
        str(value)
        for table in db.metadata.sorted_tables
        for kept in db.session.execute(select(table))
        for value in kept
    )
    assert "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert db.session.scalar(select(func.count()).select_from(RecoveryCodeRow)) == 10
    assert secret == b"12345678901234567890"


def test_a_browser_left_open_becomes_no_fresh_one_by_a_password(client: FlaskClient, app: Flask) -> None:
    """Setting a password is no sign-in: who guards nothing else by it must not add a passkey of their own."""
    sign_in(client, Role.ORGANISER)
    url = "/staff/password"
    new = {"password": PASSWORD, "repeated": PASSWORD}
    token = token_of(client, url)
    age_sessions()
    # Who has no password proves nothing by setting one.
    first = client.post(url, data=new | {"csrf_token": token})
    assert (first.status_code, "Confirm first that it is you" in first.text) == (403, True)
    assert client.get(url).location == "/staff/confirm?next=/staff/password"
    other = app.test_client()
    staff_id = sign_in(other, Role.ORGANISER)
    assert other.post(url, data=new | {"csrf_token": token_of(other, url)}).status_code == 303
    age_sessions()
    token = token_of(other, url)
    again = {"present": PASSWORD, "password": f"{PASSWORD}!", "repeated": f"{PASSWORD}!"}
    assert other.post(url, data=again | {"csrf_token": token}).status_code == 303
    setup = "/staff/me/authenticator"
    secret, sealed = new_setup(staff_id, real_now())
    data = {
        "csrf_token": token_of(other, "/staff/me/guards"),
        "setup": sealed,
        "code": code_at(secret, step_of(real_now())),
    }
    answer = other.post(setup, data=data)
    assert (answer.status_code, "<h1>Confirm that it is you</h1>" in answer.text) == (403, True)
