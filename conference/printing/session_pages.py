"""The sessions one after the other: time and room in the left edge, beside them title, people and talks.

A heading is never parted from the first lines that follow it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph

from conference.people.countries import country_name
from conference.printing.booklet import Booklet
from conference.printing.colours import INK, LINE, SOFT, TRACKS
from conference.printing.fitting import MM_PER_PT, wrap
from conference.printing.fonts import faces
from conference.printing.grid_page import session_key
from conference.printing.layout import Line
from conference.printing.preflight import metrics
from conference.printing.sheets import Box
from conference.printing.text import paragraph, paragraphs, settable
from conference.printing.typeset import PT_PER_MM
from conference.programme.model import CoAuthor, Kind, Part, PartRole, Session, Talk
from conference.programme.words import KIND_WORDS, ROLE_WORDS
from conference.web.language import clock_time, gettext, time_span

LEFT_MM = 34.0
# What of the following lines must stand on the same page as a heading.
_KEPT_LINES_MM = 10.0


@lru_cache(maxsize=16)
def style(face: str, size_pt: float, before_pt: float = 0, colour: str = INK) -> ParagraphStyle:
    name: str = getattr(faces(), face).name
    return ParagraphStyle(
        f"{face}-{size_pt}-{colour}",
        fontName=name,
        fontSize=size_pt,
        leading=size_pt * 1.32,
        spaceBefore=before_pt,
        textColor=HexColor(colour),
        splitLongWords=1,
        allowWidows=0,
        allowOrphans=0,
    )


@dataclass(frozen=True, kw_only=True)
class Row:
    """`left` stands in the edge; `head` stays together and with what follows; `body` may go over pages."""

    left: Sequence[tuple[str, str, float]]
    head: list[Paragraph]
    body: list[Paragraph] = field(default_factory=list)
    gap_mm: float = 2.5
    colour: str | None = None
    key: str = ""
    title: str = ""


class Flow:
    """A cursor that goes down the pages."""

    def __init__(self, booklet: Booklet, head: str) -> None:
        self._booklet, self._head = booklet, head
        self._new_page()

    def _new_page(self) -> None:
        self._booklet.begin_page(self._head)
        self._y_mm = self._booklet.body.y_mm
        self._is_at_top = True

    @property
    def _width_mm(self) -> float:
        return self._booklet.body.width_mm - LEFT_MM

    @property
    def _room_mm(self) -> float:
        return self._booklet.body.bottom_mm - self._y_mm

    def heading(self, text: str) -> None:
        self._booklet.text(settable(text), "bold", 18, self._booklet.body.x_mm, self._y_mm + 4)
        self._y_mm += 11

    def add(self, row: Row, following: Row | None) -> None:
        """Draw the row; on the next page where its head would part from what follows it."""
        needed = row.gap_mm + self._height_mm(row.head)
        if row.body:
            needed += _KEPT_LINES_MM
        elif following and row.colour:
            needed += following.gap_mm + self._height_mm(following.head)
        if needed > self._room_mm and not self._is_at_top:
            self._new_page()
        self._y_mm += row.gap_mm if not self._is_at_top else 0
        self._is_at_top = False
        self._draw_head(row)
        for part in row.body:
            self._draw_body(part)

    def _height_mm(self, parts: Iterable[Paragraph]) -> float:
        return sum(self._wrapped_mm(part) + self._before_mm(part) for part in parts)

    def _wrapped_mm(self, part: Flowable) -> float:
        return float(part.wrap(self._width_mm * PT_PER_MM, 10_000)[1]) * MM_PER_PT

    @staticmethod
    def _before_mm(part: Paragraph) -> float:
        return float(part.style.spaceBefore) * MM_PER_PT

    def _draw_head(self, row: Row) -> None:
        booklet, x = self._booklet, self._booklet.body.x_mm
        if row.key:
            booklet.mark(row.key, row.title, 1, self._y_mm - 4)
        if row.colour:
            rule = Box(x_mm=x, y_mm=self._y_mm, width_mm=booklet.body.width_mm, height_mm=0.9)
            booklet.fill(rule, row.colour)
            self._y_mm += 2.6
        self._draw_left(row)
        for part in row.head:
            height = self._wrapped_mm(part)
            self._y_mm += self._before_mm(part)
            booklet.flowable(part, x + LEFT_MM, self._y_mm, height)
            self._y_mm += height

    def _draw_left(self, row: Row) -> None:
        y = self._y_mm
        lines = []
        for text, face, size in row.left:
            for line in wrap(settable(text), metrics()[face].width_em, LEFT_MM - 4, size):
                y += 1.2 * size * MM_PER_PT
                lines.append(Line(text=line, face=face, size_pt=size, x_mm=self._booklet.body.x_mm, y_mm=y))
        self._booklet.lines(lines)

    def _draw_body(self, whole: Paragraph) -> None:
        """Draw as much as fits and the rest on the pages that follow."""
        part: Flowable = whole
        x = self._booklet.body.x_mm + LEFT_MM
        width, before = self._width_mm * PT_PER_MM, self._before_mm(whole)
        while True:
            height = self._wrapped_mm(part)
            if before + height <= self._room_mm:
                self._booklet.flowable(part, x, self._y_mm + before, height)
                self._y_mm += before + height
                return
            pieces = part.split(width, (self._room_mm - before) * PT_PER_MM)
            if len(pieces) > 1:
                self._booklet.flowable(pieces[0], x, self._y_mm + before, self._wrapped_mm(pieces[0]))
                part = pieces[1]
            self._new_page()


def draw_sessions(booklet: Booklet, head: str, sessions: Sequence[Session]) -> None:
    """Draw the sessions of a day from a new page on. Breaks without a word to say stand in the grid alone."""
    rows = [row for session in sessions if not _is_silent(session) for row in session_rows(session)]
    if not rows:
        return
    flow = Flow(booklet, head)
    flow.heading(head)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        flow.add(row, following)


def _is_silent(session: Session) -> bool:
    return session.kind is Kind.BREAK and not (session.abstract or session.people or session.talks)


def session_rows(session: Session) -> list[Row]:
    return [_session_row(session), *(_talk_row(talk) for talk in session.talks)]


def _session_row(session: Session) -> Row:
    labels = [str(KIND_WORDS[session.kind])] + ([session.track.name] if session.track else [])
    colour = TRACKS.get(session.track.colour, INK) if session.track else INK
    head = [
        paragraph(" · ".join(labels), style("medium", 8.5, 0, colour)),
        paragraph(session.title, style("bold", 13)),
    ]
    for role in PartRole:
        people = [part for part in session.people if part.role is role]
        if people:
            named = "; ".join(_named(part) for part in people)
            head.append(paragraph(named, style("regular", 9.5, 2), lead=f"{ROLE_WORDS[role]}:"))
    when = time_span(session.span) if session.span else gettext("No time yet")
    room = session.room.name if session.room else ""
    return Row(
        left=[(when, "bold", 10.5), (room, "regular", 9.5)],
        head=head,
        body=paragraphs(session.abstract, style("regular", 9.5, 3)),
        gap_mm=7,
        colour=colour if session.kind not in {Kind.BREAK, Kind.SOCIAL} else LINE,
        key=session_key(session),
        title=session.title,
    )


def _talk_row(talk: Talk) -> Row:
    people = sorted(talk.people, key=lambda part: list(PartRole).index(part.role))
    head = [paragraph(talk.title, style("medium", 10.5))]
    head += [paragraph(_named(part), style("regular", 9.5, 1, SOFT)) for part in people]
    if talk.facts.co_authors:
        others = "; ".join(_written(one) for one in talk.facts.co_authors)
        head.append(paragraph(f"{gettext('With')} {others}", style("regular", 9.5, 1, SOFT)))
    return Row(
        left=[(clock_time(talk.span.start), "regular", 10.5)] if talk.span else [],
        head=head,
        body=paragraphs(talk.abstract, style("regular", 9.5, 2)),
        gap_mm=3,
    )


def _written(one: CoAuthor) -> str:
    return ", ".join(filter(None, (one.name, one.affiliation)))


def _named(part: Part) -> str:
    """Return "Åsa Lind, Karolinska University Hospital, Sweden"."""
    return ", ".join(filter(None, (part.name, part.affiliation, country_name(part.country))))
