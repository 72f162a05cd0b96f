import re

from flask.testing import FlaskClient


def token_of(client: FlaskClient, url: str) -> str:
    """Return the CSRF token that the page at `url` carries."""
    page = client.get(url)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, f"{url} answered {page.status_code} without a form"
    return found.group(1)
