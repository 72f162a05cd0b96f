"""Who wants no news: the link that each mail carries which is not about one's own registration, and the wish.

An address is known by its digest alone, unkeyed, so that the wish outlives its person's erasure and a new secret key.
The link is the digest with a signature: it opens nothing else, and nobody can make one for somebody else's address.
"""

import base64
import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from conference.core.links import read_word, sign_word
from conference.core.text import address_key
from conference.db.base import db
from conference.mail.links import page_address
from conference.mail.tables import UnsubscribedRow
from conference.web.settings import current_settings

PURPOSE = "unsubscribe"
# What the attempt of a mail says that was queued before its reader unsubscribed.
NOT_WANTED = "Not sent: its reader has unsubscribed."
# 160 bits, as the signatures of links have.
_DIGEST_BYTES = 20
# As many as a statement may have values on each database, with room to spare.
_MOST_AT_ONCE = 500


def digest_of(address: str) -> str:
    """Return 27 URL-safe characters that stand for the address, however it is written."""
    digest = hashlib.sha256(f"conference-address\0{address_key(address)}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:_DIGEST_BYTES]).decode().rstrip("=")


def token_of(address: str) -> str:
    """Return the token for /unsubscribe/<token>."""
    return sign_word(current_settings().secret_key, PURPOSE, digest_of(address))


def digest_in(token: str) -> str:
    """Return the digest of the address that the token is for; raises NotFoundError for a forged one."""
    return read_word(current_settings().secret_keys, PURPOSE, token)


def unsubscribe_address(address: str, language: str) -> str:
    """Return the full address of the page at which this reader unsubscribes."""
    return page_address("mail.unsubscribe", token=token_of(address), lang=language or "en")


def has_unsubscribed(digest: str, session: Session | None = None) -> bool:
    found = select(UnsubscribedRow.at).where(UnsubscribedRow.address_digest == digest)
    return (session or db.session).scalar(found) is not None


def unsubscribed(digests: Collection[str] | None = None, session: Session | None = None) -> set[str]:
    """Return the digests of those who want no news, of all or of these. One statement for each 500 asked for."""
    asked, every = session or db.session, select(UnsubscribedRow.address_digest)
    if digests is None:
        return set(asked.scalars(every))
    found: set[str] = set()
    for some in _parts(sorted(digests)):
        found |= set(asked.scalars(every.where(UnsubscribedRow.address_digest.in_(some))))
    return found


def _parts(digests: list[str]) -> Iterable[list[str]]:
    return (digests[begin : begin + _MOST_AT_ONCE] for begin in range(0, len(digests), _MOST_AT_ONCE))


def unsubscribe(session: Session, digest: str, *, now: datetime) -> None:
    """Keep the wish; done twice it is done once. What is queued is looked at again before it is sent."""
    if not has_unsubscribed(digest, session):
        session.add(UnsubscribedRow(address_digest=digest, at=now))
        session.flush()


def subscribe_again(session: Session, digest: str) -> None:
    """Take the wish back; nothing happens where there was none."""
    session.execute(
        delete(UnsubscribedRow)
        .where(UnsubscribedRow.address_digest == digest)
        .execution_options(synchronize_session=False)
    )
