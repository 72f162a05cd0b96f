"""Who may use a route. Every view is declared; one that is not is refused, and a test walks the url map."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from conference.core.errors import LimitedAccountError
from conference.core.ids import StaffId
from conference.web.settings import current_settings


class Role(StrEnum):
    """What a member of staff may do. An organiser may do everything."""

    ORGANISER = "organiser"
    PROGRAMME = "programme"
    DESK = "desk"
    VIEWER = "viewer"


EVERY_ROLE = frozenset(Role)


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """The session of who asks, in real time; `seen_at` is coarse. `confirmed_at`: when its owner was last proved to be there."""

    id: int
    at: datetime
    seen_at: datetime
    confirmed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Principal:
    """The member of staff who asks. `name` is what the page frame and the audit show.

    `must_enrol`: the role needs a second factor, and the account has none: nothing but enrolling is open.
    `is_by_code`: somebody at a desk, without an account of their own. `is_limited`: edits sessions and talks of some
    tracks alone.
    """

    id: StaffId
    email: str
    name: str
    role: Role
    is_by_code: bool = False
    must_enrol: bool = False
    is_limited: bool = False
    session: SignedIn | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """`kind` is public (anybody), link (the address itself is the capability), staff (one of `roles`) or token.

    `bearer`: a program that sends the token of CONFERENCE_METRICS_TOKEN may use the view too. A view for tokens is for
    programs alone, whose token has one of `scopes`: no browser that is signed in may use it.
    """

    kind: str
    roles: frozenset[Role] = frozenset()
    bearer: bool = False
    scopes: frozenset[str] = frozenset()

    def allows(self, role: Role | None) -> bool:
        return self.kind in {"public", "link"} or (role is not None and role in self.roles)


View = TypeVar("View", bound=Callable[..., Any])
PrincipalLoader = Callable[[], Principal | None]
# Raises a DomainError unless the request carries a token with one of the scopes.
TokenCheck = Callable[[frozenset[str]], None]
# Returns the page that asks who a form is from, or None where that was proved a moment ago. Told what waits, in words.
Confirmer = Callable[[object], Response | None]
_ATTRIBUTE = "__access__"
_ENROLLING = "__while_enrolling__"
_WITHIN = "__within_tracks__"
_CONFIRMING = "__after_confirming__"
_BY_ITSELF = "__asked_by_itself__"
_LOADER = "conference.principal"
_TOKENS = "conference.token_check"
_CONFIRMER = "conference.confirmer"
PUBLIC = Access(kind="public")
LINK = Access(kind="link")


def public(view: View) -> View:
    """Declare that anybody may use the view."""
    setattr(view, _ATTRIBUTE, PUBLIC)
    return view


def by_link(view: View) -> View:
    """Declare that who holds the address may use the view; the view itself checks the capability in it."""
    setattr(view, _ATTRIBUTE, LINK)
    return view


def staff(*roles: Role) -> Callable[[View], View]:
    """Declare that the named roles may use the view; organisers always may. No role named: all staff."""
    allowed = frozenset(roles) | {Role.ORGANISER} if roles else EVERY_ROLE

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, Access(kind="staff", roles=allowed))
        return view

    return declare


def staff_or_bearer(*roles: Role) -> Callable[[View], View]:
    """Declare as `staff` does, and let a program in that sends CONFERENCE_METRICS_TOKEN as a bearer (RFC 6750)."""
    allowed = frozenset(roles) | {Role.ORGANISER} if roles else EVERY_ROLE

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, Access(kind="staff", roles=allowed, bearer=True))
        return view

    return declare


def while_enrolling(view: View) -> View:
    """Declare that who must first add a second factor may use the view: it is a part of adding one."""
    setattr(view, _ENROLLING, True)
    return view


def within_tracks(view: View) -> View:
    """Declare that an account which is limited to tracks may send the view's forms: what it writes is held to them.

    It may look at all that its role may; of what changes something this is all that is open to it.
    """
    setattr(view, _WITHIN, True)
    return view


def after_confirming(what: object) -> Callable[[View], View]:
    """Declare that what the view's forms send waits until its sender has proved again who it is, if that is long ago.

    `what` says in words what waits, as in "Invite somebody"; it may be lazy. The form goes on as it was typed.
    """

    def declare(view: View) -> View:
        setattr(view, _CONFIRMING, what)
        return view

    return declare


def awaits_confirming(view: Callable[..., Any]) -> bool:
    """Return whether the view's forms are of those that wait."""
    return getattr(view, _CONFIRMING, None) is not None


def asked_by_itself(view: View) -> View:
    """Declare that pages ask this by themselves: that somebody is there is not to be read from it."""
    setattr(view, _BY_ITSELF, True)
    return view


def is_asked_by_itself() -> bool:
    """Return whether a page asks this on its own account, and not a person."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, _BY_ITSELF, False)


def sends_within_tracks(view: Callable[..., Any], access: Access) -> bool:
    """Return whether a limited account may send the view's forms at all; one's own account is all staff's."""
    return getattr(view, _WITHIN, False) or access.roles == EVERY_ROLE or access.kind != "staff"


def _refuse_beyond_tracks(view: Callable[..., Any], access: Access, principal: Principal) -> None:
    """Raise LimitedAccountError for a limited account that would change something else."""
    if (
        principal.is_limited
        and not sends_within_tracks(view, access)
        and request.method not in {"GET", "HEAD", "OPTIONS"}
    ):
        raise LimitedAccountError


def _is_closed(view: Callable[..., Any], principal: Principal) -> bool:
    """Return whether the view waits until a second factor is added."""
    return principal.must_enrol and not getattr(view, _ENROLLING, False)


def by_token(*scopes: str) -> Callable[[View], View]:
    """Declare that a program may use the view whose token has one of the scopes, and nobody else."""

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, Access(kind="token", scopes=frozenset(scopes)))
        return view

    return declare


def declared_access(view: Callable[..., Any]) -> Access | None:
    """Return what was declared for the view, or None, which is refused."""
    access: Access | None = getattr(view, _ATTRIBUTE, None)
    return access


def use_principals_of(app: Flask, loader: PrincipalLoader) -> None:
    """Let `accounts` say who asks. Called once by `rooms.py`."""
    app.extensions[_LOADER] = loader


def check_tokens_by(app: Flask, check: TokenCheck) -> None:
    """Let `api` say whether a program's token counts. Called once by `rooms.py`."""
    app.extensions[_TOKENS] = check


def confirm_by(extensions: dict[str, Any], confirmer: Confirmer) -> None:
    """Let `accounts` ask who sends a form. Called once, where its pages are put on an application with these extensions."""
    extensions[_CONFIRMER] = confirmer


def current_principal() -> Principal | None:
    """Return who is signed in, asked once a request, or None."""
    if "principal" not in g:
        loader: PrincipalLoader | None = current_app.extensions.get(_LOADER)
        g.principal = loader() if loader else None
    principal: Principal | None = g.principal
    return principal


def get_principal() -> Principal:
    """Return who is signed in; for views that only staff can reach."""
    principal = current_principal()
    assert principal is not None
    return principal


def may(endpoint: str) -> bool:
    """Return whether the person who asks may open the endpoint, for menus that show no locked doors."""
    view = current_app.view_functions[endpoint]
    access = declared_access(view)
    principal = current_principal() if access and access.kind == "staff" else None
    if principal is not None and _is_closed(view, principal):
        return False
    return access is not None and access.allows(principal.role if principal else None)


def _bearer_fits() -> bool | None:
    """Return whether the request's bearer token is the one of the settings; None where it sends none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    expected = current_settings().metrics_token
    return bool(expected) and secrets.compare_digest(token.strip().encode(), expected.encode())


def enforce_access() -> Response | None:
    """Refuse what is not declared or not allowed: 404 first for no view, sign-in for nobody, 403 for the wrong role."""
    if request.endpoint is None:
        return None  # routing has an error of its own to show
    access = declared_access(current_app.view_functions[request.endpoint])
    if access is None:
        abort(403)
    if access.kind == "token" and request.method != "OPTIONS":
        check: TokenCheck | None = current_app.extensions.get(_TOKENS)
        return check(access.scopes) if check else abort(401)
    if access.kind != "staff":
        return None
    if access.bearer and (fits := _bearer_fits()) is not None:
        return None if fits else abort(401)
    principal = current_principal()
    if principal is None:
        return _to_sign_in()
    if not access.allows(principal.role):
        abort(403)
    view = current_app.view_functions[request.endpoint]
    _refuse_beyond_tracks(view, access, principal)
    return _to_enrolling() if _is_closed(view, principal) else _to_confirming(view)


def _to_sign_in() -> Response:
    if request.method not in {"GET", "HEAD"}:
        abort(401)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)


def _to_confirming(view: Callable[..., Any]) -> Response | None:
    """Return the page in between, where a form that changes something is to wait on it. Without a confirmer none may pass."""
    what = getattr(view, _CONFIRMING, None)
    if what is None or request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    confirmer: Confirmer | None = current_app.extensions.get(_CONFIRMER)
    return confirmer(what) if confirmer else abort(403)


def _to_enrolling() -> Response:
    """Lead to where a second factor is added; a form that is sent meanwhile is refused."""
    if request.method not in {"GET", "HEAD"}:
        abort(403)
    return redirect(url_for("accounts.guards"), 303)
