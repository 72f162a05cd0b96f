"""Pages of any size, for all paper but badges: lines, text that is as large as its box allows, boxes, rules, links."""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from conference.printing.badge_face import CAP_HEIGHT_EM
from conference.printing.colours import INK
from conference.printing.fitting import HYPHEN, MM_PER_PT, shortened, wrap
from conference.printing.fonts import EMBEDDING
from conference.printing.layout import CAPITAL_EM, Line
from conference.printing.preflight import metrics
from conference.printing.sheets import A4_HEIGHT_MM, A4_WIDTH_MM, Box
from conference.printing.text import plain, settable
from conference.printing.typeset import PT_PER_MM, Typesetter, fill, new_canvas, rectangle
from conference.web.language import language

A4 = Box(x_mm=0, y_mm=0, width_mm=A4_WIDTH_MM, height_mm=A4_HEIGHT_MM)
A4_WIDE = Box(x_mm=0, y_mm=0, width_mm=A4_HEIGHT_MM, height_mm=A4_WIDTH_MM)
A5 = Box(x_mm=0, y_mm=0, width_mm=148, height_mm=210)
A3 = Box(x_mm=0, y_mm=0, width_mm=297, height_mm=420)
# Between baselines, in ems.
LEADING = 1.16


class Pages:
    """Pages in order, each of the first one's size or its own. The document's language is that of the moment.

    Coordinates are millimetres from the origin, which is a page's upper left corner, or wherever `place` put it: there
    a smaller page is drawn on a larger sheet.
    """

    def __init__(self, title: str, page: Box, *, author: str = "", subject: str = "") -> None:
        self._file = BytesIO()
        self.page = page
        self.canvas = new_canvas(self._file, plain(title), plain(author), page, language())
        self.canvas.setSubject(plain(subject))
        self._setter = Typesetter(self.canvas, metrics())
        self.count = 0
        self._origin: tuple[float, float] | None = None

    def begin(self, page: Box | None = None) -> None:
        """End the page before and begin one, of another size where one is given."""
        self._end()
        self.count += 1
        if page is not None and page != self.page:
            self.page = page
            self.canvas.setPageSize((page.width_mm * PT_PER_MM, page.height_mm * PT_PER_MM))

    def place(self, x_mm: float, y_mm: float) -> None:
        """Measure all that follows on this page from this point of it."""
        self._leave()
        self._origin = (x_mm, y_mm)
        self.literal(f"q 1 0 0 1 {x_mm * PT_PER_MM:.3f} {-y_mm * PT_PER_MM:.3f} cm")

    def _leave(self) -> None:
        if self._origin is not None:
            self.literal("Q")
        self._origin = None

    def _end(self) -> None:
        if self.count:
            self._leave()
            self.canvas.showPage()

    def text(self, text: str, face: str, size_pt: float, x_mm: float, y_mm: float, colour: str = INK) -> None:
        """Draw one line with its baseline at this height; the hyphen at the end of a parted word stays."""
        shown = settable(text) + (HYPHEN if text.endswith(HYPHEN) else "")
        self.lines([Line(text=shown, face=face, size_pt=size_pt, x_mm=x_mm, y_mm=y_mm)], colour)

    def text_right(
        self, text: str, face: str, size_pt: float, right_mm: float, y_mm: float, colour: str = INK
    ) -> None:
        """Draw one line that ends here."""
        shown = settable(text)
        width_mm = metrics()[face].width_em(shown) * size_pt * MM_PER_PT
        self.text(shown, face, size_pt, right_mm - width_mm, y_mm, colour)

    def lines(self, lines: Sequence[Line], colour: str = INK) -> None:
        """Draw lines of text that can be set."""
        if lines:
            self.literal(f"q {fill(colour)} {self._setter.text(lines, self.page.height_mm)} Q")

    def block(
        self,
        text: str,
        face: str,
        box: Box,
        sizes_pt: Sequence[float],
        *,
        colour: str = INK,
        is_centred: bool = False,
        is_middle: bool = False,
    ) -> float:
        """Draw the text in the largest of these sizes (largest first) that fits the box, and return where it ends.

        A text that is too long in the smallest ends in an ellipsis. `is_centred` is across, `is_middle` is down.
        """
        size_pt, shown = fitted(settable(text), face, box.width_mm, box.height_mm, tuple(sizes_pt))
        em_mm = size_pt * MM_PER_PT
        height_mm = (len(shown) - 1) * LEADING * em_mm
        y_mm = box.y_mm + CAPITAL_EM * em_mm
        if is_middle:
            y_mm = box.y_mm + (box.height_mm - height_mm + CAP_HEIGHT_EM * em_mm) / 2
        lines = []
        for number, line in enumerate(shown):
            slack_mm = box.width_mm - metrics()[face].width_em(line) * em_mm
            x_mm = box.x_mm + (slack_mm / 2 if is_centred else 0)
            y = y_mm + number * LEADING * em_mm
            lines.append(Line(text=line, face=face, size_pt=size_pt, x_mm=x_mm, y_mm=y))
        self.lines(lines, colour)
        return y_mm + height_mm + (LEADING - CAPITAL_EM) * em_mm

    def turned(self, box: Box) -> "_Turned":
        """Return a context in which all is drawn upside down about the middle of this box."""
        return _Turned(self, box)

    def literal(self, operators: str) -> None:
        self.canvas.addLiteral(operators)

    def fill(self, box: Box, colour: str) -> None:
        self.literal(f"q {fill(colour)} {rectangle(box, self.page.height_mm)} f Q")

    def frame(self, box: Box, colour: str = INK, width_pt: float = 0.7) -> None:
        self.literal(f"q {fill(colour).upper()} {width_pt} w {rectangle(box, self.page.height_mm)} S Q")

    def rule(self, x_mm: float, y_mm: float, width_mm: float, colour: str, height_mm: float = 0.2) -> None:
        self.fill(Box(x_mm=x_mm, y_mm=y_mm, width_mm=width_mm, height_mm=height_mm), colour)

    def arrow(self, box: Box, degrees: int, colour: str = INK) -> None:
        """Draw an arrow that fills the square box: 0 points up, 90 to the right."""
        side = box.width_mm * PT_PER_MM
        x = (box.x_mm + box.width_mm / 2) * PT_PER_MM
        y = (self.page.height_mm - box.y_mm - box.height_mm / 2) * PT_PER_MM
        cos, sin = {0: (1, 0), 90: (0, -1), 180: (-1, 0), 270: (0, 1)}[degrees]
        self.literal(
            f"q {fill(colour)} {cos} {sin} {-sin} {cos} {x:.2f} {y:.2f} cm {side:.3f} 0 0 {side:.3f} 0 0 cm "
            "-0.11 -0.5 m -0.11 0.1 l -0.4 -0.12 l -0.4 0.16 l 0 0.5 l 0.4 0.16 l 0.4 -0.12 l 0.11 0.1 l 0.11 -0.5 l f Q"
        )

    def mark(self, key: str, title: str = "", level: int = 0, y_mm: float = 0) -> None:
        """Put a place for links here, and with a title a bookmark of this level, 0 the highest."""
        x, y = self._on_paper(0, y_mm)
        self.canvas.bookmarkPage(key, fit="XYZ", left=x, top=y, zoom=0)
        if title:
            self.canvas.addOutlineEntry(plain(title), key, level=level, closed=level > 0)

    def link(self, key: str, box: Box) -> None:
        """Let the box lead to the place of this key, which must be marked on some page."""
        left, bottom = self._on_paper(box.x_mm, box.bottom_mm)
        right, top = self._on_paper(box.right_mm, box.y_mm)
        self.canvas.linkRect("", key, (left, bottom, right, top), relative=0, thickness=0)

    def _on_paper(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        """Return a point in the page's own points, which no change of the coordinates moves."""
        from_x, from_y = self._origin or (0.0, 0.0)
        return (x_mm + from_x) * PT_PER_MM, (self.page.height_mm - y_mm - from_y) * PT_PER_MM

    def close(self) -> bytes:
        self._end()
        with EMBEDDING:
            self.canvas.save()
        return self._file.getvalue()


class _Turned:
    def __init__(self, pages: Pages, box: Box) -> None:
        self._pages, self._box = pages, box

    def __enter__(self) -> None:
        box, top_mm = self._box, self._pages.page.height_mm
        x = (2 * box.x_mm + box.width_mm) * PT_PER_MM
        y = (2 * (top_mm - box.y_mm) - box.height_mm) * PT_PER_MM
        self._pages.literal(f"q -1 0 0 -1 {x:.2f} {y:.2f} cm")

    def __exit__(self, *_error: object) -> None:
        self._pages.literal("Q")


@lru_cache(maxsize=1024)
def fitted(
    text: str, face: str, width_mm: float, height_mm: float, sizes_pt: tuple[float, ...]
) -> tuple[float, list[str]]:
    """Return the size and the lines in which the text fits, whole words first, in the smallest with an ellipsis."""
    measure = metrics()[face].width_em
    for size_pt in sizes_pt:
        em_mm = size_pt * MM_PER_PT
        if any(measure(word) * em_mm > width_mm for word in text.split()):
            continue
        lines = wrap(text, measure, width_mm, size_pt)
        if ((len(lines) - 1) * LEADING + 1) * em_mm <= height_mm:
            return size_pt, lines
    smallest = sizes_pt[-1]
    em_mm = smallest * MM_PER_PT
    most = max(1, int((height_mm / em_mm - 1) / LEADING) + 1)
    lines = wrap(text, measure, width_mm, smallest)
    if len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        lines = [*lines[: most - 1], shortened(f"{rest} ", measure, width_mm / em_mm)]
    return smallest, lines
