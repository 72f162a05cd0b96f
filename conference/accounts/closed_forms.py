"""Forms that an account limited to tracks may not send are shown closed, with a sentence that says why.

They are closed where the page leaves, by the same declarations that refuse them: so no template can forget one. Pages of
everybody else are not looked at.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, g, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from conference.accounts.queries import tracks_of
from conference.accounts.registry import outside_tracks, track_choices
from conference.web.access import Principal, declared_access, sends_within_tracks

# Our own templates write them: forms are never in each other, and an attribute's value holds no angle bracket.
_FORM = re.compile(r"(<form\b[^>]*>)(.*?)(</form>)", re.DOTALL)
_ACTION = re.compile(r'\baction="([^"]*)"')
_CONTROL = re.compile(r"<(input|select|textarea|button)\b(?![^>]*\sdisabled\b)")
_HEADING = re.compile(r"</h1>")
_POSTS = re.compile(r'\bmethod="post"')
IsOutside = Callable[[Mapping[str, Any]], bool]


def close_forms(response: Response) -> Response:
    """Return the answer; on a page for a limited account with each form closed that would be refused."""
    me: Principal | None = g.get("principal")
    if me is None or not me.is_limited or response.mimetype != "text/html" or response.is_streamed:
        return response
    allowed = tracks_of(me.id)
    is_outside = outside_tracks.get("programme")(allowed)
    closed = 0

    def close(form: re.Match[str]) -> str:
        nonlocal closed
        if not _POSTS.search(form[1]) or _is_open(form[1], is_outside):
            return form[0]
        closed += 1
        return form[1] + _CONTROL.sub(r"<\1 disabled", form[2]) + form[3]

    page = _FORM.sub(close, response.get_data(as_text=True))
    if closed:
        names = [name for track_id, name in track_choices.get("event")() if track_id in allowed]
        words = render_template("accounts/_closed.html", tracks=names)
        page = _HEADING.sub(lambda heading: heading[0] + words, page, count=1)
        response.set_data(page)
    return response


def _is_open(opening: str, is_outside: IsOutside) -> bool:
    """Return whether the form's address takes what the account sends; one that is none of ours is open."""
    found = _ACTION.search(opening)
    path = (found[1] if found and found[1] else request.path).partition("?")[0]
    try:
        urls = current_app.create_url_adapter(request)
        assert urls is not None
        endpoint, values = urls.match(path, method="POST")
    except HTTPException:
        return True
    view = current_app.view_functions[endpoint]
    access = declared_access(view)
    if access is None or not sends_within_tracks(view, access):
        return False
    return not is_outside(values)
