"""From an audience to those whom it names: registrations of the list, speakers by stage, people whom a change affects.

"Affected" means, by what changed: a day, those who have a place in a category that is for it; an extra, those who
have it, wait for it or wish for it; a session, who has a part in it, and those of its day; a version of the programme,
all that for each session which it moved or cancelled, on the day of before and the day of now.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from conference.campaigns.errors import AudienceMissingError, AudienceUnknownError
from conference.campaigns.model import Audience, AudienceKind, Candidate
from conference.core.errors import NotFoundError
from conference.core.ids import ExtraId, PersonId
from conference.core.text import address_key, folded
from conference.event.queries import get_event
from conference.people.model import Person
from conference.programme.changes import MOVES, ChangeKind, diff
from conference.programme.model import Programme
from conference.programme.model import Session as ProgrammeSession
from conference.programme.queries import draft, version, versions
from conference.registration.addressees import (
    Addressee,
    addressees,
    addressees_on,
    addressees_with_extra,
)
from conference.registration.filters import ListFilters
from conference.speakers.model import NOT_COMING, Standing
from conference.speakers.queries import speakers, standings
from conference.web.numbers import number_of

# What stands for the words of a search once a campaign's recipients are fixed.
SEARCHED = "…"


@dataclass(frozen=True, kw_only=True, slots=True)
class Concerned:
    """Whom a change of the programme affects: people with a part, and those who come on a day."""

    people: frozenset[PersonId]
    days: frozenset[date]


def of_list(filters: ListFilters) -> Audience:
    """Return the audience of all whom the office's list shows with these filters."""
    return Audience(kind=AudienceKind.REGISTRATIONS, value=urlencode(filters.as_query(), doseq=True))


def of_address(typed: str) -> Audience:
    """Return the audience of a list whose address somebody copied, or of the part after its question mark.

    Only the list's own address without a filter means all. Raises AudienceMissingError for nothing, and
    AudienceUnknownError for what names what there is not, so that nobody writes to all by mistake.
    """
    remedy = "Copy the whole address of the page Registrations, once it shows whom you mean."
    if not typed.strip():
        raise AudienceMissingError("address", remedy=remedy)
    query = _query_of(typed.strip())
    filters = _filters(query or "")
    is_unread = any("=" not in part for part in (query or "").split("&") if part)
    is_all = not filters.as_query()
    if query is None or filters.is_unknown or is_unread or (is_all and parse_qsl(query)):
        raise AudienceUnknownError("address", what=typed[:80], remedy=remedy)
    return of_list(filters)


def _query_of(typed: str) -> str | None:
    """Return what the address asks of the list, or the part after its question mark; None where it is of no list."""
    if "/" not in typed.partition("=")[0]:
        query = typed.lstrip("?")
        return query if parse_qsl(query) else None
    try:
        address = urlsplit(typed)
    except ValueError:
        return None
    return address.query if address.path.rstrip("/").endswith("/staff/registrations") else None


def of_stages(stages: Collection[str]) -> Audience:
    """Return the audience of speakers in these stages. Raises AudienceMissingError without any."""
    known = [stage.value for stage in Standing if stage.value in stages]
    if not known:
        raise AudienceMissingError("stages", remedy="Tick at least one stage.")
    return Audience(kind=AudienceKind.SPEAKERS, value=" ".join(known))


def of_change(value: str) -> Audience:
    """Return the audience of those whom this change affects.

    Raises AudienceMissingError for nothing, AudienceUnknownError for what there is not.
    """
    remedy = "Choose one of the list."
    if not value:
        raise AudienceMissingError("change", remedy=remedy)
    audience = Audience(kind=AudienceKind.AFFECTED, value=value)
    try:
        _affected(value, None)
    except (ValueError, NotFoundError) as error:
        raise AudienceUnknownError("change", what=value[:80], remedy=remedy) from error
    return audience


def without_text(audience: Audience) -> Audience:
    """Return the audience with a sign in place of the words that its list is searched by."""
    if not has_words(audience):
        return audience
    return of_list(replace(filters_of(audience), text=SEARCHED))


def has_words(audience: Audience) -> bool:
    """Return whether it is a list that is searched by words, which may be somebody's name."""
    return audience.kind is AudienceKind.REGISTRATIONS and bool(filters_of(audience).text)


def finds(audience: Audience, person_id: PersonId, session: Session) -> bool:
    """Return whether the audience is searched by words that find this person, whatever else it asks for."""
    if not has_words(audience):
        return False
    found = addressees(ListFilters(text=filters_of(audience).text), session)
    return any(one.person_id == person_id for one in found)


def filters_of(audience: Audience) -> ListFilters:
    return _filters(audience.value)


def _filters(query: str) -> ListFilters:
    return ListFilters.of_query(cast("dict[str, Any]", MultiDict(parse_qsl(query))))


def stages_of(audience: Audience) -> tuple[Standing, ...]:
    return tuple(Standing(stage) for stage in audience.value.split())


def candidates(audiences: Iterable[Audience], session: Session | None = None) -> list[Candidate]:
    """Return each record that the audiences name, once for each that does."""
    return [one for audience in audiences for one in _of(audience, session)]


def _of(audience: Audience, session: Session | None) -> list[Candidate]:
    if audience.kind is AudienceKind.REGISTRATIONS:
        filters = filters_of(audience)
        return [_registered(one, filters) for one in addressees(filters, session)]
    if audience.kind is AudienceKind.SPEAKERS:
        stages = stages_of(audience)
        return [_speaking(one.person, one.language) for one in speakers(session) if one.standing in stages]
    try:
        return _affected(audience.value, session)
    except NotFoundError:
        return []  # what changed was deleted since


def _registered(one: Addressee, filters: ListFilters | None = None) -> Candidate:
    """Return the candidate of a registration; an ended one only counts where the filter asks for its state, or for it."""
    is_asked = filters is not None and (one.state in filters.states or one.registration_id in filters.chosen)
    return Candidate(
        person_id=one.person_id,
        about=("registration", one.registration_id),
        email=one.email,
        key=one.email_key,
        language=one.language,
        has_ended=not one.is_live and not is_asked,
        is_erased=one.is_erased,
    )


def _speaking(person: Person, language: str, *, has_ended: bool = False) -> Candidate:
    details = person.details
    return Candidate(
        person_id=person.id,
        about=("person", person.id),
        email=details.email,
        # Two records with one address and one name are one person whom nobody has merged.
        key=f"{address_key(details.email)} {folded(details.name)}",
        language=language,
        has_ended=has_ended,
    )


def _affected(value: str, session: Session | None) -> list[Candidate]:
    """Raises ValueError for a value that is none, NotFoundError for a thing that there is not."""
    kind, _, name = value.partition(":")
    if kind == "extra":
        return [_registered(one) for one in addressees_with_extra(ExtraId(_number(name)), session)]
    if kind == "day":
        day = date.fromisoformat(name)
        if day not in get_event(session).days:
            raise NotFoundError
        return [_registered(one) for one in addressees_on([day], session)]
    if kind not in {"session", "version"}:
        raise ValueError(value)
    of = _of_session if kind == "session" else _of_version
    concerned = of(_number(name), session)
    registered = [_registered(one) for one in addressees_on(concerned.days, session)]
    return registered + [
        _speaking(one.person, one.language, has_ended=one.standing in NOT_COMING)
        for one in standings(concerned.people, session)
    ]


def _number(name: str) -> int:
    number = number_of(name)
    if number is None:
        raise NotFoundError
    return number


def _of_session(session_id: int, session: Session | None) -> Concerned:
    found = next((one for one in draft(session).sessions if one.id == session_id), None)
    if found is None:
        raise NotFoundError
    return _concerned([found])


def _of_version(number: int, session: Session | None) -> Concerned:
    new = version(number, session)
    old = _before(number, session)
    changed = [one for one in diff(old, new) if one.kind in MOVES | {ChangeKind.CANCELLED}]
    return _concerned([one for change in changed for one in (change.old, change.new) if one is not None])


def _before(number: int, session: Session | None) -> Programme | None:
    """Return what the public saw before: the newest earlier version that was not withdrawn."""
    earlier = [one.number for one in versions(session) if one.number < number and one.withdrawn_at is None]
    return version(earlier[0], session) if earlier else None


def _concerned(sessions: Iterable[ProgrammeSession]) -> Concerned:
    found = list(sessions)
    return Concerned(
        people=frozenset(part.person_id for one in found for part in one.everybody),
        days=frozenset(one.day for one in found if one.day is not None),
    )
