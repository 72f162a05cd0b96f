"""The pages behind a speaker's link beside the first: decline, profile, disclosure, times when they cannot."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import BY_LINK
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.people.availability import cells, covered, joined, set_unavailable, unavailable_of
from conference.people.model import Person
from conference.speakers import dossiers, own_talks
from conference.speakers.forms import (
    ABSTRACT_CHARACTERS,
    BIOGRAPHY_CHARACTERS,
    DeclineForm,
    DisclosureForm,
    OwnTalkForm,
    ProfileForm,
)
from conference.speakers.links import person_by_link, speaker_by_link
from conference.speakers.model import Interest
from conference.speakers.own_routes import own_page_of
from conference.speakers.queries import consents_of, disclosures_of, find_profile
from conference.speakers.words import INTEREST_WORDS
from conference.web.access import by_link
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Refusal, save

Answer = str | Response | tuple[str, int]


def add_dossier_routes(blueprint: Blueprint) -> None:
    own = "/speaker/<token>"
    both = ["GET", "POST"]
    blueprint.add_url_rule(f"{own}/decline", "own_decline", own_decline, methods=["POST"])
    blueprint.add_url_rule(f"{own}/profile", "own_profile", own_profile, methods=both)
    blueprint.add_url_rule(f"{own}/disclosure", "own_disclosure", own_disclosure, methods=both)
    blueprint.add_url_rule(f"{own}/talks/<int:talk_id>", "own_talk", own_talk, methods=both)
    blueprint.add_url_rule(f"{own}/times", "own_times", own_times, methods=both)


def _own(token: str, sentence: str) -> Response:
    return done(url_for("speakers.own_page", token=token), sentence)


@by_link
def own_decline(token: str) -> Answer:
    person, form = speaker_by_link(token), DeclineForm(request.form)
    if not form.validate():
        return own_page_of(person, declining=form), 400
    reason = form.reason.data or ""
    try:
        transact(lambda session: dossiers.decline(session, person.id, reason, actor=BY_LINK, now=clock.now()))
    except DomainError as error:
        db.session.rollback()
        form.refuse(error.field, sentence_of(error))
        return own_page_of(person, declining=form), error.status
    return _own(token, gettext("You have declined. The organisers are told."))


def _profile_values(person: Person) -> dict[str, object]:
    stored = find_profile(person.id)
    consents = {kind.value: is_given for kind, is_given in consents_of(person.id).items()}
    return stored.profile.as_values() | consents | {"revision": stored.revision}


@by_link
def own_profile(token: str) -> Answer:
    person = speaker_by_link(token)
    if request.method != "POST":
        return _profile_page(token, ProfileForm(formdata=None, data=_profile_values(person)))
    form = ProfileForm(request.form)
    if not form.validate():
        return _profile_page(token, form), 400
    profile, consents, seen = form.to_profile(), form.to_consents(), form.revision.data
    refused = save(
        form,
        lambda session: dossiers.save_profile(
            session, person.id, seen, profile, consents, actor=BY_LINK, now=clock.now()
        ),
        lambda: _profile_values(person),
    )
    if refused is not None:
        return _profile_page(token, form, refused), refused.status
    return _own(token, gettext("Your profile is saved."))


def _profile_page(token: str, form: ProfileForm, refused: Refusal | None = None) -> str:
    return render_template(
        "speakers/own_profile.html", form=form, token=token, refused=refused, limit=BIOGRAPHY_CHARACTERS
    )


@by_link
def own_disclosure(token: str) -> Answer:
    person = person_by_link(token)
    if request.method != "POST":
        return _disclosure_page(person, token, DisclosureForm(formdata=None))
    form = DisclosureForm(request.form)
    if not form.validate():
        return _disclosure_page(person, token, form), 400
    command = form.to_command(person.id)
    try:
        transact(lambda session: dossiers.sign(session, command, actor=BY_LINK, now=clock.now()))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _disclosure_page(person, token, form), error.status
    return _own(token, gettext("Your disclosure is signed."))


def _disclosure_page(person: Person, token: str, form: DisclosureForm) -> str:
    return render_template(
        "speakers/own_disclosure.html",
        form=form,
        token=token,
        categories=[form[kind.value] for kind in Interest],
        signed=disclosures_of(person.id),
        interest_words=INTEREST_WORDS,
    )


@by_link
def own_times(token: str) -> Answer:
    person, form = speaker_by_link(token), PlainButtonForm(request.form or None)
    grid = {day: cells(day) for day in get_event().days}
    known = {cell.isoformat(): cell for of_day in grid.values() for cell in of_day}
    if request.method != "POST":
        spans = unavailable_of(person.id)
        chosen = {cell.isoformat() for day in grid for cell in covered(day, spans)}
        return render_template("speakers/own_times.html", form=form, token=token, grid=grid, chosen=chosen)
    chosen = set(request.form.getlist("cell"))
    if not form.validate():
        return render_template(
            "speakers/own_times.html", form=form, token=token, grid=grid, chosen=chosen
        ), 400
    # A half hour that is not of the event's days any more is left out: the grid shows what is kept.
    spans = joined(known[name] for name in chosen & set(known))
    transact(lambda session: set_unavailable(session, person.id, spans, actor=BY_LINK))
    return _own(token, gettext("Your times are saved."))


@by_link
def own_talk(token: str, talk_id: int) -> Answer:
    person = person_by_link(token)
    talk = own_talks.own_talk(person.id, talk_id)
    if request.method != "POST":
        return _talk_page(token, OwnTalkForm(formdata=None, data=OwnTalkForm.values_of(talk)))
    form = OwnTalkForm(request.form)
    if not form.validate():
        return _talk_page(token, form), 400
    words, seen = form.to_words(), form.revision.data
    refused = save(
        form,
        lambda session: own_talks.write_talk(session, person.id, talk_id, seen, words, actor=BY_LINK),
        lambda: OwnTalkForm.values_of(own_talks.own_talk(person.id, talk_id)),
    )
    if refused is not None:
        return _talk_page(token, form, refused), refused.status
    return _own(token, gettext("Your talk is saved. It is public with the next version of the programme."))


def _talk_page(token: str, form: OwnTalkForm, refused: Refusal | None = None) -> str:
    return render_template(
        "speakers/own_talk.html", form=form, token=token, refused=refused, limit=ABSTRACT_CHARACTERS
    )
