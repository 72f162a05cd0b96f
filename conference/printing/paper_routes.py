"""Papers that a worker makes: asked for, looked at while they are made, and fetched."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from conference.audit.looks import Look, note_look
from conference.audit.model import by_staff
from conference.core.errors import NotFoundError
from conference.core.ids import BadgeRunId, JobId
from conference.db.work import transact
from conference.jobs.model import CLAIMABLE, Job, JobState
from conference.jobs.queries import get_job
from conference.printing import papers
from conference.printing.answers import PDF
from conference.printing.choice import SETTING_NAMES, Choice, choice_kept, choice_of
from conference.printing.papers import (
    KIND,
    PACK,
    ask_for_badges,
    ask_for_pack,
    asked_for,
    noted_run,
    paper_of,
    stop_job,
)
from conference.printing.picking import Picking, labels_of
from conference.printing.runs import get_run
from conference.printing.service import people_to_print, print_run
from conference.printing.splitting import IN_A_FILE, last_of
from conference.registration.filters import ListFilters
from conference.registration.listing import counts_by_state
from conference.registration.model import BADGED
from conference.web.access import Role, get_principal, staff
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.store_answers import stored_answer

# What a device remembers of its last run: a sheet and how it is printed on, for a month.
ZIP = "application/zip"
KEPT, KEPT_S = "badge-sheet", 31 * 86400


def add_paper_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/badges/paper", "ask_for_paper", ask_for_paper, methods=["POST"])
    blueprint.add_url_rule("/staff/papers/<int:job_id>", "paper", paper)
    blueprint.add_url_rule("/staff/pack", "ask_for_evening_pack", ask_for_evening_pack, methods=["POST"])
    blueprint.add_url_rule("/staff/papers/<int:job_id>.pdf", "paper_file", paper_file)
    blueprint.add_url_rule("/staff/papers/<int:job_id>/stop", "stop_paper", stop_paper, methods=["POST"])


@staff(Role.DESK)
def ask_for_paper() -> BaseResponse:
    """Print the badges of the list's filters: at once, or by a worker, with a page that tells how far it is."""
    if not PlainButtonForm(request.form).validate():
        abort(400)
    filters, choice, me = ListFilters.of_query(request.args), choice_of(request.args), get_principal().id
    if choice.refusal is not None:
        raise choice.refusal
    picking = Picking.of_query(request.args)
    people = people_to_print(filters, picking)
    if not people:
        query = filters.as_query() | choice.as_query() | picking.as_query()
        return redirect(url_for("printing.badges_preflight", **query), 303)
    is_split = request.args.get("split") == "1" and len(people) > IN_A_FILE
    if len(people) > papers.AT_ONCE or is_split:
        job_id = transact(
            lambda session: ask_for_badges(session, filters, choice, me, picking, is_split=is_split)
        )
        return redirect(url_for("printing.paper", job_id=job_id), 303)
    run_id, _ = print_run(people, choice, is_stacked=picking.is_stacked, actor=by_staff(me))
    count = labels_of(get_run(run_id).count, choice.sheet.count, is_stacked=picking.is_stacked)
    return to_run(run_id, choice, count)


def to_run(run_id: BadgeRunId, choice: Choice, count: int) -> BaseResponse:
    """Lead to the run's file, and let the device remember its sheet and where on it the next run begins."""
    answer = redirect(url_for("printing.run_file", run_id=run_id), 303)
    remember(answer, choice, count)
    return answer


def _cookie_name() -> str:
    # By the prefix a browser takes it over TLS alone; it is for one path, so that it cannot be bound to the host too.
    return f"__Secure-{KEPT}" if current_app.config["SESSION_COOKIE_SECURE"] else KEPT


def remember(answer: BaseResponse, choice: Choice, count: int) -> None:
    """Let the device remember its sheet and, after so many labels, where on it the next run begins."""
    answer.set_cookie(
        _cookie_name(),
        choice.for_next_run(count),
        max_age=KEPT_S,
        path="/staff/",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )


def device_choice(sent: Mapping[str, str]) -> Choice:
    """Return what an address or a form chooses, or what this device printed on last where it chooses nothing."""
    chooses = any(name in sent for name in ("sheet", *SETTING_NAMES))
    return (None if chooses else choice_kept(request.cookies.get(_cookie_name(), ""))) or choice_of(sent)


@staff(Role.DESK)
def ask_for_evening_pack() -> BaseResponse:
    """Ask for all paper of the next morning in one file, on the sheet that this device printed on last."""
    if not PlainButtonForm(request.form).validate():
        abort(400)
    choice, me = device_choice(request.form), get_principal().id
    job_id = transact(lambda session: ask_for_pack(session, choice, me))
    return redirect(url_for("printing.paper", job_id=job_id), 303)


def _job(job_id: int) -> Job:
    try:
        return get_job(JobId(job_id), KIND)
    except NotFoundError:
        return get_job(JobId(job_id), PACK)


@staff(Role.DESK)
def paper(job_id: int) -> str:
    job = _job(job_id)
    asked = asked_for(job)
    return render_template(
        "printing/paper.html",
        job=job,
        query=asked.as_query(),
        is_live=job.state in (*CLAIMABLE, JobState.RUNNING),
        is_stopped=job.state is JobState.CANCELLED,
        is_pack=job.kind == PACK,
        files=-(-job.total // IN_A_FILE) if asked.is_split else 0,
    )


@staff(Role.DESK)
def stop_paper(job_id: int) -> BaseResponse:
    """Stop what a worker makes; nothing of it counts as printed."""
    if not PlainButtonForm(request.form).validate():
        abort(400)
    job, actor = _job(job_id), by_staff(get_principal().id)
    was_wanted = transact(lambda session: stop_job(session, job, actor=actor))
    sentence = (
        gettext("It is stopped, and nothing of it counts as printed.")
        if was_wanted
        else gettext("It was done already: there was nothing to stop.")
    )
    return done(url_for("printing.paper", job_id=job.id), sentence)


@staff(Role.DESK)
def paper_file(job_id: int) -> Response:
    """What the job made, which is there for a day. The device goes on behind its last label."""
    job = _job(job_id)
    stored = paper_of(job)
    if job.kind == PACK:
        counts = counts_by_state(ListFilters())
        places = sum(counts[one] for one in BADGED)
        note_look(Look.LIST, people=places, which="evening pack")
        return stored_answer(stored, ZIP, "evening-pack.zip")
    asked, run = asked_for(job), noted_run(job)
    name = f"badges-{asked.choice.sheet.key}"
    if asked.is_split:
        answer = stored_answer(stored, ZIP, f"{name}.zip")
    else:
        answer = stored_answer(stored, PDF, f"{name}.pdf", is_attachment=False)
    if run is not None and asked.run_id is None:
        is_stacked = asked.picking.is_stacked
        remember(answer, *last_of(asked.choice, run.count, is_split=asked.is_split, is_stacked=is_stacked))
    return answer
