"""What a page says without its markup, and what its form would send back."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def text_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def typed(client: FlaskClient, url: str) -> dict[str, str]:
    """Return what a browser would send back of the page's form: its fields as they are filled."""
    page = client.get(url).text
    form = page[page.index("<main") :]
    values = {
        name: value.replace("&#39;", "'").replace("&amp;", "&")
        for tag in re.findall(r"<input[^>]+>", form)
        for name, value in [(named(tag, "name"), named(tag, "value"))]
        if name and (not re.search(r'type="(?:checkbox|radio)"', tag) or " checked" in tag)
    }
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(
            r'value="([^"]*)"', options
        )
        values[name] = chosen[1] if chosen else ""
    for name, content in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        values[name] = content.strip()
    return values


def named(tag: str, attribute: str) -> str:
    found = re.search(rf'\b{attribute}="([^"]*)"', tag)
    return found[1] if found else ""
