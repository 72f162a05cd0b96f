"""Mails without a room of their own: a kind whose templates lie in memory, and the words of a part."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from jinja2 import BaseLoader, ChoiceLoader, DictLoader
from sqlalchemy import select, update

from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.linked_files import file_token
from conference.mail.model import AttachmentOrder, LinkOrder, Rank
from conference.mail.service import enqueue
from conference.mail.tables import OutboxRow

TEMPLATES = {
    "mail/note/subject.txt": "Note for {{ name }}\n",
    "mail/note/body.txt": '{% extends "mail/_base.txt" %}{% block content %}Dear {{ name }},\nthis is a note.{% if link is defined %}\n{{ link }}{% endif %}{% endblock %}',
    "mail/note/body.html": '{% extends "mail/_base.html" %}{% block content %}<p>Dear {{ name }},<br>this is a note.</p>{% if link is defined %}<p><a href="{{ link }}">{{ link }}</a></p>{% endif %}{% endblock %}',
}


@contextmanager
def note_templates(app: Flask) -> Iterator[None]:
    """Let the application know the mail "note", whose one fact is `name`."""
    ours = app.jinja_env.loader
    assert isinstance(ours, BaseLoader)
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), ours])
    try:
        yield
    finally:
        app.jinja_env.loader = ours


def queue_note(
    app: Flask,
    recipient: str = "asa@clinic.example",
    name: str = "Åsa Lind",
    *,
    link: LinkOrder | None = None,
    attachments: tuple[AttachmentOrder, ...] = (),
    about: tuple[str, int] = ("registration", 1),
    rank: Rank = Rank.OWN,
) -> MailId:
    """Write a committed mail of the kind "note" into the outbox."""
    with note_templates(app):
        return transact(
            lambda session: enqueue(
                session,
                kind="note",
                recipient=recipient,
                recipient_name=name,
                about=about,
                facts={"name": name},
                link=link,
                attachments=attachments,
                rank=rank,
            )
        )


def outbox_row(mail_id: int) -> Mapping[str, object]:
    """Return the stored columns of one mail, freshly read."""
    db.session.rollback()
    row = db.session.execute(select(OutboxRow.__table__).where(OutboxRow.id == mail_id)).mappings().one()
    return dict(row)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the signature is HTMLParser's
        self._skipped += tag in {"title", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in {"title", "style"}

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.words += data.split()


def words_of_html(html: str) -> list[str]:
    """Return the visible words of an HTML part, in order: a mail's two parts must have the same."""
    parser = _Words()
    parser.feed(html)
    return parser.words


def token_of_file(mail_id: int, place: int = 1) -> str:
    """Return the token by which a mail would link its file at this place."""
    return file_token(mail_id, str(outbox_row(mail_id)["message_id"]), place)


def make_due(mail_id: int, **values: Any) -> None:
    """Let a waiting mail be due now, as if its delay were over; other columns by name."""
    transact(
        lambda session: session.execute(
            update(OutboxRow).where(OutboxRow.id == mail_id).values({"due_at": real_now()} | values)
        )
    )


def taken_of(mail: EmailMessage, subtype: str) -> str:
    """Return the text of a received mail's "plain" or "html" part."""
    part = mail.get_body(preferencelist=(subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def read_back(content: bytes) -> EmailMessage:
    """Return a mail as a reader's program parses it."""
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def name_shown(mail: EmailMessage) -> str:
    """Return the recipient's name as mail programs show it; Python 3.11's parser splits long encoded names."""
    raw = next(str(value) for key, value in mail.raw_items() if key == "To")
    shown = str(make_header(decode_header(raw))).rpartition(" <")[0]
    return re.sub(r"\\(.)", r"\1", shown[1:-1]) if raw.startswith('"') else shown
