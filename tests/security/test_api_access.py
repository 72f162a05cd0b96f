"""The matrix of access for programs: what each token opens, and that no token opens a page of the office."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from conference.api.model import Scope
from conference.web.access import by_token
from tests.factories.api import a_token, bearer
from tests.factories.records import make_records
from tests.security.matrix import MATRIX
from tests.security.test_access_matrix import expected, refusal, routes

TOKENS: dict[str, tuple[Scope, ...] | None] = {
    "none": None,
    "that reads": (Scope.READ,),
    "that lists": (Scope.LIST,),
    "that does both": (Scope.READ, Scope.LIST),
}


@pytest.mark.parametrize("scopes", TOKENS.values(), ids=TOKENS)
def test_answers_to_tokens_equal_the_matrix(
    app: Flask, client: FlaskClient, tmp_path: Path, scopes: tuple[Scope, ...] | None
) -> None:
    """A token opens what is declared for one of its scopes, and no page of the office."""
    records = make_records(tmp_path)
    sent = bearer(a_token(*scopes)[1]) if scopes else {}
    every = [one for one in routes(app, records.address) if one[0] != "mail.metrics"]
    seen, wanted = {}, {}
    for endpoint, method, address in every:
        who = MATRIX[endpoint]
        if isinstance(who, str):
            continue
        answer = client.open(address, method=method, headers=sent)
        seen[endpoint, method] = "open" if answer.status_code == 200 else refusal(answer)
        is_for_tokens = bool(scopes) and not who.isdisjoint(scopes or ())
        wanted[endpoint, method] = "open" if is_for_tokens else expected(endpoint, method, None)
    assert seen == wanted


def test_a_token_without_the_scope_is_refused(app: Flask, client: FlaskClient) -> None:
    """Both scopes there are open the same routes, so the refusal is planted: a route for another scope."""

    @by_token("other:read")
    def other() -> str:
        return "secret"

    app.view_functions["planted"] = other
    app.url_map.add(Rule("/api/v1/planted", endpoint="planted"))
    answer = client.get("/api/v1/planted", headers=bearer(a_token(Scope.READ)[1]))
    assert answer.status_code == 403
