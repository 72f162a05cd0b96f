"""One's own account: what guards it, and where one is signed in. On the blueprint of `routes`."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from conference.accounts.answers import Answer, untold
from conference.accounts.confirm_routes import is_just_confirmed
from conference.accounts.confirming import is_fresh
from conference.accounts.cookie import drop_token
from conference.accounts.errors import (
    AgedSetupCodeError,
    ByCodeError,
    PasskeyNotAddedError,
    PasskeyRefusedError,
    StaleSignInError,
    WrongSetupCodeError,
)
from conference.accounts.factors import (
    add_totp,
    factors_of,
    has_secret,
    new_setup,
    read_setup,
    remove_totp,
    renew_codes,
)
from conference.accounts.forms import AuthenticatorForm, NewPasskeyForm
from conference.accounts.model import Means
from conference.accounts.own_sessions import end_all, end_session, open_sessions
from conference.accounts.passkeys import (
    add_passkey,
    ask_for_new,
    has_passkey,
    remove_passkey,
    spend_challenge,
)
from conference.accounts.queries import required_roles
from conference.accounts.registry import code_pictures
from conference.accounts.second_step_routes import ASKED, this_site
from conference.accounts.totp import encoded, setup_address
from conference.core.clock import real_now
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import Principal, after_confirming, get_principal, staff, while_enrolling
from conference.web.errors import problem, sentence_of
from conference.web.forms import BaseForm, PlainButtonForm
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done
from conference.web.registry import page_facts

MEANS_WORDS = {
    Means.PASSWORD: _l("password"),
    Means.LINK: _l("mailed link"),
    Means.PASSKEY: _l("passkey"),
    Means.TOTP: _l("code of the app"),
    Means.RECOVERY: _l("recovery code"),
    Means.DESK_CODE: _l("desk code"),
}


def add_own_routes(blueprint: Blueprint) -> None:
    """Put the pages of one's own account on the room's blueprint."""
    me = "/staff/me"
    blueprint.add_url_rule(me, "own", own)
    blueprint.add_url_rule(f"{me}/sessions/<int:session_id>/end", "end_session", end_one, methods=["POST"])
    blueprint.add_url_rule(f"{me}/sessions/end", "end_sessions", end_every, methods=["POST"])
    blueprint.add_url_rule(f"{me}/guards", "guards", guards)
    app = f"{me}/authenticator"
    blueprint.add_url_rule(app, "authenticator", authenticator, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{app}/remove", "remove_authenticator", remove_authenticator, methods=["POST"])
    blueprint.add_url_rule(f"{me}/recovery-codes", "recovery_codes", recovery_codes, methods=["POST"])
    keys = f"{me}/passkeys"
    blueprint.add_url_rule(keys, "add_passkey", add_own_passkey, methods=["POST"])
    blueprint.add_url_rule(f"{keys}/begin", "own_passkey_begin", own_passkey_begin, methods=["POST"])
    one = f"{keys}/<int:passkey_id>/remove"
    blueprint.add_url_rule(one, "remove_passkey", remove_own_passkey, methods=["POST"])


def _member() -> Principal:
    """Return who asks; raises ByCodeError for who has no account."""
    me = get_principal()
    if me.is_by_code:
        raise ByCodeError
    return me


def fresh() -> Principal:
    """Return who asks, proved to be there a moment ago; raises StaleSignInError, and ByCodeError."""
    me = _member()
    if not is_fresh(me.session, real_now()):
        raise StaleSignInError
    return me


@staff()
def own() -> Answer:
    return _own_page(get_principal(), PlainButtonForm())


def _own_page(me: Principal, form: BaseForm) -> str:
    this = me.session.id if me.session else None
    return render_template(
        "accounts/own.html",
        form=form,
        sessions=open_sessions(me.id, me.role, this, real_now()),
        means_words=MEANS_WORDS,
        guards=None if me.is_by_code else factors_of(me.id),
    )


@after_confirming(_l("Sign out another browser"))
@staff()
def end_one(session_id: int) -> Answer:
    me, form = get_principal(), PlainButtonForm(request.form)
    if not form.validate():
        return _own_page(me, form), 400
    transact(lambda work: end_session(work, me.id, session_id))
    if me.session is not None and me.session.id == session_id:
        drop_token()
        return redirect(url_for("accounts.sign_in"), 303)
    return done(url_for("accounts.own"), gettext("That browser is signed out."))


@after_confirming(_l("Sign out everywhere"))
@staff()
def end_every() -> Answer:
    me, form = get_principal(), PlainButtonForm(request.form)
    if not form.validate():
        return _own_page(me, form), 400
    transact(lambda work: end_all(work, me.id))
    drop_token()
    return redirect(url_for("accounts.sign_in"), 303)


@while_enrolling
@staff()
def guards() -> Answer:
    return _guards(PlainButtonForm(formdata=None))


def _guards(form: BaseForm) -> str:
    """Return the page of what guards the account; `form` is the one whose errors stand on top, whichever button it was."""
    me = _member()
    db.session.rollback()  # the page is to show what has just been written
    return render_template(
        "accounts/guards.html",
        form=form,
        passkey_form=form if isinstance(form, NewPasskeyForm) else NewPasskeyForm(formdata=None),
        guards=factors_of(me.id),
        is_required=me.role in required_roles(),
        takes_passkeys=this_site().takes_passkeys,
        site_by_name=this_site().by_name,
    )


def _refused(form: BaseForm, error: DomainError) -> Answer:
    form.refuse(error.field, sentence_of(error))
    return _guards(form), error.status


@after_confirming(_l("Add an authenticator app"))
@while_enrolling
@staff()
def authenticator() -> Answer:
    """Show a secret as a picture and in letters, and keep it once its first code is typed."""
    me, now, form = _member(), real_now(), AuthenticatorForm(request.form)
    if request.method != "POST":
        # Asked before the picture is shown: a code that waited would run out.
        if not is_fresh(me.session, now):
            return redirect(url_for("accounts.confirm", next=url_for("accounts.authenticator")), 303)
        return _setup_page(me, form)
    if not form.validate():
        return _setup_page(me, form), 400
    try:
        fresh()
        secret = read_setup(form.setup.data or "", me.id, now)
        if has_secret(me.id, secret):
            return _added_already(gettext("The authenticator app is added already."))
        codes = transact(lambda work: add_totp(work, me.id, secret, form.code.data or "", now=now))
    except DomainError as told:
        error = AgedSetupCodeError("code") if _has_aged(told) else told
        form.code.data = ""
        form.refuse(error.field, sentence_of(error))
        return _setup_page(me, form), error.status
    return _codes_or(codes, gettext("The authenticator app is added."))


def _has_aged(error: DomainError) -> bool:
    """Return whether the code may have fitted when it was typed, before its owner was asked who it is."""
    return isinstance(error, WrongSetupCodeError) and is_just_confirmed()


def _setup_page(me: Principal, form: AuthenticatorForm) -> str:
    """Return the page with the secret that was shown before, where the form still carries it, or a new one."""
    now = real_now()
    try:
        secret = read_setup(form.setup.data or "", me.id, now)
    except DomainError:
        secret, form.setup.data = new_setup(me.id, now)
    event = page_facts.get("event")()
    address = setup_address(secret, me.email, str(getattr(event, "title", "Conference office")))
    letters = encoded(secret)
    return render_template(
        "accounts/authenticator.html",
        form=form,
        picture=code_pictures.get("svg")(address),
        letters=" ".join(letters[at : at + 4] for at in range(0, len(letters), 4)),
        address=address,
    )


def _codes_or(codes: list[str], sentence: str) -> Answer:
    """Show new recovery codes, on this answer and nowhere else, or go back to the page that says what was done."""
    if not codes:
        return done(url_for("accounts.guards"), sentence)
    site = this_site().origin
    return render_template(
        "accounts/recovery_codes.html", codes=codes, sentence=sentence, site=site, made_at=real_now()
    )


def _added_already(sentence: str) -> Response:
    """Lead who loaded the page with new recovery codes again to the page that stays, since they are shown once."""
    once = gettext("Recovery codes are shown only once: if you did not keep them, make new ones here.")
    return done(url_for("accounts.guards"), f"{sentence} {once}")


@after_confirming(_l("Remove the authenticator app"))
@staff()
def remove_authenticator() -> Answer:
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _guards(form), 400
    try:
        me = fresh()
        transact(lambda work: remove_totp(work, me.id, me.role, now=real_now()))
    except DomainError as error:
        return _refused(form, error)
    return done(url_for("accounts.guards"), gettext("The authenticator app is removed."))


@after_confirming(_l("Make new recovery codes"))
@staff()
def recovery_codes() -> Answer:
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _guards(form), 400
    try:
        me = fresh()
        codes = transact(lambda work: renew_codes(work, me.id, now=real_now()))
    except DomainError as error:
        return _refused(form, error)
    return _codes_or(codes, gettext("New recovery codes are made; those before no longer work."))


@while_enrolling
@staff()
def own_passkey_begin() -> Answer:
    """Answer what a browser needs to make a passkey, as JSON."""
    if not PlainButtonForm(request.form).validate():
        return untold()
    try:
        me = fresh()
        options, session[ASKED] = transact(
            lambda work: ask_for_new(work, this_site(), me.id, me.email, now=real_now())
        )
    except DomainError as error:
        return problem(error, is_stale=isinstance(error, StaleSignInError) or None)
    return Response(options, content_type="application/json")


@after_confirming(_l("Add a passkey"))
@while_enrolling
@staff()
def add_own_passkey() -> Answer:
    form = NewPasskeyForm(request.form)
    if is_just_confirmed() and not form.credential.data:
        return _guards(form)  # the name was kept, and the device is asked now
    if not form.validate():
        return _guards(form), 400
    answer, asked, now = form.credential.data or "", session.get(ASKED, ""), real_now()
    form.credential.data = ""
    try:
        me = fresh()
        if has_passkey(me.id, answer):
            return _added_already(gettext("This passkey is added already."))
        challenge = transact(lambda work: spend_challenge(work, answer, asked, me.id, now=now))
        name = form.name.data or ""
        codes = transact(lambda work: add_passkey(work, this_site(), me.id, name, answer, challenge, now=now))
    except PasskeyRefusedError:
        return _refused(form, PasskeyNotAddedError())
    except DomainError as error:
        return _refused(form, error)
    return _codes_or(codes, gettext("The passkey is added."))


@after_confirming(_l("Remove a passkey"))
@staff()
def remove_own_passkey(passkey_id: int) -> Answer:
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _guards(form), 400
    try:
        me = fresh()
        transact(lambda work: remove_passkey(work, me.id, passkey_id, me.role, now=real_now()))
    except DomainError as error:
        return _refused(form, error)
    return done(url_for("accounts.guards"), gettext("The passkey is removed."))
