from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.accounts.cookie import drop_token, held_token, keep_token
from conference.accounts.errors import LinkSpentError, WrongPasswordError
from conference.accounts.forgotten import ask_for_password
from conference.accounts.forms import ForgottenForm, LinkForm, PasswordForm, SignInForm
from conference.accounts.passwords import hash_password, password_fits
from conference.accounts.queries import credentials_of, find_link_owner
from conference.accounts.registry import home_counts
from conference.accounts.rules import check_new_password, local_path
from conference.accounts.service import authenticate, change_password, sign_in, sign_out, use_link
from conference.accounts.staff_routes import add_staff_routes
from conference.accounts.tokens import token_hash
from conference.core.clock import real_now
from conference.core.errors import DomainError
from conference.db.work import transact
from conference.web.access import by_link, current_principal, get_principal, may, public, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm

blueprint = Blueprint("accounts", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.route("/staff/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@public
def sign_in_page() -> Answer:
    form = SignInForm(request.form or None, data={"next": request.args.get("next", "")})
    home = url_for("accounts.home")
    if request.method != "POST":
        return (
            redirect(home, 303)
            if current_principal()
            else render_template("accounts/sign_in.html", form=form)
        )
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 400
    try:
        credentials = authenticate(form.email.data or "", form.password.data or "")
        token = transact(lambda session: sign_in(session, credentials, now=real_now()))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return render_template("accounts/sign_in.html", form=form), error.status
    keep_token(token)
    return redirect(local_path(form.next.data or "", home), 303)


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
        transact(lambda session: ask_for_password(session, form.email.data or "", now=real_now()))
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return render_template("accounts/forgotten.html", form=form, is_sent=False), error.status
    return redirect(url_for("accounts.forgotten", sent=1), 303)


@blueprint.route("/staff/sign-out", methods=["POST"], endpoint="sign_out")
@public
def sign_out_button() -> Answer:
    """End the session. Public, so that a second press, or one after the session's end, is no error."""
    if not PlainButtonForm(request.form).validate():
        return redirect(url_for("accounts.home"), 303)
    token = held_token()
    if token is not None:
        transact(lambda session: sign_out(session, token))
    drop_token()
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.route("/staff/link/<token>", methods=["GET", "POST"], endpoint="link")
@by_link
def link_page(token: str) -> Answer:
    """Show a button on GET, so that a mail scanner uses nothing up; sign in on POST."""
    owner = find_link_owner(token_hash(token), real_now())
    if owner is None:
        raise LinkSpentError
    form = LinkForm(request.form)
    if request.method != "POST":
        return render_template("accounts/link.html", form=form, owner=owner)
    if not form.validate():
        return render_template("accounts/link.html", form=form, owner=owner), 400
    try:
        hashed = _hash_if_typed(form.password.data or "", form.repeated.data or "")
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return render_template("accounts/link.html", form=form, owner=owner), error.status
    keep_token(transact(lambda session: use_link(session, token, hashed, now=real_now())))
    return redirect(url_for("accounts.home"), 303)


def _hash_if_typed(password: str, repeated: str) -> str | None:
    if not password and not repeated:
        return None
    check_new_password(password, repeated)
    return hash_password(password)


@blueprint.route("/staff/", endpoint="home")
@staff()
def home_page() -> Answer:
    counts = [count for _, count in home_counts.items() if may(count.endpoint)]
    return render_template("accounts/home.html", counts=counts)


@blueprint.route("/staff/password", methods=["GET", "POST"], endpoint="password")
@staff()
def password_page() -> Answer:
    form = PasswordForm(request.form)
    me = credentials_of(get_principal().id)
    page = {"form": form, "has_password": me.password_hash is not None, "changed": "changed" in request.args}
    if request.method != "POST":
        return render_template("accounts/password.html", **page)
    if not form.validate():
        return render_template("accounts/password.html", **page), 400
    try:
        if me.password_hash is not None and not password_fits(me.password_hash, form.present.data or ""):
            raise WrongPasswordError("present")
        check_new_password(form.password.data or "", form.repeated.data or "")
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return render_template("accounts/password.html", **page), error.status
    hashed = hash_password(form.password.data or "")
    keep_token(transact(lambda session: change_password(session, me.id, hashed, now=real_now())))
    return redirect(url_for("accounts.password", changed=1), 303)


add_staff_routes(blueprint)
