import re
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField
from wtforms.validators import AnyOf

from conference.core.ids import SessionId
from conference.web.forms import BaseForm
from conference.web.language import lazy_gettext as _l

_IDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,999}", re.ASCII)
_UNREADABLE = _l("This page was sent incompletely. Load it again and repeat what you did.")


def read_ids(typed: str) -> frozenset[SessionId] | None:
    """Return the ids of "3.17.20", none of ""; None for anything else."""
    if not typed:
        return frozenset()
    return frozenset(SessionId(int(one)) for one in typed.split(".")) if _IDS.fullmatch(typed) else None


class MarksForm(BaseForm):
    """`act` says what is done: "mark" and "unmark" those named, "choose" those ticked, "news".

    A script joins a device's marks once by "join", which the page says afterwards, and keeps later ones by "keep".
    """

    act = HiddenField(
        validators=[AnyOf(["mark", "unmark", "join", "keep", "choose", "news"], message=_UNREADABLE)]
    )
    sessions = HiddenField(default="")
    # What the page showed as marked when it was opened, so that only what was ticked or unticked is changed.
    before = HiddenField(default="")
    news = BooleanField(_l("Tell me by mail when something that I marked changes"))

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if read_ids(self.sessions.data or "") is None or read_ids(self.before.data or "") is None:
            self.refuse(None, str(_UNREADABLE))
            return False
        return is_valid

    @property
    def named(self) -> frozenset[SessionId]:
        """The sessions of the form: of its hidden field, or ticked."""
        ticked = ".".join(request.form.getlist("session"))
        return (read_ids(self.sessions.data or "") or frozenset()) | (read_ids(ticked) or frozenset())

    @property
    def shown(self) -> frozenset[SessionId]:
        return read_ids(self.before.data or "") or frozenset()
