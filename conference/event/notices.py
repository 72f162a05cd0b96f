"""The privacy notice in versions: a change of its words, or of the facts in them, becomes a new one by itself.

The worker compares what the notice says now with the newest version, and keeps the text where they differ: so what
somebody was shown can be shown again, and no release or edit of a contact point can forget to raise a number.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app
from markupsafe import Markup
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from conference.core.clock import clock
from conference.core.errors import NotFoundError
from conference.db.standing import standing
from conference.db.work import transact
from conference.event.queries import get_event, organisers
from conference.event.tables import NoticeRow
from conference.web.language import LANGUAGES, in_language, language

_NOTICE = cast("Table", NoticeRow.__table__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    number: int
    made_at: datetime
    digest: str


@standing
def notices(session: Session) -> tuple[Notice, ...]:
    """Return the versions, the newest first."""
    columns = (_NOTICE.c.number, _NOTICE.c.made_at, _NOTICE.c.digest)
    rows = session.execute(select(*columns).order_by(_NOTICE.c.number.desc()))
    return tuple(Notice(number=row.number, made_at=row.made_at, digest=row.digest) for row in rows)


def notice_number(session: Session | None = None) -> int | None:
    """Return the number of the present version, None before the worker has kept the first."""
    found = notices(session)
    return found[0].number if found else None


@standing
def present_texts(session: Session) -> dict[str, str]:
    """Return what the notice says now, as HTML by language."""
    return {tag: _text(tag, session) for tag in LANGUAGES}


def _text(tag: str, session: Session) -> str:
    page = current_app.jinja_env.get_template("event/_notice.html")
    with in_language(tag):
        return page.render(event=get_event(session), organisers=organisers(session)).strip()


@standing
def _present_digest(session: Session) -> str:
    texts = json.dumps(present_texts(session), sort_keys=True)
    return hashlib.sha256(texts.encode()).hexdigest()


def present_body() -> Markup:
    """Return the notice in the reader's language."""
    return Markup(present_texts()[language()])  # noqa: S704 -- drawn by a template of ours, which escapes the facts


def is_present(notice: Notice, session: Session | None = None) -> bool:
    return notice.digest == _present_digest(session)


def earlier_body(session: Session, number: int) -> Markup:
    """Return a kept version in the reader's language; raises NotFoundError."""
    texts: dict[str, str] | None = session.scalar(select(_NOTICE.c.texts).where(_NOTICE.c.number == number))
    if texts is None:
        raise NotFoundError
    return Markup(texts.get(language(), texts["en"]))  # noqa: S704 -- as in `present_body`


def keep_present(session: Session, *, now: datetime) -> int | None:
    """Write what the notice says now as a new version and return its number, None where it is the newest already."""
    # Held, so that two workers do not number the same text twice.
    rows = session.scalars(
        select(NoticeRow).order_by(NoticeRow.number.desc()).limit(1).with_for_update()
    ).all()
    if rows and rows[0].digest == _present_digest(session):
        return None
    number = rows[0].number + 1 if rows else 1
    texts, digest = present_texts(session), _present_digest(session)
    session.add(NoticeRow(number=number, digest=digest, texts=texts, made_at=now))
    return number


class NoticeToKeep:
    """The notice as a worker sees it. Needs no lease: what is kept already is not kept again."""

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        found = notices()
        return [] if found and is_present(found[0]) else [1]

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        transact(lambda session: keep_present(session, now=clock.now()))


notice = NoticeToKeep()
