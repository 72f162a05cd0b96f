from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from conference.accounts.errors import (
    LastOrganiserError,
    LinkSpentError,
    OwnAccountError,
    SignInRefusedError,
    SuspendedAccountError,
)
from conference.accounts.model import (
    LINK_LIFE,
    LINKED,
    PENDING_LIFE,
    RESET,
    Browser,
    Credentials,
    Means,
    StaffMember,
)
from conference.accounts.passwords import password_fits
from conference.accounts.queries import find_credentials, get_member, is_guarded, other_organisers, tracks_of
from conference.accounts.rules import check_address, session_end
from conference.accounts.tables import StaffLinkRow, StaffRow, StaffSessionRow, StaffTrackRow
from conference.accounts.tokens import token_hash
from conference.audit.model import BY_SYSTEM, Actor, by_staff
from conference.audit.personal import forget_values
from conference.audit.service import record
from conference.core.clock import real_now
from conference.core.ids import StaffId, new_token
from conference.core.text import address_key
from conference.db.revisions import delete_revised, revise
from conference.mail.personal import empty_mails_to_member
from conference.mail.service import cancel_unsent
from conference.web.access import Role, SignedIn
from conference.web.language import FALLBACK
from conference.web.settings import current_settings

# What the history keeps of an account that is removed: all but names.
_KEPT = ("role", "language", "tracks")
# A browser of which nothing is known.
HERE = Browser()


def authenticate(email: str, password: str) -> Credentials:
    """Return whose password this is; raises SignInRefusedError. Hashes outside any transaction, since it is slow."""
    credentials = find_credentials(email)
    fits = password_fits(credentials.password_hash if credentials else None, password)
    if credentials is None or not fits:
        raise SignInRefusedError("password")
    return credentials


def sign_in(session: Session, credentials: Credentials, *, now: datetime, browser: Browser = HERE) -> str:
    """Open a session and return its token; it opens nothing yet where the account has a second factor.

    Raises SignInRefusedError if the password was changed or the account suspended meanwhile.
    """
    row = session.get(StaffRow, credentials.id)
    if row is None or row.password_hash != credentials.password_hash or row.suspended_at is not None:
        raise SignInRefusedError("password")
    return begin_session(session, credentials.id, "signed in", now=now, browser=browser)


def begin_session(
    session: Session, staff_id: StaffId, action: str, *, now: datetime, browser: Browser = HERE
) -> str:
    """Note how somebody came in, and return the token of a session: a pending one where a second factor is to be given."""
    is_pending = is_guarded(session, staff_id)
    record(
        session,
        actor=by_staff(staff_id),
        action="second factor asked" if is_pending and action == "signed in" else action,
        about=("staff", staff_id),
    )
    return open_session(session, staff_id, now=now, browser=browser, is_pending=is_pending)


def open_session(
    session: Session,
    staff_id: StaffId,
    *,
    now: datetime,
    browser: Browser = HERE,
    is_pending: bool = False,
    until: datetime | None = None,
    before: SignedIn | None = None,
) -> str:
    """Return the token of a new session that lasts as long as its role's may, or to `until` if that is sooner.

    A pending one lasts PENDING_LIFE. `before`: the session in whose place it comes, as old as that and as lately confirmed.
    """
    over = StaffSessionRow.expires_at <= now
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff_id, over))
    token = new_token()
    role = Role(session.scalars(select(StaffRow.role).where(StaffRow.id == staff_id)).one())
    hours = current_settings().session_hours[role]
    end = now + PENDING_LIFE if is_pending else session_end(role, now, hours=hours)
    session.add(
        StaffSessionRow(
            token_hash=token_hash(token),
            staff_id=staff_id,
            created_at=before.at if before else now,
            confirmed_at=before.confirmed_at if before else None,
            expires_at=min(end, until) if until else end,
            seen_at=now,
            device=browser.device,
            means=browser.means.value,
            is_pending=is_pending,
        )
    )
    return token


def sign_out(session: Session, token: str) -> None:
    """End the session of this token; of an unknown one, nothing."""
    hashed = token_hash(token)
    staff_id = session.scalar(select(StaffSessionRow.staff_id).where(StaffSessionRow.token_hash == hashed))
    if staff_id is None:
        return
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_hash == hashed))
    record(session, actor=by_staff(StaffId(staff_id)), action="signed out", about=("staff", staff_id))


def invite(
    session: Session,
    email: str,
    role: Role,
    name: str = "",
    *,
    actor: Actor = BY_SYSTEM,
    token: str = "",
    language: str = FALLBACK,
) -> str:
    """Return the token of a new one-time link for this address, which gets an account or, if it has one, the role.

    Links given earlier die. `token` is one that was made for a mail, `language` that of the mails to a new account.
    Raises AddressShapeError, SuspendedAccountError, and LastOrganiserError where the role would take the last organiser
    away.
    """
    address = check_address(email)
    now = real_now()
    row = session.scalar(select(StaffRow).where(StaffRow.email_key == address_key(address)))
    if row is None:
        row = StaffRow(
            email=address,
            email_key=address_key(address),
            name=name,
            role=role.value,
            language=language,
            created_at=now,
        )
        session.add(row)
        session.flush()
        role_change = {"role": (None, role.value)}
        record(session, actor=actor, action="invited", about=("staff", row.id), changes=role_change)
    else:
        _invite_again(session, row, role, name, actor)
    return new_link(session, StaffId(row.id), now, token=token)


def give_link(session: Session, staff_id: StaffId, *, actor: Actor, token: str = "") -> str:
    """Return the token of a new one-time link into the account as it is; links given earlier die.

    Raises NotFoundError, and SuspendedAccountError.
    """
    if get_member(staff_id, session).suspended_at is not None:
        raise SuspendedAccountError
    record(session, actor=actor, action="invited again", about=("staff", staff_id))
    return new_link(session, staff_id, real_now(), token=token)


def _invite_again(session: Session, row: StaffRow, role: Role, name: str, actor: Actor) -> None:
    if row.suspended_at is not None:
        raise SuspendedAccountError
    if row.role != role.value:
        set_role(session, StaffId(row.id), row.revision, role, actor=actor)
    if name and name != row.name:
        session.execute(update(StaffRow).where(StaffRow.id == row.id).values(name=name))
    record(session, actor=actor, action="invited again", about=("staff", row.id))


def new_link(
    session: Session, staff_id: StaffId, now: datetime, *, token: str = "", life: timedelta = LINK_LIFE
) -> str:
    """Return the token of a new one-time link into the account, `token` itself where one is given.

    Earlier ones die that would not outlive it: an invitation counts until its own end, whoever asks for a password.
    """
    mine = StaffLinkRow.staff_id == staff_id
    outlived = and_(StaffLinkRow.used_at.is_(None), StaffLinkRow.expires_at <= now + life)
    session.execute(delete(StaffLinkRow).where(mine, or_(outlived, StaffLinkRow.expires_at <= now)))
    is_invited = session.scalar(select(StaffLinkRow.id).where(mine, StaffLinkRow.used_at.is_(None)).limit(1))
    # What waits to be sent would bring a link that has just died.
    cancel_unsent(session, ("staff", staff_id), LINKED if is_invited is None else (RESET,))
    token = token or new_token()
    session.add(
        StaffLinkRow(token_hash=token_hash(token), staff_id=staff_id, expires_at=now + life, used_at=None)
    )
    return token


def use_link(
    session: Session, token: str, password_hash: str | None, *, now: datetime, browser: Browser = HERE
) -> str:
    """Use the one-time link and return the token of a new session; a password hash given with it is stored.

    The comparison is part of the UPDATE, so that of two who send the same link one gets in. A link stands for the
    password alone: a second factor is still to be given. Raises LinkSpentError.
    """
    link = StaffLinkRow
    taken = session.execute(
        update(link)
        .where(link.token_hash == token_hash(token), link.used_at.is_(None), link.expires_at > now)
        .values(used_at=now)
    )
    assert isinstance(taken, CursorResult)
    staff_id = session.scalar(select(link.staff_id).where(link.token_hash == token_hash(token)))
    if taken.rowcount != 1 or staff_id is None:
        raise LinkSpentError
    if password_hash is not None:
        _store_password(session, StaffId(staff_id), password_hash)
    link_browser = replace(browser, means=Means.LINK)
    return begin_session(session, StaffId(staff_id), "signed in by link", now=now, browser=link_browser)


def change_password(
    session: Session,
    staff_id: StaffId,
    password_hash: str,
    *,
    now: datetime,
    browser: Browser = HERE,
    before: SignedIn | None = None,
) -> str:
    """Store the password, end every session of this member, and return the token of a new one for this browser.

    `before`: this browser's session until now. A new password is no sign-in: it makes no session younger, and takes
    from none that its owner was proved to be there.
    """
    _store_password(session, staff_id, password_hash)
    return open_session(session, staff_id, now=now, browser=browser, before=before)


def _end_links(session: Session, staff_id: StaffId) -> None:
    """Let the links die that were given before: who holds one must not come in as what the member no longer is."""
    unused = StaffLinkRow.used_at.is_(None)
    session.execute(delete(StaffLinkRow).where(StaffLinkRow.staff_id == staff_id, unused))


def _store_password(session: Session, staff_id: StaffId, password_hash: str) -> None:
    _end_links(session, staff_id)
    end_sessions(session, staff_id)
    session.execute(
        update(StaffRow)
        .where(StaffRow.id == staff_id)
        .values(password_hash=password_hash, revision=StaffRow.revision + 1)
    )
    record(session, actor=by_staff(staff_id), action="password changed", about=("staff", staff_id))


def set_role(
    session: Session, staff_id: StaffId, expected_revision: int | None, role: Role, *, actor: Actor
) -> None:
    """Give the member this role. Raises LastOrganiserError, OwnAccountError, and as `revise` does."""
    _refuse_own(staff_id, actor)
    _keep_an_organiser(session, staff_id, role)
    before = get_member(staff_id, session)
    revise(session, StaffRow, staff_id, expected_revision, {"role": role.value})
    _end_links(session, staff_id)
    changes = {"role": (before.role.value, role.value)}
    record(session, actor=actor, action="role changed", about=("staff", staff_id), changes=changes)


def set_facts(
    session: Session,
    staff_id: StaffId,
    expected_revision: int | None,
    facts: Mapping[str, str],
    *,
    actor: Actor,
) -> None:
    """Write the `name`, the `language` of the mails about the account, or both. No link ends. Raises as `revise` does."""
    changes = _changes(get_member(staff_id, session), facts)
    revise(session, StaffRow, staff_id, expected_revision, facts)
    if changes:
        record(session, actor=actor, action="changed", about=("staff", staff_id), changes=changes)


def _changes(before: StaffMember, facts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    now = {"name": before.name, "language": before.language}
    return {name: (now[name], value) for name, value in facts.items() if now[name] != value}


def change(
    session: Session,
    staff_id: StaffId,
    expected_revision: int | None,
    role: Role,
    facts: Mapping[str, str],
    *,
    actor: Actor,
) -> None:
    """Give the member another role, if it is another, and write the facts. Raises as `set_role` and `set_facts` do."""
    before = get_member(staff_id, session)
    if before.role is not role:
        set_role(session, staff_id, expected_revision, role, actor=actor)
        if not _changes(before, facts):
            return
        expected_revision = get_member(staff_id, session).revision
    set_facts(session, staff_id, expected_revision, facts, actor=actor)


def limit(
    session: Session,
    staff_id: StaffId,
    expected_revision: int | None,
    tracks: frozenset[int] | None,
    *,
    actor: Actor,
) -> None:
    """Let the member edit sessions and talks of these tracks alone, or, for None, of all. Raises as `revise` does."""
    before = sorted(tracks_of(staff_id, session))
    was_limited = get_member(staff_id, session).is_limited
    revise(session, StaffRow, staff_id, expected_revision, {"is_limited": tracks is not None})
    session.execute(delete(StaffTrackRow).where(StaffTrackRow.staff_id == staff_id))
    session.add_all(StaffTrackRow(staff_id=staff_id, track_id=one) for one in sorted(tracks or ()))
    after = sorted(tracks) if tracks is not None else None
    changes = {"tracks": (before if was_limited else None, after)}
    record(session, actor=actor, action="limited to tracks", about=("staff", staff_id), changes=changes)


def suspend(
    session: Session, staff_id: StaffId, expected_revision: int | None, *, actor: Actor, now: datetime
) -> None:
    """Let nobody in by this account from now on: its sessions end, its links die, its API tokens count no longer.

    Raises LastOrganiserError, OwnAccountError, and as `revise` does.
    """
    _refuse_own(staff_id, actor)
    _keep_an_organiser(session, staff_id, None)
    revise(session, StaffRow, staff_id, expected_revision, {"suspended_at": now})
    end_sessions(session, staff_id)
    _end_links(session, staff_id)
    cancel_unsent(session, ("staff", staff_id), LINKED)
    record(session, actor=actor, action="suspended", about=("staff", staff_id))


def resume(session: Session, staff_id: StaffId, expected_revision: int | None, *, actor: Actor) -> None:
    """Let the account in again, with the password and second factor that it had. Raises as `revise` does."""
    revise(session, StaffRow, staff_id, expected_revision, {"suspended_at": None})
    record(session, actor=actor, action="let in again", about=("staff", staff_id))


def end_sessions(session: Session, staff_id: StaffId) -> int:
    """Sign the member out everywhere; return from how many browsers."""
    ended = session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff_id))
    assert isinstance(ended, CursorResult)
    return ended.rowcount


def remove(session: Session, staff_id: StaffId, expected_revision: int | None, *, actor: Actor) -> None:
    """Delete the account with its sessions, links and API tokens; empty the mails to it, and forget its names.

    Raises LastOrganiserError, OwnAccountError, and as `delete_revised` does.
    """
    _refuse_own(staff_id, actor)
    _keep_an_organiser(session, staff_id, None)
    member = get_member(staff_id, session)
    delete_revised(session, StaffRow, staff_id, expected_revision)
    empty_mails_to_member(session, ("staff", staff_id), member.email)
    forget_values(session, ("staff", staff_id), keeps=_KEPT)
    record(session, actor=actor, action="removed", about=("staff", staff_id))


def _refuse_own(staff_id: StaffId, actor: Actor) -> None:
    if actor.kind == "staff" and actor.id == staff_id:
        raise OwnAccountError


def _keep_an_organiser(session: Session, staff_id: StaffId, role: Role | None) -> None:
    """Lock the organisers first: two of them who demote each other at once must not both find the other."""
    organiser = (StaffRow.role == Role.ORGANISER.value) & StaffRow.suspended_at.is_(None)
    present = session.scalars(select(StaffRow.id).where(organiser).order_by(StaffRow.id).with_for_update())
    if role is not Role.ORGANISER and staff_id in present.all() and not other_organisers(staff_id, session):
        raise LastOrganiserError
