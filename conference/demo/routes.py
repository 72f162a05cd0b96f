from pathlib import Path

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from conference.core.errors import NotFoundError
from conference.demo.letters import get_letter, letters
from conference.web.access import public
from conference.web.headers import POLICY
from conference.web.settings import current_settings

# Registered in a demonstration and in tests only: everybody on this machine may read every mail.
blueprint = Blueprint("demo", __name__)
_PAGE_POLICY = f"{POLICY}; frame-src 'self'"
# The HTML part as a mail program shows it: its inline styles and nothing else, in a frame of this site only.
_PART_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'self'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"


def _folder() -> Path:
    return current_settings().instance / "mailbox"


@blueprint.get("/demo/mailbox")
@public
def mailbox() -> str:
    return render_template("demo/mailbox.html", letters=letters(_folder()))


@blueprint.get("/demo/mailbox/<name>")
@public
def letter(name: str) -> Response:
    """Answer one mail: its text, the HTML part in a frame without rights, and its attachments."""
    found = get_letter(_folder(), name)
    page = Response(render_template("demo/letter.html", letter=found), mimetype="text/html")
    page.headers["Content-Security-Policy"] = _PAGE_POLICY
    return page


@blueprint.get("/demo/mailbox/<name>/html")
@public
def html_part(name: str) -> Response:
    """Answer the HTML part itself, whose links open in the window around the frame."""
    found = get_letter(_folder(), name)
    opening_above = found.html.replace("<head>", '<head><base target="_top">', 1)
    page = Response(opening_above, mimetype="text/html")
    page.headers["Content-Security-Policy"] = _PART_POLICY
    return page


@blueprint.get("/demo/mailbox/<name>/attachment/<int:place>")
@public
def attachment(name: str, place: int) -> Response:
    """Answer one attachment as a download, numbered from 1."""
    found = get_letter(_folder(), name)
    if not 1 <= place <= len(found.attachments):
        raise NotFoundError
    file = found.attachments[place - 1]
    answer = Response(file.content, content_type=file.content_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.filename)
    return answer
