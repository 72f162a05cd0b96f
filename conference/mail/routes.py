from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import MailId
from conference.db.work import transact
from conference.jobs.model import JobState
from conference.mail.model import MailFilters
from conference.mail.queries import get_mail, mail_page
from conference.mail.service import send_again
from conference.mail.wording_routes import add_wording_routes
from conference.mail.words import STATE_WORDS
from conference.web.access import Role, get_principal, may, staff
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done

blueprint = Blueprint("mail", __name__)
add_wording_routes(blueprint)


def _filters() -> MailFilters:
    state = request.args.get("state", "")
    return MailFilters(
        text=request.args.get("q", "").strip()[:200],
        state=JobState(state) if state in set(JobState) else None,
        page=request.args.get("page", 1, type=int),
    )


@blueprint.get("/staff/mails")
@staff()
def office_list() -> str:
    filters = _filters()
    page = mail_page(filters)
    return render_template("mail/office_list.html", filters=filters, page=page, words=STATE_WORDS)


@blueprint.get("/staff/mails/<int:mail_id>")
@staff()
def office_page(mail_id: int) -> str:
    """Answer one mail with its fate. What it says is not for viewers: it can hold more than a list shows."""
    mail = get_mail(MailId(mail_id))
    history = history_of("mail", mail_id)
    may_read = get_principal().role is not Role.VIEWER
    return render_template("mail/office_page.html", mail=mail, history=history, may_read=may_read, may=may)


@blueprint.post("/staff/mails/<int:mail_id>/retry")
@staff(Role.PROGRAMME, Role.DESK)
def retry(mail_id: int) -> Response:
    form = PlainButtonForm(request.form)
    if not form.validate():
        abort(400)
    actor = by_staff(get_principal().id)
    transact(lambda session: send_again(session, MailId(mail_id), actor=actor, now=real_now()))
    return done(url_for("mail.office_page", mail_id=mail_id), gettext("The mail is in the queue again."))
