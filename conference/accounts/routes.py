from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.accounts.answers import Answer, refused
from conference.accounts.attempts import (
    LINK_ADDRESS,
    PASSWORD_ACCOUNT,
    RESET_ADDRESS,
    SIGN_IN_ACCOUNT,
    SIGN_IN_ADDRESS,
    by_address,
    count_attempts,
    forget_attempts,
)
from conference.accounts.closed_forms import close_forms
from conference.accounts.confirm_routes import add_confirm_routes, ask_who
from conference.accounts.confirming import is_fresh
from conference.accounts.cookie import drop_token, held_token, keep_token, this_browser
from conference.accounts.desk_code_routes import add_desk_code_routes
from conference.accounts.errors import ByCodeError, LinkSpentError, WrongPasswordError
from conference.accounts.forgotten import ask_for_password
from conference.accounts.form_pages import lead_to_form
from conference.accounts.forms import (
    ForgottenForm,
    LinkForm,
    PasswordForm,
    ResetForm,
    SignInForm,
)
from conference.accounts.letters import AIM, PASSWORD_AIM
from conference.accounts.model import Credentials, StaffMember
from conference.accounts.own_name_routes import add_own_name_routes
from conference.accounts.own_routes import add_own_routes, fresh
from conference.accounts.passwords import hash_password, password_fits
from conference.accounts.queries import credentials_of, find_link_owner, find_pending
from conference.accounts.registry import home_counts
from conference.accounts.rules import check_new_password, local_path
from conference.accounts.second_step_routes import add_second_step_routes, sign_in_facts
from conference.accounts.service import authenticate, change_password, sign_in, sign_out, use_link
from conference.accounts.staff_routes import add_staff_routes
from conference.accounts.tokens import token_hash
from conference.core.clock import real_now
from conference.core.errors import DomainError
from conference.db.work import transact
from conference.web.access import (
    Principal,
    by_link,
    confirm_by,
    current_principal,
    get_principal,
    may,
    public,
    staff,
)
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.registry import page_facts
from conference.web.security_log import tell, tell_refused_form

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/staff/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@public
def sign_in_page() -> Answer:
    form = SignInForm(request.form or None, data={"next": request.args.get("next", "")})
    if request.method != "POST" and current_principal():
        return redirect(url_for("accounts.home"), 303)
    page = sign_in_facts(form.next.data or "")
    if request.method != "POST":
        return render_template("accounts/sign_in.html", form=form, **page)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form, **page), 400
    try:
        token = _token_for(form.email.data or "", form.password.data or "")
    except DomainError as error:
        return refused("accounts/sign_in.html", form, error, **page)
    return _entered(token, form.next.data or "")


def _token_for(email: str, password: str) -> str:
    """Return the token of a new session; raises SignInRefusedError, and TooManyAttemptsError, alike for every address."""
    count_attempts((SIGN_IN_ADDRESS, by_address()), (SIGN_IN_ACCOUNT, email))
    credentials = authenticate(email, password)

    def work(session: Session) -> str:
        forget_attempts(session, SIGN_IN_ACCOUNT, email)
        return sign_in(session, credentials, now=real_now(), browser=this_browser())

    return transact(work)


def _entered(token: str, target: str) -> Response:
    """Let the browser hold the token, and lead to the second step where one is to be given, or to where it wanted."""
    keep_token(token)
    if find_pending(token_hash(token), real_now()) is not None:
        return redirect(url_for("accounts.second_step", next=target or None), 303)
    return redirect(local_path(target, url_for("accounts.home")), 303)


@blueprint.route("/staff/forgotten", methods=["GET", "POST"], endpoint="forgotten")
@public
def forgotten_page() -> Answer:
    """Keep who forgot the password; the answer is the same whether there is such an account or not."""
    form = ForgottenForm(request.form)
    if request.method != "POST":
        return render_template("accounts/forgotten.html", form=form, is_sent="sent" in request.args)
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form, is_sent=False), 400
    try:
        count_attempts((RESET_ADDRESS, by_address()), field="email")
        transact(lambda session: ask_for_password(session, form.email.data or "", now=real_now()))
    except DomainError as error:
        return refused("accounts/forgotten.html", form, error, is_sent=False)
    return redirect(url_for("accounts.forgotten", sent=1), 303)


@blueprint.route("/staff/sign-out", methods=["POST"], endpoint="sign_out")
@public
def sign_out_button() -> Answer:
    """End the session. Public, so that a second press, or one after the session's end, is no error."""
    if not PlainButtonForm(request.form).validate():
        return redirect(url_for("accounts.home"), 303)
    token = held_token()
    if token is not None:
        current_principal()  # for the log: afterwards nobody knows any more who it was
        transact(lambda session: sign_out(session, token))
    drop_token()
    answer = redirect(url_for("accounts.sign_in"), 303)
    # What the browser kept of the office's pages and files. Its storage holds the device's own choices, and stays.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@blueprint.route("/staff/link/<token>", methods=["GET", "POST"], endpoint="link")
@by_link
def link_page(token: str) -> Answer:
    """Show a button on GET, so that a mail scanner uses nothing up; sign in on POST.

    Counted before it is looked at: who guesses is stopped even where a guess is right.
    """
    count_attempts((LINK_ADDRESS, by_address()))
    owner = find_link_owner(token_hash(token), real_now())
    if owner is None:
        return _spent(LinkSpentError())
    is_reset = request.args.get(AIM) == PASSWORD_AIM
    form = (ResetForm if is_reset else LinkForm)(request.form)
    page = {"form": form, "owner": owner, "is_reset": is_reset}
    if request.method != "POST":
        return render_template("accounts/link.html", **page)
    if not form.validate():
        return render_template("accounts/link.html", **page), 400
    browser = this_browser()
    try:
        hashed = _hash_if_typed(form.password.data or "", form.repeated.data or "", _about(owner))
        entered = transact(lambda session: use_link(session, token, hashed, now=real_now(), browser=browser))
    except LinkSpentError as error:
        return _spent(error)
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return render_template("accounts/link.html", **page), error.status
    return _entered(entered, "")


def _spent(error: LinkSpentError) -> Answer:
    """Say that the link opens nothing, alike for one that was used, is over or never was, and what to do then."""
    g.refusal = type(error).__name__
    if request.method != "POST":  # a refused form is told as one
        tell("link opens nothing", {"status": error.status})
    return render_template("accounts/link_spent.html", sentence=sentence_of(error)), error.status


def _hash_if_typed(password: str, repeated: str, about: tuple[str, ...]) -> str | None:
    if not password and not repeated:
        return None
    check_new_password(password, repeated, about)
    return hash_password(password)


def _about(member: StaffMember | Principal) -> tuple[str, ...]:
    """Return what everybody knows of the account and the event, whose words make no password."""
    event = page_facts.get("event")()
    return member.name, member.email, str(getattr(event, "title", ""))


@blueprint.route("/staff/", endpoint="home")
@staff()
def home_page() -> Answer:
    counts = [count for _, count in home_counts.items() if may(count.endpoint)]
    return render_template("accounts/home.html", counts=counts)


@blueprint.route("/staff/password", methods=["GET", "POST"], endpoint="password")
@staff()
def password_page() -> Answer:
    form = PasswordForm(request.form)
    if get_principal().is_by_code:
        raise ByCodeError
    me = credentials_of(get_principal().id)
    if (
        me.password_hash is None
        and request.method != "POST"
        and not is_fresh(get_principal().session, real_now())
    ):
        return redirect(url_for("accounts.confirm", next=url_for("accounts.password")), 303)
    page = {"form": form, "has_password": me.password_hash is not None, "changed": "changed" in request.args}
    if request.method != "POST":
        return render_template("accounts/password.html", **page)
    if not form.validate():
        return render_template("accounts/password.html", **page), 400
    try:
        _check_present(me, form.present.data or "")
        check_new_password(form.password.data or "", form.repeated.data or "", _about(get_principal()))
    except DomainError as error:
        page.pop("form")
        return refused("accounts/password.html", form, error, **page)
    hashed, browser, here = hash_password(form.password.data or ""), this_browser(), get_principal().session
    keep_token(
        transact(
            lambda session: change_password(
                session, me.id, hashed, now=real_now(), browser=browser, before=here
            )
        )
    )
    return redirect(url_for("accounts.password", changed=1), 303)


def _check_present(me: Credentials, typed: str) -> None:
    """Raise WrongPasswordError, and TooManyAttemptsError for who tries passwords in a browser left open.

    Who has no password yet proves nothing by the first one: it raises StaleSignInError for who signed in long ago.
    """
    if me.password_hash is None:
        fresh()
        return
    count_attempts((PASSWORD_ACCOUNT, str(me.id)), field="present")
    if not password_fits(me.password_hash, typed):
        raise WrongPasswordError("present")
    transact(lambda session: forget_attempts(session, PASSWORD_ACCOUNT, str(me.id)), eased=True)


blueprint.after_request(tell_refused_form)
add_staff_routes(blueprint)
add_second_step_routes(blueprint)
add_own_routes(blueprint)
add_desk_code_routes(blueprint)
add_confirm_routes(blueprint)
add_own_name_routes(blueprint)
blueprint.before_app_request(lead_to_form)
blueprint.after_app_request(close_forms)
blueprint.record_once(lambda state: confirm_by(state.app.extensions, ask_who))
