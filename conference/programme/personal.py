"""Where a person stands in the programme: the draft keeps them from being erased, and old versions forget them."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.people.queries import get_person
from conference.programme.mark_queries import marks_of, wants_news
from conference.programme.model import Part
from conference.programme.model import Session as ProgrammeSession
from conference.programme.queries import draft, published, scheduled
from conference.programme.records import frozen_rows, lock_draft
from conference.programme.step_tables import StepChangeRow
from conference.programme.tables import TalkRow
from conference.programme.uses import sessions_with_person
from conference.registration.personal import registration_ids

PERSONAL_COLUMNS = {
    "programme_version": frozenset({"snapshot"}),
    "programme_scheduled": frozenset({"snapshot"}),
    "programme_step_change": frozenset({"before", "after"}),
    "session_mark": frozenset({"session_id"}),
    "session_news_wish": frozenset({"asked_at"}),
    "talk": frozenset({"co_authors"}),
}
Author = dict[str, str]
_EMPTIED = {"name": "–", "sort_name": "", "affiliation": "", "country": ""}


def shown_people(session: Session) -> set[PersonId]:
    """Return those who stand in the draft, in the published version or in the one that waits for its time."""
    public, waiting = published(session), scheduled(session)
    everything = [
        *draft(session).sessions,
        *(public.sessions if public else ()),
        *(waiting.programme.sessions if waiting else ()),
    ]
    return {part.person_id for one in everything for part in _parts(one)}


def held(session: Session, person_id: PersonId) -> list[str]:
    """Return the titles of the sessions that show the person, in the draft or in the published version."""
    shown = published(session)
    public = [one.title for one in shown.sessions if _is_in(person_id, one)] if shown else []
    return sorted({*sessions_with_person(session, person_id), *public})


def talks_held(session: Session, person_id: PersonId) -> list[dict[str, Any]]:
    """Return what the person's talks say in the draft, where their words go first."""
    talks = [talk for one in draft(session).sessions for talk in one.talks]
    return [
        {
            "title": talk.title,
            "abstract": talk.abstract,
            "level": talk.facts.level,
            "keywords": list(talk.facts.keywords),
            "co_authors": [asdict(one) for one in talk.facts.co_authors],
        }
        for talk in talks
        if any(part.person_id == person_id for part in talk.people)
    ]


def marks_held(person_id: PersonId) -> list[dict[str, Any]]:
    """Return what the person's registrations marked, by title where the published programme has it, and their wish."""
    programme = published()
    titles = {one.id: one.title for one in programme.sessions} if programme else {}
    found = []
    for registration_id in registration_ids(person_id):
        marked = sorted(marks_of(registration_id))
        if marked or wants_news(registration_id):
            names = [titles.get(one, f"session {one}") for one in marked]
            found.append({"marked": names, "tell of changes": wants_news(registration_id)})
    return found


def _parts(session: ProgrammeSession) -> list[Part]:
    return [*session.people, *(part for talk in session.talks for part in talk.people)]


def _is_in(person_id: PersonId, session: ProgrammeSession) -> bool:
    return any(part.person_id == person_id for part in _parts(session))


def erase(session: Session, person_id: PersonId) -> None:
    """Replace the person's name by a dash in every version that was ever published or waits for its time.

    They are dropped as a co-author, too.

    Co-authors are text and no records: one is the person where name and affiliation are both the same.
    """
    details = get_person(person_id, session).details
    author = {"name": details.name, "affiliation": details.affiliation}
    for row in frozen_rows(session):
        snapshot, changed = _without(row.snapshot, person_id, author)
        if changed:
            row.snapshot = snapshot
    for step in session.scalars(select(StepChangeRow)):
        # As in the talks themselves, so that what was edited since can still be taken back.
        step.before, step.after = _dropped(step.before, author), _dropped(step.after, author)
    talks = [talk for talk in session.scalars(select(TalkRow)) if author in talk.co_authors]
    if talks:
        lock_draft(session)
    for talk in talks:
        talk.co_authors = [one for one in talk.co_authors if one != author]
        talk.revision += 1
    session.flush()


def _dropped(state: dict[str, Any] | None, author: Author) -> dict[str, Any] | None:
    """Return the state of a session without this co-author of its talks; itself where they are none."""
    if not state or not any(author in talk["co_authors"] for talk in state.get("talks", ())):
        return state
    talks = [
        talk | {"co_authors": [one for one in talk["co_authors"] if one != author]} for talk in state["talks"]
    ]
    return state | {"talks": talks}


def _without(value: Any, person_id: PersonId, author: Author) -> tuple[Any, bool]:
    """Return the JSON value with the person's parts emptied, and whether there were any."""
    if isinstance(value, dict):
        if value == author:
            return {"name": "–", "affiliation": ""}, True
        if value.get("person") == person_id and "role" in value:
            return value | _EMPTIED, True
        parts = {name: _without(part, person_id, author) for name, part in value.items()}
        return {name: part for name, (part, _) in parts.items()}, any(hit for _, hit in parts.values())
    if isinstance(value, list):
        items = [_without(item, person_id, author) for item in value]
        return [item for item, _ in items], any(hit for _, hit in items)
    return value, False
