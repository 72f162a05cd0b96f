"""One mail: its page, its HTML part at an address of its own, and its attachments."""

from datetime import datetime, timedelta

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.mail.acting import WAITING, is_key
from conference.mail.model import AboutPage, OpenedMail
from conference.mail.queries import attempts_of
from conference.mail.reading import made_attachments, make_attachment, open_mail
from conference.mail.registry import about_pages
from conference.mail.service import AGAIN
from conference.mail.words import HISTORY_WORDS, LANGUAGE_WORDS, kind_word
from conference.web.access import Role, get_principal, may, staff
from conference.web.headers import POLICY
from conference.web.settings import current_settings

_PAGE_POLICY = f"{POLICY}; frame-src 'self'"
# The HTML part with its inline styles and nothing else: no script, no picture from elsewhere, no form, and its links
# lead nowhere, since the sandbox opens no window and lets nobody leave the frame.
_PART_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)


def add_reading_routes(blueprint: Blueprint) -> None:
    one = "/staff/mails/<int:mail_id>"
    blueprint.add_url_rule(one, "office_page", office_page)
    blueprint.add_url_rule(f"{one}/html", "office_html", office_html)
    blueprint.add_url_rule(f"{one}/attachments/<int:place>", "office_attachment", office_attachment)


@staff()
def office_page(mail_id: int) -> Response:
    """Answer one mail with its fate. What it says is not for viewers: it can hold more than a list shows."""
    mail = open_mail(MailId(mail_id))
    may_read = get_principal().role is not Role.VIEWER
    text = render_template(
        "mail/office_page.html",
        opened=mail,
        mail=mail.record,
        since=_since(mail),
        about=about_page(mail),
        attempts=attempts_of(MailId(mail_id)),
        attachments=made_attachments(mail) if may_read else [],
        history=history_of("mail", mail_id),
        history_words=HISTORY_WORDS,
        languages=LANGUAGE_WORDS,
        kind_word=kind_word,
        may_read=may_read,
        again=AGAIN,
        waiting=WAITING,
        holds_a_key=is_key(mail.link_kind, get_principal().role),
    )
    page = Response(text, mimetype="text/html")
    page.headers["Content-Security-Policy"] = _PAGE_POLICY
    return page


def _since(mail: OpenedMail) -> datetime | None:
    """Return since when its worker has the mail: a lease is given for as long as the settings say.

    None where it was given for longer, as in a demonstration.
    """
    if mail.lease_until is None or not mail.owner:
        return None
    since = mail.lease_until - timedelta(seconds=current_settings().lease_s)
    return since if since <= real_now() else None


def about_page(mail: OpenedMail) -> AboutPage | None:
    """Return the page of the record that the mail tells of, if there is one that the reader may open."""
    kind, record_id = mail.record.about
    make_page = dict(about_pages.items()).get(kind)
    page = make_page(record_id, mail.record.recipient) if make_page else None
    return page if page and may(page.endpoint) else None


@staff(Role.PROGRAMME, Role.DESK)
def office_html(mail_id: int) -> Response:
    """Answer the HTML part alone, with the personal link masked, for the frame of the page and for nothing else."""
    answer = Response(open_mail(MailId(mail_id)).html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _PART_POLICY
    return answer


@staff(Role.PROGRAMME, Role.DESK)
def office_attachment(mail_id: int, place: int) -> Response:
    """Answer one attachment as a download, numbered from 1, made as it would be for the recipient now."""
    file = make_attachment(MailId(mail_id), place)
    answer = Response(file.content, content_type=file.content_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.filename)
    return answer
