"""Keeping what staff changed in the words of a mail, and the way back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import RevisionMissingError, StaleRevisionError
from conference.core.ids import MailId
from conference.db.revisions import revise
from conference.mail.rendering import MASK, Rendered, render, with_link
from conference.mail.rules import SUBJECT_LENGTH
from conference.mail.service import enqueue_test
from conference.mail.specimens import Specimen
from conference.mail.tables import WordingRow
from conference.mail.wording_model import UNTOUCHED, Wording
from conference.mail.wording_originals import original
from conference.mail.wording_queries import find_stored
from conference.mail.wording_rules import problems
from conference.mail.wording_shapes import Kind
from conference.web.access import Principal
from conference.web.language import in_language
from conference.web.settings import current_settings

_ABOUT = "mail_wording"


def present(kind: Kind, language: str, session: Session | None = None) -> tuple[Wording, int]:
    """Return what is sent today, with its revision: the stored wording, or the original."""
    stored = find_stored(kind.name, language, session)
    if stored is None:
        return original(kind, language), UNTOUCHED
    return stored.wording or original(kind, language), stored.revision


def save_wording(
    session: Session,
    kind: Kind,
    language: str,
    expected_revision: int | None,
    wording: Wording,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Store the wording; one that equals the original is the original again.

    Raises RevisionMissingError, StaleRevisionError where somebody saved since, and the first of what
    `wording_rules.problems` finds.
    """
    for problem in problems(kind, wording):
        raise problem
    _write(session, kind, language, expected_revision, wording, actor, now)


def restore_original(
    session: Session,
    kind: Kind,
    language: str,
    expected_revision: int | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Let the mail say what its templates say. Raises RevisionMissingError, StaleRevisionError."""
    _write(session, kind, language, expected_revision, original(kind, language), actor, now)


def _write(
    session: Session,
    kind: Kind,
    language: str,
    expected_revision: int | None,
    wording: Wording,
    actor: Actor,
    now: datetime,
) -> None:
    if expected_revision is None:
        raise RevisionMissingError
    first = original(kind, language)
    kept = Wording(subject="", text="") if wording == first else wording
    values = {"subject": kept.subject, "text": kept.text, "changed_at": now, "changed_by": actor.id}
    row = session.scalar(
        select(WordingRow).where(WordingRow.kind == kind.name, WordingRow.language == language)
    )
    if row is None:
        before = first
        row_id = _first(session, kind, language, expected_revision, values) if wording != first else None
    else:
        before = Wording(subject=row.subject, text=row.text) if row.text else first
        revise(session, WordingRow, row.id, expected_revision, values)
        row_id = row.id
    changes = {
        name: (getattr(before, name), getattr(wording, name))
        for name in ("subject", "text")
        if getattr(before, name) != getattr(wording, name)
    }
    if row_id is not None and changes:
        action = "original restored" if wording == first else "changed"
        record(session, actor=actor, action=action, about=(_ABOUT, row_id), changes=changes)


def _first(
    session: Session, kind: Kind, language: str, expected_revision: int, values: dict[str, object]
) -> int:
    """Add the row and return its id. Of two who add one at the same time the second finds the first's, by its key."""
    if expected_revision != UNTOUCHED:
        raise StaleRevisionError
    row = WordingRow(kind=kind.name, language=language, revision=UNTOUCHED + 1, **values)
    session.add(row)
    session.flush()
    return row.id


def drawn(kind: Kind, wording: Wording, specimen: Specimen, language: str) -> Rendered:
    """Return the mail that the example would get in this wording. Its link is left out, in HTML for the site's own page."""
    with in_language(language):
        made = render(kind.name, specimen.facts, with_link=specimen.link is not None, wording=wording)
    site = f"{current_settings().base_url}/"
    return Rendered(
        subject=made.subject,
        text=with_link(made.text, "", made.slot, MASK)[0],
        html=with_link("", made.html, made.slot, site)[1],
        slot="",
    )


def send_test(
    session: Session, made: Rendered, specimen: Specimen, language: str, *, to: Principal
) -> MailId:
    """Write the mail to the member of staff, marked as a test in the subject, without attachments.

    It tells of the example's record, so that it is erased with it.
    """
    subject = f"[Test] {made.subject}"[:SUBJECT_LENGTH]
    marked = Rendered(subject=subject, text=made.text, html=made.html, slot="")
    with in_language(language):
        return enqueue_test(session, marked, recipient=to.email, recipient_name=to.name, about=specimen.about)
