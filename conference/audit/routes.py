"""The history of all records, for organisers: searched, and taken out as a file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request

from conference.audit.looks import Look, note_look
from conference.audit.model import Actor, FoundEntry
from conference.audit.registry import RecordName, actor_choices, actor_names, field_words, record_names
from conference.audit.search import ALL_CHANGES, ALL_LOOKS, Search, count_entries, every_entry, found_entries
from conference.audit.standing import standing
from conference.audit.words import ACTION_WORDS, ACTOR_WORDS, RECORD_WORDS
from conference.web.access import Role, staff
from conference.web.exporting import Cell, csv_parts, file_answer
from conference.web.language import gettext

blueprint = Blueprint("audit", __name__)
HEADINGS = (
    "Number", "Time (UTC)", "Who", "Account", "What", "About", "Number of the record", "Fields", "People or entries",
    "Place in the chain", "Link",
)  # fmt: skip


@blueprint.get("/staff/audit")
@staff(Role.ORGANISER)
def office_list() -> str:
    """A page of entries with what they are about in words; values are shown on the records' own pages alone."""
    search = Search.of_query(request.args)
    entries, has_older = found_entries(search)
    return render_template(
        "audit/office_list.html",
        search=search,
        query=search.as_query(before=None),
        entries=entries,
        has_older=has_older,
        standing=standing(),
        actors=_names(entries),
        actor_choices=[one for choose in actor_choices.entries() for one in choose()],
        records=_records(entries),
        record_words=RECORD_WORDS,
        actions=sorted(ACTION_WORDS.items(), key=lambda pair: str(pair[1])),
        fields=sorted(_field_words().items(), key=lambda pair: str(pair[1])),
        field_word=field_word,
        all_looks=ALL_LOOKS,
        all_changes=ALL_CHANGES,
    )


@blueprint.get("/staff/audit/export")
@staff(Role.ORGANISER)
def export() -> Response:
    """What the search finds, as CSV: without values and reasons, which an erasure could not reach in a file."""
    search = Search.of_query(request.args)
    note_look(Look.HISTORY, people=count_entries(search))
    return file_answer(csv_parts(_rows(search)), "history.csv", "text/csv; charset=utf-8")


def _rows(search: Search) -> Iterator[tuple[Cell, ...]]:
    yield HEADINGS
    for entries in every_entry(search):
        names = _names(entries)
        for one in entries:
            yield (
                one.id, one.at.isoformat(timespec="seconds"), actor_word(one.actor, names), one.actor.id,
                str(ACTION_WORDS.get(one.action, one.action)), str(RECORD_WORDS.get(one.record[0], one.record[0])),
                one.record[1], ", ".join(one.fields), one.count, one.position, one.link or "",
            )  # fmt: skip


def actor_word(actor: Actor, names: Mapping[Any, str]) -> str:
    """Return who acted in words."""
    return names[actor.id] if actor.id in names else str(ACTOR_WORDS.get(actor.kind, actor.kind))


def field_word(name: str, kind: str = "") -> str:
    """Return what a field is called in a record of the kind; one without a word of its own by its name."""
    own = dict(field_words.items()).get(kind, {})
    return str(own.get(name) or _field_words().get(name) or name.replace("_", " "))


def _field_words() -> dict[str, Any]:
    """Return every field's word; of two for one name the shorter, which says less of one kind of record."""
    found: dict[str, Any] = {}
    for words in field_words.entries():
        for name, word in words.items():
            if name not in found or len(str(word)) < len(str(found[name])):
                found[name] = word
    return found


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
