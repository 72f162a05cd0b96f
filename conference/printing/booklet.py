"""A booklet of A4 pages with running heads, numbers, bookmarks and, for a draft, its mark across each page."""

from io import BytesIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import Flowable

from conference.printing.colours import INK, SOFT
from conference.printing.fitting import MM_PER_PT, fit
from conference.printing.fonts import EMBEDDING
from conference.printing.layout import Line
from conference.printing.preflight import metrics
from conference.printing.sheets import A4_HEIGHT_MM, A4_WIDTH_MM, Box
from conference.printing.text import settable
from conference.printing.typeset import PT_PER_MM, Typesetter, fill, new_canvas, rectangle

MARGIN_MM = 18.0
HEAD_MM = 14.0
FOOT_MM = 14.0
_SMALL_PT = 8.5
# Light enough to read through, dark enough to be seen on a copy.
_DRAFT_ALPHA = 0.1


class Booklet:
    """Pages in order. Coordinates are millimetres from the page's upper left corner."""

    def __init__(self, title: str, author: str, subject: str, stamp: str, draft_word: str) -> None:
        self._file = BytesIO()
        self.canvas = new_canvas(self._file, title, author)
        self.canvas.setSubject(subject)
        self._setter = Typesetter(self.canvas, metrics())
        self._title, self._stamp, self._draft_word = settable(title), stamp, draft_word
        self.number = 0
        self.pages: dict[str, int] = {}
        self.width_mm, self.height_mm = A4_WIDTH_MM, A4_HEIGHT_MM

    @property
    def body(self) -> Box:
        """What lies between head and foot."""
        top = MARGIN_MM + HEAD_MM
        height = self.height_mm - top - MARGIN_MM - FOOT_MM + 4
        return Box(x_mm=MARGIN_MM, y_mm=top, width_mm=self.width_mm - 2 * MARGIN_MM, height_mm=height)

    def begin_page(self, head: str | None = None, *, is_wide: bool = False) -> None:
        """End the page before and begin one, with a running head unless it is the cover."""
        self._end_page()
        self.number += 1
        size = landscape(A4) if is_wide else A4
        self.canvas.setPageSize(size)
        self.width_mm, self.height_mm = (length * MM_PER_PT for length in size)
        if head is not None:
            self._draw_head(head)

    def _end_page(self) -> None:
        if self.number:
            if self._draft_word:
                self._draw_draft_mark()
            self.canvas.showPage()

    def _draw_draft_mark(self) -> None:
        """The word along the diagonal, over everything, so that no field covers it."""
        size_pt = 150.0
        width = metrics()["bold"].width_em(self._draft_word) * size_pt
        x, y = self.width_mm * PT_PER_MM / 2, self.height_mm * PT_PER_MM / 2
        self.canvas.saveState()
        self.canvas.setFillAlpha(_DRAFT_ALPHA)
        self.canvas.translate(x, y)
        self.canvas.rotate(52 if self.height_mm > self.width_mm else 34)
        word = Line(text=self._draft_word, face="bold", size_pt=size_pt, x_mm=-width * MM_PER_PT / 2, y_mm=0)
        self.canvas.addLiteral(f"0 g {self._setter.text([word], -size_pt * 0.36 * MM_PER_PT)}")
        self.canvas.restoreState()

    def _draw_head(self, head: str) -> None:
        half_mm = self.body.width_mm / 2 - 4
        baseline = MARGIN_MM + 2
        left = fit(self._title, metrics()["regular"].width_em, half_mm, (_SMALL_PT,), 1).lines[0]
        right = fit(settable(head), metrics()["medium"].width_em, half_mm, (_SMALL_PT,), 1).lines[0]
        self.text(left, "regular", _SMALL_PT, MARGIN_MM, baseline, SOFT)
        self.text_right(right, "medium", _SMALL_PT, self.width_mm - MARGIN_MM, baseline)
        self.fill(Box(x_mm=MARGIN_MM, y_mm=baseline + 2, width_mm=self.body.width_mm, height_mm=0.25), INK)
        foot = self.height_mm - MARGIN_MM
        self.text(self._stamp, "regular", _SMALL_PT, MARGIN_MM, foot, SOFT)
        self.text_right(str(self.number), "medium", 10, self.width_mm - MARGIN_MM, foot)

    def lines(self, lines: list[Line], colour: str = INK) -> None:
        if lines:
            self.canvas.addLiteral(f"q {fill(colour)} {self._setter.text(lines, self.height_mm)} Q")

    def text(self, text: str, face: str, size_pt: float, x_mm: float, y_mm: float, colour: str = INK) -> None:
        """Draw one line of settable text with its baseline at this height."""
        self.lines([Line(text=text, face=face, size_pt=size_pt, x_mm=x_mm, y_mm=y_mm)], colour)

    def text_right(self, text: str, face: str, size_pt: float, right_mm: float, y_mm: float) -> None:
        width_mm = metrics()[face].width_em(text) * size_pt * MM_PER_PT
        self.text(text, face, size_pt, right_mm - width_mm, y_mm)

    def fill(self, box: Box, colour: str) -> None:
        self.canvas.addLiteral(f"q {fill(colour)} {rectangle(box, self.height_mm)} f Q")

    def frame(self, box: Box, colour: str, width_pt: float = 0.7) -> None:
        stroke = fill(colour).upper()
        self.canvas.addLiteral(f"q {stroke} {width_pt} w {rectangle(box, self.height_mm)} S Q")

    def flowable(self, flowable: Flowable, x_mm: float, y_mm: float, height_mm: float) -> None:
        """Draw a flowable of this height with its upper left corner here."""
        flowable.drawOn(self.canvas, x_mm * PT_PER_MM, (self.height_mm - y_mm - height_mm) * PT_PER_MM)

    def mark(self, key: str, title: str, level: int, y_mm: float | None = None) -> None:
        """Put a bookmark here, and remember the page for references from other pages."""
        top = (self.height_mm - (y_mm or 0)) * PT_PER_MM
        self.canvas.bookmarkPage(key, fit="XYZ", left=0, top=top, zoom=0)
        self.canvas.addOutlineEntry(title, key, level=level, closed=level > 0)
        self.pages.setdefault(key, self.number)

    def link(self, key: str, box: Box) -> None:
        x, y = box.x_mm * PT_PER_MM, (self.height_mm - box.bottom_mm) * PT_PER_MM
        corners = (x, y, x + box.width_mm * PT_PER_MM, y + box.height_mm * PT_PER_MM)
        self.canvas.linkRect("", key, corners, relative=0, thickness=0)

    def close(self) -> bytes:
        self._end_page()
        with EMBEDDING:
            self.canvas.save()
        return self._file.getvalue()
