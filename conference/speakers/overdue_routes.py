"""What the office sees of who owes what, and of one speaker's dossier."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.ids import PersonId
from conference.db.work import transact
from conference.people.availability import unavailable_of
from conference.speakers import dossiers, queries
from conference.speakers.forms import InvitationForm
from conference.speakers.model import Invitation
from conference.speakers.portraits import find_keys
from conference.speakers.words import CONSENT_WORDS, INTEREST_WORDS, STANDING_WORDS, TASK_WORDS
from conference.web.access import Role, get_principal, staff
from conference.web.language import FALLBACK, gettext
from conference.web.notices import done

Answer = str | Response | tuple[str, int]


def add_overdue_routes(blueprint: Blueprint) -> None:
    one = "/staff/speakers/<int:person_id>"
    blueprint.add_url_rule("/staff/speakers/overdue", "overdue", overdue)
    blueprint.add_url_rule(one, "dossier", dossier, methods=["GET", "POST"])


@staff()
def overdue() -> str:
    """Show who still has to do what, those overdue first."""
    lines = sorted((one for one in queries.speakers() if one.missing), key=lambda one: not one.is_overdue)
    return render_template(
        "speakers/overdue.html", lines=lines, task_words=TASK_WORDS, standing_words=STANDING_WORDS
    )


@staff(Role.PROGRAMME)
def dossier(person_id: int) -> Answer:
    """Show one speaker's profile, travel and needs too, and set by when they are to answer and in which language they are asked."""
    speaker = queries.get_speaker(person_id)
    invitation = speaker.invitation
    if request.method != "POST":
        known = invitation or Invitation()
        data = {"answer_by": known.answer_by, "language": known.language or FALLBACK}
        return _dossier_page(person_id, InvitationForm(formdata=None, data=data))
    form = InvitationForm(request.form)
    if not form.validate():
        return _dossier_page(person_id, form), 400
    actor, day, language = by_staff(get_principal().id), form.answer_by.data, form.language.data
    transact(
        lambda session: dossiers.set_invitation(session, PersonId(person_id), day, language, actor=actor)
    )
    return done(url_for("speakers.dossier", person_id=person_id), gettext("The invitation is saved."))


def _dossier_page(person_id: int, form: InvitationForm) -> str:
    speaker = queries.get_speaker(person_id)
    own_id = speaker.person.id
    return render_template(
        "speakers/dossier.html",
        form=form,
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
