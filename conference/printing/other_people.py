"""Badges of those who have no registration: who they are, their prints noted, and printed again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from conference.accounts.queries import staff_members
from conference.audit.model import Actor
from conference.core.ids import BadgeRunId, PersonId
from conference.core.text import sort_key
from conference.db.base import db
from conference.event.queries import organisers
from conference.people.queries import people_by_id
from conference.printing.box_service import order_language
from conference.printing.choice import Choice
from conference.printing.other_model import OtherPerson, other_of
from conference.printing.runs import add_run
from conference.printing.tables import BadgeRunRow, OtherBadgePrintRow
from conference.programme.model import PartRole, Programme
from conference.programme.queries import draft, published
from conference.programme.words import ROLE_WORDS
from conference.registration.category_queries import categories
from conference.registration.model import BADGED
from conference.registration.queries import registrations_of

STAFF_COLOUR = 6
# Of who has several roles the first of these is on the badge.
_FIRST = (
    PartRole.CHAIR,
    PartRole.MODERATOR,
    PartRole.SPEAKER,
    PartRole.PANELLIST,
    PartRole.PRESENTING_AUTHOR,
)


def of_programme() -> list[OtherPerson]:
    """Return who speaks, chairs or discusses and has no badge of a registration, by name.

    A number of statements that does not grow with them.
    """
    roles = _roles(published() or draft())
    has_badge = {one for one, found in registrations_of(roles).items() if found.state in BADGED}
    people = people_by_id(one for one in roles if one not in has_badge)
    word, colour = _speakers_band()
    found = []
    for person in people.values():
        details, role = person.details, roles[person.id]
        one = OtherPerson(
            given_name=details.given_name,
            family_name=details.family_name,
            badge_name=details.badge_name,
            affiliation=details.affiliation_short or details.affiliation,
            country=details.country,
            word=word
            if word and role in {PartRole.SPEAKER, PartRole.PRESENTING_AUTHOR}
            else str(ROLE_WORDS[role]),
            colour=colour,
            sort_as=person.sort_as,
            person_id=person.id,
        )
        found.append(one)
    return in_order(found)


def _roles(programme: Programme) -> dict[PersonId, PartRole]:
    parts = [part for session in programme.sessions for part in session.people]
    parts += [part for session in programme.sessions for talk in session.talks for part in talk.people]
    return {
        part.person_id: part.role
        for part in sorted(parts, key=lambda one: _FIRST.index(one.role), reverse=True)
    }


def _speakers_band() -> tuple[str, int]:
    """Return word and colour of the speakers' category, or no word where there is none."""
    found = next((one.details for one in categories() if one.details.is_for_speakers), None)
    return (found.badge_word, found.badge_colour) if found else ("", 1)


def of_staff() -> list[OtherPerson]:
    """Return everybody with an account and a name, by name, with the first organiser's short name. Two statements."""
    host = next((one.short_name or one.name for one in organisers()), "")
    return in_order(
        OtherPerson(given_name=given, family_name=family, affiliation=host, word="Staff", colour=STAFF_COLOUR)
        for given, _, family in (" ".join(one.name.split()).partition(" ") for one in staff_members())
        if given
    )


def in_order(people: Iterable[OtherPerson]) -> list[OtherPerson]:
    """Return them in the one order of badges, boxes and lists."""
    language = order_language()

    def key(one: OtherPerson) -> tuple[object, ...]:
        name = one.sort_as or one.family_name or one.given_name
        return (*sort_key(name, language), *sort_key(one.given_name, language))

    return sorted(people, key=key)


def note_others(
    session: Session, people: Sequence[OtherPerson], choice: Choice, *, actor: Actor, now: datetime
) -> BadgeRunId:
    """Write down that these people's badges are printed, in this order. Two statements, however many they are."""
    run_id = add_run(
        session,
        count=len(people),
        choice=urlencode(choice.as_query()),
        sheet_name=choice.sheet.name,
        actor=actor,
        now=now,
    )
    rows = [
        {"run_id": run_id, "place": place, "person_id": one.person_id, "shown": one.as_json()}
        for place, one in enumerate(people, 1)
    ]
    if rows:
        session.execute(insert(OtherBadgePrintRow), rows)
    return run_id


def others_of(run_id: BadgeRunId) -> list[OtherPerson]:
    """Return those whom the run printed, in its order, with what is stored of them now; who was erased is left out."""
    rows = db.session.scalars(
        select(OtherBadgePrintRow)
        .where(OtherBadgePrintRow.run_id == run_id)
        .order_by(OtherBadgePrintRow.place)
    ).all()
    people = people_by_id(row.person_id for row in rows if row.person_id is not None)
    found = []
    for row in rows:
        if not row.shown:
            continue
        kept = other_of(row.shown, row.person_id)
        person = people.get(kept.person_id) if kept.person_id is not None else None
        if person is not None:
            details = person.details
            kept = replace(
                kept,
                given_name=details.given_name,
                family_name=details.family_name,
                badge_name=details.badge_name,
                affiliation=details.affiliation_short or details.affiliation,
                country=details.country,
            )
        found.append(kept)
    return found


def move_other_prints(session: Session, gone: PersonId, kept: PersonId) -> None:
    """Give one person's badges without a registration to another, when two records become one."""
    session.execute(
        update(OtherBadgePrintRow)
        .where(OtherBadgePrintRow.person_id == gone)
        .values(person_id=kept)
        .execution_options(synchronize_session=False)
    )


def forget_typed(session: Session, before: datetime) -> None:
    """Forget what badges of typed lines and of the staff showed that were printed before this; their count stays."""
    old = select(BadgeRunRow.id).where(BadgeRunRow.made_at < before)
    session.execute(
        update(OtherBadgePrintRow)
        .where(OtherBadgePrintRow.person_id.is_(None), OtherBadgePrintRow.run_id.in_(old))
        .values(shown={})
        .execution_options(synchronize_session=False)
    )
