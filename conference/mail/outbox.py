"""Working off the outbox: claim, make what was left open, send, mark.

A broker's message names mails by their ids and ends in `work_off_rows`; the worker's loop stays as the net under
it, since both go through the same claim.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Row, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.claim import claim, lost_leases, shared_now
from conference.jobs.model import JobState
from conference.jobs.rules import next_delay
from conference.mail.composing import Letter, Message
from conference.mail.delivery import Delivery
from conference.mail.errors import NotDeliveredError
from conference.mail.limits import limits_now
from conference.mail.linked_files import fitted
from conference.mail.news import NOT_WANTED, digest_of, has_unsubscribed, unsubscribe_address
from conference.mail.pausing import server_pause
from conference.mail.registry import attachment_makers, link_makers
from conference.mail.rendering import with_link
from conference.mail.rules import (
    DOUBTED_TOO_OFTEN,
    LOST_TOO_OFTEN,
    MOST_DOUBTS,
    MOST_LOST_LEASES,
    one_line,
)
from conference.mail.series import STOPPED, may_go
from conference.mail.settling import End, Notebook, doubts_in_a_row, give_back
from conference.mail.tables import OutboxRow
from conference.web.settings import current_settings

# Few enough that one lease is long enough for them all, many enough that a claim costs little of each.
BATCH = 20
# Where the server was that quick with the last batch, twice as many are claimed next, up to the most. Behind a slow one
# nobody's confirmation waits for more than the first number.
QUICK_S = 0.5
MOST = 100
# Of the lease, for the dialogues: the rest is for making attachments late and for writing down what came of them.
SHARE_OF_LEASE = 0.75
# How long what was read of a batch is believed: its record may be erased while a mail waits for those before it.
FRESH_S = 2.0
# After so long the worker's other sources have their turn.
ROUND_S = 20.0
_READ = select(
    OutboxRow.id,
    OutboxRow.recipient,
    OutboxRow.recipient_name,
    OutboxRow.subject,
    OutboxRow.text,
    OutboxRow.html,
    OutboxRow.link_slot,
    OutboxRow.link,
    OutboxRow.attachments,
    OutboxRow.message_id,
    OutboxRow.created_at,
    OutboxRow.attempts,
    OutboxRow.last_answer,
    OutboxRow.language,
    OutboxRow.series_id,
    OutboxRow.news_slot,
)


class OutboxSource:
    """The outbox as a worker sees it."""

    def claim(self, owner: str) -> list[int]:
        return _claim(owner)

    def run(self, job_id: int, owner: str) -> None:
        send_claimed(MailId(job_id), owner, time.monotonic())

    def work_off(self, owner: str, stop: threading.Event) -> int:
        """Send batch after batch over one connection, for ROUND_S at most, and return how many mails were done."""
        done, most, until = 0, BATCH, time.monotonic() + ROUND_S
        with Delivery(stop) as delivery, Notebook(owner, stop) as notebook:
            while not stop.is_set() and time.monotonic() < until:
                begun = time.monotonic()
                if not (claimed := _claim(owner, most=most)):
                    break
                batch = _Batch(claimed, owner, delivery, notebook, stop, claimed_at=begun)
                ended = batch.send()
                done += len(ended)
                if not ended or batch.is_server_away:
                    break
                most = min(2 * most, MOST) if time.monotonic() - begun < QUICK_S else BATCH
        return done

    def work_off_rows(self, owner: str, row_ids: Sequence[int], stop: threading.Event) -> int:
        """Send those of these mails that are due, over one connection, and return how many were done."""
        begun = time.monotonic()
        if stop.is_set() or not (claimed := _claim(owner, only=row_ids)):
            return 0
        with Delivery(stop) as delivery, Notebook(owner, stop) as notebook:
            return len(_Batch(claimed, owner, delivery, notebook, stop, claimed_at=begun).send())


outbox = OutboxSource()


def deliver(mail_id: MailId, owner: str) -> JobState | None:
    """Claim this one mail and send it, even in a pause; return how it ended, or None if it is not due or another has it."""
    begun = time.monotonic()
    claimed = transact(lambda session: _claim_within(session, owner, only=[mail_id], most=1))
    return send_claimed(mail_id, owner, begun) if claimed else None


def send_claimed(mail_id: MailId, owner: str, claimed_at: float) -> JobState | None:
    """Send a mail that this owner has claimed, mark it, and return its state; None if the lease was lost meanwhile.

    `claimed_at` is when, of time.monotonic. No transaction is open while the server is spoken to.
    """
    stop = threading.Event()
    with Delivery(stop) as delivery, Notebook(owner, stop) as notebook:
        batch = _Batch([mail_id], owner, delivery, notebook, stop, claimed_at=claimed_at)
        return batch.send().get(mail_id)


def _claim(owner: str, only: Sequence[int] | None = None, most: int = BATCH) -> list[int]:
    pause = server_pause()
    room = pause.room(most)
    if not room:
        return []
    # For the disk is waited, once a batch: a claim that a power cut took back would send the whole batch twice.
    claimed = transact(lambda session: _claim_within(session, owner, only=only, most=room))
    if not claimed:
        pause.not_asked()
    return claimed


def _claim_within(session: Session, owner: str, *, only: Sequence[int] | None, most: int) -> list[int]:
    now = shared_now(session)
    limits = limits_now(session, now, most=most)
    if limits.left <= 0:
        return []
    claimed = claim(
        session,
        OutboxRow,
        owner=owner,
        now=now,
        lease_s=current_settings().lease_s,
        limit=limits.left,
        only=only,
        besides=may_go(limits.besides),
    )
    return limits.within(session, claimed, owner)


class _Batch:
    """Mails that one owner has claimed under one lease, to be sent one after the other over one connection."""

    def __init__(
        self,
        mail_ids: Sequence[int],
        owner: str,
        delivery: Delivery,
        notebook: Notebook,
        stop: threading.Event,
        *,
        claimed_at: float,
    ) -> None:
        # By this machine's own count of seconds since before the claim: its clock may be wrong, or be set meanwhile.
        self._ends_at = claimed_at + current_settings().lease_s
        self._waiting = deque(mail_ids)
        self._owner = owner
        self._delivery = delivery
        self._notebook = notebook
        self._stop = stop
        self.is_server_away = False
        self._composed: dict[int, _Composed | End] = {}
        # Claimed and not begun, beside what waits.
        self._unbegun: list[int] = []
        self._rows: dict[int, Row[Any]] = {}
        self._read_at: float | None = None

    def send(self) -> dict[int, JobState]:
        """Return by id how each mail ended that was this owner's to the end; what is not begun is put back."""
        self._notebook.ended.clear()
        try:
            while self._waiting and not (self._stop.is_set() or self.is_server_away):
                if self._read_at is None or time.monotonic() - self._read_at > FRESH_S:
                    self._read()
                row = self._rows.get(self._waiting[0])
                if row is not None and self._left_s < _least_s():
                    break
                self._waiting.popleft()
                if row is not None and row.series_id in self._stops:
                    # What was stopped while it was in hand waits with the others of its series.
                    self._unbegun.append(row.id)
                elif row is not None:
                    self._send(row)
        finally:
            try:
                self._notebook.write()
            finally:
                give_back([*self._waiting, *self._unbegun], self._owner)
        return dict(self._notebook.ended)

    def _read(self) -> None:
        mine = _READ.where(OutboxRow.id.in_(self._waiting), OutboxRow.lease_owner == self._owner)
        with db.engine.connect() as connection:
            found = connection.execute(mine).all()
            is_in_series = any(row.series_id is not None for row in found)
            self._stops = set(connection.scalars(STOPPED)) if is_in_series else set()
        self._rows = {row.id: row for row in found}
        self._read_at = time.monotonic()
        self._composed.clear()

    def _send(self, row: Row[Any]) -> None:
        began_at = real_now()
        ends = {}
        try:
            ends[row.id] = _end_of_lost(row) or self._attempt(row)
        except NotDeliveredError as error:
            ends[row.id] = _after_refusal(error, row)
            self._learn(error)
        except SQLAlchemyError:
            # The database was away before anything of this mail was said.
            self._unbegun.append(row.id)
            raise
        self._notebook.note(ends, began_at, until=self._ends_at)

    def _attempt(self, row: Row[Any]) -> End:
        """Return how the mail ended; raise NotDeliveredError, or what a database raises that is away."""
        composed = self._composed.pop(row.id, None)
        if composed is None:
            # A maker may end the process, and the mail before this one would be in doubt.
            self._notebook.write()
            composed = _compose(row)
        if isinstance(composed, End):
            server_pause().not_asked()
            return composed
        try:
            answer = self._delivery.send(
                composed.message,
                composed.content,
                ends_at=time.monotonic() + self._left_s,
                before=self._notebook.write,
                meanwhile=self._compose_next,
            )
        except (NotDeliveredError, SQLAlchemyError):
            raise
        except Exception as error:  # noqa: BLE001 -- an address that no dialogue can carry must be seen, not claimed for ever
            return _held(error)
        server_pause().served()
        return End(JobState.DONE, answer, sent_at=real_now())

    def _compose_next(self) -> None:
        """Compose the next mail while the server takes this one; but none that is more than words.

        A maker may fail, or even end the process, and this mail would be in doubt.
        """
        row = self._rows.get(self._waiting[0]) if self._waiting else None
        if row is not None and not _asks(row):
            self._composed[row.id] = _compose(row)

    def _learn(self, error: NotDeliveredError) -> None:
        """Leave a server alone that does not serve us; what waits in this batch is put back, and has not been tried."""
        if error.is_about_us:
            self.is_server_away = True
            server_pause().refused()
        else:
            server_pause().served()

    @property
    def _left_s(self) -> float:
        """How many seconds of the lease are left for dialogues."""
        return self._ends_at - time.monotonic() - current_settings().lease_s * (1 - SHARE_OF_LEASE)


def _least_s() -> float:
    """Return how much must be left for a mail to be begun: one silence of the server, or half of what a lease gives."""
    settings = current_settings()
    return min(settings.mail_timeout_s, settings.lease_s * SHARE_OF_LEASE / 2)


def _end_of_lost(row: Row[Any]) -> End | None:
    """Return that the mail is held, before anything is done with it, if it has cost too many workers."""
    if lost_leases(row.attempts, row.last_answer) < MOST_LOST_LEASES:
        return None
    return End(JobState.HELD, LOST_TOO_OFTEN, attempts=MOST_LOST_LEASES)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Composed:
    message: Message
    content: bytes


def _asks(row: Row[Any]) -> bool:
    """Return whether composing the mail asks the database: it is more than words."""
    return bool(row.link or row.attachments or row.news_slot)


def _compose(row: Row[Any]) -> _Composed | End:
    """Return the mail as it goes over the wire, or why it is held; raise what a database raises that is away."""
    if not row.recipient:
        return End(JobState.CANCELLED, "")  # its record was erased after the claim
    try:
        # Makers read the database, each mail's anew; what is only words asks nobody.
        with current_app.app_context() if _asks(row) else nullcontext():
            if row.news_slot and has_unsubscribed(digest_of(row.recipient)):
                return End(JobState.CANCELLED, NOT_WANTED)
            message = Message(_letter(row))
            return _Composed(message=message, content=message.wire())
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever a maker or a letter raises, the mail must be held and be seen
        return _held(error)


def _held(error: Exception) -> End:
    return End(JobState.HELD, one_line(f"{type(error).__name__}: {error}"))


def _letter(row: Row[Any]) -> Letter:
    link = link_makers.get(row.link["kind"])(row.link["ref"]) if row.link else ""
    text, html = with_link(row.text, row.html, row.link_slot, link)
    unsubscribe = unsubscribe_address(row.recipient, row.language) if row.news_slot else ""
    text, html = with_link(text, html, row.news_slot, unsubscribe)
    files = [attachment_makers.get(order["kind"])(order["facts"]) for order in row.attachments]
    parts = fitted(row, text, html, files)
    settings = current_settings()
    return Letter(
        sender=settings.mail_sender,
        reply_to=settings.mail_reply_to,
        recipient=row.recipient,
        recipient_name=row.recipient_name,
        subject=row.subject,
        text=parts.text,
        html=parts.html,
        message_id=row.message_id,
        written_at=row.created_at,
        envelope_from=settings.mail_envelope_sender,
        unsubscribe=unsubscribe,
        attachments=parts.files,
    )


def _after_refusal(error: NotDeliveredError, row: Row[Any]) -> End:
    if error.is_in_doubt and doubts_in_a_row(row.id) + 1 >= MOST_DOUBTS:
        return End(JobState.HELD, f"{error.answer} {DOUBTED_TOO_OFTEN}")
    delay = None if error.is_final else next_delay(row.attempts, random.random())  # noqa: S311 -- jitter, not a secret
    if delay is None:
        return End(JobState.FAILED, error.answer)
    return End(JobState.RETRYING, error.answer, due_at=real_now() + delay)
