"""`/staff/schedule/history` and `/staff/schedule/at/<step_id>`: who moved what, and the draft as it was at any moment."""

from datetime import date

from flask import Blueprint, render_template, request

from conference.accounts.queries import staff_names
from conference.core.errors import NotFoundError
from conference.editor.past import StepTold, by_day, is_about, told_steps
from conference.editor.words import ACT_WORDS
from conference.people.queries import people_by_id
from conference.programme.history import Step, StepState, rewound
from conference.programme.model import Programme
from conference.programme.queries import draft
from conference.programme.restoring import states_of
from conference.programme.showing import shown
from conference.programme.step_queries import get_step, steps
from conference.programme.words import FIELD_WORDS
from conference.web.access import staff

blueprint = Blueprint("editor_past", __name__)
PAGE = 50
# So many steps are read at a time where those of one day are looked for.
LOOKED_AT = 500
LONGEST_NUMBER = 9


def _number(text: str) -> int:
    """Return the number of a record; raises ValueError for what no database could keep."""
    if len(text) > LONGEST_NUMBER:
        raise ValueError
    return int(text)


@blueprint.get("/staff/schedule/history")
@staff()
def history() -> str:
    """Show the steps, newest first and by the day they were made; of one session or one day where the address says so."""
    session_id = request.args.get("session", type=_number)
    before_id = request.args.get("before", type=_number)
    programme = draft()
    chosen = next((one for one in programme.days if one.isoformat() == request.args.get("day")), None)
    found = _found(session_id, before_id, chosen, programme)
    people = list(people_by_id(_people_in(found)).values())
    told = told_steps(found[:PAGE], programme, session_id)
    return render_template(
        "editor/history.html",
        days=_by_day(told),
        session_id=session_id,
        chosen=chosen,
        offered=programme.days,
        title=next((one.title for one in programme.sessions if one.id == session_id), ""),
        next_id=found[PAGE - 1].id if len(found) > PAGE else None,
        names=staff_names(step.staff_id for step in found),
        act_words=ACT_WORDS,
        field_words=FIELD_WORDS,
        undone=StepState.UNDONE,
        shown=lambda name, value: shown(name, value, programme, people),
    )


def _found(
    session_id: int | None, before_id: int | None, day: date | None, programme: Programme
) -> list[Step]:
    """Return the page's steps and one more where there is one. Which day a step is about only its values tell."""
    if day is None:
        return steps(session_id=session_id, before_id=before_id, limit=PAGE + 1)
    days = {one.id: one.day for one in programme.sessions}
    found: list[Step] = []
    while len(found) <= PAGE:
        made = steps(session_id=session_id, before_id=before_id, limit=LOOKED_AT)
        found += [step for step in made if is_about(step, day, days)]
        if len(made) < LOOKED_AT:
            break
        before_id = made[-1].id
    return found[: PAGE + 1]


def _people_in(found: list[Step]) -> set[int]:
    """Return whom the steps name, before or after."""
    states = (state or {} for step in found for one in step.changes for state in (one.before, one.after))
    return {person_id for state in states for person_id, _ in state.get("people") or ()}


def _by_day(told: list[StepTold]) -> dict[object, list[StepTold]]:
    days: dict[object, list[StepTold]] = {}
    for one in told:
        days.setdefault(one.day, []).append(one)
    return days


@blueprint.get("/staff/schedule/at/<int:step_id>")
@staff()
def at(step_id: int) -> str:
    """Show the schedule as it was after the step."""
    step = get_step(step_id)
    programme = draft()
    if programme.draft_revision < step.draft_revision:
        raise NotFoundError
    later = steps(after_revision=step.draft_revision)
    past = rewound(states_of(programme.sessions), (one.changes for one in later))
    days, tray = by_day(past.values(), programme)
    return render_template(
        "editor/at.html",
        step=step,
        days=days,
        tray=tray,
        later=len(later),
        name=staff_names([step.staff_id]),
        act_words=ACT_WORDS,
    )
