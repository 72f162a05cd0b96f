"""The office's invitations: who is invited to what by when, and what became of it."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.accounts.queries import staff_names
from conference.audit.model import Actor, by_staff
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import InvitationId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.queries import mails_about
from conference.registration.category_queries import categories, get_category
from conference.registration.invitation_forms import InvitationForm
from conference.registration.invitation_links import address_of
from conference.registration.invitation_model import INVITATION_WORDS, Invitation, InvitationState
from conference.registration.invitation_queries import (
    MOST_SHOWN,
    InvitationFilters,
    counts_by_state,
    get_invitation,
    invitations,
)
from conference.registration.invitations import (
    delete_invitation,
    edit_invitation,
    invite,
    mail_again,
    revoke,
)
from conference.registration.showing import FIELD_WORDS, history_words
from conference.web.access import Role, get_principal, may, staff
from conference.web.errors import sentence_of
from conference.web.forms import BaseForm, PlainButtonForm
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done
from conference.web.numbers import number_of
from conference.web.saving import Difference, Refusal, save

Answer = str | Response | tuple[str, int]
# The theme's word for each state's colour; the word itself is always there too.
STYLES = {
    InvitationState.OPEN: "warn",
    InvitationState.USED: "good",
    InvitationState.LAPSED: "soft",
    InvitationState.REVOKED: "soft",
}


_FIELD_WORDS = FIELD_WORDS | {
    "expires_at": _l("Register by"),
    "holds_seat": _l("A place is held"),
    "skips_approval": _l("Needs no approval"),
    "language": _l("Language"),
    "note": _l("Note"),
}


def add_invitation_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/invitations", "invitations", invitation_list)
    blueprint.add_url_rule(
        "/staff/invitations/new", "new_invitation", new_invitation, methods=["GET", "POST"]
    )
    one = "/staff/invitations/<int:invitation_id>"
    blueprint.add_url_rule(one, "invitation", invitation_page)
    blueprint.add_url_rule(f"{one}/change", "change_invitation", change_invitation, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/mail", "mail_invitation", mail_invitation, methods=["POST"])
    blueprint.add_url_rule(f"{one}/revoke", "revoke_invitation", revoke_invitation, methods=["POST"])
    blueprint.add_url_rule(f"{one}/delete", "delete_invitation", remove_invitation, methods=["POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


@staff(Role.ORGANISER)
def invitation_list() -> str:
    filters = InvitationFilters.of_query(request.args)
    kinds = categories()
    return render_template(
        "registration/invitations.html",
        filters=filters,
        counts=counts_by_state(filters),
        shown=invitations(filters),
        most=MOST_SHOWN,
        categories=kinds,
        names={kind.id: kind.name for kind in kinds},
        state_words=INVITATION_WORDS,
        styles=STYLES,
        now=clock.now(),
    )


def _form(sent: Any = None, values: dict[str, Any] | None = None) -> InvitationForm:
    form = InvitationForm(formdata=sent, data=values)
    form.offer(categories())
    return form


def _form_page(
    form: InvitationForm, invitation: Invitation | None = None, differences: tuple[Difference, ...] = ()
) -> str:
    return render_template(
        "registration/invitation_form.html", form=form, invitation=invitation, differences=differences
    )


@staff(Role.ORGANISER)
def new_invitation() -> Answer:
    if request.method != "POST":
        return _form_page(_form(None, {"language": "en"}))
    form = _form(request.form)
    if not form.validate():
        return _form_page(form), 400
    details, actor = form.to_details(), _me()
    try:
        made = transact(lambda session: invite(session, details, actor=actor, now=clock.now()))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()
        return _form_page(form), error.status
    mailed = gettext("The invitation is on its way by mail.")
    sentence = (
        mailed if details.email else gettext("The invitation is there. Copy its link and send it yourself.")
    )
    return done(url_for("registration.invitation", invitation_id=made), sentence)


@staff(Role.ORGANISER)
def invitation_page(invitation_id: int) -> str:
    return _page(InvitationId(invitation_id), PlainButtonForm(formdata=None))


def _page(invitation_id: InvitationId, form: BaseForm) -> str:
    invitation = get_invitation(invitation_id)
    history = history_of("invitation", invitation_id)
    is_over = clock.now() >= invitation.details.expires_at
    return render_template(
        "registration/invitation.html",
        form=form,
        invitation=invitation,
        details=invitation.details,
        category=get_category(invitation.details.category_id),
        link=address_of(invitation) if invitation.state is InvitationState.OPEN and not is_over else "",
        mails=mails_about("invitation", invitation_id),
        may_open_mails=may("mail.office_page"),
        state_words=INVITATION_WORDS,
        styles=STYLES,
        history=history,
        names=staff_names(entry.actor.id for entry in history),
        field_words=_FIELD_WORDS,
        in_words=history_words(),
    )


@staff(Role.ORGANISER)
def change_invitation(invitation_id: int) -> Answer:
    invitation = get_invitation(InvitationId(invitation_id))
    if request.method != "POST":
        values = InvitationForm.values_of(invitation.details, invitation.revision)
        return _form_page(_form(None, values), invitation)
    form = _form(request.form)
    if not form.validate():
        return _form_page(form, invitation), 400
    refused = _save(invitation.id, form)
    if refused is not None:
        return _form_page(form, get_invitation(invitation.id), refused.differences), refused.status
    return done(
        url_for("registration.invitation", invitation_id=invitation.id), gettext("The invitation is saved.")
    )


def _save(invitation_id: InvitationId, form: InvitationForm) -> Refusal | None:
    details, revision, actor = form.to_details(), form.revision.data, _me()

    def work(session: Session) -> None:
        edit_invitation(session, invitation_id, revision, details, actor=actor, now=clock.now())

    return save(form, work, lambda: _stored(invitation_id))


def _stored(invitation_id: InvitationId) -> dict[str, Any]:
    invitation = get_invitation(invitation_id)
    return InvitationForm.values_of(invitation.details, invitation.revision)


def _act(invitation_id: InvitationId, act: Any, sentence: str, target: str) -> Answer:
    """Answer one button of the invitation's page: do it, or show the page with why not."""
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _page(invitation_id, form), 400
    try:
        transact(act)
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        return _page(invitation_id, form), error.status
    return done(target, sentence)


@staff(Role.ORGANISER)
def mail_invitation(invitation_id: int) -> Answer:
    known, actor = get_invitation(InvitationId(invitation_id)).id, _me()
    return _act(
        known,
        lambda session: mail_again(session, known, actor=actor),
        gettext("The invitation is on its way by mail."),
        url_for("registration.invitation", invitation_id=known),
    )


@staff(Role.ORGANISER)
def revoke_invitation(invitation_id: int) -> Answer:
    known, actor = get_invitation(InvitationId(invitation_id)).id, _me()
    return _act(
        known,
        lambda session: revoke(session, known, actor=actor, now=clock.now()),
        gettext("The invitation is revoked: its link opens nothing any more."),
        url_for("registration.invitation", invitation_id=known),
    )


@staff(Role.ORGANISER)
def remove_invitation(invitation_id: int) -> Answer:
    known, actor = get_invitation(InvitationId(invitation_id)).id, _me()
    seen = number_of(request.form.get("revision"))
    return _act(
        known,
        lambda session: delete_invitation(session, known, seen, actor=actor, now=clock.now()),
        gettext("The invitation is deleted, with its mails."),
        url_for("registration.invitations"),
    )
