"""One's own name, as the office and its history show it. On the blueprint of `routes`."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from conference.accounts.answers import Answer
from conference.accounts.errors import ByCodeError
from conference.accounts.forms import NameForm
from conference.accounts.queries import get_member
from conference.accounts.service import set_facts
from conference.audit.model import by_staff
from conference.core.ids import StaffId
from conference.db.base import db
from conference.web.access import get_principal, staff
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference, save


def add_own_name_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/me/name", "own_name", own_name, methods=["GET", "POST"])


@staff()
def own_name() -> Answer:
    """Show the name, and save another. Raises ByCodeError for who came in by a desk code."""
    me = get_principal()
    if me.is_by_code:
        raise ByCodeError
    form = NameForm(request.form or None, data=_stored(me.id))
    if request.method != "POST":
        return _page(form)
    if not form.validate():
        return _page(form), 400
    seen, facts = form.revision.data, {"name": form.name.data or ""}
    db.session.rollback()
    refusal = save(
        form,
        lambda session: set_facts(session, me.id, seen, facts, actor=by_staff(me.id)),
        lambda: _stored(me.id),
    )
    if refusal is not None:
        return _page(form, refusal.differences), refusal.status
    return done(url_for("accounts.own"), gettext("Your name is saved."))


def _stored(staff_id: StaffId) -> dict[str, Any]:
    me = get_member(staff_id)
    return {"name": me.name, "revision": me.revision}


def _page(form: NameForm, differences: tuple[Difference, ...] = ()) -> str:
    return render_template("accounts/own_name.html", form=form, differences=differences)
