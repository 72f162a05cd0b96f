"""The history of all records, for organisers: searched, and taken out as a file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request

from conference.audit.asking import Asked, asked
from conference.audit.looks import LOOKS, Look, note_look
from conference.audit.model import Actor, FoundEntry
from conference.audit.registry import RecordName, actor_choices, actor_names, record_names
from conference.audit.search import ALL_CHANGES, ALL_LOOKS, Search, count_entries, every_entry, found_entries
from conference.audit.standing import standing
from conference.audit.telling import Teller, Told, all_field_words, as_line, field_word
from conference.audit.words import ACTION_WORDS, ACTOR_WORDS, RECORD_WORDS
from conference.web.access import Role, staff
from conference.web.exporting import Cell, csv_parts, file_answer
from conference.web.language import gettext

Answer = Response | tuple[str, int]
blueprint = Blueprint("audit", __name__)
HEADINGS = (
    "Number", "Time (UTC)", "Who", "Account", "What", "About", "Number of the record", "Fields", "Before and after",
    "People or entries", "Place in the chain", "Link",
)  # fmt: skip


@blueprint.get("/staff/audit")
@staff(Role.ORGANISER)
def office_list() -> Answer:
    """A page of entries in words. Values are those of `open_fields`; all others stand on the records' own pages."""
    return _page(asked(request.args))


@blueprint.get("/staff/audit/export")
@staff(Role.ORGANISER)
def export() -> Answer:
    """What the search finds, as CSV: with the values of `open_fields` alone, and without reasons.

    An erasure could not reach the rest in a file. A search that cannot be read is answered by the page that says so.
    """
    wanted = asked(request.args)
    if wanted.faults:
        return _page(wanted)
    note_look(Look.HISTORY, people=count_entries(wanted.search))
    return file_answer(csv_parts(_rows(wanted.search)), "history.csv", "text/csv; charset=utf-8")


def _page(wanted: Asked) -> Answer:
    """Return the page of a search; with 400, what was typed, and no entries, where it cannot be read."""
    search = wanted.search
    entries, has_older = ([], False) if wanted.faults else found_entries(search)
    teller = Teller()
    page = render_template(
        "audit/office_list.html",
        search=search,
        faults=wanted.faults,
        typed=wanted.typed,
        query=search.as_query(before=None),
        entries=entries,
        has_older=has_older,
        standing=standing(),
        actors=_names(entries),
        actor_choices=[one for choose in actor_choices.entries() for one in choose()],
        records=_records(entries),
        record_words=RECORD_WORDS,
        actions=sorted(ACTION_WORDS.items(), key=lambda pair: str(pair[1])),
        fields=sorted(all_field_words().items(), key=lambda pair: str(pair[1])),
        field_word=field_word,
        told=lambda one: told(teller, one),
        all_looks=ALL_LOOKS,
        all_changes=ALL_CHANGES,
    )
    return page, 400 if wanted.faults else 200


def told(teller: Teller, one: FoundEntry) -> list[Told]:
    """Return what an entry says changed; of a look nothing did."""
    return [] if one.action in LOOKS else teller.told(one.record[0], one.fields, one.changes)


def _rows(search: Search) -> Iterator[tuple[Cell, ...]]:
    yield HEADINGS
    teller = Teller()
    for entries in every_entry(search):
        names = _names(entries)
        for one in entries:
            yield (
                one.id, one.at.isoformat(timespec="seconds"), actor_word(one.actor, names), one.actor.id,
                str(ACTION_WORDS.get(one.action, one.action)), str(RECORD_WORDS.get(one.record[0], one.record[0])),
                one.record[1], ", ".join(one.fields), as_line(_shown(told(teller, one))), one.count, one.position, one.link or "",
            )  # fmt: skip


def actor_word(actor: Actor, names: Mapping[Any, str]) -> str:
    """Return who acted in words."""
    return names[actor.id] if actor.id in names else str(ACTOR_WORDS.get(actor.kind, actor.kind))


def _shown(changes: Iterable[Told]) -> list[Told]:
    """Return those with their values: the others' names stand in a column of their own."""
    return [one for one in changes if one.before is not None]


def _names(entries: Iterable[FoundEntry]) -> dict[Any, str]:
    ids = {one.actor.id for one in entries if one.actor.id is not None}
    return {key: name for give in actor_names.entries() for key, name in give(ids).items()} if ids else {}


def _records(entries: Iterable[FoundEntry]) -> dict[tuple[str, int], RecordName]:
    """Return how each record is called: a few statements for each kind on the page, whatever their number."""
    ids: dict[str, set[int]] = {}
    for one in entries:
        ids.setdefault(one.record[0], set()).add(one.record[1])
    givers = dict(record_names.items())
    named = {
        (kind, key): name
        for kind, wanted in ids.items()
        if kind in givers
        for key, name in givers[kind](wanted).items()
    }
    return {one.record: named.get(one.record) or RecordName(label=_plain(one.record)) for one in entries}


def _plain(record: tuple[str, int]) -> str:
    """Return a record by its kind and number, where it has no name or is gone."""
    kind, number = record
    word = str(RECORD_WORDS.get(kind, kind.replace("_", " ")))
    return gettext("%(kind)s %(number)s", kind=word, number=number) if number else word
