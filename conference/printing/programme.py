"""The programme as a booklet: cover, one grid a day, then the sessions with their talks and speakers."""

from collections.abc import Sequence

from conference.core.clock import STOCKHOLM
from conference.event.model import Event, Organiser
from conference.printing.booklet import MARGIN_MM, Booklet
from conference.printing.colours import INK, SOFT, TRACKS
from conference.printing.fitting import MM_PER_PT, fit, wrap
from conference.printing.fonts import missing_glyphs
from conference.printing.grid_page import draw_grid
from conference.printing.preflight import metrics
from conference.printing.session_pages import draw_sessions
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.programme.model import Programme, Session
from conference.programme.timetable import day_grid
from conference.web.language import gettext, long_date

_MOST_FINDINGS = 12


def programme_pdf(programme: Programme, event: Event, organisers: Sequence[Organiser]) -> bytes:
    """Return the booklet. A draft carries its mark on each page. Raises FontMissingError.

    It is set twice: the first time tells on which page each session stands, which the grids then say.
    """
    first = _set(programme, event, organisers, {})
    return _set(programme, event, organisers, first.pages).close()


def _set(
    programme: Programme, event: Event, organisers: Sequence[Organiser], pages: dict[str, int]
) -> Booklet:
    booklet = Booklet(
        title=event.title,
        author=", ".join(organiser.name for organiser in organisers),
        subject=gettext("Programme"),
        stamp=stamp(programme),
        draft_word=gettext("DRAFT") if programme.version is None else "",
    )
    _draw_cover(booklet, programme, event, organisers)
    for day in programme.days:
        draw_grid(booklet, day_grid(programme, day), pages)
    for day in programme.days:
        draw_sessions(booklet, long_date(day), programme.on(day))
    loose = [session for session in programme.sessions if session.day not in programme.days]
    draw_sessions(booklet, gettext("Not scheduled yet"), loose)
    return booklet


def stamp(programme: Programme) -> str:
    """Return which programme this is: "Version 3, 12 September 2022" or "Draft"."""
    if programme.version is None or programme.published_at is None:
        return gettext("Draft, not published")
    day = programme.published_at.astimezone(STOCKHOLM).date()
    said = gettext("Version %(number)s, %(day)s", number=programme.version, day=long_date(day))
    return f"{said} – {programme.name}" if programme.name else said


def unprintable(programme: Programme) -> list[str]:
    """Return what holds characters that no font has, each with them; they are printed as a replacement character."""
    texts = dict.fromkeys(text for session in programme.sessions for text in _texts(session))
    return [
        gettext(
            "“%(text)s”: no font has %(characters)s", text=settable(text)[:80], characters=_codes(missing)
        )
        for text in texts
        if (missing := missing_glyphs(text))
    ]


def _texts(session: Session) -> list[str]:
    people = [text for part in session.everybody for text in (part.name, part.affiliation)]
    talks = [text for talk in session.talks for text in (talk.title, talk.abstract)]
    authors = (one for talk in session.talks for one in talk.facts.co_authors)
    talks += [text for one in authors for text in (one.name, one.affiliation)]
    return [session.title, session.abstract, *talks, *people]


def _codes(characters: Sequence[str]) -> str:
    return ", ".join(f"U+{ord(character):04X}" for character in characters)


def _draw_cover(
    booklet: Booklet, programme: Programme, event: Event, organisers: Sequence[Organiser]
) -> None:
    booklet.begin_page()
    booklet.mark("cover", event.title, 0)
    width = booklet.body.width_mm
    y = 62.0
    booklet.text(gettext("Programme"), "medium", 14, MARGIN_MM, y, SOFT)
    title = fit(settable(event.title), metrics()["bold"].width_em, width, (30,), 1)
    for line in wrap(settable(event.title), metrics()["bold"].width_em, width, title.size_pt):
        y += 1.18 * title.size_pt * MM_PER_PT
        booklet.text(line, "bold", title.size_pt, MARGIN_MM, y)
    y += 8
    place = ", ".join(filter(None, (event.venue, event.city)))
    for text in (*(long_date(day) for day in dict.fromkeys((event.first_day, event.last_day))), place):
        y += 7
        booklet.text(settable(text), "regular", 14, MARGIN_MM, y)
    _draw_organisers(booklet, organisers, y + 18)
    _draw_tracks(booklet, programme)
    booklet.text(stamp(programme), "medium", 11, MARGIN_MM, booklet.height_mm - MARGIN_MM - 6)
    if programme.version is None:
        _draw_findings(booklet, unprintable(programme))


def _draw_organisers(booklet: Booklet, organisers: Sequence[Organiser], y_mm: float) -> None:
    for organiser in organisers:
        booklet.text(settable(organiser.name), "medium", 12, MARGIN_MM, y_mm)
        y_mm += 6


def _draw_tracks(booklet: Booklet, programme: Programme) -> None:
    """The key to the colours, at the foot: a bar and a word each."""
    y = booklet.height_mm - MARGIN_MM - 20 - 7 * len(programme.tracks)
    for track in programme.tracks:
        booklet.fill(Box(x_mm=MARGIN_MM, y_mm=y, width_mm=10, height_mm=3.4), TRACKS.get(track.colour, INK))
        booklet.text(settable(track.name), "regular", 11, MARGIN_MM + 14, y + 3.2)
        y += 7


def _draw_findings(booklet: Booklet, findings: Sequence[str]) -> None:
    """What staff must know before this is published: only a draft says it."""
    if not findings:
        return
    more = len(findings) - _MOST_FINDINGS
    shown = [gettext("Printed with �:"), *findings[:_MOST_FINDINGS]]
    shown += [gettext("and %(count)s more", count=more)] if more > 0 else []
    y = 165.0
    for text in shown:
        line = fit(text, metrics()["regular"].width_em, booklet.body.width_mm, (9, 8, 7), 1)
        booklet.text(line.lines[0], "regular", line.size_pt, MARGIN_MM, y)
        y += 4.5
