"""The office's programme: the draft by day, and its sessions."""

from dataclasses import dataclass, field
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from conference.accounts.queries import staff_names
from conference.audit.model import Actor, by_staff
from conference.audit.queries import history_of
from conference.audit.rules import acts
from conference.core.errors import DomainError, StaleRevisionError
from conference.core.ids import SessionId
from conference.db.base import db
from conference.db.work import transact
from conference.people.model import Person
from conference.people.queries import search_people
from conference.programme import queries, rules, service
from conference.programme.blueprint import blueprint
from conference.programme.checking import check, standing
from conference.programme.conflicts import Conflict
from conference.programme.errors import GoneError, MoveBlockedError
from conference.programme.forms import DeleteForm, MoveForm, SessionForm
from conference.programme.listing import session_matches
from conference.programme.model import Programme, Session
from conference.programme.showing import differences, shown
from conference.programme.weighing import in_the_way
from conference.registration.extra_queries import extras
from conference.web.access import Role, get_principal, staff, within_tracks
from conference.web.errors import sentence_of
from conference.web.forms import BaseForm
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.numbers import number_of
from conference.web.saving import Difference

Answer = str | Response | tuple[str, int]
# So many people are offered in a form's list; a name beyond them can still be typed with its number.
MOST_OFFERED = 2000


@dataclass(slots=True)
class Refusal:
    """What a page says after an edit was not carried out.

    Its status, both values where another was faster, and the conflicts that it would have made where they block it.
    """

    status: int = 200
    differences: list[Difference] = field(default_factory=list)
    is_gone: bool = False
    conflicts: tuple[Conflict, ...] = ()


def acting() -> Actor:
    return by_staff(get_principal().id)


def offered_people() -> list[Person]:
    return search_people(limit=MOST_OFFERED)


def refused(form: BaseForm, error: DomainError, people: list[Person]) -> Refusal:
    """Put the refusal into the form, which keeps what was typed, and return what else the page has to show."""
    form.refuse(error.field, sentence_of(error))
    # What this request has read is older than the refusal: the page shows what is stored now.
    db.session.rollback()
    found = Refusal(status=error.status, is_gone=isinstance(error, GoneError))
    if isinstance(error, MoveBlockedError):
        found.conflicts = error.conflicts
    if isinstance(error, StaleRevisionError):
        found.differences = differences(error, queries.draft(), people)
    return found


@blueprint.get("/staff/programme")
@staff()
def office() -> str:
    draft = queries.draft()
    found = check(queries.board_of(draft))
    text = request.args.get("text", "")[:200].strip()
    matching = [session for session in draft.sessions if session_matches(session, text)]
    days = [(day, [session for session in matching if session.day == day]) for day in _all_days(draft)]
    return render_template(
        "programme/office.html",
        draft=draft,
        text=text,
        days=days,
        count=len(matching),
        unscheduled=[session for session in matching if session.span is None],
        conflicts=found,
        in_conflict={one.id for conflict in in_the_way(found) for one in conflict.sessions},
        published=queries.published(),
    )


def _all_days(draft: Programme) -> list[Any]:
    """The event's days, and those on which sessions were left when the event was moved."""
    return sorted({*draft.days, *(session.day for session in draft.sessions if session.day)})


@blueprint.get("/staff/programme/session/<int:session_id>")
@staff()
def office_session(session_id: int) -> str:
    draft = queries.draft()
    session = queries.get_session(draft, session_id)
    return _session_page(draft, session, _move_form(draft, session), Refusal())


def _move_form(draft: Programme, session: Session) -> MoveForm:
    form = MoveForm(request.form)
    if request.method != "POST":
        form.show_place(session)
    form.offer_places(draft)
    return form


def _session_page(draft: Programme, session: Session, form: MoveForm, refusal: Refusal) -> str:
    return render_template(
        "programme/office_session.html",
        session=session,
        form=form,
        refusal=refusal,
        conflicts=standing(queries.board_of(draft), session.id),
        parent=next((one for one in draft.sessions if one.id == session.parent_id), None),
    )


@blueprint.post("/staff/programme/session/<int:session_id>/move")
@within_tracks
@staff(Role.PROGRAMME)
def move_session(session_id: int) -> Answer:
    draft = queries.draft()
    session = queries.get_session(draft, session_id)
    form, refusal = _move_form(draft, session), Refusal(status=400)
    if form.validate():
        try:
            command = form.to_command(session.id)
            transact(lambda writing: service.move_session(writing, command, actor=acting()))
        except DomainError as error:
            refusal = refused(form, error, [])
        else:
            return done(
                url_for("programme.office_session", session_id=session_id),
                gettext("The session is moved in the draft."),
            )
    return _after_refused_move(session_id, form, refusal)


def _after_refused_move(session_id: int, form: MoveForm, refusal: Refusal) -> Answer:
    draft = queries.draft()
    session = queries.get_session(draft, session_id)
    if refusal.differences:
        form.revision.data = str(session.revision)
    return _session_page(draft, session, form, refusal), refusal.status


def _session_form(
    draft: Programme, people: list[Person], stored: Session | None, session_id: int | None = None
) -> SessionForm:
    form = SessionForm(request.form)
    form.offer_people(people)
    if request.method != "POST" and stored is not None:
        form.show(stored)
    form.offer(draft, people, extras(), session_id)
    return form


def _form_page(form: SessionForm, session_id: int | None, people: list[Person], refusal: Refusal) -> str:
    return render_template(
        "programme/session_form.html", form=form, session_id=session_id, people=people, refusal=refusal
    )


@blueprint.route("/staff/programme/session/new", methods=["GET", "POST"])
@within_tracks
@staff(Role.PROGRAMME)
def new_session() -> Answer:
    people = offered_people()
    form, refusal = _session_form(queries.draft(), people, None), Refusal()
    if request.method == "POST":
        refusal = Refusal(status=400)
        if form.validate():
            try:
                details = form.to_details()
                made = transact(lambda writing: service.create_session(writing, details, actor=acting()))
            except DomainError as error:
                refusal = refused(form, error, people)
            else:
                return done(
                    url_for("programme.office_session", session_id=made.session_id),
                    gettext("The session is in the draft."),
                )
    return _form_page(form, None, people, refusal), refusal.status


@blueprint.route("/staff/programme/session/<int:session_id>/edit", methods=["GET", "POST"])
@within_tracks
@staff(Role.PROGRAMME)
def edit_session(session_id: int) -> Answer:
    people, draft = offered_people(), queries.draft()
    stored = queries.get_session(draft, session_id) if request.method != "POST" else None
    form, refusal = _session_form(draft, people, stored, session_id), Refusal()
    if request.method == "POST":
        refusal = Refusal(status=400)
        if form.validate():
            try:
                _save(SessionId(session_id), form)
            except DomainError as error:
                refusal = refused(form, error, people)
            else:
                return done(
                    url_for("programme.office_session", session_id=session_id),
                    gettext("The session is saved in the draft."),
                )
        _renew(form, session_id, refusal)
    return _form_page(form, None if refusal.is_gone else session_id, people, refusal), refusal.status


def _save(session_id: SessionId, form: SessionForm) -> None:
    details, revision = form.to_details(), number_of(form.revision.data)
    transact(lambda writing: service.edit_session(writing, session_id, revision, details, actor=acting()))


def _renew(form: SessionForm, session_id: int, refusal: Refusal) -> None:
    """Let the next save of this form replace what the page now shows as the other's: the choice to save mine."""
    if refusal.differences:
        form.revision.data = str(queries.get_session(queries.draft(), session_id).revision)


@blueprint.route("/staff/programme/session/<int:session_id>/delete", methods=["GET", "POST"])
@within_tracks
@staff(Role.PROGRAMME)
def delete_session(session_id: int) -> Answer:
    session = queries.get_session(queries.draft(), session_id)
    form, status = DeleteForm(request.form), 200
    if request.method == "POST":
        status = 400
        if form.validate():
            try:
                seen = form.seen.data
                transact(lambda writing: service.delete_session(writing, session_id, seen, actor=acting()))
            except DomainError as error:
                status = refused(form, error, []).status
                session = queries.get_session(queries.draft(), session_id)
            else:
                return done(url_for("programme.office"), gettext("The session is deleted from the draft."))
    form.seen.data = rules.seen_mark(session)
    return render_template("programme/session_delete.html", session=session, form=form), status


@blueprint.get("/staff/programme/session/<int:session_id>/history")
@staff()
def session_history(session_id: int) -> str:
    """Show the history, of a deleted session too: what it was stands in its last entry."""
    draft, people = queries.draft(), offered_people()
    entries = acts(history_of("session", session_id))
    if not entries:
        queries.get_session(draft, session_id)
    return render_template(
        "programme/session_history.html",
        session_id=session_id,
        exists=any(session.id == session_id for session in draft.sessions),
        entries=entries,
        names=staff_names(entry.actor.id for entry in entries),
        shown=lambda name, value: shown(name, value, draft, people),
    )
