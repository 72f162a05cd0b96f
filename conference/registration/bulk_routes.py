"""Many registrations at once: those ticked on the list, or all that its filters match."""

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import Actor, by_staff
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.registration.approving import approve
from conference.registration.bulk_forms import ManyForm
from conference.registration.category_queries import categories
from conference.registration.filters import ListFilters
from conference.registration.listing import all_tags, matching
from conference.registration.many import AT_ONCE, Act, Failed, do_for_each, move_to
from conference.registration.model import State
from conference.registration.queries import get_registration
from conference.registration.service import withdraw
from conference.registration.tagging import tag, untag
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of

Answer = str | Response | tuple[str, int]


def add_bulk_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/registrations/many", "many", many, methods=["GET", "POST"])


@staff(Role.ORGANISER)
def many() -> Answer:
    """Ask what to do with those that the query means, do it for each, and report what could not be done."""
    filters = ListFilters.of_query(request.args)
    # The list's button with nobody ticked means nobody, not everybody.
    ids = [] if "ticked" in request.args and not filters.chosen else matching(filters)
    form = ManyForm(request.form if request.method == "POST" else None)
    form.offer(categories())
    if request.method != "POST":
        return _page(form, filters, len(ids))
    if not form.validate() or not form.check(len(ids), AT_ONCE):
        return _page(form, filters, len(ids)), 400
    # Reading is over: on SQLite an open read would not see what is written next.
    db.session.rollback()
    failed = do_for_each(ids, _act(form, by_staff(get_principal().id)))
    return _page(
        ManyForm(formdata=None), filters, len(matching(filters)), done=len(ids) - len(failed), failed=failed
    )


def _act(form: ManyForm, actor: Actor) -> Act:
    word, category_id, reason = form.tag.data or "", form.category_id(), form.reason.data or ""

    def act(session: Session, registration_id: RegistrationId) -> None:
        now = clock.now()
        match form.act.data:
            case "tag":
                tag(session, registration_id, word, actor=actor)
            case "untag":
                untag(session, registration_id, word, actor=actor)
            case "approve":
                approve(session, registration_id, actor=actor, now=now)
            case "category":
                move_to(session, registration_id, category_id, actor=actor, now=now)
            case "cancel":
                withdraw(session, registration_id, actor=actor, now=now, state=State.CANCELLED, reason=reason)

    return act


def _page(
    form: ManyForm,
    filters: ListFilters,
    count: int,
    *,
    done: int | None = None,
    failed: list[Failed] | None = None,
) -> str:
    form.offer(categories())
    reports = [(get_registration(one.id), sentence_of(one.error)) for one in failed or ()]
    return render_template(
        "registration/many.html",
        form=form,
        filters=filters,
        count=count,
        done=done,
        reports=reports,
        tags=all_tags(),
    )
