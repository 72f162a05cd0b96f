"""The programme as a booklet: cover, plan, sessions, indexes and appendices, laid out as values and then drawn."""

from collections.abc import Sequence

from conference.core.clock import STOCKHOLM
from conference.event.model import Event, Organiser
from conference.printing.binding import Binding
from conference.printing.book_format import FORMATS
from conference.printing.book_model import AS_USUAL, NO_FACTS, BookletFacts, BookletOptions
from conference.printing.book_values import Book
from conference.printing.booklet import booklet_pdf
from conference.printing.fonts import missing_glyphs
from conference.printing.text import settable
from conference.programme.model import Programme, Session
from conference.web.language import gettext, language, long_date

_MOST_FINDINGS = 12


def programme_pdf(
    programme: Programme,
    event: Event,
    organisers: Sequence[Organiser],
    *,
    options: BookletOptions = AS_USUAL,
    facts: BookletFacts = NO_FACTS,
) -> bytes:
    """Return the booklet, its pages one after the other. A draft carries its mark on each. Raises FontMissingError."""
    return booklet_pdf(set_book(programme, event, organisers, options=options, facts=facts))


def set_book(
    programme: Programme,
    event: Event,
    organisers: Sequence[Organiser],
    *,
    options: BookletOptions = AS_USUAL,
    facts: BookletFacts = NO_FACTS,
) -> Book:
    """Return the booklet laid out, in the language of the moment. With pages for notes they are a multiple of four."""
    form, said = FORMATS[options.page], stamp(programme)
    findings = shown_findings(programme, facts) if programme.version is None else []
    pages, numbers = Binding(programme, event, organisers, form, options, facts, said, findings).bound()
    return Book(
        format=form,
        title=event.title,
        author=", ".join(organiser.name for organiser in organisers),
        subject=gettext("Programme"),
        language=language(),
        stamp=said,
        draft_word=settable(gettext("DRAFT")) if programme.version is None else "",
        pages=tuple(pages),
        numbers=numbers,
    )


def stamp(programme: Programme) -> str:
    """Return which programme this is: "Version 3, 12 September 2022" or "Draft"."""
    if programme.version is None or programme.published_at is None:
        return gettext("Draft, not published")
    day = programme.published_at.astimezone(STOCKHOLM).date()
    said = gettext("Version %(number)s, %(day)s", number=programme.version, day=long_date(day))
    return f"{said} – {programme.name}" if programme.name else said


def unprintable(programme: Programme, facts: BookletFacts = NO_FACTS) -> list[str]:
    """Return what holds characters that no font has, each with them; they are printed as a replacement character."""
    written = [facts.welcome, facts.directions, facts.acknowledgements]
    declared = [text for one in facts.disclosures.values() for text in one.interests.values()]
    places = [room.name for room in programme.rooms] + [track.name for track in programme.tracks]
    told = [text for session in programme.sessions for text in _texts(session)]
    committee = [text for one in facts.committee for text in (one.name, one.duty, one.affiliation)]
    texts = dict.fromkeys((*written, *places, *told, *declared, *committee))
    return [
        gettext(
            "“%(text)s”: no font has %(characters)s", text=settable(text)[:80], characters=_codes(missing)
        )
        for text in texts
        if (missing := missing_glyphs(text))
    ]


def shown_findings(programme: Programme, facts: BookletFacts) -> list[str]:
    """Return what staff must know before this is published, the first of it."""
    findings = unprintable(programme, facts)
    if not findings:
        return []
    more = len(findings) - _MOST_FINDINGS
    shown = [gettext("Printed with �:"), *findings[:_MOST_FINDINGS]]
    return [*shown, gettext("and %(count)s more", count=more)] if more > 0 else shown


def _texts(session: Session) -> list[str]:
    people = [text for part in session.everybody for text in (part.name, part.affiliation)]
    talks = [text for talk in session.talks for text in (talk.title, talk.abstract)]
    authors = (one for talk in session.talks for one in talk.facts.co_authors)
    talks += [text for one in authors for text in (one.name, one.affiliation)]
    return [session.title, session.abstract, *talks, *people]


def _codes(characters: Sequence[str]) -> str:
    return ", ".join(f"U+{ord(character):04X}" for character in characters)
