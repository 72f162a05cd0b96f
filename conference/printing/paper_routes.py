"""Papers that a worker makes: asked for, looked at while they are made, and fetched."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from conference.core.ids import JobId
from conference.db.work import transact
from conference.jobs.model import CLAIMABLE, JobState
from conference.jobs.queries import get_job
from conference.printing.answers import pdf_answer
from conference.printing.choice import choice_of
from conference.printing.papers import KIND, ask_for_badges, filters_of, paper_of
from conference.registration.filters import ListFilters
from conference.web.access import Role, get_principal, staff
from conference.web.forms import PlainButtonForm


def add_paper_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/badges/paper", "ask_for_paper", ask_for_paper, methods=["POST"])
    blueprint.add_url_rule("/staff/papers/<int:job_id>", "paper", paper)
    blueprint.add_url_rule("/staff/papers/<int:job_id>.pdf", "paper_file", paper_file)


@staff(Role.DESK)
def ask_for_paper() -> BaseResponse:
    """Ask for the badges of the list's filters, and lead to the page that tells how far they are."""
    if not PlainButtonForm(request.form).validate():
        abort(400)
    filters, choice, me = ListFilters.of_query(request.args), choice_of(request.args), get_principal().id
    if choice.refusal is not None:
        raise choice.refusal
    job_id = transact(lambda session: ask_for_badges(session, filters, choice, me))
    return redirect(url_for("printing.paper", job_id=job_id), 303)


@staff(Role.DESK)
def paper(job_id: int) -> str:
    job = get_job(JobId(job_id), KIND)
    filters, choice = filters_of(job)
    is_live = job.state in (*CLAIMABLE, JobState.RUNNING)
    return render_template(
        "printing/paper.html",
        job=job,
        query=filters.as_query() | choice.as_query(),
        sheet=choice.sheet,
        is_live=is_live,
    )


@staff(Role.DESK)
def paper_file(job_id: int) -> Response:
    """The badges, which are there for a day."""
    job = get_job(JobId(job_id), KIND)
    return pdf_answer(paper_of(job), f"badges-{filters_of(job)[1].sheet.key}.pdf")
