"""The second step of signing in, passkeys in its stead, and the desk's code. On the blueprint of `routes`."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from conference.accounts.answers import Answer, refused, untold
from conference.accounts.attempts import (
    DESK_ADDRESS,
    DESK_ALL,
    FACTOR_ACCOUNT,
    FACTOR_ADDRESS,
    PASSKEY_ADDRESS,
    by_address,
    count_attempts,
    forget_attempts,
)
from conference.accounts.cookie import held_shift, held_token, keep_token, this_browser
from conference.accounts.desk_codes import come_in, end_of_shift
from conference.accounts.errors import PasskeyCopiedError, WrongCodeError
from conference.accounts.factors import factors_of, give_code
from conference.accounts.forms import DeskForm, PasskeyForm, SecondStepForm, SignInForm
from conference.accounts.model import Means, StaffMember
from conference.accounts.notices import note_guard, note_wrong_code
from conference.accounts.passkeys import Site, ask_for_any, site_of, spend_challenge, use_passkey
from conference.accounts.queries import find_pending
from conference.accounts.rules import local_path
from conference.accounts.tokens import token_hash
from conference.audit.model import BY_FORM
from conference.core.clock import real_now
from conference.core.errors import DomainError
from conference.core.ids import StaffId
from conference.db.work import transact
from conference.web.access import current_principal, public
from conference.web.errors import problem
from conference.web.forms import PlainButtonForm
from conference.web.settings import current_settings

# Where the browser's cookie keeps the digest of the challenge that it was given.
ASKED = "passkey"


def add_second_step_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/second-step", "second_step", second_step, methods=["GET", "POST"])
    blueprint.add_url_rule("/staff/passkey/begin", "passkey_begin", passkey_begin, methods=["POST"])
    blueprint.add_url_rule("/staff/passkey", "passkey", passkey_sign_in, methods=["POST"])
    blueprint.add_url_rule("/staff/desk-sign-in", "desk", desk, methods=["GET", "POST"])


def this_site() -> Site:
    """Return the site that passkeys belong to: CONFERENCE_BASE_URL's; a demonstration is opened by several names."""
    settings = current_settings()
    return site_of(settings.base_url if settings.mode == "production" else request.host_url)


def sign_in_facts(target: str) -> dict[str, object]:
    """Return what the sign-in page shows beside its form to who wants to `target`: also why somebody came to it.

    `is_confirming`: a link was opened that counts only in the browser that asked for it, which is signed in.
    """
    shift = held_shift()
    return {
        "passkey_form": PasskeyForm(formdata=None, data={"next": target}),
        "takes_passkeys": this_site().takes_passkeys,
        "is_confirming": target.startswith(f"{url_for('accounts.confirm')}/"),
        "shift_end": end_of_shift(shift, real_now()) if shift is not None else None,
    }


@public
def second_step() -> Answer:
    """Take the second factor of who has given the password or a link; anybody else is led to the sign-in."""
    token, now = held_token(), real_now()
    member = find_pending(token_hash(token), now) if token else None
    if token is None or member is None:
        return redirect(url_for("accounts.home" if current_principal() else "accounts.sign_in"), 303)
    form = SecondStepForm(request.form or None, data={"next": request.args.get("next", "")})
    page = _step_page(member, form)
    if request.method != "POST":
        return render_template("accounts/second_step.html", form=form, **page)
    if not form.validate():
        return render_template("accounts/second_step.html", form=form, **page), 400
    whom = str(member.id)
    try:
        count_attempts((FACTOR_ADDRESS, by_address()), (FACTOR_ACCOUNT, whom), field="code")
        entered = transact(
            lambda work: give_code(work, token, form.code.data or "", now=now, browser=this_browser())
        )
    except DomainError as error:
        note_wrong(error, member.id)
        return refused("accounts/second_step.html", form, error, **page)
    transact(lambda work: forget_attempts(work, FACTOR_ACCOUNT, whom), eased=True)
    keep_token(entered)
    return redirect(local_path(form.next.data or "", url_for("accounts.home")), 303)


def note_wrong(error: DomainError, staff_id: StaffId) -> None:
    """Count a wrong code, in a transaction of its own, as what was tried is undone; from the tenth on it is told."""
    if isinstance(error, WrongCodeError):
        transact(lambda work: note_wrong_code(work, staff_id, now=real_now()), eased=True)


def _step_page(member: StaffMember, form: SecondStepForm) -> dict[str, object]:
    guards = factors_of(member.id)
    keys = PasskeyForm(formdata=None, data={"next": form.next.data})
    return {"guards": guards, "passkey_form": keys, "takes_passkeys": this_site().takes_passkeys}


@public
def passkey_begin() -> Answer:
    """Answer what a browser needs to offer its passkeys, as JSON."""
    if not PlainButtonForm(request.form).validate():
        return untold()
    try:
        count_attempts((PASSKEY_ADDRESS, by_address()))
    except DomainError as error:
        answer = problem(error)
        answer.headers.update(error.headers)
        return answer
    options, session[ASKED] = transact(lambda work: ask_for_any(work, this_site(), now=real_now()))
    return Response(options, content_type="application/json")


@public
def passkey_sign_in() -> Answer:
    """Sign in who has a passkey: it is two factors by itself, since the device has looked at the person."""
    form, sign_in = (
        PasskeyForm(request.form),
        SignInForm(formdata=None, data={"next": request.form.get("next", "")}),
    )
    page = sign_in_facts(form.next.data or "") | {"passkey_form": form, "takes_passkeys": True}
    if not form.validate():
        sign_in.form_errors += [message for _, message in form.errors_by_field()]
        return render_template("accounts/sign_in.html", form=sign_in, **page), 400
    answer, asked, now = form.credential.data or "", session.get(ASKED, ""), real_now()
    try:
        count_attempts((PASSKEY_ADDRESS, by_address()))
        challenge = transact(lambda work: spend_challenge(work, answer, asked, None, now=now))
        browser = this_browser(Means.PASSKEY)
        token = transact(
            lambda work: use_passkey(work, this_site(), answer, challenge, now=now, browser=browser)
        )
    except DomainError as error:
        note_copy(error)
        return refused("accounts/sign_in.html", sign_in, error, **page)
    keep_token(token)
    return redirect(local_path(form.next.data or "", url_for("accounts.home")), 303)


def note_copy(error: DomainError) -> None:
    """Tell the owner of a passkey that may have been copied; in a transaction of its own, as the sign-in's is undone."""
    if isinstance(error, PasskeyCopiedError):
        staff_id, now = StaffId(int(str(error.facts["staff_id"]))), real_now()
        transact(lambda work: note_guard(work, staff_id, "passkey copied", actor=BY_FORM, now=now))


@public
def desk() -> Answer:
    """Let somebody in by the code of the day."""
    form = DeskForm(request.form)
    if request.method != "POST":
        return render_template("accounts/desk.html", form=form)
    if not form.validate():
        return render_template("accounts/desk.html", form=form), 400
    code, name, browser = form.code.data or "", form.name.data or "", this_browser(Means.DESK_CODE)
    try:
        count_attempts((DESK_ADDRESS, by_address()), (DESK_ALL, ""), field="code")
        token = transact(lambda work: come_in(work, code, name, now=real_now(), browser=browser))
    except DomainError as error:
        return refused("accounts/desk.html", form, error)
    address = by_address()
    # All desks of a hall stand behind one address, and come in within minutes.
    transact(lambda work: forget_attempts(work, DESK_ADDRESS, address), eased=True)
    keep_token(token)
    return redirect(url_for("accounts.home"), 303)
