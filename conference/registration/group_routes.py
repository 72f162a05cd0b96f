"""The public form of a group, and the one page that answers it, whatever came of it."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import organisers
from conference.registration.category_queries import categories
from conference.registration.group_errors import GroupTooBigError
from conference.registration.group_forms import GroupForm
from conference.registration.group_model import GROUP_SIZE
from conference.registration.grouping import register_group
from conference.registration.public_routes import Offer, offer_of
from conference.web.access import public
from conference.web.errors import sentence_of

Answer = str | Response | tuple[str, int]
# Where the browser's session keeps the address that the overview goes to.
SENT_TO = "group"


def add_group_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/register/group", "group_form", group_form, methods=["GET", "POST"])
    blueprint.add_url_rule("/register/group/sent", "group_sent", group_sent)


@public
def group_form() -> Answer:
    """Show the form, with more rows where they are asked for, or register everybody or nobody."""
    if request.method != "POST":
        return _form(GroupForm(formdata=None))
    form = GroupForm(request.form)
    if request.form.get("act") == "rows":
        form.add_rows()
        return _form(form)
    if request.form.get("act") != "wait":
        form.accepts_left.data = ""
    if not form.validate():
        return _form(form), 400
    return _registered(form)


def _registered(form: GroupForm) -> Answer:
    command = form.to_command()
    try:
        transact(lambda work: register_group(work, command, now=clock.now()))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()
        return _form(form, left=error.left if isinstance(error, GroupTooBigError) else None), error.status
    session[SENT_TO] = command.coordinator.email
    return redirect(url_for("registration.group_sent"), 303)


def _form(form: GroupForm, *, left: int | None = None) -> str:
    """Return the page; `left` are the places that are too few, which the page then offers to fill."""
    form.key()
    if left is not None:
        form.accepts_left.data = str(left)
    offers = _offers()
    return render_template(
        "registration/group_form.html",
        form=form,
        offers=offers,
        is_open=any(not offer.is_closed for offer in offers),
        organisers=organisers(),
        left=left,
        size=GROUP_SIZE,
    )


def _offers() -> list[Offer]:
    shown = [category for category in categories() if category.details.is_public]
    with_fee = any(category.details.fee_minor for category in shown)
    return [offer_of(category, clock.now(), with_fee=with_fee) for category in shown]


@public
def group_sent() -> str:
    """Answer alike for a new, a repeated and a known group: what came of it is in the mails."""
    return render_template("registration/group_sent.html", address=session.get(SENT_TO, ""))
