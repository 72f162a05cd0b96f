from math import ceil
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.accounts.queries import staff_names
from conference.audit.model import Actor, by_staff
from conference.audit.rules import acts
from conference.core.ids import PersonId
from conference.people.countries import country_name
from conference.people.forms import PersonForm
from conference.people.merge_routes import add_merge_routes
from conference.people.model import Person
from conference.people.queries import count_people, get_person, search_people, whole_history
from conference.people.service import add_by_office, delete_person, edit_by_office
from conference.people.sorting_routes import add_sorting_routes
from conference.people.words import FIELD_WORDS, in_words
from conference.web.access import Role, get_principal, staff
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Refusal, RevisedForm, save

blueprint = Blueprint("people", __name__)
add_merge_routes(blueprint)
add_sorting_routes(blueprint)
Answer = str | Response | tuple[str, int]
PER_PAGE = 50


def _acting() -> Actor:
    return by_staff(get_principal().id)


@blueprint.get("/staff/people")
@staff()
def office_list() -> str:
    text = request.args.get("text", "")[:200]
    total = count_people(text=text)
    pages = max(1, ceil(total / PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "people/office_list.html",
        people=search_people(text, PER_PAGE, offset=(page - 1) * PER_PAGE),
        text=text,
        total=total,
        page=page,
        pages=pages,
        country_name=country_name,
    )


@blueprint.get("/staff/people/<int:person_id>")
@staff()
def office_page(person_id: int) -> str:
    return _shown(get_person(PersonId(person_id)))


def _shown(person: Person, button: RevisedForm | None = None) -> str:
    """Return the person's page; `button` is the delete button's form, if that was refused."""
    history = acts(whole_history(person.id))
    return render_template(
        "people/office_page.html",
        person=person,
        history=history,
        names=staff_names(entry.actor.id for entry in history),
        country_name=country_name,
        field_words=FIELD_WORDS,
        in_words=in_words,
        button=button,
    )


@blueprint.route("/staff/people/new", methods=["GET", "POST"])
@staff(Role.PROGRAMME)
def new() -> Answer:
    form, actor, made = PersonForm(request.form or None), _acting(), list[PersonId]()
    if request.method != "POST":
        return _form(form, None)
    if not form.validate():
        return _form(form, None), 400
    details = form.details()
    refused = save(form, lambda session: made.append(add_by_office(session, details, actor=actor)), dict)
    if refused:
        return _form(form, None, refused), refused.status
    return done(url_for("people.office_page", person_id=made[-1]), gettext("The person is there."))


@blueprint.route("/staff/people/<int:person_id>/edit", methods=["GET", "POST"])
@staff(Role.PROGRAMME)
def edit(person_id: int) -> Answer:
    person, actor = get_person(PersonId(person_id)), _acting()
    if request.method != "POST":
        return _form(PersonForm(formdata=None, data=_stored(person.id)), person)
    form = PersonForm(request.form)
    if not form.validate():
        return _form(form, person), 400
    details, seen = form.details(), form.revision.data
    refused = save(
        form,
        lambda session: edit_by_office(session, person.id, seen, details, actor=actor),
        lambda: _stored(person.id),
    )
    if refused:
        return _form(form, person, refused), refused.status
    return done(url_for("people.office_page", person_id=person.id), gettext("The person is saved."))


def _stored(person_id: PersonId) -> dict[str, Any]:
    person = get_person(person_id)
    return person.details.as_values() | {"revision": person.revision}


def _form(form: PersonForm, person: Person | None, refused: Refusal | None = None) -> str:
    return render_template("people/office_form.html", form=form, person=person, refused=refused)


@blueprint.post("/staff/people/<int:person_id>/delete")
@staff(Role.PROGRAMME)
def delete(person_id: int) -> Answer:
    person, actor = get_person(PersonId(person_id)), _acting()
    button = RevisedForm(request.form)
    if not button.validate():
        return _shown(person, button), 400
    seen = button.revision.data
    refused = save(
        button,
        lambda session: delete_person(session, person.id, seen, actor=actor),
        lambda: _stored(person.id),
    )
    if refused:
        return _shown(get_person(person.id), button), refused.status
    return done(url_for("people.office_list"), gettext("The person is deleted."))
