"""Finding sessions and people of a version by words, whatever their accents and case. Pure.

A letter is found by itself, without its sign, and written out as German does: "Müller", "muller" and "mueller" find
each other, and so do "Straße" and "strasse", "Åsa" and "asa".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conference.core.text import control_characters, folded
from conference.programme.model import Part, Programme, Session, Talk

MOST_CHARACTERS = 200
_WRITTEN_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
    | {"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What was typed, made fit to be looked for. `fault` is a control character that was in it, "" where none was."""

    text: str
    fault: str = ""
    is_cut: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A session with its words. `head` is title, people and rooms; `whole` has affiliations and abstracts too."""

    session: Session
    head: str
    whole: str
    talks: tuple[tuple[Talk, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A session that was found, with those of its talks that hold a word that the session itself does not need."""

    session: Session
    talks: tuple[Talk, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """`people` and `hits`; hits in the title, among the people or of the room come first, then by time."""

    people: tuple[Part, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """The words of a version, made once: folding a thousand abstracts takes longer than looking through them."""

    entries: tuple[Entry, ...]
    people: tuple[tuple[Part, str], ...]


def read_query(typed: str) -> Query:
    """Return the query of what was typed: cut to 200 characters, or with its fault where it holds a control character."""
    text = " ".join(typed[:MOST_CHARACTERS].split())
    marks = control_characters(text)
    return Query(text=text, fault=marks[0] if marks else "", is_cut=len(typed) > MOST_CHARACTERS)


def _words(texts: Iterable[str]) -> str:
    text = " ".join(texts)
    return f"{folded(text)} {folded(text.translate(_WRITTEN_OUT))}"


def index_of(programme: Programme) -> Index:
    """Return the words of all sessions and people of the programme."""
    people: dict[int, Part] = {}
    for session in programme.sessions:
        for part in session.everybody:
            people.setdefault(part.person_id, part)
    ordered = sorted(people.values(), key=lambda part: (folded(part.sort_name or part.name), part.person_id))
    return Index(
        entries=tuple(_entry(session) for session in programme.sessions if session.span),
        people=tuple((part, _words([part.name, part.affiliation])) for part in ordered),
    )


def _entry(session: Session) -> Entry:
    places = [place.name for place in (session.room, session.track) if place]
    head = [session.title, *places, *(part.name for part in session.everybody)]
    head += [talk.title for talk in session.talks]
    return Entry(
        session=session,
        head=_words(head),
        whole=_words(
            [*head, session.abstract, *_affiliations(session.people), *map(_talk_text, session.talks)]
        ),
        talks=tuple((talk, _words([_talk_text(talk)])) for talk in session.talks),
    )


def _affiliations(parts: Sequence[Part]) -> list[str]:
    return [part.affiliation for part in parts]


def _talk_text(talk: Talk) -> str:
    authors = [text for one in talk.facts.co_authors for text in (one.name, one.affiliation)]
    names = [text for part in talk.people for text in (part.name, part.affiliation)]
    posters = [talk.poster_number, talk.board]
    return " ".join([talk.title, talk.abstract, *names, *authors, *talk.facts.keywords, *posters])


def found_in(index: Index, query: Query) -> Found:
    """Return what holds every word of the query, in any order; nothing for a query without a word or with a fault."""
    words = [(folded(word), folded(word.translate(_WRITTEN_OUT))) for word in query.text.split()]
    words = [both for both in words if both[0]]
    if query.fault or not words:
        return Found(people=(), hits=())
    hits = [(not _holds(entry.head, words), entry) for entry in index.entries if _holds(entry.whole, words)]
    hits.sort(key=lambda hit: hit[0])  # stable: by time within each half
    return Found(
        people=tuple(part for part, text in index.people if _holds(text, words)),
        hits=tuple(Hit(session=entry.session, talks=_talks(entry, words)) for _, entry in hits),
    )


def _holds(text: str, words: Sequence[tuple[str, str]]) -> bool:
    return all(plain in text or written in text for plain, written in words)


def _talks(entry: Entry, words: Sequence[tuple[str, str]]) -> tuple[Talk, ...]:
    """Return the talks that hold all the words by themselves."""
    return tuple(talk for talk, text in entry.talks if _holds(text, words))
