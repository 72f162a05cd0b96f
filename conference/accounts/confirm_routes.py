"""The page in between that asks who sends a form, and lets it go on as it was typed. On the blueprint of `routes`.

The page holds what was sent as hidden fields and is sent to the same address with the proof beside them, whose names
begin with PREFIX. Nothing is kept on the server, and the form's own token and revision count as they did.
"""

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, g, make_response, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.accounts.answers import Answer
from conference.accounts.attempts import (
    CONFIRM_MAIL,
    FACTOR_ACCOUNT,
    FACTOR_ADDRESS,
    PASSKEY_ADDRESS,
    PASSWORD_ACCOUNT,
    Limit,
    by_address,
    count_attempts,
    forget_attempts,
)
from conference.accounts.confirming import (
    check_link,
    check_password,
    confirm_by_code,
    confirm_by_link,
    confirm_by_passkey,
    confirm_by_password,
    is_fresh,
)
from conference.accounts.errors import (
    ByCodeError,
    ElsewhereError,
    LinkNotOpenedError,
    NoFactorError,
    NotConfirmedError,
    StaleFormError,
)
from conference.accounts.factors import factors_of
from conference.accounts.forms import ConfirmForm
from conference.accounts.letters import mail_confirmation
from conference.accounts.model import Factors
from conference.accounts.passkeys import spend_challenge
from conference.accounts.queries import get_member
from conference.accounts.rules import local_path
from conference.accounts.second_step_routes import ASKED, note_copy, note_wrong, this_site
from conference.core.clock import real_now
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import Principal, after_confirming, get_principal, staff, while_enrolling
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm, page_token
from conference.web.language import lazy_gettext as _l

PREFIX = "confirm-"
# What forms hold that nobody typed.
_UNTYPED = {"csrf_token", "revision", "next", "credential", "setup"}


def add_confirm_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/confirm", "confirm", confirm, methods=["GET", "POST"])
    blueprint.add_url_rule("/staff/confirm/<token>", "confirm_link", confirm_link, methods=["GET", "POST"])


def ask_who(what: object) -> Response | None:
    """Return the page that asks, or None for who was proved to be there a moment ago, or is by what was just sent.

    A form without the page's token goes on to its view, which refuses it: nobody is to prove anything for another's.
    """
    me = get_principal()
    if me.is_by_code or is_fresh(me.session, real_now()) or not _is_of_this_page():
        return None
    form = ConfirmForm(request.form if _is_answered() else None, prefix=PREFIX)
    is_mailed = f"{PREFIX}mailed" in request.form
    if not _is_answered():
        return _page(what, form, me, 403, is_mailed=False)
    try:
        if f"{PREFIX}mail" in request.form:
            _mail(me)
            return _page(what, ConfirmForm(formdata=None, prefix=PREFIX), me, 403, is_mailed=True)
        _prove(me, form, is_mailed=is_mailed)
    except DomainError as error:
        note_copy(error)
        note_wrong(error, me.id)
        form.refuse(error.field, sentence_of(error))
        answer = _page(what, form, me, error.status, is_mailed=is_mailed)
        answer.headers.update(error.headers)
        return answer
    db.session.rollback()  # the view is to see what has just been written
    g.pop("principal", None)
    return None


def is_just_confirmed() -> bool:
    """Return whether the form of this request has waited, and goes on."""
    return _is_answered()


def _is_of_this_page() -> bool:
    return secrets.compare_digest(request.form.get("csrf_token", "").encode(), page_token().encode())


def _is_answered() -> bool:
    return any(name.startswith(PREFIX) for name in request.form)


def _prove(me: Principal, form: ConfirmForm, *, is_mailed: bool) -> None:
    """Raise DomainError unless what was typed or signed proves that its account's owner is there."""
    assert me.session is not None
    if not form.validate():
        raise NotConfirmedError
    guards, now, here = factors_of(me.id), real_now(), me.session.id
    credential, code, password = form.credential.data, form.code.data, form.password.data
    if credential:
        count_attempts((PASSKEY_ADDRESS, by_address()))
        asked = session.get(ASKED, "")
        challenge = transact(lambda work: spend_challenge(work, credential, asked, None, now=now))
        told = (credential, challenge)
        transact(lambda work: confirm_by_passkey(work, me.id, here, this_site(), told, now=now))
    elif guards.is_any and code:
        count_attempts((FACTOR_ADDRESS, by_address()), (FACTOR_ACCOUNT, str(me.id)), field="code")
        _take(FACTOR_ACCOUNT, me, lambda work: confirm_by_code(work, me.id, here, code, now=now))
    elif password and not guards.is_any:
        count_attempts((PASSWORD_ACCOUNT, str(me.id)), field="password")
        check_password(me.id, password)
        _take(PASSWORD_ACCOUNT, me, lambda work: confirm_by_password(work, me.id, here, now=now))
    else:
        raise LinkNotOpenedError if is_mailed else NotConfirmedError


def _take(limit: Limit, me: Principal, work: Callable[[Session], object]) -> None:
    transact(work)
    transact(lambda session: forget_attempts(session, limit, str(me.id)), eased=True)


def _mail(me: Principal) -> None:
    """Mail the link, to who has neither a second factor nor a passkey."""
    assert me.session is not None
    if factors_of(me.id).is_any:
        raise NoFactorError
    count_attempts((CONFIRM_MAIL, str(me.id)))
    here, now = me.session.id, real_now()
    transact(lambda work: mail_confirmation(work, get_member(me.id, work), here, now=now))


def _page(what: object, form: ConfirmForm, me: Principal, status: int, *, is_mailed: bool) -> Response:
    db.session.rollback()
    guards: Factors = factors_of(me.id)
    sent = request.form.items(multi=True) if request.method == "POST" else _for_later()
    waiting = [(name, value) for name, value in sent if not name.startswith(PREFIX)]
    page = render_template(
        "accounts/confirm.html",
        what=what,
        form=form,
        guards=guards,
        waiting=waiting,
        is_sent=request.endpoint != "accounts.confirm",
        is_typed=any(value for name, value in waiting if name not in _UNTYPED),
        action=request.path if request.endpoint == "accounts.confirm" else request.full_path.rstrip("?"),
        back=_came_from(),
        has_password=get_member(me.id).has_password,
        takes_passkeys=this_site().takes_passkeys,
        is_mailed=is_mailed,
    )
    return make_response(page, status)


def _came_from() -> str:
    """Return the page with the form: the browser's own word for it, if that is of this site, or the home page."""
    typed = request.form.get(f"{PREFIX}back", "")
    told = urlsplit(request.referrer or "")
    path = f"{told.path}?{told.query}" if told.query else told.path
    home = url_for("accounts.home")
    return local_path(typed or (path if told.netloc == request.host else ""), home)


def _for_later() -> list[tuple[str, str]]:
    return [("csrf_token", page_token()), ("next", request.args.get("next", ""))]


@while_enrolling
@after_confirming(_l("Go on"))
@staff()
def confirm() -> Answer:
    """Ask on GET, for a page that has nothing to send yet, and lead there once it is answered."""
    me, form = get_principal(), ConfirmForm(formdata=None, prefix=PREFIX)
    if me.is_by_code:
        raise ByCodeError
    is_sent = request.method == "POST"
    if is_sent and not PlainButtonForm(request.form).validate():
        raise StaleFormError
    if is_sent or is_fresh(me.session, real_now()):
        target = request.form.get("next", "") if is_sent else request.args.get("next", "")
        return redirect(local_path(target, url_for("accounts.home")), 303)
    return _page(_l("Go on"), form, me, 200, is_mailed=False)


@while_enrolling
@staff()
def confirm_link(token: str) -> Answer:
    """Show a button on GET, so that a mail scanner uses nothing up; confirm on POST."""
    me, form = get_principal(), PlainButtonForm(request.form)
    here, now = me.session.id if me.session else 0, real_now()
    if request.method == "POST" and not form.validate():
        return _link_page(form), 400
    try:
        check_link(me.id, here, token, now=now)
        if request.method != "POST":
            return _link_page(form)
        transact(lambda work: confirm_by_link(work, me.id, here, token, now=now))
    except ElsewhereError as error:
        refusal = sentence_of(error)
        return _link_page(form, refusal, may_be_done=is_fresh(me.session, now)), error.status
    return _link_page(form, is_done=True)


def _link_page(
    form: PlainButtonForm, refusal: str = "", *, is_done: bool = False, may_be_done: bool = False
) -> str:
    """Return the page of the mailed link. `may_be_done`: it is refused to who may have pressed its button just before."""
    facts = {"refusal": refusal, "is_done": is_done, "may_be_done": may_be_done}
    return render_template("accounts/confirm_link.html", form=form, **facts)
