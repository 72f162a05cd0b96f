"""What a mail's parts must be, and what an answer of the mail server means."""

import re
import unicodedata
from datetime import datetime, timedelta

from conference.mail.model import Queue

SUBJECT_LENGTH = 500
# How long a mail may be due before the office and /readyz hear of it: issue "Mail that is never lost", point 7.
LATE = timedelta(minutes=10)
# Own choice. One or two refusals an hour are mistyped addresses, also right after a mail to hundreds; more than five
# mean the server's rules, our settings, or an attachment that cannot be made, and each further mail would share them.
MOST_FAILURES_AN_HOUR = 5
FAILURES_WITHIN = timedelta(hours=1)
# Own choice. One or two leases are lost to restarts and power cuts; five in a row are the mail's own doing, and each
# further one would cost a worker and the mails behind it two minutes.
MOST_LOST_LEASES = 5
LOST_TOO_OFTEN = (
    f"{MOST_LOST_LEASES} workers in a row ended while they had this mail in hand; no further one takes it up."
)

# Begins the answer of a try after which nobody knows whether the server took the mail (RFC 5321, 4.5.3.2.6).
IN_DOUBT = "The server had the whole mail and did not answer, so it may have taken it: "
# Own choice. A server that scans for longer than it is waited for takes the mail at each try, and the reader gets as
# many; two copies under one Message-ID are bearable, and the third is the last.
MOST_DOUBTS = 3
DOUBTED_TOO_OFTEN = f"This was so {MOST_DOUBTS} times in a row. Ask the reader whether the mail has come before it is sent once more."


def one_line(text: str) -> str:
    """Return the text as one line: every run of blanks, line ends and control characters is one space.

    What stands in a header must not begin a new one (trust.md 12 and 13).
    """
    if text.isprintable():
        # None of the three categories is printable, and nearly all that is sent is.
        return " ".join(text.split())
    plain = "".join(
        " " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character for character in text
    )
    return " ".join(plain.split())


def tidy(text: str) -> str:
    """Return a rendered text part without the empty lines that template tags leave: one at most, none around."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def is_address(text: str) -> bool:
    """Return whether the text can stand in an envelope: one @ with something on both sides, nothing invisible."""
    local, _, domain = text.rpartition("@")
    return bool(local and domain) and one_line(text) == text and not set(text) & set(" <>,;")


def is_yes(code: int) -> bool:
    """Return whether an SMTP reply code is a yes, of whichever kind (RFC 5321, section 4.2.1)."""
    return 200 <= code < 300  # noqa: PLR2004 -- the RFC's numbers


def is_no(code: int) -> bool:
    """Return whether an SMTP reply code is a refusal, for now or for good (RFC 5321, section 4.2.1)."""
    return 400 <= code < 600  # noqa: PLR2004 -- the RFC's numbers


def is_final(code: int) -> bool:
    """Return whether an SMTP reply code is a refusal for good (RFC 5321, section 4.2.1)."""
    return 500 <= code < 600  # noqa: PLR2004 -- the RFC's numbers


def name_and_address(written: str) -> tuple[str, str]:
    """Return both parts of "Name <address>", with or without quotes; the name is empty for an address alone."""
    name, bracket, address = one_line(written).rpartition("<")
    return (name.strip().strip('"'), address.removesuffix(">").strip()) if bracket else ("", address)


def late_since(queue: Queue, now: datetime) -> datetime | None:
    """Return since when mails wait that should have gone, or None while all is as it should be.

    A mail about one's own registration is late after LATE. One of a campaign is not, since the limits of a minute
    let ten thousand take hours: it is where for LATE nothing was settled and nobody has a mail in hand. The limits then
    leave room, as they count one minute.
    """
    if queue.own_since is not None and queue.own_since <= now - LATE:
        return queue.own_since
    if queue.campaign_since is None or queue.campaign_since > now - LATE:
        return None
    is_at_work = queue.lease_until is not None and queue.lease_until > now
    has_settled = queue.settled_at is not None and queue.settled_at > now - LATE
    return None if is_at_work or has_settled else queue.campaign_since


def mails_pile_up(failures: int) -> bool:
    """Return whether so many mails were refused for good, or held back, in an hour that somebody must look."""
    return failures > MOST_FAILURES_AN_HOUR
