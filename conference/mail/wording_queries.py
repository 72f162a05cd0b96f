from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import StaffId
from conference.db.standing import standing
from conference.mail.tables import WordingRow
from conference.mail.wording_model import KINDS, StoredWording, Wording
from conference.mail.wording_rules import problems
from conference.mail.wording_shapes import Kind


@standing
def stored_wordings(session: Session) -> Mapping[tuple[str, str], StoredWording]:
    """Return by kind and language what staff changed once; nothing of a mail that goes out as written by us."""
    rows = session.execute(select(WordingRow.__table__))
    return {(row.kind, row.language): _stored(row) for row in rows}


def _stored(row: Row[Any]) -> StoredWording:
    wording = Wording(subject=row.subject, text=row.text) if row.text else None
    kind = KINDS.get(row.kind)
    return StoredWording(
        id=row.id,
        kind=row.kind,
        language=row.language,
        wording=wording,
        revision=row.revision,
        changed_at=row.changed_at,
        changed_by=None if row.changed_by is None else StaffId(row.changed_by),
        fits=kind is not None and (wording is None or not problems(kind, wording)),
    )


def find_stored(kind: str, language: str, session: Session | None = None) -> StoredWording | None:
    return stored_wordings(session).get((kind, language))


def find_wording(kind: str, language: str, session: Session | None = None) -> Wording | None:
    """Return the changed wording, or None where the original is sent. No statement where the token was asked."""
    stored = find_stored(kind, language, session) if kind in KINDS else None
    return stored.wording if stored and stored.fits else None


def get_kind(name: str) -> Kind:
    """Return the mail; raises NotFoundError for one whose wording cannot be changed."""
    kind = KINDS.get(name)
    if kind is None:
        raise NotFoundError
    return kind
