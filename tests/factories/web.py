import re
from collections.abc import Mapping

from flask.testing import FlaskClient

# What somebody types who registers, but for the token and the category.
REGISTRATION_FORM: Mapping[str, str] = {
    "given_name": "Åsa",
    "family_name": "Exempelsson",
    "email": "asa@demo.example",
    "affiliation": "Example Hospital",
    "country": "SE",
    "form_key": "k" * 43,
}


def token_of(client: FlaskClient, url: str) -> str:
    """Return the CSRF token that the page at `url` carries."""
    page = client.get(url)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, f"{url} answered {page.status_code} without a form"
    return found.group(1)
