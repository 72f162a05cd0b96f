from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from conference.accounts.queries import find_credentials
from conference.accounts.service import invite, open_session
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
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["staff"] = token
    return staff_id
