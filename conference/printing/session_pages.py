"""The sessions one after the other: time and room in the left edge, beside them title, people, abstract and talks.

A heading is never parted from the first lines that follow it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conference.core.ids import PersonId
from conference.people.countries import country_name
from conference.printing.book_format import Format
from conference.printing.book_values import Ink, Mark, Shape
from conference.printing.breaking import Strip, strips_of
from conference.printing.colours import INK, SOFT, TRACKS
from conference.printing.fitting import MM_PER_PT, wrap
from conference.printing.layout import Line
from conference.printing.preflight import metrics
from conference.printing.setting import LEADING, TIGHT, Span, set_heading, set_prose, set_spans, set_text
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.programme.model import AT_ONCE, ROOMLESS, CoAuthor, Part, PartRole, Session, Talk
from conference.programme.words import KIND_WORDS, ROLE_PLURALS, ROLE_WORDS
from conference.web.language import clock_time, gettext, language, short_date, time_span

# Behind the name of who has interests to declare.
DECLARED = "*"
_RULE_MM = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """How sessions are told. `declared` are the people whose names carry the mark of interests."""

    form: Format
    has_abstracts: bool = True
    declared: frozenset[PersonId] = frozenset()
    has_days: bool = False


def session_key(session: Session) -> str:
    return f"session-{session.id}"


def talk_key(talk: Talk) -> str:
    return f"talk-{talk.id}"


def beside(strips: list[Strip], edge: Iterable[tuple[str, str]], form: Format) -> list[Strip]:
    """Return the strips with the left edge's lines beside them, one each, with empty strips where there are not enough."""
    lines = [
        (line, face)
        for text, face in edge
        for line in wrap(settable(text), metrics()[face].width_em, form.edge_mm - 6, form.pt(0))
    ]
    height_mm = LEADING * form.pt(0) * MM_PER_PT
    if len(lines) > len(strips):
        is_held, strips[-1].keeps = strips[-1].keeps, True
        strips += [Strip(height_mm, keeps=True) for _ in range(len(lines) - len(strips))]
        strips[-1].keeps = is_held
    for strip, (text, face) in zip(strips, lines, strict=False):
        y_mm = strip.inks[0].line.y_mm if strip.inks else 0.76 * height_mm
        line = Line(text=text, face=face, size_pt=form.pt(0), x_mm=0, y_mm=y_mm)
        strip.inks.insert(0, Ink(line, INK))
    return strips


def session_strips(session: Session, telling: Telling) -> list[Strip]:
    """Return a session with its talks: strips of one line each, for the breaking into pages."""
    form, colour = telling.form, track_colour(session)
    strips = beside([*_label(session, form), *_head(session, telling)], _edge(session, telling), form)
    first = strips[0]
    first.before_mm = 9 * form.base_pt / 10
    width_mm = form.width_mm
    first.shapes.append(Shape(Box(x_mm=0, y_mm=0, width_mm=form.edge_mm - 6, height_mm=_RULE_MM), colour))
    rest = Box(x_mm=form.edge_mm, y_mm=0, width_mm=width_mm - form.edge_mm, height_mm=0.2)
    first.shapes.append(Shape(rest, INK))
    first.marks.append(Mark(session_key(session), -4, session.title, 1))
    for talk in session.talks:
        strips += _talk(talk, session, telling)
    return strips


def track_colour(session: Session) -> str:
    return TRACKS.get(session.track.colour, INK) if session.track else INK


def _label(session: Session, form: Format) -> list[Strip]:
    """The kind and the track, a word in the track's colour."""
    words = [str(KIND_WORDS[session.kind])] + ([session.track.name] if session.track else [])
    size = form.pt(-1)
    lines = set_text(settable(" · ".join(words)), "medium", size, form.text_mm, track_colour(session))
    strips = strips_of(lines, size, x_mm=form.edge_mm, is_heading=True)
    _lower(strips[0], _RULE_MM + 1.6)
    return strips


def _lower(strip: Strip, by_mm: float) -> None:
    """Make room above the strip's line, within the strip."""
    strip.height_mm += by_mm
    strip.inks = [_lowered(ink, by_mm) for ink in strip.inks]


def _lowered(ink: Ink, by_mm: float) -> Ink:
    line = ink.line
    moved = Line(text=line.text, face=line.face, size_pt=line.size_pt, x_mm=line.x_mm, y_mm=line.y_mm + by_mm)
    return Ink(moved, ink.colour, ink.key)


def _head(session: Session, telling: Telling) -> list[Strip]:
    form = telling.form
    has_body = bool(telling.has_abstracts and session.abstract.strip())
    title = set_heading(settable(session.title), "bold", form.pt(1), form.text_mm)
    strips = strips_of(title, form.pt(1), x_mm=form.edge_mm, leading=TIGHT, is_heading=True)
    for role in PartRole:
        people = [part for part in session.people if part.role is role]
        if people:
            word = ROLE_WORDS[role] if len(people) == 1 else ROLE_PLURALS[role]
            spans = [Span(f"{settable(str(word))}: ", "medium"), *_people(people, telling)]
            strips += _paragraph(spans, telling, before_mm=0.8, is_heading=True)
    if has_body:
        strips += _abstract(session.abstract, telling)
    strips[-1].keeps = bool(session.talks) and not has_body
    return strips


def _paragraph(
    spans: Sequence[Span], telling: Telling, *, before_mm: float = 0.0, is_heading: bool = False
) -> list[Strip]:
    form = telling.form
    lines = set_spans(spans, form.pt(0), form.text_mm)
    return strips_of(lines, form.pt(0), x_mm=form.edge_mm, before_mm=before_mm, is_heading=is_heading)


def _abstract(text: str, telling: Telling) -> list[Strip]:
    """Return a paragraph for each that line ends part."""
    parts = [part for part in text.splitlines() if part.strip()]
    form = telling.form
    return [
        strip
        for part in parts
        for strip in strips_of(
            set_prose(settable(part), form.pt(0), form.text_mm), form.pt(0), x_mm=form.edge_mm, before_mm=1.2
        )
    ]


def _people(people: Iterable[Part], telling: Telling) -> list[Span]:
    """Return "Åsa Lind, Karolinska University Hospital, Sweden; …", the names darker than the rest."""
    spans: list[Span] = []
    for part in people:
        spans.append(Span("; " if spans else "", "regular", SOFT))
        mark = DECLARED if part.person_id in telling.declared else ""
        spans.append(Span(settable(part.name) + mark, "regular"))
        rest = ", ".join(filter(None, (part.affiliation, country_name(part.country, language()))))
        spans.append(Span(f", {settable(rest)}" if rest else "", "regular", SOFT))
    return [span for span in spans if span.text]


def _edge(session: Session, telling: Telling) -> list[tuple[str, str]]:
    """Return the lines of the left edge with their faces: the time, and under it the room."""
    when = time_span(session.span) if session.span else gettext("No time yet")
    lines = [(when, "bold")]
    if telling.has_days and session.day:
        lines.insert(0, (short_date(session.day), "bold"))
    if session.room:
        lines.append((session.room.name, "regular"))
    elif session.kind not in ROOMLESS:
        lines.append((gettext("No room yet"), "regular"))
    return lines


def _talk(talk: Talk, session: Session, telling: Telling) -> list[Strip]:
    form = telling.form
    has_body = bool(telling.has_abstracts and talk.abstract.strip())
    strips = strips_of(
        set_text(settable(talk.title), "medium", form.pt(0), form.text_mm),
        form.pt(0),
        x_mm=form.edge_mm,
        before_mm=3.4 * form.base_pt / 10,
        is_heading=True,
    )
    people = sorted(talk.people, key=lambda part: list(PartRole).index(part.role))
    if people:
        strips += _paragraph(_people(people, telling), telling, is_heading=True)
    if talk.facts.co_authors:
        others = "; ".join(_written(one) for one in talk.facts.co_authors)
        with_others = Span(settable(f"{gettext('With')} {others}"), "regular", SOFT)
        strips += _paragraph([with_others], telling, is_heading=True)
    if has_body:
        strips += _abstract(talk.abstract, telling)
    else:
        strips[-1].keeps = False
    strips = beside(strips, _talk_edge(talk, session), form)
    strips[0].marks.append(Mark(talk_key(talk), -2))
    return strips


def _talk_edge(talk: Talk, session: Session) -> list[tuple[str, str]]:
    if session.kind in AT_ONCE:
        board = gettext("Board %(board)s", board=talk.board) if talk.board else ""
        return [(text, "regular") for text in (talk.poster_number, board) if text]
    return [(clock_time(talk.span.start), "regular")] if talk.span else []


def _written(one: CoAuthor) -> str:
    return ", ".join(filter(None, (one.name, one.affiliation)))
