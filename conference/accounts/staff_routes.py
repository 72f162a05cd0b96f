"""The list of staff accounts, for organisers. On the blueprint of `routes`."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from conference.accounts.answers import Answer
from conference.accounts.arrivals import arrivals
from conference.accounts.factors import factors_of, guarded_ids, reset_factors
from conference.accounts.forms import InviteForm, LimitForm, RoleForm, SeenForm
from conference.accounts.letters import invite_by_mail, mail_link
from conference.accounts.model import LINK_LIFE, StaffMember
from conference.accounts.queries import get_member, has_account, staff_members, staff_names, tracks_of
from conference.accounts.registry import track_choices
from conference.accounts.service import change, give_link, limit, remove, resume, suspend
from conference.accounts.words import ROLE_WORDS
from conference.audit.model import Actor, by_staff
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.errors import DomainError
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import Role, after_confirming, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import BaseForm, PlainButtonForm, options
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done
from conference.web.saving import Difference, save
from conference.web.settings import current_settings

# Sign-ins are entries too: the newest acts are enough for a page.
_MOST_SHOWN = 50


def add_staff_routes(blueprint: Blueprint) -> None:
    """Put the pages of the accounts' list on the room's blueprint."""
    blueprint.add_url_rule("/staff/accounts", "members", members)
    blueprint.add_url_rule("/staff/accounts/invite", "invite", invite_member, methods=["POST"])
    one = "/staff/accounts/<int:staff_id>"
    blueprint.add_url_rule(one, "member", member, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/mail-link", "mail_link", mail_new_link, methods=["POST"])
    blueprint.add_url_rule(f"{one}/link", "new_link", new_link, methods=["POST"])
    blueprint.add_url_rule(f"{one}/remove", "remove", remove_member, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/tracks", "limit", limit_member, methods=["POST"])
    blueprint.add_url_rule(f"{one}/suspend", "suspend", suspend_member, methods=["POST"])
    blueprint.add_url_rule(f"{one}/resume", "resume", resume_member, methods=["POST"])
    factor = f"{one}/reset-second-factor"
    blueprint.add_url_rule(factor, "reset_second_factor", reset_second_factor, methods=["POST"])


@staff(Role.ORGANISER)
def members() -> Answer:
    return _list(InviteForm())


@after_confirming(_l("Invite somebody"))
@staff(Role.ORGANISER)
def invite_member() -> Answer:
    """Make the account and mail its link, of which only the hash is stored."""
    form = InviteForm(request.form)
    if not form.validate():
        return _list(form), 400
    email, role, name = form.email.data or "", Role(form.role.data), form.name.data or ""
    if has_account(email):
        form.refuse(
            "email",
            gettext("There is an account for this address. Open it to change its role or make a link."),
        )
        return _list(form), 422
    me = by_staff(get_principal().id)
    try:
        transact(
            lambda session: invite_by_mail(
                session, email, role, name, language=form.language.data or "", actor=me
            )
        )
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _list(form), error.status
    return done(url_for("accounts.members"), gettext("The invitation is on its way."))


@after_confirming(_l("Mail a new sign-in link"))
@staff(Role.ORGANISER)
def mail_new_link(staff_id: int) -> Answer:
    form = PlainButtonForm(request.form)
    someone = get_member(StaffId(staff_id))
    if not form.validate():
        return _member(staff_id, form), 400
    me = by_staff(get_principal().id)
    try:
        transact(lambda session: mail_link(session, someone.id, actor=me))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _member(staff_id, form), error.status
    return done(url_for("accounts.member", staff_id=staff_id), gettext("A new sign-in link is on its way."))


@after_confirming(_l("Show a new sign-in link"))
@staff(Role.ORGANISER)
def new_link(staff_id: int) -> Answer:
    """Show a new link once, on this page: for who gets no mail."""
    form = PlainButtonForm(request.form)
    someone = get_member(StaffId(staff_id))
    if not form.validate():
        return _member(staff_id, form), 400
    me = by_staff(get_principal().id)
    try:
        token = transact(lambda session: give_link(session, someone.id, actor=me))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _member(staff_id, form), error.status
    db.session.rollback()  # the list is to show who has just been written
    path = url_for("accounts.link", token=token)
    address = (current_settings().base_url or request.host_url.rstrip("/")) + path
    return _list(InviteForm(formdata=None), link=address, invited=someone.email)


def _list(form: InviteForm, link: str = "", invited: str = "") -> str:
    found = staff_members()
    return render_template(
        "accounts/members.html",
        form=form,
        members=found,
        arrivals=arrivals([one.id for one in found], real_now()),
        guarded=guarded_ids(),
        role_names=ROLE_WORDS,
        link=link,
        invited=invited,
        hours=int(LINK_LIFE.total_seconds() // 3600),
    )


@after_confirming(_l("Save the account"))
@staff(Role.ORGANISER)
def member(staff_id: int) -> Answer:
    if request.method != "POST":
        return _member(staff_id, PlainButtonForm())
    form = RoleForm(request.form)
    if not form.validate():
        return _member(staff_id, form), 400
    one, me, role = StaffId(staff_id), by_staff(get_principal().id), Role(form.role.data)
    before = get_member(one)
    had_link = arrivals([one], real_now())[one].link_until is not None
    if form.name.data is None:  # a page from before the name stood on it
        form.name.data = before.name
    seen, facts = form.revision.data, {"name": form.name.data, "language": form.language.data or ""}
    db.session.rollback()
    refusal = save(
        form,
        lambda session: change(session, one, seen, role, facts, actor=me),
        lambda: _stored(get_member(one)),
    )
    if refusal is not None:
        return _member(staff_id, form, refusal.differences), refusal.status
    if role is before.role:
        return done(url_for("accounts.members"), gettext("The account is saved."))
    if not had_link:
        return done(url_for("accounts.members"), gettext("The role is saved."))
    sentence = gettext("The role is saved. The link that was open no longer works: mail a new one here.")
    return done(url_for("accounts.member", staff_id=staff_id), sentence)


def _stored(someone: StaffMember) -> dict[str, Any]:
    """Return what the form of the account edits, by field name."""
    return {
        "name": someone.name,
        "role": someone.role.value,
        "language": someone.language,
        "revision": someone.revision,
    }


@after_confirming(_l("Remove the account"))
@staff(Role.ORGANISER)
def remove_member(staff_id: int) -> Answer:
    """Say first what goes with the account, since it never comes back, and remove it on POST."""
    form, me = SeenForm(request.form), by_staff(get_principal().id)
    if request.method != "POST" and me.id == staff_id:
        return redirect(url_for("accounts.member", staff_id=staff_id), 303)
    if request.method != "POST":
        return _removal(staff_id, form)
    if not form.validate():
        return _removal(staff_id, form), 400
    seen = form.revision.data
    try:
        transact(lambda session: remove(session, StaffId(staff_id), seen, actor=me))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _removal(staff_id, form), error.status
    return done(url_for("accounts.members"), gettext("The account is removed."))


@after_confirming(_l("Save the tracks"))
@staff(Role.ORGANISER)
def limit_member(staff_id: int) -> Answer:
    form = _limit_form(request.form)
    if not form.validate():
        return _member(staff_id, form), 400
    tracks = frozenset(form.tracks.data or ()) if form.is_limited.data else None
    if tracks is not None and not tracks:
        form.refuse(
            "tracks", gettext("Choose the tracks that the account edits, or take the tick above away.")
        )
        return _member(staff_id, form), 422
    seen, me, one = form.revision.data, by_staff(get_principal().id), StaffId(staff_id)
    try:
        transact(lambda session: limit(session, one, seen, tracks, actor=me))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _member(staff_id, form), error.status
    return done(url_for("accounts.member", staff_id=staff_id), gettext("The tracks are saved."))


def _limit_form(sent: Any = None, data: Mapping[str, Any] | None = None) -> LimitForm:
    form = LimitForm(sent, data=data)
    form.tracks.choices = options(track_choices.get("event")())
    return form


@after_confirming(_l("Suspend the account"))
@staff(Role.ORGANISER)
def suspend_member(staff_id: int) -> Answer:
    sentence = gettext(
        "The account is suspended. Nobody is signed in by it, and its API tokens open nothing."
    )
    return _press(
        staff_id,
        lambda session, seen, me: suspend(session, StaffId(staff_id), seen, actor=me, now=real_now()),
        sentence,
    )


@after_confirming(_l("Let the account in again"))
@staff(Role.ORGANISER)
def resume_member(staff_id: int) -> Answer:
    sentence = gettext("The account is let in again, with the password and the second factor that it had.")
    return _press(
        staff_id, lambda session, seen, me: resume(session, StaffId(staff_id), seen, actor=me), sentence
    )


def _press(staff_id: int, act: Callable[[Session, int | None, Actor], None], sentence: str) -> Answer:
    """Do what a button of the member's page does to the account as it was seen."""
    form = SeenForm(request.form)
    if not form.validate():
        return _member(staff_id, form), 400
    seen, me = form.revision.data, by_staff(get_principal().id)
    try:
        transact(lambda session: act(session, seen, me))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _member(staff_id, form), error.status
    return done(url_for("accounts.member", staff_id=staff_id), sentence)


@after_confirming(_l("Take the second factor away"))
@staff(Role.ORGANISER)
def reset_second_factor(staff_id: int) -> Answer:
    form = PlainButtonForm(request.form)
    someone = get_member(StaffId(staff_id))
    if not form.validate():
        return _member(staff_id, form), 400
    me = by_staff(get_principal().id)
    if someone.id == me.id:
        # Whoever found this browser open would take away what keeps them out.
        form.refuse(None, gettext("This is your own account: change what guards it under “My account”."))
        return _member(staff_id, form), 409
    transact(lambda session: reset_factors(session, someone.id, actor=me, now=real_now()))
    sentence = gettext(
        "The second factor is taken away, and its owner is mailed. Every browser is signed out."
    )
    return done(url_for("accounts.member", staff_id=staff_id), sentence)


def _removal(staff_id: int, form: SeenForm) -> str:
    return render_template(
        "accounts/remove.html", form=form, someone=get_member(StaffId(staff_id)), role_names=ROLE_WORDS
    )


def _member(staff_id: int, refused: BaseForm, differences: tuple[Difference, ...] = ()) -> str:
    """Return the member's page; `refused` is the form whose errors stand on top, whichever button was pressed."""
    someone = get_member(StaffId(staff_id))
    form = refused if isinstance(refused, RoleForm) else RoleForm(formdata=None, data=_stored(someone))
    chosen = {"is_limited": someone.is_limited, "tracks": sorted(tracks_of(staff_id))}
    limits = refused if isinstance(refused, LimitForm) else _limit_form(data=chosen)
    acts = history_of("staff", staff_id)[:_MOST_SHOWN]
    return render_template(
        "accounts/member.html",
        form=form,
        refused=refused,
        differences=differences,
        someone=someone,
        arrival=arrivals([someone.id], real_now())[someone.id],
        guards=factors_of(someone.id),
        limits=limits,
        acts=acts,
        names=staff_names(act.actor.id for act in acts),
    )
