"""Badges as PDF: one canvas, one pass, nothing kept of a badge once its sheet is written."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from conference.core.errors import N_
from conference.printing.badge_side import BadgeSide
from conference.printing.codes import qr_path
from conference.printing.cut_marks import cut_marks, fold_marks
from conference.printing.design_model import Design
from conference.printing.design_sizes import require_fit
from conference.printing.facts import BadgeFacts
from conference.printing.fonts import EMBEDDING
from conference.printing.layout import Line
from conference.printing.model import BadgePrint, Finding
from conference.printing.plans import plan_of
from conference.printing.preflight import BadgeSetter, metrics
from conference.printing.run import Place, Setting, backs, check_setting, fronts, labels
from conference.printing.sheets import Sheet
from conference.printing.text import settable
from conference.printing.typeset import PT_PER_MM, Typesetter, document_of, new_canvas
from conference.registration.model import BadgePerson

NOTHING = N_("No badges to print.")
# Half as quick to pack as the usual level, and a tenth larger.
_PACKING = 3


def badge_sheet_pdf(
    people: Iterable[BadgePerson | None],
    *,
    sheet: Sheet,
    event_title: str = "",
    organisers: Sequence[str] = (),
    setting: Setting | None = None,
    progress: Callable[[int], None] | None = None,
    design: Design | None = None,
    facts: BadgeFacts | None = None,
) -> BadgePrint:
    """Return the badges in the order given, label by label, and what could not be shown.

    None leaves a label free. A badge whose name no font can set is left out and reported. `setting` says where the run begins, by how much the
    printer is off and which sides are printed: each back follows its front, and shows the same where the design, by
    default the one shipped for the sheet, has none of its own. `facts` are what the design shows beside the people;
    without them the event's title and its organisers. `progress` hears the number of people done. Raises
    FontMissingError, and as `run.check_setting` and `designs.require_fit` do.
    """
    setting = setting or Setting()
    check_setting(sheet, setting)
    run = _Run(
        sheet, setting, design, facts or BadgeFacts(event_title=event_title, organisers=tuple(organisers))
    )
    for done, person in enumerate(people, 1):
        if person is None:
            run.leave_free()
        else:
            run.add(person)
        if progress:
            progress(done)
    return BadgePrint(pdf=run.close(), count=run.count, findings=tuple(run.findings))


def blank_badges_pdf(
    words: Iterable[tuple[str, int]],
    count: int,
    *,
    sheet: Sheet,
    event_title: str = "",
    organisers: Sequence[str] = (),
    setting: Setting | None = None,
    design: Design | None = None,
    facts: BadgeFacts | None = None,
) -> bytes:
    """Return so many badges to write on for each role, a word with its colour: band and lines, no name and no code.

    Raises as `badge_sheet_pdf` does.
    """
    setting = setting or Setting()
    check_setting(sheet, setting)
    run = _Run(
        sheet, setting, design, facts or BadgeFacts(event_title=event_title, organisers=tuple(organisers))
    )
    for word, colour in words:
        for _ in range(count):
            run.add_blank(word, colour)
    return run.close()


class _Run:
    def __init__(self, sheet: Sheet, setting: Setting, design: Design | None, facts: BadgeFacts) -> None:
        if design is not None:
            require_fit(design, sheet)
        self._sheet, self._badges = sheet, BadgeSetter(plan_of(sheet, design), facts)
        self._fronts, self._backs = fronts(sheet, setting), backs(sheet, setting)
        self._file = BytesIO()
        self._canvas = new_canvas(self._file, f"{settable(facts.event_title)}: badges", page=sheet.page)
        self._setter = Typesetter(self._canvas, metrics())
        sides = range(len(self._badges.plan.sides) if self._backs or sheet.is_folded else 1)
        self._sides = [BadgeSide(self._canvas, self._setter, self._badges, number) for number in sides]
        self._cell, self._is_begun = setting.begin_at - 1, False
        # The backs of the sheet in hand: where each goes, the names of its forms, and its own operators.
        self._waiting: list[tuple[Place, tuple[str, ...], str]] = []
        self.count = 0
        self.findings: list[Finding] = []
        has_marks = sheet.is_cut if setting.has_cut_marks is None else setting.has_cut_marks
        marks = labels(sheet, setting) if has_marks else ()
        self._canvas.beginForm("marks", upperx=_pt(sheet.page_width_mm), uppery=_pt(sheet.page_height_mm))
        self._canvas.addLiteral(cut_marks(marks, sheet.page))
        if sheet.is_folded:
            self._canvas.addLiteral(fold_marks(labels(sheet, setting), sheet.page))
        self._canvas.endForm()

    def add(self, person: BadgePerson) -> None:
        shown, findings = self._badges.show(person)
        self.findings += findings
        if shown is None:
            return
        # Who has no registration has nothing to be scanned.
        code = qr_path(person.badge_code) if person.badge_code else ""
        drawn = [
            (side.forms(person, its), side.own(person, its, code))
            for side, its in zip(self._sides, shown, strict=False)
        ]
        self._begin_label()
        self._place(drawn)

    def add_blank(self, word: str, colour: int) -> None:
        drawn = [(side.blank_forms(word, colour), side.blank()) for side in self._sides]
        self._begin_label()
        self._place(drawn)

    def _place(self, drawn: list[tuple[tuple[str, ...], str]]) -> None:
        """Draw the front, and, on a folded label or behind it, the back, which is the front again where there is none."""
        front, *panels = self._fronts[self._cell]
        self._draw(front, *drawn[0])
        for place in panels:
            self._draw(place, *drawn[-1])
        if self._backs:
            self._waiting.append((self._backs[self._cell], *drawn[-1]))
        self._cell += 1
        self.count += 1

    def leave_free(self) -> None:
        self._begin_label()
        self._cell += 1

    def _begin_label(self) -> None:
        """Begin a sheet before its first label."""
        if self._is_begun and self._cell < self._sheet.count:
            return
        if self._is_begun:
            self._end_sheet()
            self._cell = 0
        self._is_begun = True
        self._canvas.doForm("marks")

    def _end_sheet(self) -> None:
        self._end_page()
        if self._waiting:
            for place, forms, own in self._waiting:
                self._draw(place, forms, own)
            self._waiting.clear()
            self._end_page()

    def _end_page(self) -> None:
        """End the page and compress it now: the canvas would keep all pages' operators until the file is written."""
        self._canvas.showPage()
        page = document_of(self._canvas).Pages.pages[-1]
        packed = PDFStream(
            dictionary=PDFDictionary({"Filter": PDFArray([PDFName("FlateDecode")])}),
            content=zlib.compress(page.stream.encode("ascii"), _PACKING),
        )
        page.Contents, page.stream = packed, None

    def _draw(self, place: Place, forms: tuple[str, ...], own: str) -> None:
        draw_face(self._canvas, self._sheet.page_height_mm, place, forms, own)

    def close(self) -> bytes:
        if self.count == 0:
            line = Line(text=NOTHING, face="regular", size_pt=9, x_mm=6, y_mm=12)
            self._canvas.addLiteral(self._setter.text([line], self._sheet.page_height_mm))
        self._end_sheet()
        with EMBEDDING:
            self._canvas.save()
        return self._file.getvalue()


def draw_face(canvas: Canvas, page_height_mm: float, place: Place, forms: tuple[str, ...], own: str) -> None:
    """Draw one face of a badge: the forms that many share, and its own operators, as BadgeSide gives them."""
    box = place.box
    turn, x_mm, y_mm = ("-1", box.right_mm, box.y_mm) if place.is_turned else ("1", box.x_mm, box.bottom_mm)
    x, y = _pt(x_mm), _pt(page_height_mm - y_mm)
    canvas.addLiteral(f"q {turn} 0 0 {turn} {x:.2f} {y:.2f} cm")
    for form in forms:
        canvas.doForm(form)
    canvas.addLiteral(own)


def _pt(mm: float) -> float:
    return mm * PT_PER_MM
