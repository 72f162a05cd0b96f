"""A suspended account is out at once, by whatever way it came in, and comes back as it was."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from conference.accounts import service
from conference.accounts.errors import LastOrganiserError, SignInRefusedError, SuspendedAccountError
from conference.accounts.forgotten import answer_request, ask_for_password, password_requests
from conference.accounts.passwords import hash_password
from conference.accounts.queries import staff_members
from conference.accounts.service import change_password, give_link, invite, resume, suspend
from conference.accounts.tables import StaffSessionRow
from conference.api.model import Scope
from conference.api.tokens import make_token
from conference.audit.model import by_staff
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.errors import DomainError
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.tables import OutboxRow
from conference.web.access import Role
from tests.factories.accounts import make_member, sign_in
from tests.factories.web import token_of

PASSWORD = "a sentence of some length"
EMAIL = "second@staff.example"


def press(client: FlaskClient, staff_id: StaffId, button: str, revision: int) -> int:
    url = f"/staff/accounts/{staff_id}"
    data = {"csrf_token": token_of(client, url), "revision": revision}
    return client.post(f"{url}/{button}", data=data).status_code


def another_organiser() -> StaffId:
    staff_id = make_member(Role.ORGANISER, EMAIL)
    transact(lambda session: change_password(session, staff_id, hash_password(PASSWORD), now=real_now()))
    return staff_id


def test_sessions_tokens_links_and_password_are_dead_at_once_and_back_again(
    app: Flask, client: FlaskClient
) -> None:
    me = sign_in(client, Role.ORGANISER)
    someone = another_organiser()
    browser, program = app.test_client(), app.test_client()
    with browser.session_transaction() as cookie:
        cookie["staff"] = transact(lambda session: service.open_session(session, someone, now=real_now()))
    link = "/staff/link/" + transact(lambda session: give_link(session, someone, actor=by_staff(me)))
    _, words = transact(
        lambda session: make_token(session, "Door", list(Scope), None, staff_id=someone, now=real_now())
    )
    headers = {"Authorization": f"Bearer {words}"}

    def open_ways() -> list[int]:
        pages = [
            browser.get("/staff/"),
            program.get("/api/v1/registrations", headers=headers),
            client.get(link),
        ]
        return [page.status_code for page in pages]

    assert open_ways() == [200, 200, 200]
    assert press(client, someone, "suspend", 2) == 303
    assert open_ways() == [303, 401, 410]
    with pytest.raises(SignInRefusedError):
        service.authenticate(EMAIL, PASSWORD)
    assert (
        transact(
            lambda session: session.scalar(select(func.count()).where(StaffSessionRow.staff_id == someone))
        )
        == 0
    )
    assert press(client, someone, "resume", 3) == 303
    # The session and the link are gone for good; password and token count again.
    assert open_ways() == [303, 200, 410]
    db.session.rollback()
    assert service.authenticate(EMAIL, PASSWORD).id == someone
    assert [entry.action for entry in history_of("staff", someone)][:2] == ["let in again", "suspended"]


def test_the_office_sees_who_is_suspended_and_makes_no_link_for_them(client: FlaskClient) -> None:
    me = sign_in(client, Role.ORGANISER)
    someone = another_organiser()
    transact(lambda session: suspend(session, someone, 2, actor=by_staff(me), now=real_now()))
    page = client.get(f"/staff/accounts/{someone}").text
    assert ("Suspended since" in page, "Let in again" in page, "Mail a new sign-in link" in page) == (
        True,
        True,
        False,
    )
    assert ", <strong>suspended</strong>" in client.get("/staff/accounts").text
    assert press(client, someone, "mail-link", 3) == 409
    assert press(client, someone, "link", 3) == 409


def test_a_button_counts_for_what_was_seen(client: FlaskClient) -> None:
    me = sign_in(client, Role.ORGANISER)
    someone = another_organiser()
    assert client.post(f"/staff/accounts/{someone}/suspend", data={}).status_code == 400
    assert press(client, someone, "suspend", 1) == 409
    assert press(client, me, "suspend", 1) == 409
    assert (
        "your own account"
        in client.post(
            f"/staff/accounts/{me}/suspend",
            data={"csrf_token": token_of(client, "/staff/accounts"), "revision": 1},
        ).text
    )


def test_a_sign_in_that_is_under_way_is_refused(app: Flask) -> None:
    organiser, someone = make_member(Role.ORGANISER), another_organiser()
    credentials = service.authenticate(EMAIL, PASSWORD)
    transact(lambda session: suspend(session, someone, 2, actor=by_staff(organiser), now=real_now()))
    with pytest.raises(SignInRefusedError):
        transact(lambda session: service.sign_in(session, credentials, now=real_now()))


def test_no_mail_brings_a_suspended_account_in(app: Flask) -> None:
    organiser, someone = make_member(Role.ORGANISER), another_organiser()
    transact(lambda session: suspend(session, someone, 2, actor=by_staff(organiser), now=real_now()))
    transact(lambda session: ask_for_password(session, EMAIL, now=real_now()))
    (waiting,) = password_requests.claim("me")
    transact(lambda session: answer_request(session, waiting, now=real_now()))
    assert transact(lambda session: session.scalar(select(func.count()).select_from(OutboxRow))) == 0
    with pytest.raises(SuspendedAccountError):
        transact(lambda session: invite(session, EMAIL, Role.ORGANISER))


def test_a_suspended_organiser_is_none_who_could_stay(app: Flask) -> None:
    organiser, someone = make_member(Role.ORGANISER), another_organiser()
    transact(lambda session: suspend(session, someone, 2, actor=by_staff(organiser), now=real_now()))
    nobody = by_staff(StaffId(0))
    for act in (
        lambda session: service.remove(session, organiser, 1, actor=nobody),
        lambda session: suspend(session, organiser, 1, actor=nobody, now=real_now()),
        lambda session: service.set_role(session, organiser, 1, Role.DESK, actor=nobody),
    ):
        with pytest.raises(LastOrganiserError):
            transact(act)
    # The suspended one is no organiser who must stay.
    transact(lambda session: service.remove(session, someone, 3, actor=by_staff(organiser)))


@pytest.mark.parametrize("act", ["suspend", "remove"])
def test_two_organisers_who_put_each_other_out_leave_one(app: Flask, act: str) -> None:
    pair = (make_member(Role.ORGANISER), make_member(Role.ORGANISER, EMAIL))
    barrier, refused = Barrier(2), []

    def put_out(victim: StaffId, actor: StaffId) -> None:
        with app.app_context():
            barrier.wait()
            by = by_staff(actor)
            try:
                if act == "suspend":
                    transact(lambda session: suspend(session, victim, 1, actor=by, now=real_now()))
                else:
                    transact(lambda session: service.remove(session, victim, 1, actor=by))
            except DomainError as error:
                refused.append(type(error))

    threads = [Thread(target=put_out, args=(pair[n], pair[1 - n])) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.remove()
    assert refused == [LastOrganiserError]
    assert len([one for one in staff_members() if one.suspended_at is None]) == 1


def test_letting_in_again_ends_no_later_suspension(app: Flask) -> None:
    organiser, someone = make_member(Role.ORGANISER), another_organiser()
    by = by_staff(organiser)
    transact(lambda session: suspend(session, someone, 2, actor=by, now=real_now() - timedelta(hours=1)))
    transact(lambda session: resume(session, someone, 3, actor=by))
    transact(lambda session: suspend(session, someone, 4, actor=by, now=real_now()))
    with pytest.raises(DomainError):
        transact(lambda session: resume(session, someone, 3, actor=by))
