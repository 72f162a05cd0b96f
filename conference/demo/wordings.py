"""One mail in words of the office, so that the editor has something changed to show."""

from dataclasses import replace

from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.mail.wording_model import KINDS
from conference.mail.wording_service import present, save_wording

_ADDED = (
    "Whatever becomes of it, the plenary sessions can be followed from home: https://www.example.org/live"
)


def change_one(session: Session) -> None:
    """Add a paragraph to the mail that says that somebody is on the waiting list, in English."""
    kind = KINDS["waiting"]
    wording, revision = present(kind, "en", session)
    told = replace(wording, text=wording.text.replace("{facts}", f"{_ADDED}\n\n{{facts}}"))
    save_wording(session, kind, "en", revision, told, actor=BY_SYSTEM, now=clock.now())
