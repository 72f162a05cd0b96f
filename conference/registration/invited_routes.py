"""The form behind a personal invitation. Following the link changes nothing."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.registration.category_queries import get_category
from conference.registration.extra_queries import extras
from conference.registration.file_posting import posted
from conference.registration.invitation_errors import InvitationOverError
from conference.registration.invitation_links import invitation_by_link
from conference.registration.invitation_model import Invitation
from conference.registration.invited_forms import InvitedForm
from conference.registration.model import Category
from conference.registration.public_routes import ATTEMPT, Offer, drawn, offer_of
from conference.registration.question_queries import asked_questions
from conference.registration.redeeming import require_category, require_open
from conference.registration.rules import places_left, places_text
from conference.registration.service import register
from conference.web.access import by_link
from conference.web.errors import sentence_of
from conference.web.language import gettext

Answer = str | Response | tuple[str, int]


def add_invited_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/invited/<token>", "invited", invited, methods=["GET", "POST"])


@by_link
def invited(token: str) -> Answer:
    """Draw the form of an invitation, and register by it; where it is over, say what happened and whom to write to."""
    try:
        invitation = invitation_by_link(token)
        if request.method != "POST":
            return _page(invitation, InvitedForm.blank(invitation))
        return _registered(invitation, InvitedForm.sent(invitation, posted(asked_questions())))
    except InvitationOverError as error:
        db.session.rollback()
        return render_template("registration/invitation_over.html", sentence=sentence_of(error)), error.status


def _registered(invitation: Invitation, form: InvitedForm) -> Answer:
    if not form.validate():
        return _page(invitation, form), 400
    command = form.to_command()
    try:
        session[ATTEMPT] = transact(lambda work: register(work, command, now=clock.now()))
    except InvitationOverError:
        raise
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        db.session.rollback()
        return _page(invitation, form), error.status
    return redirect(url_for("registration.sent"), 303)


def _page(invitation: Invitation, form: InvitedForm) -> str:
    """Return the form with its one category. Raises InvitationOverError."""
    category = get_category(invitation.details.category_id)
    require_open(invitation, clock.now())
    require_category(invitation, category)
    form.category.data = str(category.id)
    return drawn(form, [_offer(invitation, category)], extras(), invitation=invitation.details)


def _offer(invitation: Invitation, category: Category) -> Offer:
    details, ledger = invitation.details, category.ledger
    places = "" if ledger.seats is None else gettext(places_text(ledger), left=places_left(ledger) or 0)
    offer = offer_of(category, clock.now(), with_fee=bool(category.details.fee_minor))
    return replace(
        offer,
        # The invitation's deadline counts, not the category's own.
        is_closed=False,
        places=gettext("a place is held for you") if details.holds_seat else places,
        needs_approval=offer.needs_approval and not (details.skips_approval or details.holds_seat),
    )
