import pytest
from flask.testing import FlaskClient

from conference.web.access import Role
from tests.factories.accounts import sign_in


@pytest.mark.parametrize("offset", ["1e99", "1e9999999", "-1e50", "sNaN"])
def test_an_offset_that_cannot_be_rounded_is_refused(client: FlaskClient, offset: str) -> None:
    sign_in(client, Role.DESK)
    assert client.get(f"/staff/badges?offset_x={offset}").status_code == 400
