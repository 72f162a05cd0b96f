"""From facts to subject, text and HTML. Templates are ours; what people typed is only ever a value in them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app
from markupsafe import escape

from conference.mail.defusing import defused_facts
from conference.mail.rules import SUBJECT_LENGTH, one_line, tidy
from conference.mail.wording_drawing import Drawing
from conference.mail.wording_model import Wording, drawn_kind
from conference.web.settings import current_settings

MASK = "(personal link)"
NEWS_MASK = "(link to unsubscribe)"
# The templates that put a changed wording into the frame of all mails.
WORDED = "mail/_worded"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """`slot` is the random word that stands for the personal link, empty when there is none.

    `news_slot` is that for the link to unsubscribe.
    """

    subject: str
    text: str
    html: str
    slot: str
    news_slot: str = ""


def render(
    kind: str,
    facts: Mapping[str, object],
    *,
    with_link: bool,
    wording: Wording | None = None,
    is_news: bool = False,
) -> Rendered:
    """Return the mail of templates/mail/<kind>/, or its words as staff changed them.

    Escaping is on in .html and off in .txt, by the name. Of what people typed no part becomes a link in a mail program.

    Raises jinja2.UndefinedError for a fact that a template names and nobody gave, `link` among them.
    """
    environment = current_app.jinja_env
    settings = current_settings()
    slot = f"link{secrets.token_hex(16)}" if with_link else ""
    news_slot = f"news{secrets.token_hex(16)}" if is_news else ""
    values: dict[str, object] = {
        "answers_to": settings.mail_reply_to or settings.mail_sender,
        "unsubscribe": news_slot,
        **defused_facts(facts),
    }
    if with_link:
        values["link"] = slot
    folder = f"mail/{kind}"
    body = f"{folder}/body"
    subject: str | None = None
    if wording is not None:
        drawing = values["drawing"] = Drawing(environment, drawn_kind(kind), wording, dict(values))
        subject, body = drawing.subject, WORDED
    subject = subject or environment.get_template(f"{folder}/subject.txt").render(values)
    values["subject"] = subject = one_line(subject)[:SUBJECT_LENGTH]
    text = tidy(environment.get_template(f"{body}.txt").render(values))
    html = environment.get_template(f"{body}.html").render(values)
    return Rendered(subject=subject, text=text, html=html, slot=slot, news_slot=news_slot)


def with_link(text: str, html: str, slot: str, link: str) -> tuple[str, str]:
    """Return both parts with the link in its place, escaped in HTML."""
    if not slot:
        return text, html
    return text.replace(slot, link), html.replace(slot, str(escape(link)))


def masked(text: str, slot: str, news_slot: str = "") -> str:
    """Return the text part as staff may see it (trust.md 21)."""
    if news_slot:
        text = text.replace(f'"{news_slot}"', '"#"').replace(news_slot, NEWS_MASK)
    return text.replace(slot, MASK) if slot else text
