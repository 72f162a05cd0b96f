"""The slides of talks: the newest file of a talk replaces the one before; sent by link, read by office and speaker."""

import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import PersonId, TalkId
from conference.db.base import db
from conference.db.work import after_commit, transact
from conference.people import service as people
from conference.programme.model import Session as ProgrammeSession
from conference.programme.model import Talk
from conference.programme.queries import draft
from conference.speakers import files, slide_files
from conference.speakers.own_talks import own_talk
from conference.speakers.portraits import portrait_keys
from conference.speakers.slide_files import Placed
from conference.speakers.tables import SlidesRow
from conference.web.store import afterwards

REST_S = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Slides:
    """What a talk's file is: `key` for where it lies, `name` as the sender called it."""

    key: str
    name: str
    size_bytes: int
    sent_at: datetime
    person_id: PersonId

    @property
    def kind(self) -> str:
        return self.key.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkSlides:
    """A talk of the draft with its slides, where there are some."""

    session: ProgrammeSession
    talk: Talk
    slides: Slides | None


def _slides(row: SlidesRow) -> Slides:
    return Slides(
        key=row.key,
        name=row.file_name,
        size_bytes=row.size_bytes,
        sent_at=row.sent_at,
        person_id=PersonId(row.person_id),
    )


def find_slides(talk_id: int) -> Slides | None:
    row = db.session.get(SlidesRow, talk_id, populate_existing=True)
    return _slides(row) if row else None


def get_slides(talk_id: int) -> Slides:
    """Return the slides of the talk; raises NotFoundError."""
    found = find_slides(talk_id)
    if found is None:
        raise NotFoundError
    return found


def slides_of_talks() -> list[TalkSlides]:
    """Return every talk of the draft in its order, with its slides. One statement more than the draft."""
    known = {row.talk_id: _slides(row) for row in db.session.scalars(select(SlidesRow))}
    return [
        TalkSlides(session=session, talk=talk, slides=known.get(talk.id))
        for session in draft().sessions
        for talk in session.talks
    ]


def keep_slides(person_id: PersonId, talk_id: TalkId, placed: Placed, *, actor: Actor, now: datetime) -> None:
    """Keep the placed file as the talk's; where that fails, what was sent is back as an upload. Raises NotFoundError."""
    try:
        transact(lambda session: _keep(session, person_id, talk_id, placed, actor=actor, now=now))
    except Exception:
        afterwards(partial(slide_files.take_back, placed))
        raise
    afterwards(partial(slide_files.settle, placed))


def _keep(
    session: Session, person_id: PersonId, talk_id: TalkId, placed: Placed, *, actor: Actor, now: datetime
) -> None:
    people.hold(session, [person_id])
    own_talk(person_id, talk_id, session)
    row = session.get(SlidesRow, talk_id)
    if row is None:
        row = SlidesRow(talk_id=talk_id)
        session.add(row)
    else:
        forget_file(session, row)
    row.person_id, row.key, row.file_name = person_id, placed.key, placed.name
    row.size_bytes, row.sent_at = placed.size_bytes, now
    record(session, actor=actor, action="slides sent", about=("talk", talk_id))


def remove_slides(session: Session, person_id: PersonId, talk_id: TalkId, *, actor: Actor) -> None:
    """Take the slides away; done twice it is done once. Raises NotFoundError for a talk that is not their own."""
    people.hold(session, [person_id])
    own_talk(person_id, talk_id, session)
    row = session.get(SlidesRow, talk_id)
    if row is not None:
        forget_file(session, row)
        session.delete(row)
        record(session, actor=actor, action="slides removed", about=("talk", talk_id))


def forget_file(session: Session, row: SlidesRow) -> None:
    """Delete the row's file once this transaction is committed, and never if it is rolled back."""
    after_commit(session, partial(afterwards, partial(slide_files.delete, row.key)))


class UploadsToForget:
    """Uploads of yesterday, and slides and portraits that nothing names, as a worker sees them. Needs no lease.

    Looked for every ten minutes, since the worker asks each second and the files are read from the disk.
    """

    def __init__(self) -> None:
        self._rests_until = 0.0

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        if time.monotonic() < self._rests_until:
            return []
        self._rests_until = time.monotonic() + REST_S
        return [1] if slide_files.has_old(_keys()) or files.has_unnamed(portrait_keys()) else []

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        slide_files.remove_old(_keys())
        files.remove_unnamed(portrait_keys())


def _keys() -> set[str]:
    return set(db.session.scalars(select(SlidesRow.key)))


uploads = UploadsToForget()
