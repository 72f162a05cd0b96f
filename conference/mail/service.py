"""The outbox: a mail is written in the transaction of what it tells of, and never without it."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, Table, insert, or_, select, update
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.clock import real_now
from conference.core.errors import NotFoundError
from conference.core.ids import MailId, SeriesId
from conference.core.linkable import defused
from conference.core.links import one_time
from conference.core.text import address_key
from conference.jobs.announcing import announce
from conference.jobs.model import UNSENT, JobState
from conference.mail.errors import AddressCorrectedError, MailEmptiedError, MailNotWaitingError
from conference.mail.model import AttachmentOrder, LinkOrder, Prepared, Rank
from conference.mail.previewing import PREVIEWS, Previewed
from conference.mail.queries import find_mail
from conference.mail.registry import addresses_now, series_cancelled
from conference.mail.rendering import Rendered, masked, render
from conference.mail.rules import is_address, name_and_address, one_line
from conference.mail.series import STOPPED
from conference.mail.specimens import SPECIMENS, Specimen
from conference.mail.tables import OutboxRow
from conference.mail.wording_model import TEST_KIND
from conference.mail.wording_queries import find_wording
from conference.web.language import language
from conference.web.settings import current_settings

# What a person may still let go, beside what the worker would.
NOT_SENT = (*UNSENT, JobState.HELD)
AGAIN = (JobState.FAILED, JobState.HELD, JobState.RETRYING)

_OUTBOX = cast("Table", OutboxRow.__table__)


def enqueue(
    session: Session,
    *,
    kind: str,
    recipient: str,
    recipient_name: str,
    about: tuple[str, int],
    facts: Mapping[str, object],
    link: LinkOrder | None = None,
    attachments: Sequence[AttachmentOrder] = (),
    once: str = "",
    rank: Rank = Rank.OWN,
) -> MailId:
    """Write one mail to one recipient into this transaction; return its id. One INSERT.

    Of what is due the lower `rank` is sent first. `once` is a key that no second mail can have, as `is_written` asks.

    It is rendered now, from templates/mail/<kind>/ and `facts`, so that it says what was true when it was
    promised; the link and the attachments are made when it is sent. Raises ValueError for an address that
    cannot stand in an envelope: forms have refused it before.
    """
    _require_address(recipient)
    if (specimens := session.info.get(SPECIMENS)) is not None:
        specimens.append(Specimen(kind=kind, facts=facts, name=recipient_name, about=about, link=link))
        return MailId(0)
    rendered = _rendered(session, kind, facts, with_link=link is not None)
    name = defused(one_line(recipient_name))
    if (previews := session.info.get(PREVIEWS)) is not None:
        previews.append(_previewed(kind, recipient, name, rendered, attachments))
        return MailId(0)
    values: dict[str, object] = {
        "kind": kind,
        "recipient": recipient,
        "recipient_name": name,
        "link": _order(link),
        "attachments": _orders(attachments),
        "rank": rank,
    }
    return _insert(session, values | _about(about) | as_new(rendered, once))


def _about(about: tuple[str, int]) -> dict[str, object]:
    return {"about_type": about[0], "about_id": about[1]}


def _rendered(session: Session, kind: str, facts: Mapping[str, object], *, with_link: bool) -> Rendered:
    wording = find_wording(kind, language(), session)
    return render(kind, facts, with_link=with_link, wording=wording)


def _orders(attachments: Sequence[AttachmentOrder]) -> list[dict[str, object]]:
    return [{"kind": order.kind, "facts": dict(order.facts)} for order in attachments]


def _previewed(
    kind: str, recipient: str, name: str, rendered: Rendered, attachments: Sequence[AttachmentOrder]
) -> Previewed:
    return Previewed(
        kind=kind,
        recipient=recipient,
        name=name,
        language=language(),
        subject=rendered.subject,
        text=masked(rendered.text, rendered.slot, rendered.news_slot),
        attachments=attachments,
    )


def _require_address(recipient: str) -> None:
    if not is_address(recipient):
        raise ValueError("a mail needs one plain address")


def _order(link: LinkOrder | None) -> dict[str, object] | None:
    return None if link is None else {"kind": link.kind, "ref": dict(link.ref)}


def prepare(
    rendered: Rendered,
    *,
    kind: str,
    recipient: str,
    recipient_name: str,
    about: tuple[str, int],
    link: LinkOrder | None,
    series_id: SeriesId,
    once: str,
) -> Prepared:
    """Return a mail of a series, in the reader's language, for `enqueue_all` to write with many others.

    It is made before the transaction, so that rendering a hundred keeps no writer waiting. Raises ValueError as
    `enqueue` does.
    """
    _require_address(recipient)
    values: dict[str, object] = {
        "kind": kind,
        "recipient": recipient,
        "recipient_name": defused(one_line(recipient_name)),
        "link": _order(link),
        "attachments": [],
        "about_type": about[0],
        "about_id": about[1],
        "rank": Rank.CAMPAIGN,
        "series_id": series_id,
    }
    return Prepared(values=values | as_new(rendered, once))


def enqueue_all(session: Session, mails: Sequence[Prepared]) -> None:
    """Write the mails into this transaction. One INSERT; a mail with a `once` that is written already refuses them all."""
    if not mails:
        return
    written = session.connection().execute(
        insert(_OUTBOX).returning(_OUTBOX.c.id), [dict(mail.values) for mail in mails]
    )
    for mail_id in written.scalars():
        announce(session, "mail", mail_id, rank=Rank.CAMPAIGN)


def _insert(session: Session, values: dict[str, object]) -> MailId:
    # Past the session's objects: nobody needs the row here, and each registration writes one.
    key = session.connection().execute(insert(_OUTBOX), values).inserted_primary_key
    assert key is not None
    announce(session, "mail", key[0], rank=cast("int", values.get("rank", Rank.OWN)))
    return MailId(key[0])


def enqueue_test(
    session: Session, rendered: Rendered, *, recipient: str, recipient_name: str, about: tuple[str, int]
) -> MailId:
    """Write a mail by which a member of staff looks at a wording, without link or attachments; return its id."""
    values: dict[str, object] = {
        "kind": TEST_KIND,
        "recipient": recipient,
        "recipient_name": defused(one_line(recipient_name)),
        "link": None,
        "attachments": [],
        "about_type": about[0],
        "about_id": about[1],
    }
    return _insert(session, values | as_new(rendered, ""))


def is_written(session: Session, once: str) -> bool:
    """Return whether a mail with this key has been written, whatever became of it."""
    # By an earlier secret key it was another number.
    numbers = [message_id(once, secret) for secret in current_settings().secret_keys]
    found = select(OutboxRow.id).where(OutboxRow.message_id.in_(numbers)).limit(1)
    return session.scalar(found) is not None


def as_new(rendered: Rendered, once: str) -> dict[str, object]:
    """Return the columns of a mail that is to be sent at once."""
    now = real_now()
    return {
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
        "link_slot": rendered.slot,
        "news_slot": rendered.news_slot,
        "message_id": message_id(once),
        "language": language(),
        "created_at": now,
        "due_at": now,
        "state": JobState.QUEUED,
    }


def message_id(once: str, secret: str = "") -> str:  # nosec B107 # without one the id is random
    """Return a mail's number at the servers: 128 random bits, or as many made of the key."""
    # A report of a mail that came back is believed by this number, so nobody may make it of a key that can be guessed.
    # Fixed here for all tries, so that a mail sent twice because an answer was lost shows once (RFC 5322, 3.6.4).
    domain = name_and_address(current_settings().mail_sender)[1].rpartition("@")[2]
    ascii_domain = domain if domain.isascii() and domain else "conference.invalid"
    # Of a key always the same, so that the key meets the table's own uniqueness and shows nothing of itself.
    word = (
        one_time(secret or current_settings().secret_key, "mail", once)[:22]
        if once
        else secrets.token_hex(16)
    )
    return f"<{word}@{ascii_domain}>"


def send_again(session: Session, mail_id: MailId, *, actor: Actor, now: datetime) -> None:
    """Put a failed, held or waiting mail at the head of the queue, all its tries before it.

    `now` is real time. Raises NotFoundError, MailNotWaitingError, MailEmptiedError, AddressCorrectedError.
    """
    _require_its_address(session, mail_id)
    # One of a campaign that was stopped would only be stopped again.
    may_go = or_(OutboxRow.series_id.is_(None), OutboxRow.series_id.not_in(STOPPED))
    result = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == mail_id, OutboxRow.state.in_(AGAIN), may_go)
        .values(state=JobState.QUEUED, due_at=now, attempts=0)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise MailNotWaitingError if find_mail(mail_id, session) else NotFoundError
    record(session, actor=actor, action="sent again", about=("mail", mail_id))
    announce(session, "mail", mail_id)


def _require_its_address(session: Session, mail_id: MailId) -> None:
    """Raise AddressCorrectedError where the mail would go to an address that its record has no more.

    What staff sent to themselves, and what the office sent to an address of its own choosing, went to no record's.
    """
    row = session.get(OutboxRow, mail_id, populate_existing=True)
    if row is None:
        return
    if not row.recipient:
        raise MailEmptiedError
    find_address = dict(addresses_now.items()).get(row.about_type)
    if find_address is None or row.kind == TEST_KIND or row.copy_of is not None:
        return
    address = find_address(row.about_id, session)
    if address and address_key(address) != address_key(row.recipient):
        raise AddressCorrectedError(address=address, earlier=row.recipient)


def cancel_unsent(session: Session, about: tuple[str, int], kinds: Sequence[str] = ()) -> None:
    """Cancel the mails about a record that nobody has begun to send, as when its address was mistyped; of `kinds` if named.

    One that is held back is among them: mended, it would go to the earlier address with a dead link. Whoever keeps a series is told, since its reader may be written to anew.
    """
    theirs = [OutboxRow.about_type == about[0], OutboxRow.about_id == about[1]]
    if kinds:
        theirs.append(OutboxRow.kind.in_(kinds))
    cancelled = session.execute(
        update(OutboxRow)
        .where(*theirs, OutboxRow.state.in_(NOT_SENT))
        .values(state=JobState.CANCELLED)
        .returning(OutboxRow.series_id)
        .execution_options(synchronize_session=False)
    ).scalars()
    series = {SeriesId(one) for one in cancelled if one is not None}
    for listener in series_cancelled.entries() if series else ():
        listener(session, about, series)


def give_mails(session: Session, about: tuple[str, int], to: tuple[str, int]) -> None:
    """Let the mails that tell of one record tell of another, because the two have become one."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.about_type == about[0], OutboxRow.about_id == about[1])
        .values(about_type=to[0], about_id=to[1])
        .execution_options(synchronize_session=False)
    )


def settle_as_sent(session: Session, *, except_newest: int, answer: str) -> int:
    """Mark the queued mails, the newest apart, as sent without sending, and return how many.

    For data that is brought from elsewhere, whose mails went out there; `answer` stands for the server's words.
    """
    queued = select(OutboxRow.id).where(OutboxRow.state == JobState.QUEUED).order_by(OutboxRow.id.desc())
    kept = list(session.scalars(queued.limit(except_newest)))
    result = session.execute(
        update(OutboxRow)
        .where(OutboxRow.state == JobState.QUEUED, OutboxRow.id.not_in(kept))
        .values(state=JobState.DONE, sent_at=OutboxRow.created_at, attempts=1, last_answer=answer)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount
