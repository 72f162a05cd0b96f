from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from conference.accounts.attempts import Limit, key_of
from conference.accounts.factors import add_totp
from conference.accounts.model import CONFIRM_LIFE
from conference.accounts.queries import find_credentials
from conference.accounts.service import invite, open_session
from conference.accounts.tables import AttemptCountRow, StaffSessionRow
from conference.accounts.tokens import token_hash
from conference.accounts.totp import code_at, step_of
from conference.core.clock import real_now
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import Role


def make_member(role: Role, email: str = "") -> StaffId:
    """Return the account of this role, made if there is none."""
    address = email or f"{role.value}@staff.example"

    def work(session: Session) -> None:
        invite(session, address, role, f"Test {role.value}")

    credentials = find_credentials(address)
    if credentials is None:
        transact(work)
        db.session.remove()  # SQLite would go on reading what was there before
        credentials = find_credentials(address)
    assert credentials is not None
    return credentials.id


def sign_in(client: FlaskClient, role: Role) -> StaffId:
    """Let this client's browser be signed in as a member with the role, without the forms."""
    with client.application.app_context():
        staff_id = make_member(role)
        token = transact(lambda session: open_session(session, staff_id, now=real_now()))
    stand_in(client, token)
    return staff_id


def stand_in(client: FlaskClient, token: str) -> None:
    """Let this client's browser hold the token of a session."""
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["staff"] = token


def age_sessions(minutes: int = 11) -> None:
    """Let the owner of each session have been proved to be there so long ago."""
    earlier = {"created_at": real_now() - timedelta(minutes=minutes), "confirmed_at": None}
    transact(lambda session: session.execute(update(StaffSessionRow).values(earlier)))
    db.session.rollback()


def await_link(token: str) -> None:
    """Let the mailed link of this token confirm each session."""
    asked = {"asked_hash": token_hash(token), "asked_until": real_now() + CONFIRM_LIFE}
    transact(lambda session: session.execute(update(StaffSessionRow).values(asked)))
    db.session.rollback()


def add_app(staff_id: StaffId) -> tuple[bytes, list[str]]:
    """Give the account an authenticator app; return its secret and the recovery codes. Its present code stays unused."""
    secret = b"12345678901234567890"
    long_ago = real_now() - timedelta(days=1)
    code = code_at(secret, step_of(long_ago))
    return secret, transact(lambda session: add_totp(session, staff_id, secret, code, now=long_ago))


def app_code(secret: bytes, steps: int = 0) -> str:
    """Return the code that the app shows now, or so many steps later."""
    return code_at(secret, step_of(real_now()) + steps)


def use_up(limit: Limit, whom: str, left: int = 0) -> None:
    """Let so many attempts be left, in a window that ends in no test."""
    values = {
        "key": key_of(limit, whom),
        "window_at": real_now() + timedelta(days=1),
        "uses": limit.most - left,
    }
    transact(lambda session: session.add(AttemptCountRow(**values)))
