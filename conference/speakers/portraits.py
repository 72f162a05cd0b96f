"""A speaker's portrait: kept, replaced, taken away."""

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NoRoomError, NotFoundError
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import after_commit, transact
from conference.people import service as people
from conference.speakers import files
from conference.speakers.pictures import Portrait
from conference.speakers.tables import PortraitRow
from conference.web.store import StoreAwayError, afterwards


def find_keys(person_id: PersonId) -> dict[str, str]:
    """Return the keys of the files by their ending, none where there is no portrait."""
    row = db.session.get(PortraitRow, person_id, populate_existing=True)
    return {"webp": row.webp_key, "jpg": row.jpeg_key} if row else {}


def read_portrait(person_id: PersonId, ending: str) -> bytes:
    """Return the file; raises NotFoundError."""
    keys = find_keys(person_id)
    if ending not in keys:
        raise NotFoundError
    return files.read(keys[ending])


def save_portrait(person_id: PersonId, portrait: Portrait, *, actor: Actor) -> None:
    """Keep it instead of the one before. The files are written once, however often the transaction is tried.

    Raises NoRoomError for a full disk; the one before stays then.
    """
    keys = _kept_files(portrait)
    try:
        transact(lambda session: _keep(session, person_id, keys, actor=actor))
    except Exception:
        for key in keys:
            afterwards(partial(files.delete, key))
        raise


def _kept_files(portrait: Portrait) -> tuple[str, str]:
    webp = files.save(portrait.webp, "webp", portrait.small_webp)
    try:
        return webp, files.save(portrait.jpeg, "jpg", portrait.small_jpeg)
    except (NoRoomError, StoreAwayError):
        afterwards(partial(files.delete, webp))
        raise


def _keep(session: Session, person_id: PersonId, keys: tuple[str, str], *, actor: Actor) -> None:
    people.hold(session, [person_id])
    row = session.get(PortraitRow, person_id)
    if row is None:
        row = PortraitRow(person_id=person_id)
        session.add(row)
    else:
        forget_files(session, row)
    row.webp_key, row.jpeg_key = keys
    record(session, actor=actor, action="portrait saved", about=("person", person_id))


def remove_portrait(session: Session, person_id: PersonId, *, actor: Actor) -> None:
    """Take the portrait away; done twice it is done once."""
    people.hold(session, [person_id])
    row = session.get(PortraitRow, person_id)
    if row is not None:
        forget_files(session, row)
        session.delete(row)
        record(session, actor=actor, action="portrait removed", about=("person", person_id))


def forget_files(session: Session, row: PortraitRow) -> None:
    """Delete the row's files once this transaction is committed, and never if it is rolled back."""
    for key in (row.webp_key, row.jpeg_key):
        after_commit(session, partial(afterwards, partial(files.delete, key)))


def portrait_keys() -> set[str]:
    """Return the keys of all files that somebody has as a portrait."""
    rows = db.session.execute(select(PortraitRow.webp_key, PortraitRow.jpeg_key))
    return {key for row in rows for key in row}
