"""The office merges two records of one person: choose the other one, see both side by side, decide."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.errors import DomainError
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.people.forms import MergeForm
from conference.people.merging import MergePeople, merge
from conference.people.model import Person, PersonDetails
from conference.people.queries import find_person, get_person, search_people
from conference.people.registry import person_uses
from conference.people.words import FIELD_WORDS, in_words
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.language import gettext
from conference.web.notices import done

Answer = str | Response | tuple[str, int]
CANDIDATES = 20


def add_merge_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/people/<int:person_id>/merge", "merge", choose)
    one = "/staff/people/<int:person_id>/merge/<int:other_id>"
    blueprint.add_url_rule(one, "merge_with", merge_with, methods=["GET", "POST"])


@staff(Role.PROGRAMME)
def choose(person_id: int) -> str:
    """Show who may be the same person: whoever the search finds, first by the person's own name."""
    person = get_person(PersonId(person_id))
    text = request.args.get("text", person.name)[:200]
    others = [one for one in search_people(text, CANDIDATES + 1) if one.id != person.id][:CANDIDATES]
    return render_template("people/merge_choose.html", person=person, others=others, text=text)


@staff(Role.PROGRAMME)
def merge_with(person_id: int, other_id: int) -> Answer:
    kept, gone = get_person(PersonId(person_id)), get_person(PersonId(other_id))
    if request.method != "POST":
        return _preview(kept, gone, MergeForm(formdata=None, data=MergeForm.values_of(kept, gone)))
    form, actor = MergeForm(request.form), by_staff(get_principal().id)
    if not form.validate():
        return _preview(kept, gone, form), 400
    command = MergePeople(
        kept_id=kept.id,
        gone_id=gone.id,
        take=form.take.data or (),
        kept_revision=form.revision.data,
        gone_revision=form.other_revision.data,
    )
    try:
        transact(lambda session: merge(session, command, actor=actor))
    except DomainError as error:
        return _refused(form, error, kept, gone)
    return done(url_for("people.office_page", person_id=kept.id), gettext("The two records are one now."))


def _refused(form: MergeForm, error: DomainError, kept: Person, gone: Person) -> tuple[str, int]:
    """Return the preview as both are stored now, with the choice as it was made."""
    form.refuse(error.field, sentence_of(error))
    db.session.rollback()
    kept, gone = find_person(kept.id) or kept, find_person(gone.id) or gone
    for field, person in ((form.revision, kept), (form.other_revision, gone)):
        field.raw_data, field.data = None, person.revision
    return _preview(kept, gone, form), error.status


def _preview(kept: Person, gone: Person, form: MergeForm) -> str:
    names = [name for name in PersonDetails().as_values() if _value(kept, name) or _value(gone, name)]
    rows = [(name, FIELD_WORDS[name], _value(kept, name), _value(gone, name)) for name in names]
    session = db.session()
    held = [
        [line for uses in person_uses.entries() for line in uses(session, person.id)]
        for person in (kept, gone)
    ]
    return render_template(
        "people/merge.html", form=form, kept=kept, gone=gone, rows=rows, held=held, in_words=in_words
    )


def _value(person: Person, name: str) -> str:
    return str(person.details.as_values()[name])
