"""What becomes public and what is taken back: versions, the one that waits for its time, and who is told of them.

Everything here holds the draft's row until its transaction ends, so that of two who publish, withdraw or tell at once
the second sees what the first did.
"""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as DbSession

from conference.audit.model import BY_SYSTEM, Actor, by_staff
from conference.audit.service import record
from conference.core.clock import STOCKHOLM
from conference.core.errors import NotFoundError, RevisionMissingError
from conference.core.ids import StaffId
from conference.db.revisions import delete_revised, revise
from conference.event.queries import get_event
from conference.event.rules import listed
from conference.programme import rules
from conference.programme.changes import diff, session_changes, with_sequences
from conference.programme.checking import check
from conference.programme.errors import (
    BlockedError,
    NothingToPublishError,
    NothingToTellError,
    NotScheduledError,
    NotThePublicVersionError,
    OtherVersionToTellError,
    PublishTimeOverError,
    PublishTimeSkippedError,
    PublishTimeTooLateError,
    ScheduledInTheWayError,
    StaleDraftError,
    UndisclosedError,
    VersionNameError,
    WithdrawnAlreadyError,
)
from conference.programme.model import NAME_AT_MOST, Labels, Programme, ScheduledVersion, Telling
from conference.programme.queries import (
    board_of,
    check_settings,
    is_last_final,
    next_number,
    published,
    scheduled,
    version,
)
from conference.programme.records import draft_under_lock, hold_draft
from conference.programme.registry import tell_all, undisclosed_beside, version_published
from conference.programme.severity import BLOCKING, ConflictKind
from conference.programme.snapshot import freeze
from conference.programme.tables import ScheduledRow, VersionRow
from conference.programme.weighing import in_the_way
from conference.web.language import date_time, long_date

_ABOUT = "programme_version"


def fit_to_publish(session: DbSession, seen_draft_revision: int | None, labels: Labels) -> Programme:
    """Return what would become public of the draft, which nobody else changes until this transaction ends.

    Raises as `service.publish` does.
    """
    if seen_draft_revision is None:
        raise RevisionMissingError
    if len(labels.name) > NAME_AT_MOST:
        raise VersionNameError("name", most=NAME_AT_MOST, count=len(labels.name))
    current = draft_under_lock(session)
    if current.draft_revision != seen_draft_revision + 1:  # the lock has just raised it
        raise StaleDraftError
    waiting = scheduled(session)
    if waiting is not None:
        raise ScheduledInTheWayError(moment=date_time(waiting.publish_at))
    public = rules.publishable(current)
    blocking = in_the_way(check(board_of(public, session)), is_final=labels.is_final)
    if blocking:
        raise BlockedError(count=len(blocking))
    if labels.is_final:
        _check_disclosures(session, public)
    last = published(session)
    is_marked_only = labels.is_final and not is_last_final(session)
    if last is not None and not diff(last, public) and not is_marked_only:
        raise NothingToPublishError
    return public


def _check_disclosures(session: DbSession, public: Programme) -> None:
    """Raise UndisclosedError where somebody without a part in the version has to disclose, and staff let that block it."""
    if check_settings(session).severity(ConflictKind.DISCLOSURE_MISSING) not in BLOCKING:
        return
    owing = undisclosed_beside(public, session)
    if owing:
        raise UndisclosedError("is_final", names=listed(one.name for one in owing))


def make_public(session: DbSession, public: Programme, labels: Labels, *, actor: Actor, now: datetime) -> int:
    """Write the programme as the next version, tell whom it concerns where that is wanted now, and return its number."""
    last, number, sequence = published(session), next_number(session), _next_sequence(session)
    sequences = with_sequences(last, public, sequence)
    sessions = tuple(replace(one, sequence=sequences[one.id]) for one in public.sessions)
    numbered = replace(public, sessions=sessions, version=number, published_at=now, name=labels.name)
    row = VersionRow(
        number=number,
        published_at=now,
        published_by=actor.id,
        draft_revision=public.draft_revision,
        snapshot=freeze(numbered),
        is_final=labels.is_final,
        name=labels.name,
        telling=labels.telling.value,
        calendar_sequence=sequence,
    )
    session.add(row)
    session.flush()
    record(session, actor=actor, action="published", about=(_ABOUT, row.id))
    for listener in version_published.entries():
        listener(session, last, numbered)
    if labels.telling is Telling.NOW:
        tell_all(session, numbered)
    return number


def _next_sequence(session: DbSession) -> int:
    """Return a SEQUENCE above all that calendars were ever given; the version's number, until one is withdrawn."""
    highest = session.scalar(select(func.max(VersionRow.calendar_sequence))) or 0
    return 1 + max(highest, next_number(session) - 1)


def tell_now(session: DbSession, number: int, *, actor: Actor) -> int:
    """Tell everybody who does not know the public version yet, and return how many mails that made.

    Two who ask at once write one mail each reader. Raises OtherVersionToTellError, NothingToTellError.
    """
    hold_draft(session)
    public = published(session)
    if public is None or public.version != number:
        raise OtherVersionToTellError
    written = tell_all(session, public)
    if not written:
        raise NothingToTellError
    row = session.scalar(select(VersionRow.id).where(VersionRow.number == number))
    record(session, actor=actor, action="version told", about=(_ABOUT, row or 0))
    return written


def withdraw(session: DbSession, number: int, *, actor: Actor, now: datetime) -> int | None:
    """Take the public version back and return the number of the one that the public sees from now on, None for none.

    Raises NotFoundError, WithdrawnAlreadyError, and NotThePublicVersionError for an older one.
    """
    hold_draft(session)
    row = session.scalar(select(VersionRow).where(VersionRow.number == number))
    if row is None:
        raise NotFoundError
    if row.withdrawn_at is not None:
        raise WithdrawnAlreadyError(number=number)
    gone = published(session)
    assert gone is not None  # this one at least stands
    if gone.version != number:
        raise NotThePublicVersionError(number=number, newest=gone.version)
    row.withdrawn_at, row.withdrawn_by = now, actor.id
    session.flush()
    back = _put_back(session, gone, now)
    record(session, actor=actor, action="version withdrawn", about=(_ABOUT, row.id))
    for listener in version_published.entries():
        listener(session, gone, back)
    return back.version if back else None


def _put_back(session: DbSession, gone: Programme, now: datetime) -> Programme | None:
    """Let the version before be public again, as a newer state of whatever differs in calendars."""
    standing = select(VersionRow).where(VersionRow.withdrawn_at.is_(None))
    row = session.scalar(standing.order_by(VersionRow.number.desc()).limit(1))
    if row is None:
        return None
    sequence, known = _next_sequence(session), {one.id: one for one in gone.sessions}
    before = version(row.number, session)
    differing = [one.id for one in before.sessions if session_changes(known.get(one.id), one)]
    row.lifted = {**row.lifted, **{str(one): sequence for one in differing}}
    row.public_since, row.calendar_sequence = now, sequence
    session.flush()
    return version(row.number, session)


def moment_to_publish(local: datetime, now: datetime, last_day_ends: datetime) -> datetime:
    """Return the moment of a time typed as Stockholm's, without a zone; of one that comes twice, the first.

    Raises PublishTimeSkippedError, PublishTimeOverError, PublishTimeTooLateError.
    """
    said = local.isoformat(" ", "minutes")
    try:
        moment = local.replace(tzinfo=STOCKHOLM).astimezone(UTC)
    except OverflowError as error:  # the first hour of the year 1, which in UTC is before all years
        raise PublishTimeOverError("at", moment=said) from error
    if moment.astimezone(STOCKHOLM).replace(tzinfo=None) != local:
        raise PublishTimeSkippedError("at", moment=said)
    if moment <= now:
        raise PublishTimeOverError("at", moment=said)
    if moment > last_day_ends:
        raise PublishTimeTooLateError("at", last=long_date(last_day_ends.astimezone(STOCKHOLM).date()))
    return moment


def _moment(session: DbSession, local: datetime, now: datetime) -> datetime:
    last = get_event(session).days[-1]
    end = datetime(last.year, last.month, last.day, 23, 59, tzinfo=STOCKHOLM)
    return moment_to_publish(local, now, end)


def schedule(
    session: DbSession,
    *,
    seen_draft_revision: int | None,
    at: datetime,
    labels: Labels,
    actor: Actor,
    now: datetime,
) -> datetime:
    """Freeze the draft as it is, to become public at the time, and return that moment.

    Its conflicts are checked now. `at` is Stockholm's, without a zone. Raises as `service.publish` and
    `moment_to_publish` do.
    """
    moment = _moment(session, at, now)
    public = fit_to_publish(session, seen_draft_revision, labels)
    row = ScheduledRow(
        id=1,
        publish_at=moment,
        draft_revision=public.draft_revision,
        snapshot=freeze(public),
        is_final=labels.is_final,
        name=labels.name,
        telling=labels.telling.value,
        set_at=now,
        set_by=actor.id,
    )
    session.add(row)
    session.flush()
    record(session, actor=actor, action="publication set", about=("programme_scheduled", 1))
    return moment


def set_time(
    session: DbSession, seen_revision: int | None, at: datetime, *, actor: Actor, now: datetime
) -> datetime:
    """Give the waiting version another time; its content stays as it was frozen. Raises as `schedule`, and StaleRevisionError."""
    moment = _moment(session, at, now)
    hold_draft(session)
    try:
        revise(session, ScheduledRow, 1, seen_revision, {"publish_at": moment})
    except NotFoundError:
        raise NotScheduledError from None
    record(session, actor=actor, action="publication set", about=("programme_scheduled", 1))
    return moment


def call_off(session: DbSession, seen_revision: int | None, *, actor: Actor) -> None:
    """Drop the waiting version. Raises NotScheduledError where there is none, StaleDeletionError."""
    hold_draft(session)
    try:
        delete_revised(session, ScheduledRow, 1, seen_revision)
    except NotFoundError:
        raise NotScheduledError from None
    record(session, actor=actor, action="publication called off", about=("programme_scheduled", 1))


def release(session: DbSession, now: datetime) -> int | None:
    """Make the waiting version public if its time has come, and return its number; None where there is nothing to do.

    Safe to do twice and by two workers at once: whoever comes second finds no version that waits.
    """
    hold_draft(session)
    waiting = scheduled(session)
    if waiting is None or waiting.publish_at > now:
        return None
    session.execute(delete(ScheduledRow))
    return make_public(session, waiting.programme, waiting.labels, actor=_who_set(waiting), now=now)


def _who_set(waiting: ScheduledVersion) -> Actor:
    return BY_SYSTEM if waiting.set_by is None else by_staff(StaffId(waiting.set_by))
