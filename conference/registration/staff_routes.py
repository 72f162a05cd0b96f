"""The office's list of registrations and the page of one."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.accounts.queries import staff_names
from conference.audit.looks import Look
from conference.audit.looks import note_look as note_seen
from conference.audit.model import Actor, by_staff
from conference.audit.queries import history_of
from conference.audit.rules import acts
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.queries import mails_about
from conference.people.countries import countries
from conference.registration.access_codes import code_of
from conference.registration.came_back import came_back
from conference.registration.category_queries import categories
from conference.registration.changing import save_change, stored_values, with_category
from conference.registration.fee_showing import bill_of
from conference.registration.file_posting import posted
from conference.registration.file_routes import office_address
from conference.registration.filters import ListFilters
from conference.registration.forms import ChangeForm, EndForm, OfficeChangeForm
from conference.registration.group_showing import office_group
from conference.registration.invitation_queries import invitation_of
from conference.registration.leaving import require_seen
from conference.registration.listing import (
    COLUMNS,
    ORDERS,
    PAGE_SIZE,
    Layout,
    all_tags,
    counts_by_state,
    listed,
)
from conference.registration.model import CAREER_STAGES, PROFESSIONS, STATE_WORDS, ListedRegistration, State
from conference.registration.passing import may_pass_on
from conference.registration.queries import get_registration
from conference.registration.question_answers import note_look
from conference.registration.question_queries import answers_of, office_questions
from conference.registration.registry import badge_standings
from conference.registration.rules import require_live, seen_mark
from conference.registration.scanning import scanned_code
from conference.registration.service import send_again, withdraw
from conference.registration.showing import FIELD_WORDS, STATE_STYLES, history_words, shown
from conference.web.access import Role, get_principal, may, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference

Answer = str | Response | tuple[str, int]


def add_staff_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/registrations", "office_list", office_list)
    one = "/staff/registrations/<int:registration_id>"
    blueprint.add_url_rule(one, "office_page", office_page)
    blueprint.add_url_rule(f"{one}/change", "office_change", office_change, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/end", "office_end", office_end, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/sensitive", "office_sensitive", office_sensitive, methods=["POST"])
    blueprint.add_url_rule(f"{one}/send-again", "office_send_again", office_send_again, methods=["POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


@staff(Role.DESK, Role.VIEWER)
def office_list() -> str | Response:
    filters = ListFilters.of_query(request.args)
    if scanned_code(filters.text) and may("printing.desk"):
        return redirect(url_for("printing.desk", text=filters.text), 303)
    layout = Layout.of_query(request.args.get("order", ""), request.args.getlist("column"))
    counts = counts_by_state(filters)
    total = sum(counts[state] for state in filters.states or State)
    pages = max(1, -(-total // PAGE_SIZE))
    kinds = categories()
    page = min(max(1, request.args.get("page", 1, int)), pages)
    lines = listed(filters, page, kinds, layout.order)
    return render_template(
        "registration/office_list.html",
        filters=filters,
        counts=counts,
        total=total,
        page=page,
        pages=pages,
        lines=lines,
        badges=_badges(lines) if "badge" in layout.columns else {},
        layout=layout,
        query=filters.as_query() | layout.as_query(),
        columns=COLUMNS,
        orders=ORDERS,
        professions=PROFESSIONS,
        career_stages=CAREER_STAGES,
        countries=countries(),
        tags=all_tags(),
        categories=kinds,
        state_words=STATE_WORDS,
        state_styles=STATE_STYLES,
        may_open=may("registration.office_page"),
        may_register=may("registration.walk_in"),
        may_count=may("registration.figures"),
        may_choose=may("registration.many"),
        may_import=may("registration.import_upload"),
        may_export=may("registration.export"),
        may_print=may("printing.badges"),
    )


def _badges(lines: Iterable[ListedRegistration]) -> dict[RegistrationId, str]:
    """Return how the badge of each of these stands, in words."""
    ids = [line.id for line in lines]
    return {one: words for told in badge_standings.entries() for one, words in told(ids).items()}


@staff(Role.DESK)
def office_page(registration_id: int) -> str:
    return _page(RegistrationId(registration_id), PlainButtonForm(formdata=None))


@staff(Role.DESK)
def office_sensitive(registration_id: int) -> Answer:
    """Show the page with the sensitive answers opened, and note who looked: a button, because it writes."""
    known = get_registration(RegistrationId(registration_id)).id
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _page(known, form), 400
    actor = _me()
    transact(lambda session: note_look(session, known, actor=actor))
    db.session.rollback()
    return _page(known, form, with_sensitive=True)


def _page(registration_id: RegistrationId, form: PlainButtonForm, *, with_sensitive: bool = False) -> str:
    registration = get_registration(registration_id)
    answers = answers_of(registration_id, with_sensitive=with_sensitive)
    bill = bill_of(registration)
    if bill is not None and bill.invoice.details.name:
        note_seen(Look.INVOICE, ("registration", registration_id))
    history = acts(
        history_of("registration", registration_id), beside=history_of("person", registration.person_id)
    )
    return render_template(
        "registration/office_page.html",
        form=form,
        answers=answers,
        file_address=partial(office_address, registration_id),
        bill=bill,
        invitation_id=invitation_of(registration_id),
        code_id=code_of(registration_id),
        has_sealed=any(one.value is None for one in answers),
        mails=mails_about("registration", registration_id),
        may_open_mails=may("mail.office_page"),
        came_back=came_back(registration),
        history=history,
        names=staff_names(entry.actor.id for entry in history),
        field_words=FIELD_WORDS,
        in_words=history_words(),
        group=office_group(registration_id),
        may_pass_on=may_pass_on(registration, clock.now()),
        **shown(registration),
    )


@staff(Role.DESK)
def office_send_again(registration_id: int) -> Answer:
    form = PlainButtonForm(request.form)
    known = RegistrationId(registration_id)
    if not form.validate():
        return _page(known, form), 400
    actor = _me()
    try:
        transact(lambda session: send_again(session, known, actor=actor))
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        return _page(known, form), error.status
    return done(
        url_for("registration.office_page", registration_id=known),
        gettext("The confirmation is on its way again."),
    )


@staff(Role.DESK)
def office_change(registration_id: int) -> Answer:
    registration = get_registration(RegistrationId(registration_id))
    require_live(registration)
    if request.method != "POST":
        values = stored_values(registration, for_staff=True)
        form = with_category(OfficeChangeForm(formdata=None, data=values), registration)
        return _change_page(registration.id, form)
    form = with_category(OfficeChangeForm(posted(office_questions())), registration)
    if not form.validate():
        return _change_page(registration.id, form), 400
    refused = save_change(form, registration.id, _me())
    if refused is not None:
        return _change_page(registration.id, form, refused.differences), refused.status
    return done(
        url_for("registration.office_page", registration_id=registration.id),
        gettext("The details are saved."),
    )


def _change_page(
    registration_id: RegistrationId, form: ChangeForm, differences: tuple[Difference, ...] = ()
) -> str:
    facts: dict[str, Any] = {"registration_id": registration_id, "differences": differences}
    return render_template("registration/office_change.html", form=form, **facts)


@staff(Role.DESK)
def office_end(registration_id: int) -> Answer:
    """Ask who ends it and why, then withdraw or cancel; the longest waiting moves up."""
    registration = get_registration(RegistrationId(registration_id))
    form = EndForm(request.form)
    status = 200
    if request.method == "POST":
        status = 400
        if form.validate():
            try:
                _end(registration.id, form)
            except DomainError as error:
                form.refuse(error.field, sentence_of(error))
                db.session.rollback()  # the page is to show what somebody else made of it
                status = error.status
            else:
                return done(
                    url_for("registration.office_page", registration_id=registration.id),
                    gettext("The registration has ended, and a mail says so."),
                )
    now = get_registration(registration.id)
    return render_template(
        "registration/office_end.html", form=form, seen=seen_mark(now), **shown(now)
    ), status


def _end(registration_id: RegistrationId, form: EndForm) -> None:
    actor, state, reason = _me(), State(form.state.data), form.reason.data or ""

    def work(session: Session) -> None:
        require_seen(session, registration_id, form.seen.data, ends_as=state)
        withdraw(session, registration_id, actor=actor, now=clock.now(), state=state, reason=reason)

    transact(work)
