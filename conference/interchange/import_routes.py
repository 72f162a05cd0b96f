"""A schedule in the browser: upload, what it would change, questions, and all of it written."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.core.clock import STOCKHOLM
from conference.core.errors import DomainError
from conference.core.ids import PersonId
from conference.core.text import file_name
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.interchange.blueprint import blueprint
from conference.interchange.errors import DaysNotYoursError
from conference.interchange.files import FileOrder, form_of_file, read_file
from conference.interchange.import_forms import (
    NEW,
    PERSON,
    ScheduleForm,
    ScheduleUploadForm,
    said_pairs,
    said_people,
)
from conference.interchange.model import Plan, ReadSchedule, Wishes
from conference.interchange.queries import known
from conference.interchange.reading_tables import FIELDS, REQUIRED, guessed, headings_of
from conference.interchange.reading_values import MAX_BYTES, source_of, too_large
from conference.interchange.rules import plan
from conference.interchange.service import import_schedule
from conference.people.model import Person
from conference.people.queries import people_by_id
from conference.programme.queries import draft_revision
from conference.programme.staff_routes import acting, offered_people
from conference.web.access import Role, may, staff, within_tracks
from conference.web.errors import sentence_of
from conference.web.heavy import heavy
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.numbers import number_of
from conference.web.uploads import forget_this_upload, forget_upload, keep_upload, upload_path

Answer = str | Response | tuple[str, int]
# Beyond the file: names and borders of the form's parts.
_ROOM = 100_000
# Of each list on the page: more would be read by nobody, and the command's --json tells them all.
SHOWN = 200


@dataclass(slots=True)
class _Sheet:
    """What the page shows: the file read, if it can be, and what would become of the draft."""

    headings: list[str] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)
    read: ReadSchedule | None = None
    plan: Plan | None = None
    people: list[Person] = field(default_factory=list)
    by_id: dict[PersonId, Person] = field(default_factory=dict)
    status: int = 200


@blueprint.route("/staff/programme/import", methods=["GET", "POST"])
@within_tracks
@staff(Role.PROGRAMME)
def upload_schedule() -> Answer:
    """Take a file and lead to the page that shows what it would change, or say why it cannot be read."""
    if request.method != "POST":
        return render_template("interchange/upload.html", form=ScheduleUploadForm(formdata=None))
    # Set before the form is read: every other page takes less.
    request.max_content_length = MAX_BYTES + _ROOM
    form, file = ScheduleUploadForm(request.form), request.files.get("file")
    status = 400
    if form.validate():
        if file is None or not file.filename:
            form.refuse("file", gettext("Choose a file."))
        else:
            try:
                key = _kept(file.stream)
            except DomainError as error:
                form.refuse("file", sentence_of(error))
                status = error.status
            else:
                name = file_name(file.filename).rpartition(".")[0][:60]
                return redirect(url_for("interchange.check_schedule", upload=key, name=name), 303)
    return render_template("interchange/upload.html", form=form), status


def _kept(stream: Any) -> str:
    """Keep a file that can be read; raises what the readers raise, and keeps nothing then."""
    key = keep_upload(stream, most_bytes=MAX_BYTES, refusal=too_large)
    path = upload_path(key)
    try:
        if form_of_file(path) == "table":
            headings_of(path)
        else:
            read_file(FileOrder(path=path))
    except DomainError:
        forget_upload(key)
        raise
    return key


@blueprint.route("/staff/programme/import/<upload>", methods=["GET", "POST"])
@within_tracks
@staff(Role.PROGRAMME)
@heavy
def check_schedule(upload: str) -> Answer:
    """Show what the file would change, ask who is meant, and write all of it at the second button."""
    order = FileOrder(path=upload_path(upload), name=request.args.get("name", "")[:60])
    form = ScheduleForm(request.form if request.method == "POST" else None)
    form.offer(get_event())
    sheet = _Sheet()
    if request.method == "POST" and not form.validate():
        sheet.status = 400
        return _page(form, sheet)
    try:
        sheet = _read(form, order, sheet)
        assert sheet.read is not None  # _read raises where it cannot
        wishes = _planned(form, sheet)
        if form.step.data == "import" and not form.failed:
            return _write(form, sheet.read, wishes)
    except DomainError as error:
        # What this request has read is older than the refusal: the page shows what is stored now.
        db.session.rollback()
        form.refuse(error.field, sentence_of(error))
        form.draft_revision.data = str(draft_revision())
        # Who opens the page has not asked for anything yet that could be refused.
        sheet.status = error.status if request.method == "POST" else 200
    return _page(form, sheet)


def _read(form: ScheduleForm, order: FileOrder, sheet: _Sheet) -> _Sheet:
    """Fill the sheet with what the file says; raises what the readers raise, the columns being filled then."""
    order = replace(order, zone=form.zone.data or "", source=form.source.data or "")
    if form_of_file(order.path) == "table":
        sheet.headings = headings_of(order.path)
        pairs = said_pairs(request.form, sheet.headings)
        sheet.chosen = {name: sheet.headings[column] for name, column in guessed(sheet.headings).items()}
        sheet.chosen |= {name: heading for heading, name in pairs}
        form.source.data = form.source.data or source_of(order.name)
        form.zone.data = form.zone.data or STOCKHOLM.key
        order = replace(order, pairs=pairs)
    sheet.read = read_file(order)
    form.source.data = form.source.data or sheet.read.source
    form.zone.data = form.zone.data or sheet.read.zone
    return sheet


def _planned(form: ScheduleForm, sheet: _Sheet) -> Wishes:
    """Fill the sheet with the plan for what was answered, and return the wishes that it was made with."""
    assert sheet.read is not None  # read before
    seen, there = draft_revision(), known(sheet.read.source)
    wishes = Wishes(
        shift_to=date.fromisoformat(form.shift_to.data) if form.shift_to.data else None,
        keeps_missing=bool(form.keeps_missing.data),
    )
    sheet.plan = plan(there, sheet.read, wishes)
    if sheet.plan.questions:
        sheet.people = offered_people()
        answers, unread = said_people(request.form, sheet.plan.questions, sheet.people)
        named = {number for number in answers.values() if number is not None}
        choices = {number for question in sheet.plan.questions for number in question.choices}
        sheet.by_id = people_by_id(named | choices)
        gone = {key for key, number in answers.items() if number is not None and number not in sheet.by_id}
        unread += [question for question in sheet.plan.questions if question.person.key in gone]
        for question in unread:
            form.refuse(
                None,
                gettext(
                    "“%(typed)s” is nobody here. Choose %(name)s from the list, or leave the field empty for a new person.",
                    typed=request.form[PERSON + question.person.key][:60],
                    name=question.person.name,
                ),
            )
        wishes = replace(wishes, answers={key: number for key, number in answers.items() if key not in gone})
        sheet.plan = plan(there, sheet.read, wishes)
    if form.step.data != "import":
        form.draft_revision.data = str(seen)
    if sheet.plan.adopts and not may("event.facts"):
        raise DaysNotYoursError("shift_to", first=sheet.plan.adopts[0], last=sheet.plan.adopts[1])
    if form.failed:
        sheet.status = 422
    return wishes


def _write(form: ScheduleForm, read: ReadSchedule, wishes: Wishes) -> Response:
    actor, seen = acting(), number_of(form.draft_revision.data)
    # Reading is over: on SQLite an open read would not see what is written next.
    db.session.rollback()
    outcome = transact(
        lambda session: import_schedule(
            session,
            read,
            wishes,
            actor=actor,
            may_set_days=may("event.facts"),
            seen_draft_revision=seen or 0,
        )
    )
    forget_this_upload()
    made = outcome.plan
    sentence = gettext(
        "Added: %(added)s, changed: %(changed)s, removed: %(removed)s. Conflicts in the draft: %(conflicts)s.",
        added=len(made.additions),
        changed=len(made.alterations),
        removed=len(made.removals),
        conflicts=len(outcome.conflicts),
    )
    return done(url_for("programme.office"), sentence)


def _page(form: ScheduleForm, sheet: _Sheet) -> Answer:
    made = sheet.plan
    page = render_template(
        "interchange/check.html",
        form=form,
        fields=FIELDS,
        required=REQUIRED,
        headings=sheet.headings,
        chosen={name: sheet.chosen.get(name, "") for name in FIELDS},
        read=sheet.read,
        plan=made,
        sent=request.form,
        people=sheet.people,
        by_id=sheet.by_id,
        shown=SHOWN,
        new=NEW,
        person_field=PERSON,
        may_write=made is not None
        and not made.changes_nothing
        and not made.open_questions
        and not form.failed,
    )
    return page, sheet.status
