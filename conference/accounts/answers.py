"""What the pages of this room answer with."""

from collections.abc import Mapping
from typing import Any

from flask import g, render_template
from werkzeug.wrappers import Response

from conference.accounts.errors import StaleFormError
from conference.core.errors import DomainError
from conference.web.errors import problem, sentence_of
from conference.web.forms import BaseForm

Answer = str | Response | tuple[str, int] | tuple[str, int, Mapping[str, str]]


def untold() -> Response:
    """Return what a script is told whose form misses its token."""
    return problem(StaleFormError())


def refused(template: str, form: BaseForm, error: DomainError, **facts: Any) -> Answer:
    """Return the page with the refusal at its field, and with what the refusal says to programs, as Retry-After."""
    g.refusal = type(error).__name__
    form.refuse(error.field, sentence_of(error))
    return render_template(template, form=form, **facts), error.status, error.headers
