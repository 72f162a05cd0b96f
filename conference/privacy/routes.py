"""A person's own data by the personal link, and the office's answer to who asks to be erased."""

import json

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from conference.accounts.registry import HomeCount
from conference.audit.looks import Look, note_look
from conference.audit.model import by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import organisers
from conference.people.queries import get_person, people_by_id
from conference.privacy.queries import count_requests, everything_held, has_requested, requests
from conference.privacy.service import erase_person, request_erasure
from conference.registration.links import registration_by_link
from conference.web.access import Role, after_confirming, by_link, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done

Answer = str | BaseResponse | tuple[str, int]
blueprint = Blueprint("privacy", __name__)
REQUESTS = HomeCount(label=_l("ask to be erased"), endpoint="privacy.office_erasures", count=count_requests)


@blueprint.get("/r/<token>/data.json")
@by_link
def own_data(token: str) -> Response:
    """All that is held, to keep or to take elsewhere."""
    registration = registration_by_link(token)
    note_look(Look.OWN_DATA, ("registration", registration.id))
    held = everything_held(registration.person_id)
    answer = Response(json.dumps(held, ensure_ascii=False, indent=2), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="registration-{registration.number}.json"'
    return answer


@blueprint.route("/r/<token>/erase", methods=["GET", "POST"])
@by_link
def own_erase(token: str) -> Answer:
    """Ask on GET, keep the wish on POST."""
    registration = registration_by_link(token)
    form = PlainButtonForm(request.form)
    if request.method == "POST" and form.validate():
        transact(
            lambda session: request_erasure(session, registration.person_id, registration.id, now=clock.now())
        )
        return done(url_for("privacy.own_erase", token=token), gettext("Your wish is with the organisers."))
    page = render_template(
        "privacy/own_erase.html",
        token=token,
        form=form,
        has_asked=has_requested(registration.person_id),
        organisers=organisers(),
    )
    return page, 400 if request.method == "POST" else 200


@blueprint.get("/staff/erasures")
@staff(Role.ORGANISER)
def office_erasures() -> str:
    return _erasures(PlainButtonForm(formdata=None))


def _erasures(form: PlainButtonForm) -> str:
    asked = requests()
    people = people_by_id(one.person_id for one in asked)
    return render_template("privacy/erasures.html", form=form, requests=asked, people=people)


@blueprint.post("/staff/erasures/<int:person_id>")
@after_confirming(_l("Erase a person"))
@staff(Role.ORGANISER)
def office_erase(person_id: int) -> Answer:
    known, actor = get_person(PersonId(person_id)).id, by_staff(get_principal().id)
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _erasures(form), 400
    try:
        transact(lambda session: erase_person(session, known, actor=actor, now=clock.now()))
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        return _erasures(form), error.status
    return done(url_for("privacy.office_erasures"), gettext("The person's data is erased."))
