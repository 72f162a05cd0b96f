"""Under which letters a person is found: one key for badges, boxes, lists and the index."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.ids import PersonId
from conference.core.text import as_typed
from conference.people.forms import SortingForm
from conference.people.queries import get_person
from conference.people.service import sort_person
from conference.web.access import Role, get_principal, staff
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Refusal, save

Answer = str | Response | tuple[str, int]


def add_sorting_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(
        "/staff/people/<int:person_id>/sorting", "sorting", sorting_page, methods=["GET", "POST"]
    )


@staff(Role.DESK, Role.PROGRAMME)
def sorting_page(person_id: int) -> Answer:
    """Type what the person is sorted by, as "Berg" for van der Berg."""
    known = get_person(PersonId(person_id)).id
    if request.method != "POST":
        return _page(SortingForm(formdata=None, data=_stored(known)), known)
    form, actor = SortingForm(request.form), by_staff(get_principal().id)
    if not form.validate():
        return _page(form, known), 400
    seen, typed = form.revision.data, as_typed(form.sort_as.data or "")
    refused = save(
        form,
        lambda session: sort_person(session, known, seen, typed, actor=actor),
        lambda: _stored(known),
    )
    if refused:
        return _page(form, known, refused), refused.status
    person = get_person(known)
    return done(
        url_for("people.sorting", person_id=known),
        gettext("%(name)s is sorted under “%(key)s”.", name=person.name, key=person.sort_name),
    )


def _stored(person_id: PersonId) -> dict[str, Any]:
    person = get_person(person_id)
    return {"sort_as": person.sort_as, "revision": person.revision}


def _page(form: SortingForm, person_id: PersonId, refused: Refusal | None = None) -> str:
    return render_template(
        "people/sorting.html",
        form=form,
        person=get_person(person_id),
        differences=refused.differences if refused else (),
    )
