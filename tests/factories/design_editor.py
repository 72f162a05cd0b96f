"""The editor of badge designs as a browser sends its form."""

import re
from html import unescape
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from conference.db.base import db
from conference.printing.design_slots import slots_of
from conference.printing.designs import StoredDesign, design_named


def stored(design_id: int) -> StoredDesign:
    db.session.rollback()
    return design_named(f"own-{design_id}")


def sent(client: FlaskClient, page: str) -> dict[str, str]:
    """Return what the page's form would send as it stands."""
    text = client.get(page).text
    beside = text.partition('class="design-beside"')[2].partition('id="seen"')[0]
    form = text.partition('id="design-form"')[2].partition("</form>")[0] + beside
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_off = found["type"] == "checkbox" and not re.search(r"\bchecked\b", tag)
        if not is_off and found["type"] != "file":
            values[found["name"]] = unescape(found.get("value", ""))
    for name, inside in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        tags = re.findall(r"<option[^>]*>", inside)
        chosen = next((tag for tag in tags if re.search(r"\bselected\b", tag)), tags[0])
        values[name] = unescape(re.findall(r'value="([^"]*)"', chosen)[0])
    return values


def encoded(data: dict[str, Any]) -> dict[str, Any]:
    parts = {
        name: FileStorage(value[0], value[1]) if isinstance(value, tuple) else value
        for name, value in data.items()
    }
    boundary, body = encode_multipart(parts)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def post(client: FlaskClient, design_id: int, values: dict[str, Any], act: str = "save") -> Any:
    """Send the form of the design's page with these values in place of its own."""
    page = f"/staff/designs/{design_id}"
    data = sent(client, page) | {"act": act} | values
    # An unticked box is not sent. Encoded here: the client's own encoder leaves a temporary file open for a large body.
    ticked = {name: value for name, value in data.items() if value != "" or not name.endswith("_shown")}
    answer = client.post(page, **encoded(ticked))
    db.session.rollback()
    return answer


def slot(design_id: int, name: str) -> str:
    return next(one.id for one in slots_of(stored(design_id).design) if one.name == name)


def a_picture(colour: str = "#ff0000", kind: str = "PNG", size: tuple[int, int] = (200, 100)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, kind)
    return made.getvalue()
