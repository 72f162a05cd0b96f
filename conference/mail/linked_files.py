"""Files that are too large for a mail: it carries a link to each instead, to whoever holds the link and for a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import escape
from sqlalchemy import Row, select

from conference.core.clock import STOCKHOLM, real_now
from conference.core.errors import NotFoundError
from conference.core.ids import MailId
from conference.core.links import read, sign
from conference.db.base import db
from conference.jobs.model import JobState
from conference.mail.errors import AttachmentNotMadeError
from conference.mail.linked_errors import FileNotReadyError, FileOverError, FileWithdrawnError
from conference.mail.links import page_address
from conference.mail.model import Attachment
from conference.mail.reading import make_attachment
from conference.mail.registry import record_stands
from conference.mail.styling import style_of
from conference.mail.tables import OutboxRow
from conference.web.language import gettext, in_language, long_date, megabytes, speak
from conference.web.settings import current_settings

# Own choice: longer than the 72 hours that a mail may be under way and three weeks of holidays.
KEPT = timedelta(days=30)
_ROW = select(
    OutboxRow.message_id,
    OutboxRow.created_at,
    OutboxRow.language,
    OutboxRow.state,
    OutboxRow.attachments,
    OutboxRow.about_type,
    OutboxRow.about_id,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What a mail carries: both its parts, and the files that are small enough."""

    text: str
    html: str
    files: Sequence[Attachment]


def fitted(row: Row[Any], text: str, html: str, files: Sequence[Attachment]) -> Parts:
    """Return the mail of this outbox row, of its files the largest as links where all together are too large.

    A calendar part beside the words stays: it is no file to fetch.
    """
    left, linked = sum(len(file.content) for file in files), set()
    for place, file in sorted(enumerate(files, 1), key=lambda numbered: -len(numbered[1].content)):
        if left <= current_settings().mail_attachment_bytes:
            break
        if not file.is_beside:
            linked.add(place)
            left -= len(file.content)
    if not linked:
        return Parts(text=text, html=html, files=files)
    with in_language(row.language):
        lines = [_told(row, place, files[place - 1]) for place in sorted(linked)]
    kept = [file for place, file in enumerate(files, 1) if place not in linked]
    return Parts(text=_in_text(text, lines), html=_in_html(html, lines), files=kept)


def _told(row: Row[Any], place: int, file: Attachment) -> tuple[str, str]:
    """Return the sentence and the link, in the language of the mail."""
    sentence = gettext(
        "%(filename)s (%(size)s) is too large for a mail. Fetch it until %(date)s:",
        filename=file.filename,
        size=megabytes(len(file.content)),
        date=long_date((row.created_at + KEPT).astimezone(STOCKHOLM).date()),
    )
    return sentence, page_address("mail.linked_file", token=file_token(row.id, row.message_id, place))


def _in_text(text: str, lines: Sequence[tuple[str, str]]) -> str:
    """Return the text part with the lines at the end of what it says, before its foot."""
    told = "\n\n".join(f"{sentence}\n{link}" for sentence, link in lines)
    said, foot, rest = text.rpartition("\n--\n")
    return f"{said.rstrip()}\n\n{told}\n{foot}{rest}" if foot else f"{text.rstrip()}\n\n{told}\n"


def _in_html(html: str, lines: Sequence[tuple[str, str]]) -> str:
    """Return the HTML part with the same lines at the same place."""
    style, of_link = style_of("p", ""), style_of("a", "")
    told = "".join(
        f'<p style="{style}">{escape(sentence)}<br><a href="{escape(link)}" style="{of_link}">{escape(link)}</a></p>'
        for sentence, link in lines
    )
    place = next((at for mark in ('<p class="foot"', "</body>") if (at := html.rfind(mark)) >= 0), len(html))
    return html[:place] + told + html[place:]


def _purpose(message_id: str) -> str:
    # The mail's own random number: another that some day has its place in the table is not opened.
    return f"mail file\0{message_id}"


def file_token(mail_id: int, message_id: str, place: int) -> str:
    """Return the token for /file/<token>: a capability for the file at this place, from 1, of this mail alone."""
    return sign(current_settings().secret_key, _purpose(message_id), mail_id, place)


def file_by_link(token: str) -> Attachment:
    """Return the file, made of the facts that were frozen when the mail was written.

    Raises NotFoundError for a false token, FileOverError after its time, FileWithdrawnError where its mail was
    cancelled or emptied or its record does not stand any more, and FileNotReadyError where it cannot be made now.
    """
    number = token.partition("-")[0]
    row = None
    if number.isascii() and number.isdecimal() and len(number) <= 9:  # noqa: PLR2004 -- what `core.links` takes
        row = db.session.execute(_ROW.where(OutboxRow.id == int(number))).one_or_none()
    if row is None:
        raise NotFoundError
    mail_id, place = read(current_settings().secret_keys, _purpose(row.message_id), token)
    speak(row.language)
    _require_open(row, real_now())
    try:
        return make_attachment(MailId(mail_id), place)
    except AttachmentNotMadeError as error:
        raise FileNotReadyError from error


def _require_open(row: Row[Any], now: datetime) -> None:
    if now >= row.created_at + KEPT:
        raise FileOverError
    stands: Mapping[str, Any] = dict(record_stands.items())
    is_standing = stands.get(row.about_type, lambda _record_id: True)(row.about_id)
    if row.state == JobState.CANCELLED or not row.attachments or not is_standing:
        raise FileWithdrawnError
