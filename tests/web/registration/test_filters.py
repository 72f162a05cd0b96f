"""A filter that there is not: the lists say so, and offer to clear it."""

import pytest
from flask.testing import FlaskClient

from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee
from tests.factories.speakers import make_speaker

SAID = "The address of this page asks for a category or state that there is not."


@pytest.mark.parametrize(
    ("url", "clear"),
    [
        ("/staff/registrations?category=99", "/staff/registrations"),
        ("/staff/registrations?category=many", "/staff/registrations"),
        ("/staff/registrations?state=nonsense", "/staff/registrations"),
        ("/staff/badges?category=99", "/staff/badges?sheet=a7"),
        ("/staff/mails?state=nonsense", "/staff/mails"),
        ("/staff/speakers?standing=nonsense", "/staff/speakers"),
    ],
)
def test_an_unknown_filter_is_named_and_can_be_cleared(client: FlaskClient, url: str, clear: str) -> None:
    register_attendee(make_category())
    make_speaker()
    sign_in(client, Role.ORGANISER)
    page = client.get(url).text
    assert SAID in page
    assert f'<a href="{clear}">Clear the filter</a>' in page


@pytest.mark.parametrize(
    "url",
    [
        "/staff/registrations?text=nobody&category=1&state=confirmed",
        "/staff/registrations?text=&category=&state=",
        "/staff/badges?category=1",
        "/staff/mails?state=done",
        "/staff/speakers?standing=open",
    ],
)
def test_a_known_filter_is_no_news(client: FlaskClient, url: str) -> None:
    register_attendee(make_category())
    make_speaker()
    sign_in(client, Role.ORGANISER)
    assert SAID not in client.get(url).text
