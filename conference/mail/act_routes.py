"""What the office does with one mail: send it again, cancel it, send it elsewhere, trust its address."""

from collections.abc import Callable
from typing import Protocol

from flask import Blueprint, abort, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import Actor, by_staff
from conference.core.clock import real_now
from conference.core.errors import DomainError
from conference.core.ids import MailId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.acting import cancel, has_other_remedy, is_key, send_to, trust_address
from conference.mail.forms import ResendForm
from conference.mail.model import OpenedMail
from conference.mail.reading import open_mail
from conference.mail.reading_routes import about_page
from conference.mail.service import send_again
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done

Answer = str | Response | tuple[str, int]


def add_act_routes(blueprint: Blueprint) -> None:
    one = "/staff/mails/<int:mail_id>"
    blueprint.add_url_rule(f"{one}/retry", "retry", retry, methods=["POST"])
    blueprint.add_url_rule(f"{one}/cancel", "cancel", cancel_mail, methods=["POST"])
    blueprint.add_url_rule(f"{one}/trust", "trust", trust, methods=["POST"])
    blueprint.add_url_rule(f"{one}/resend", "resend", resend, methods=["GET", "POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


class _Work(Protocol):
    def __call__(self, session: Session, mail_id: MailId, *, actor: Actor) -> None: ...


def _button(work: _Work, sentence: str) -> Callable[[int], Response]:
    """Return the view that does what a button of the mail's page says, and returns there with the (lazy) sentence."""

    @staff(Role.PROGRAMME, Role.DESK)
    def view(mail_id: int) -> Response:
        if not PlainButtonForm(request.form).validate():
            abort(400)
        actor = _me()
        transact(lambda session: work(session, MailId(mail_id), actor=actor))
        return done(url_for("mail.office_page", mail_id=mail_id), str(sentence))

    return view


def _send_again(session: Session, mail_id: MailId, *, actor: Actor) -> None:
    send_again(session, mail_id, actor=actor, now=real_now())


retry = _button(_send_again, _l("The mail is in the queue again."))
cancel_mail = _button(cancel, _l("The mail is cancelled and will not be sent."))
trust = _button(
    trust_address, _l("The address is not marked any more. That the mail came back stays on its page.")
)


@staff(Role.PROGRAMME, Role.DESK)
def resend(mail_id: int) -> Answer:
    """Ask for the corrected address and write the mail anew, or lead to where the address is to be corrected."""
    mail = open_mail(MailId(mail_id))
    form = ResendForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _page(mail, form)
    if not form.validate() or not form.check(mail.record.recipient):
        return _page(mail, form), 400
    address, actor, role = form.email.data or "", _me(), get_principal().role
    db.session.rollback()
    try:
        made = transact(lambda session: send_to(session, MailId(mail_id), address, actor=actor, role=role))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _page(open_mail(MailId(mail_id)), form), error.status
    return done(
        url_for("mail.office_page", mail_id=made), gettext("This mail is in the queue for the new address.")
    )


def _page(mail: OpenedMail, form: ResendForm) -> str:
    return render_template(
        "mail/office_resend.html",
        form=form,
        mail=mail.record,
        about=about_page(mail),
        is_corrected_elsewhere=has_other_remedy(mail.record.about, mail.record.recipient),
        holds_a_key=is_key(mail.link_kind, get_principal().role),
    )
