"""The signed end of the chain: in the database, and beside it, so that who shortens the chain is found."""

import json
import logging
import os
import tempfile
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.audit import chain
from conference.audit.chain import Head
from conference.audit.tables import EntryRow, HeadRow
from conference.core.sealing import fingerprint
from conference.db.base import db
from conference.db.work import transact
from conference.web.settings import current_settings

log = logging.getLogger(__name__)
NAME = "audit-head.json"


def find_head(session: Session, *, locks: bool = False) -> Head | None:
    """Return the end of the chain, None where nothing was sealed yet; locked until the transaction ends, if asked."""
    statement = select(HeadRow).where(HeadRow.id == 1).execution_options(populate_existing=True)
    row = session.scalar(statement.with_for_update() if locks else statement)
    if row is None:
        return None
    return Head(count=row.count, link=row.link, sealed_at=row.sealed_at, key=row.key, signature=row.signature)


def signed(count: int, last_link: str, at: datetime) -> Head:
    """Return the end of the chain, signed with the present key."""
    key = current_settings().secret_keys[0]
    mark = chain.signature(key, count=count, last_link=last_link, sealed_at=at)
    return Head(count=count, link=last_link, sealed_at=at, key=fingerprint(key), signature=mark)


def outside_paths() -> list[Path]:
    """Return where the end is kept too: the instance folder, and the folder of backups where one is set."""
    settings = current_settings()
    folders = [settings.instance, *([Path(settings.backup_folder)] if settings.backup_folder else [])]
    return [folder / NAME for folder in folders]


def find_strayed(session: Session) -> tuple[Path, Head] | None:
    """Return an end that is kept beside the database and does not stand in its chain, and where; None if all do.

    Then an older state was put in place of the newer, or the chain was written anew. One statement. Who holds the lock
    of `find_head` sees all that another worker sealed before it wrote what is kept.
    """
    kept = heads_outside()
    if not kept:
        return None
    places = [head.count for _, head in kept]
    wanted = select(EntryRow.position, EntryRow.link).where(EntryRow.position.in_(places))
    links = {row.position: row.link for row in session.execute(wanted)}
    return next(((path, head) for path, head in kept if links.get(head.count) != head.link), None)


def keep_outside(head: Head, *, forces: bool = False) -> None:
    """Write the end beside the database. What a full disk keeps out is logged, and written with the next one.

    Nothing is written where the chain has another end by now: whoever gave it that one writes it. A later end that lies
    there stays unless `forces`: the next batch looks whether it is in the chain.
    """
    transact(lambda session: _keep(session, head, forces=forces))


def _keep(session: Session, head: Head, *, forces: bool) -> None:
    """Write the end while the chain's own is locked, so that of two workers the one with the later end is the last."""
    present = find_head(session, locks=True)
    if present is None or (present.count, present.link) != (head.count, head.link):
        return
    later = set() if forces else {path for path, kept in heads_outside() if kept.count > head.count}
    write_outside(head, but=later)


def write_outside(head: Head, *, but: Collection[Path] = ()) -> None:
    """Write the end at each place beside the database `but` these."""
    told = {
        "count": head.count,
        "link": head.link,
        "sealed_at": head.sealed_at.isoformat(),
        "key": head.key,
        "signature": head.signature,
    }
    for path in outside_paths():
        if path in but:
            continue
        try:
            _replace(path, json.dumps(told) + "\n")
        except OSError as error:
            log.warning("the end of the history cannot be written beside the database: %s", error.strerror)


def forget_outside() -> None:
    """Delete what is kept beside the database, whose history is about to begin anew."""
    for path in outside_paths():
        path.unlink(missing_ok=True)


def go_on_from_here() -> None:
    """Let what is kept beside the database be its own end, as after it was put back from a backup on purpose."""
    head = find_head(db.session())
    db.session.rollback()
    if head is None:
        forget_outside()
    else:
        keep_outside(head, forces=True)


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{NAME}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def heads_outside() -> list[tuple[Path, Head]]:
    """Return each end that is kept beside the database and was signed by a key that is set; others prove nothing."""
    found = []
    for path in outside_paths():
        head = _read(path)
        if head is not None and any(chain.is_signed(head, key) for key in current_settings().secret_keys):
            found.append((path, head))
    return found


def _read(path: Path) -> Head | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Head(
            count=int(told["count"]),
            link=str(told["link"]),
            sealed_at=datetime.fromisoformat(told["sealed_at"]),
            key=str(told["key"]),
            signature=str(told["signature"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
