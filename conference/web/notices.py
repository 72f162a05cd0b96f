"""What a page says after something was done: what happened, and what comes next (look.md, Words)."""

from flask import flash, redirect
from werkzeug.wrappers import Response


def done(location: str, sentence: str) -> Response:
    """Answer 303 to the page, which says the sentence once."""
    flash(sentence)
    return redirect(location, 303)
