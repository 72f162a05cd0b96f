from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from conference.accounts.model import Credentials, StaffMember
from conference.accounts.tables import PasskeyRow, StaffLinkRow, StaffRow, StaffSessionRow, StaffTrackRow
from conference.core.errors import NotFoundError
from conference.core.ids import StaffId
from conference.core.text import address_key
from conference.db.base import db
from conference.web.access import Principal, Role, SignedIn
from conference.web.settings import current_settings


def member_of(row: StaffRow) -> StaffMember:
    return StaffMember(
        id=StaffId(row.id),
        email=row.email,
        name=row.name,
        role=Role(row.role),
        language=row.language,
        has_password=row.password_hash is not None,
        created_at=row.created_at,
        revision=row.revision,
        suspended_at=row.suspended_at,
        has_totp=row.totp_sealed is not None,
        is_limited=row.is_limited,
    )


def find_principal(token_hash: str, now: datetime) -> Principal | None:
    """Return who is signed in by this session token's SHA-256 at the real time `now`. One statement."""
    found = db.session.execute(
        select(
            StaffRow,
            StaffSessionRow.id,
            StaffSessionRow.created_at,
            StaffSessionRow.seen_at,
            StaffSessionRow.confirmed_at,
            _has_passkey(),
        )
        .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.id)
        .where(
            StaffSessionRow.token_hash == token_hash,
            StaffSessionRow.expires_at > now,
            StaffSessionRow.is_pending.is_(False),
            StaffRow.suspended_at.is_(None),
        )
    ).first()
    if found is None:
        return None
    row, session_id, signed_in_at, seen_at, confirmed_at, has_passkey = found
    role = Role(row.role)
    if seen_at <= now - idle_time(role):
        return None
    is_guarded = has_passkey or row.totp_sealed is not None
    return Principal(
        id=StaffId(row.id),
        email="" if row.is_by_code else row.email,
        name=row.name,
        role=role,
        is_by_code=row.is_by_code,
        is_limited=row.is_limited and role is Role.PROGRAMME,
        must_enrol=not is_guarded and not row.is_by_code and role in required_roles(),
        session=SignedIn(
            id=session_id, at=signed_in_at, seen_at=seen_at, confirmed_at=confirmed_at or signed_in_at
        ),
    )


def idle_time(role: Role) -> timedelta:
    """Return after how long without a click a session of the role ends, by CONFERENCE_SESSION_IDLE_MINUTES."""
    return timedelta(minutes=current_settings().session_idle_minutes[role])


def required_roles() -> frozenset[Role]:
    """Return the roles that need a second factor, by CONFERENCE_SECOND_FACTOR_ROLES."""
    return frozenset(Role(name) for name in current_settings().second_factor_roles)


def _has_passkey() -> ColumnElement[bool]:
    return exists().where(PasskeyRow.staff_id == StaffRow.id)


def is_guarded(session: Session, staff_id: StaffId) -> bool:
    """Return whether the account has a second factor."""
    guarded = or_(StaffRow.totp_sealed.is_not(None), _has_passkey())
    return bool(session.scalar(select(exists().where(StaffRow.id == staff_id, guarded))))


def find_pending(token_hash: str, now: datetime) -> StaffMember | None:
    """Return who has given the password or a link by this token's SHA-256, and not yet the second factor."""
    row = db.session.scalar(
        select(StaffRow)
        .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.id)
        .where(
            StaffSessionRow.token_hash == token_hash,
            StaffSessionRow.expires_at > now,
            StaffSessionRow.is_pending,
            StaffRow.suspended_at.is_(None),
        )
    )
    return member_of(row) if row else None


def find_credentials(email: str) -> Credentials | None:
    may_enter = (StaffRow.suspended_at.is_(None), StaffRow.is_by_code.is_(False))
    row = db.session.scalar(select(StaffRow).where(StaffRow.email_key == address_key(email), *may_enter))
    return Credentials(id=StaffId(row.id), password_hash=row.password_hash) if row else None


def credentials_of(staff_id: StaffId) -> Credentials:
    row = db.session.get(StaffRow, staff_id)
    if row is None:
        raise NotFoundError
    return Credentials(id=StaffId(row.id), password_hash=row.password_hash)


def has_account(email: str) -> bool:
    """Return whether an account has this address, in whatever case it is typed."""
    return bool(db.session.scalar(select(exists().where(StaffRow.email_key == address_key(email)))))


def get_member(staff_id: StaffId, session: Session | None = None) -> StaffMember:
    """Return the account; raises NotFoundError, for who came in by a desk code too."""
    row = (session or db.session).get(StaffRow, staff_id, populate_existing=True)
    if row is None or row.is_by_code:
        raise NotFoundError
    return member_of(row)


def find_member_at(email_key: str, session: Session) -> StaffMember | None:
    """Return whose account has this address, as `address_key` writes it."""
    is_account = StaffRow.is_by_code.is_(False)
    row = session.scalar(select(StaffRow).where(StaffRow.email_key == email_key, is_account))
    return member_of(row) if row else None


def member_at(email: str, session: Session) -> StaffMember:
    """Return whose account has this address; raises NotFoundError."""
    found = find_member_at(address_key(email), session)
    if found is None:
        raise NotFoundError
    return found


def known_links(hashes: Iterable[str]) -> set[str]:
    """Return those of the hashes that are of links into an account, or that confirm a sign-in, used, over or not."""
    asked = list(hashes)
    of_links = select(StaffLinkRow.token_hash).where(StaffLinkRow.token_hash.in_(asked))
    of_sessions = select(StaffSessionRow.asked_hash).where(StaffSessionRow.asked_hash.in_(asked))
    return {one for one in db.session.scalars(of_links.union_all(of_sessions)) if one is not None}


def find_link_owner(token_hash: str, now: datetime) -> StaffMember | None:
    """Return whose one-time link this is, if it can still be used at the real time `now`. Changes nothing."""
    row = db.session.scalar(
        select(StaffRow)
        .join(StaffLinkRow, StaffLinkRow.staff_id == StaffRow.id)
        .where(
            StaffLinkRow.token_hash == token_hash,
            StaffLinkRow.used_at.is_(None),
            StaffLinkRow.expires_at > now,
            StaffRow.suspended_at.is_(None),
        )
    )
    return member_of(row) if row else None


def staff_members() -> list[StaffMember]:
    accounts = select(StaffRow).where(StaffRow.is_by_code.is_(False))
    rows = db.session.scalars(accounts.order_by(StaffRow.email_key))
    return [member_of(row) for row in rows]


def track_limit(session: Session, staff_id: int) -> frozenset[int] | None:
    """Return the ids of the tracks whose sessions the member may edit, or None for no limit. One statement, or two.

    A limit is of programme staff alone: who becomes an organiser has none.
    """
    limited = (StaffRow.is_limited, StaffRow.role == Role.PROGRAMME.value)
    if session.scalar(select(StaffRow.id).where(StaffRow.id == staff_id, *limited)) is None:
        return None
    return tracks_of(staff_id, session)


def tracks_of(staff_id: int, session: Session | None = None) -> frozenset[int]:
    """Return the ids of the tracks that were chosen for the account, whether it is limited to them or not."""
    chosen = select(StaffTrackRow.track_id).where(StaffTrackRow.staff_id == staff_id)
    return frozenset((session or db.session).scalars(chosen))


def is_organiser(column: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that the column's account is an organiser's now, and not suspended, for another room's query."""
    return exists().where(
        StaffRow.id == column, StaffRow.role == Role.ORGANISER.value, StaffRow.suspended_at.is_(None)
    )


def organisers(session: Session) -> list[StaffMember]:
    """Return the organisers who may sign in, the first first."""
    is_one = (
        StaffRow.role == Role.ORGANISER.value,
        StaffRow.suspended_at.is_(None),
        StaffRow.is_by_code.is_(False),
    )
    return [member_of(row) for row in session.scalars(select(StaffRow).where(*is_one).order_by(StaffRow.id))]


def other_organisers(staff_id: StaffId, session: Session) -> int:
    """Return how many organisers there are beside this member who may sign in."""
    organisers = (StaffRow.role == Role.ORGANISER.value, StaffRow.suspended_at.is_(None))
    return session.scalar(select(func.count()).where(*organisers, StaffRow.id != staff_id)) or 0


def staff_names(ids: Iterable[int | None]) -> dict[StaffId, str]:
    """Return what histories show, by id: the name, or the address where there is none. One statement at most."""
    wanted = sorted({staff_id for staff_id in ids if staff_id is not None})
    rows = db.session.scalars(select(StaffRow).where(StaffRow.id.in_(wanted))) if wanted else ()
    return {StaffId(row.id): row.name or row.email for row in rows}
