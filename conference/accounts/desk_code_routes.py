"""The desk's codes, for organisers. On the blueprint of `routes`."""

from datetime import timedelta

from flask import Blueprint, render_template, request, url_for

from conference.accounts.answers import Answer
from conference.accounts.desk_codes import desk_codes, make_code, revoke_code
from conference.accounts.forms import DeskCodeForm
from conference.audit.model import by_staff
from conference.core.clock import STOCKHOLM, real_now
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import Role, after_confirming, get_principal, staff
from conference.web.forms import BaseForm, PlainButtonForm
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done
from conference.web.settings import current_settings


def add_desk_code_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/desk-codes", "desk_codes", code_list, methods=["GET", "POST"])
    one = "/staff/desk-codes/<int:desk_code_id>/revoke"
    blueprint.add_url_rule(one, "revoke_desk_code", revoke, methods=["POST"])


def _list(form: DeskCodeForm, refused: BaseForm | None = None, code: str = "") -> str:
    base = current_settings().base_url or request.host_url.rstrip("/")
    return render_template(
        "accounts/desk_codes.html",
        form=form,
        refused=refused or form,
        code=code,
        address=base + url_for("accounts.desk"),
        codes=desk_codes(real_now()),
    )


@after_confirming(_l("Make a desk code"))
@staff(Role.ORGANISER)
def code_list() -> Answer:
    """Show the codes, and make one, which stands on this answer and nowhere else."""
    if request.method != "POST":
        return _list(DeskCodeForm())
    form = DeskCodeForm(request.form)
    if not form.validate():
        return _list(form), 400
    label, me, now = form.label.data or "", get_principal().id, real_now()
    day = now.astimezone(STOCKHOLM).date() + timedelta(days=form.day.data == "tomorrow")
    code = transact(lambda session: make_code(session, label, day, staff_id=me, now=now))
    db.session.rollback()  # the list is to show what has just been written
    return _list(DeskCodeForm(formdata=None), code=code)


@staff(Role.ORGANISER)
def revoke(desk_code_id: int) -> Answer:
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _list(DeskCodeForm(formdata=None), form), 400
    me = by_staff(get_principal().id)
    transact(lambda session: revoke_code(session, desk_code_id, actor=me, now=real_now()))
    sentence = gettext("The code is revoked: whoever came in by it is signed out.")
    return done(url_for("accounts.desk_codes"), sentence)
