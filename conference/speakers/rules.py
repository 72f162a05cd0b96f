"""Who has which part, what is public of it, and where each speaker stands. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from conference.core.errors import RevisionMissingError, StaleRevisionError
from conference.core.ids import PersonId
from conference.core.text import folded
from conference.mail.rules import is_address
from conference.people.model import Person, PersonDetails
from conference.programme.listing import Appearance, people_listed
from conference.programme.model import PartRole, Programme
from conference.registration.model import Registration, State
from conference.speakers.model import Answer, ConfirmSpeaker, Invitation, OwnPart, Speaker, Standing, Task
from conference.speakers.tasks import NOT_CONFIRMED

# Own choice: a second press of "mail all" within this time writes to nobody twice.
MAIL_PAUSE = timedelta(minutes=10)
_LEADING = (PartRole.CHAIR, PartRole.MODERATOR)


def parts_by_person(draft: Programme, public: Programme | None) -> dict[PersonId, tuple[OwnPart, ...]]:
    """Return the parts of everybody in the draft, people by family name, parts by time."""
    known = set(_marks(public)) if public else set()
    return {
        listed.part.person_id: tuple(
            _own_part(appearance, is_public=_mark(listed.part.person_id, appearance) in known)
            for appearance in listed.appearances
        )
        for listed in people_listed(draft)
    }


def _marks(programme: Programme) -> Iterator[tuple[object, ...]]:
    for listed in people_listed(programme):
        for appearance in listed.appearances:
            yield _mark(listed.part.person_id, appearance)


def _mark(person_id: PersonId, appearance: Appearance) -> tuple[object, ...]:
    """Return what must be the same in two programmes for a part to be the same."""
    part = _own_part(appearance, is_public=True)
    talk_id = appearance.talk.id if appearance.talk else None
    return person_id, appearance.session.id, talk_id, part.role, part.span, part.room


def _own_part(appearance: Appearance, *, is_public: bool) -> OwnPart:
    session, talk = appearance.session, appearance.talk
    return OwnPart(
        role=appearance.role,
        session=session.title,
        talk=talk.title if talk else "",
        talk_id=talk.id if talk else None,
        span=talk.span if talk else session.span,
        room=session.room.name if session.room else "",
        is_public=is_public,
        chairs=tuple(part.name for part in session.people if part.role in _LEADING),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """A standing, and since when: None while it is open."""

    standing: Standing
    since: datetime | None = None


def standing(answer: Answer | None, live: Registration | None, invitation: Invitation | None = None) -> Stand:
    """Return where a speaker stands, by the answer, the invitation and the live registration that there may be."""
    if live is not None:
        word = Standing.WAITING if live.state is State.WAITING else Standing.CONFIRMED
        return Stand(standing=word, since=answer.confirmed_at if answer else live.created_at)
    if invitation is not None and invitation.declined_at is not None:
        return Stand(standing=Standing.DECLINED, since=invitation.declined_at)
    if answer is not None:
        return Stand(standing=Standing.WITHDRAWN, since=answer.confirmed_at)
    return Stand(standing=Standing.OPEN)


def language_of(live: Registration | None, invitation: Invitation | None) -> str:
    """Return the language of a speaker's mails: their registration's, else their invitation's, "" for the default."""
    if live is not None and live.language:
        return live.language
    return invitation.language if invitation else ""


def agreed_revision(stored: Person, command: ConfirmSpeaker) -> int:
    """Return the revision to write against, which is the stored one where the same was typed already.

    A form sent twice meets its own first save. Raises RevisionMissingError, StaleRevisionError with both values.
    """
    if command.expected_revision is None:
        raise RevisionMissingError
    differing = changed_fields(stored.details, command.details)
    if differing and stored.revision != command.expected_revision:
        theirs, mine = stored.details.as_values(), command.details.as_values()
        raise StaleRevisionError(
            {name: theirs[name] for name in differing}, {name: mine[name] for name in differing}
        )
    return stored.revision


def changed_fields(before: PersonDetails, after: PersonDetails) -> list[str]:
    names = (field.name for field in fields(PersonDetails))
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def has_address(details: PersonDetails) -> bool:
    return is_address(details.email)


def to_be_mailed(speakers: Iterable[Speaker]) -> list[Speaker]:
    """Return those whom "mail all who have not confirmed" means: open, with an address."""
    return [one for one in speakers if one.standing in NOT_CONFIRMED and has_address(one.person.details)]


def open_without_address(speakers: Iterable[Speaker]) -> list[Speaker]:
    """Return those who have not confirmed and whom no mail can reach."""
    return [one for one in speakers if one.standing in NOT_CONFIRMED and not has_address(one.person.details)]


def mailed_just_now(speaker: Speaker, now: datetime) -> bool:
    """Return whether a mail with the link was written so lately that another would be a double. `now` is real time."""
    return written_just_now(speaker.mailed_at, now)


def written_just_now(mailed_at: datetime | None, now: datetime) -> bool:
    """Return whether that is so lately that another mail would be a double. Both are real time."""
    return mailed_at is not None and now < mailed_at + MAIL_PAUSE


def matches(
    speaker: Speaker,
    text: str,
    wanted: Standing | None,
    overdue: Task | None = None,
) -> bool:
    """Return whether name, affiliation, address or titles hold each word, standing and overdue task are the wanted."""
    late = {one.task for one in speaker.missing if one.is_overdue}
    if overdue is not None and overdue not in late:
        return False
    details = speaker.person.details
    held = (details.name, details.affiliation, details.email, *(part.title for part in speaker.parts))
    inside = folded(" ".join(held))
    return all(word in inside for word in folded(text).split()) and wanted in {None, speaker.standing}
