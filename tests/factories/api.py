"""Tokens of programs, and an app that has something to read at every address."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask.testing import FlaskClient

from conference.api.model import Scope
from conference.api.tokens import make_token
from conference.core.clock import real_now
from conference.core.ids import StaffId
from conference.db.work import transact
from conference.web.access import Role
from tests.factories.accounts import make_member


def a_token(
    *scopes: Scope, staff_id: StaffId | None = None, last_day: date | None = None, name: str = "Badge printer"
) -> tuple[int, str]:
    """Return the id and the words of a token with these scopes, of an organiser."""
    maker = staff_id if staff_id is not None else make_member(Role.ORGANISER)
    wanted: Sequence[Scope] = scopes or (Scope.READ,)
    return transact(
        lambda session: make_token(session, name, wanted, last_day, staff_id=maker, now=real_now())
    )


def bearer(words: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {words}"}


def every_item(client: FlaskClient, address: str, headers: dict[str, str] | None = None) -> list[Any]:
    """Return what a list holds, read to its end by its own links."""
    found: list[Any] = []
    following: str | None = address
    while following:
        answer = client.get(following, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        found += answer.json["items"]
        following = answer.json["next"]
    return found
