"""Badges as PDF: one canvas, one pass, nothing kept of a badge once its operators are written."""

import zlib
from collections.abc import Callable, Iterable
from functools import cached_property
from io import BytesIO
from typing import Literal

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream

from conference.core.errors import N_
from conference.printing.badge_face import BadgeFaces, Foot, cut_marks
from conference.printing.codes import qr_path
from conference.printing.fonts import EMBEDDING
from conference.printing.layout import BadgeLayout, Line
from conference.printing.model import BadgePrint, Finding
from conference.printing.plans import MODULES, PLANS, Plan
from conference.printing.preflight import metrics, set_badge
from conference.printing.sheets import SHEETS, Sheet
from conference.printing.text import settable
from conference.printing.typeset import PT_PER_MM, Typesetter, document_of, new_canvas
from conference.registration.model import BadgePerson

SheetName = Literal["a6", "a7"]
NOTHING = N_("No badges to print.")


def badge_sheet_pdf(
    people: Iterable[BadgePerson],
    *,
    sheet: SheetName,
    event_title: str,
    organisers: list[str],
    progress: Callable[[int], None] | None = None,
) -> BadgePrint:
    """Return the badges in the order given, row by row on A4, and what could not be shown.

    A badge whose name no font can set is left out and reported. `progress` hears the number of people done.
    Raises FontMissingError.
    """
    run = _Run(SHEETS[sheet], PLANS[sheet], event_title, organisers)
    for done, person in enumerate(people, 1):
        run.add(person)
        if progress:
            progress(done)
    return BadgePrint(pdf=run.close(), count=run.count, findings=tuple(run.findings))


def foot_of(plan: Plan, event_title: str, organisers: list[str]) -> Foot:
    """Return the event's small lines."""
    return Foot(plan, metrics(), settable(event_title), [settable(name) for name in organisers])


class _Run:
    def __init__(self, sheet: Sheet, plan: Plan, event_title: str, organisers: list[str]) -> None:
        known = metrics()
        self._sheet, self._plan, self._cells = sheet, plan, sheet.cells()
        self._file = BytesIO()
        self._canvas = new_canvas(self._file, f"{settable(event_title)}: badges")
        self._setter = Typesetter(self._canvas, known)
        self._foot = foot_of(plan, event_title, organisers)
        self._faces = BadgeFaces(self._canvas, self._setter, known, plan, self._foot)
        self.count = 0
        self.findings: list[Finding] = []
        self._canvas.beginForm("marks", upperx=A4[0], uppery=A4[1])
        self._canvas.addLiteral(cut_marks(sheet))
        self._canvas.endForm()

    def add(self, person: BadgePerson) -> None:
        layout, findings = set_badge(person, self._plan, self._foot.height_mm)
        self.findings += findings
        if layout is None:
            return
        face = self._faces.name_of(
            settable(person.badge_word),
            person.badge_colour,
            no_photographs=person.no_photographs,
            is_crowded=layout.is_crowded,
        )
        cell = self.count % self._sheet.count
        if cell == 0:
            self._begin_page()
        self._draw(cell, face, layout, person.badge_code)
        self.count += 1

    def _begin_page(self) -> None:
        if self.count:
            self._end_page()
        self._canvas.doForm("marks")

    def _end_page(self) -> None:
        """End the page and compress it now: the canvas would keep all pages' operators until the file is written."""
        self._canvas.showPage()
        page = document_of(self._canvas).Pages.pages[-1]
        packed = PDFStream(
            dictionary=PDFDictionary({"Filter": PDFArray([PDFName("FlateDecode")])}),
            content=zlib.compress(page.stream.encode("ascii")),
        )
        page.Contents, page.stream = packed, None

    def _draw(self, cell: int, face: str, layout: BadgeLayout, code: str) -> None:
        box, plan, canvas = self._cells[cell], self._plan, self._canvas
        x, y = box.x_mm * PT_PER_MM, A4[1] - box.bottom_mm * PT_PER_MM
        canvas.addLiteral(f"q 1 0 0 1 {x:.2f} {y:.2f} cm")
        canvas.doForm(face)
        canvas.addLiteral(self._setter.text(layout.lines, plan.height_mm))
        canvas.addLiteral(f"{self._symbol_matrix} cm\n{qr_path(code)}f Q")

    @cached_property
    def _symbol_matrix(self) -> str:
        plan, symbol = self._plan, self._plan.symbol
        module = symbol.width_mm / MODULES * PT_PER_MM
        y = (plan.height_mm - symbol.bottom_mm) * PT_PER_MM
        return f"{module:.4f} 0 0 {module:.4f} {symbol.x_mm * PT_PER_MM:.2f} {y:.2f}"

    def close(self) -> bytes:
        if self.count == 0:
            line = Line(text=NOTHING, face="regular", size_pt=14, x_mm=20, y_mm=40)
            self._canvas.addLiteral(self._setter.text([line], A4[1] / PT_PER_MM))
        self._end_page()
        with EMBEDDING:
            self._canvas.save()
        return self._file.getvalue()
