"""A mail to those ticked on the list, or to all that its filters match: written, seen, and sent."""

from collections import Counter

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.filters import ListFilters
from conference.registration.listing import matching
from conference.registration.message_forms import MessageForm
from conference.registration.message_rules import PLACEHOLDERS, filled
from conference.registration.message_service import Message, Reader, readers, send_to_all
from conference.registration.model import STATE_WORDS
from conference.web.access import Role, get_principal, staff
from conference.web.language import gettext
from conference.web.notices import done

Answer = str | Response | tuple[str, int]


def add_message_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/registrations/mail", "message", message, methods=["GET", "POST"])


@staff(Role.ORGANISER)
def message() -> Answer:
    """Take subject and text, show them as the first reads them, and write one mail to each."""
    filters = ListFilters.of_query(request.args)
    ids = matching(filters)
    found = readers(ids)
    form = MessageForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _page(form, filters, len(ids), found)
    if not form.validate() or not form.check(len(found)):
        return _page(form, filters, len(ids), found), 400
    if form.act.data != "send":
        return _page(form, filters, len(ids), found, is_shown=True)
    return _sent(form.message(), filters, ids)


def _sent(written: Message, filters: ListFilters, ids: list[RegistrationId]) -> Response:
    actor = by_staff(get_principal().id)
    # Reading is over: on SQLite an open read would not see what is written next.
    db.session.rollback()
    count = transact(lambda session: send_to_all(session, written, ids, actor=actor))
    sentence = gettext("%(count)d mails are on their way.", count=count or 0)
    if count is None:
        sentence = gettext("This mail was sent before, and is not sent twice.")
    return done(url_for("registration.office_list", **filters.as_query()), sentence)


def _page(
    form: MessageForm, filters: ListFilters, chosen: int, found: list[Reader], *, is_shown: bool = False
) -> str:
    form.sheet_key()
    first = found[0] if found else None
    shown = form.message() if is_shown and first else None
    return render_template(
        "registration/message.html",
        form=form,
        filters=filters,
        chosen=chosen,
        count=len(found),
        states=Counter(one.registration.state for one in found),
        state_words=STATE_WORDS,
        placeholders=PLACEHOLDERS,
        first=first,
        subject=filled(shown.subject, first.values())[0] if shown and first else "",
        parts=filled(shown.text, first.values()) if shown and first else (),
    )
