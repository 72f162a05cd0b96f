"""What the office sees of who owes what, and of one speaker's dossier."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.looks import Look, note_look
from conference.audit.model import by_staff
from conference.core.errors import DomainError, StaleRevisionError
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.people.availability import unavailable_of
from conference.speakers import dossiers, queries
from conference.speakers.disclosure_export import disclosure_rows
from conference.speakers.forms import InvitationForm
from conference.speakers.model import Invitation
from conference.speakers.owing import owing
from conference.speakers.portraits import find_keys
from conference.speakers.words import CONSENT_WORDS, INTEREST_WORDS, STANDING_WORDS, TASK_WORDS
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.exporting import XLSX, csv_parts, file_answer, xlsx_parts
from conference.web.language import FALLBACK, gettext
from conference.web.notices import done
from conference.web.saving import Difference, differences

Answer = str | Response | tuple[str, int]


def add_overdue_routes(blueprint: Blueprint) -> None:
    one = "/staff/speakers/<int:person_id>"
    blueprint.add_url_rule("/staff/speakers/overdue", "overdue", overdue)
    blueprint.add_url_rule("/staff/speakers/disclosures", "disclosures", disclosures)
    blueprint.add_url_rule(one, "dossier", dossier, methods=["GET", "POST"])


@staff()
def overdue() -> str:
    """Show who still has to do what, those overdue first."""
    return render_template(
        "speakers/overdue.html", lines=owing(), task_words=TASK_WORDS, standing_words=STANDING_WORDS
    )


@staff(Role.PROGRAMME)
def disclosures() -> Response:
    """What everybody signed, as CSV, or with ?format=xlsx as XLSX."""
    rows = list(disclosure_rows())
    note_look(Look.DISCLOSURES, people=len(rows) - 1)
    if request.args.get("format") == "xlsx":
        return file_answer(xlsx_parts(rows, "Disclosures"), "disclosures.xlsx", XLSX)
    return file_answer(csv_parts(rows), "disclosures.csv", "text/csv; charset=utf-8")


@staff(Role.PROGRAMME)
def dossier(person_id: int) -> Answer:
    """Show one speaker's profile, travel and needs too, and set by when they are to answer and in which language they are asked."""
    speaker = queries.get_speaker(person_id)
    invitation = speaker.invitation
    if request.method != "POST":
        return _dossier_page(person_id, InvitationForm(formdata=None, data=_values(invitation)))
    form = InvitationForm(request.form)
    if not form.validate():
        return _dossier_page(person_id, form), 400
    actor, day, language = by_staff(get_principal().id), form.answer_by.data, form.language.data
    one, seen = PersonId(person_id), form.seen.data
    try:
        transact(lambda session: dossiers.set_invitation(session, one, seen, day, language, actor=actor))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()  # what somebody else wrote is newer than what this request has read
        if not isinstance(error, StaleRevisionError):
            return _dossier_page(person_id, form), error.status
        now = _values(queries.get_speaker(person_id).invitation)
        form.seen.data = now.pop("seen")
        return _dossier_page(person_id, form, differences(form, now)), error.status
    return done(url_for("speakers.dossier", person_id=person_id), gettext("The invitation is saved."))


def _values(invitation: Invitation | None) -> dict[str, Any]:
    known = invitation or Invitation()
    return {"answer_by": known.answer_by, "language": known.language or FALLBACK, "seen": known.mark}


def _dossier_page(person_id: int, form: InvitationForm, both: tuple[Difference, ...] = ()) -> str:
    speaker = queries.get_speaker(person_id)
    own_id = speaker.person.id
    note_look(Look.DOSSIER, ("speaker", own_id))
    return render_template(
        "speakers/dossier.html",
        form=form,
        differences=both,
        speaker=speaker,
        invitation=speaker.invitation,
        missing=speaker.missing,
        profile=queries.find_profile(own_id).profile,
        consents=queries.consents_of(own_id),
        disclosures=queries.disclosures_of(own_id),
        times=unavailable_of(own_id),
        portrait=find_keys(own_id).get("webp", ""),
        task_words=TASK_WORDS,
        standing_words=STANDING_WORDS,
        consent_words=CONSENT_WORDS,
        interest_words=INTEREST_WORDS,
    )
