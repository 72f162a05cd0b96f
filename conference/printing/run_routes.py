"""What was printed: the runs, printed again or taken back, and one person's badge, with a new code where it was lost."""

from contextlib import nullcontext
from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from conference.accounts.queries import staff_names
from conference.audit.model import Actor, by_staff
from conference.core.errors import DomainError
from conference.core.ids import BadgeRunId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.printing import papers
from conference.printing.answers import pdf_answer
from conference.printing.choice import Choice
from conference.printing.paper_routes import device_choice, to_run
from conference.printing.preflight import advice_of
from conference.printing.run_forms import LostForm
from conference.printing.runs import get_run, runs, runs_of, take_back
from conference.printing.service import found_on, paper_of_run, print_run
from conference.printing.standing import standings
from conference.registration.lost_badges import replace_code
from conference.registration.model import BADGED, STATE_WORDS, BadgePerson
from conference.registration.queries import badge_person, get_registration
from conference.registration.showing import STATE_STYLES
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.heavy import heavy_work
from conference.web.language import gettext
from conference.web.notices import done

# A run of so few is drawn at once, whatever else is drawn: a desk waits for it.
A_FEW = 20

Answer = str | BaseResponse | tuple[str, int]


def add_run_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/badges/runs", "runs", run_list)
    one = "/staff/badges/runs/<int:run_id>"
    blueprint.add_url_rule(f"{one}.pdf", "run_file", run_file)
    blueprint.add_url_rule(f"{one}/again", "print_run_again", print_run_again, methods=["POST"])
    blueprint.add_url_rule(f"{one}/take-back", "take_back_run", take_back_run, methods=["POST"])
    person = "/staff/registrations/<int:registration_id>/badge"
    blueprint.add_url_rule(person, "badge", badge_page, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{person}/new-code", "new_code", new_code, methods=["POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


@staff(Role.DESK)
def run_list() -> str:
    found = runs()
    return render_template(
        "printing/runs.html",
        runs=found,
        at_once=papers.AT_ONCE,
        names=staff_names(run.staff_id for run in found),
    )


@staff(Role.DESK)
def run_file(run_id: int) -> BaseResponse:
    """The run's badges, with what is stored of each person now; thousands are left to a worker."""
    run = get_run(BadgeRunId(run_id))
    if run.count > papers.AT_ONCE:
        return done(
            url_for("printing.runs"),
            gettext(
                "%(count)s badges take a while: press Print again, and a worker makes them.", count=run.count
            ),
        )
    with heavy_work() if run.count > A_FEW else nullcontext():
        content = paper_of_run(run).pdf
    return pdf_answer(content, f"badges-run-{run.id}.pdf")


@staff(Role.DESK)
def print_run_again(run_id: int) -> BaseResponse:
    """Make the run's file again, by a worker where it has thousands."""
    if not PlainButtonForm(request.form).validate():
        abort(400)
    run, me = get_run(BadgeRunId(run_id)), get_principal().id
    if run.count <= papers.AT_ONCE:
        return redirect(url_for("printing.run_file", run_id=run.id), 303)
    job_id = transact(lambda session: papers.ask_for_run(session, run, me))
    return redirect(url_for("printing.paper", job_id=job_id), 303)


@staff(Role.DESK)
def take_back_run(run_id: int) -> BaseResponse:
    if not PlainButtonForm(request.form).validate():
        abort(400)
    run, actor = get_run(BadgeRunId(run_id)), _me()
    transact(lambda session: take_back(session, run.id, actor=actor))
    return done(
        url_for("printing.runs"),
        gettext("The run is taken back: its %(count)s badges count as not printed by it.", count=run.count),
    )


@staff(Role.DESK)
def badge_page(registration_id: int) -> Answer:
    """One person's badge: how it stands, and printed with one button on the sheet that this device printed on last."""
    registration = get_registration(RegistrationId(registration_id))
    if request.method != "POST":
        return _page(registration.id, LostForm())
    if not PlainButtonForm(request.form).validate():
        abort(400)
    person, choice = badge_person(registration.id), device_choice(request.form)
    if choice.refusal is not None:
        raise choice.refusal
    if registration.state not in BADGED or _is_left_out(person, choice):
        return _page(registration.id, LostForm()), 409
    run_id, _ = print_run([person], choice, is_stacked=False, actor=_me())
    return to_run(run_id, choice, 1)


def _is_left_out(person: BadgePerson, choice: Choice) -> bool:
    return any(finding.leaves_badge_out for finding in found_on([person], choice))


def _page(registration_id: RegistrationId, form: LostForm) -> str:
    registration, person = get_registration(registration_id), badge_person(registration_id)
    found, choice = runs_of(registration_id), device_choice(request.args)
    findings = found_on([person], choice)
    return render_template(
        "printing/badge.html",
        registration=registration,
        person=person,
        form=form,
        runs=[run for run, _ in found],
        standing=standings([registration.id]).get(registration.id),
        old=_moment(request.args.get("old", "")),
        state_words=STATE_WORDS,
        state_styles=STATE_STYLES,
        names=staff_names(run.staff_id for run, _ in found),
        choice=choice,
        findings=[one.text_of(gettext) for one in findings]
        + [one.text_of(gettext) for one in advice_of(findings)],
    )


def _moment(typed: str) -> datetime | None:
    """Return since when the code that was scanned is dead."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@staff(Role.DESK)
def new_code(registration_id: int) -> Answer:
    """Give the registration another code: the lost badge and every earlier ticket open no door any more."""
    registration, form = get_registration(RegistrationId(registration_id)), LostForm(request.form)
    if not form.validate():
        return _page(registration.id, form), 400
    revision, actor = form.revision.data, _me()
    try:
        transact(lambda session: replace_code(session, registration.id, revision, actor=actor))
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        return _page(registration.id, form), error.status
    sentence = gettext("The code is a new one, and the earlier one is dead. Print the badge again.")
    return done(url_for("printing.badge", registration_id=registration.id), sentence)
