"""Badges as PDF: one canvas, one pass, nothing kept of a badge once its sheet is written."""

import zlib
from collections.abc import Callable, Iterable
from functools import cached_property
from io import BytesIO

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream

from conference.core.errors import N_
from conference.printing.badge_face import BadgeFaces, Foot, cut_marks, fold_marks
from conference.printing.codes import qr_path
from conference.printing.colours import SOFT
from conference.printing.fonts import EMBEDDING
from conference.printing.layout import BadgeLayout, Line
from conference.printing.model import BadgePrint, Finding
from conference.printing.plans import MODULES, Plan, plan_of
from conference.printing.preflight import metrics, set_badge
from conference.printing.run import Place, Setting, backs, check_setting, fronts, labels
from conference.printing.sheets import Box, Sheet
from conference.printing.text import settable
from conference.printing.typeset import PT_PER_MM, Typesetter, document_of, fill, new_canvas, rectangle
from conference.registration.model import BadgePerson

NOTHING = N_("No badges to print.")
# Where a blank badge has its two lines to write on, of the way from its top to the small lines.
_BLANK_LINES = (0.45, 0.85)


def badge_sheet_pdf(
    people: Iterable[BadgePerson | None],
    *,
    sheet: Sheet,
    event_title: str,
    organisers: list[str],
    setting: Setting | None = None,
    progress: Callable[[int], None] | None = None,
) -> BadgePrint:
    """Return the badges in the order given, label by label, and what could not be shown.

    None leaves a label free. A badge whose name no font can set is left out and reported. `setting` says where the run begins, by how much the
    printer is off and which sides are printed: each back follows its front, and shows the same. `progress` hears the
    number of people done. Raises FontMissingError, and as `run.check_setting` does.
    """
    setting = setting or Setting()
    check_setting(sheet, setting)
    run = _Run(sheet, setting, event_title, organisers)
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
    event_title: str,
    organisers: list[str],
    setting: Setting | None = None,
) -> bytes:
    """Return so many badges to write on for each role, a word with its colour: band and lines, no name and no code.

    Raises FontMissingError, and as `run.check_setting` does.
    """
    setting = setting or Setting()
    check_setting(sheet, setting)
    run = _Run(sheet, setting, event_title, organisers)
    for word, colour in words:
        for _ in range(count):
            run.add_blank(word, colour)
    return run.close()


def foot_of(plan: Plan, event_title: str, organisers: list[str]) -> Foot:
    """Return the event's small lines."""
    return Foot(plan, metrics(), settable(event_title), [settable(name) for name in organisers])


class _Run:
    def __init__(self, sheet: Sheet, setting: Setting, event_title: str, organisers: list[str]) -> None:
        known = metrics()
        self._sheet, self._plan = sheet, plan_of(sheet)
        self._fronts, self._backs = fronts(sheet, setting), backs(sheet, setting)
        self._file = BytesIO()
        self._canvas = new_canvas(self._file, f"{settable(event_title)}: badges", page=sheet.page)
        self._setter = Typesetter(self._canvas, known)
        self._foot = foot_of(self._plan, event_title, organisers)
        self._faces = BadgeFaces(self._canvas, self._setter, known, self._plan, self._foot)
        self._cell, self._is_begun = setting.begin_at - 1, False
        # The backs of the sheet in hand: where each goes, the name of its form, and its own operators.
        self._waiting: list[tuple[Place, str, str]] = []
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
        self._begin_label()
        self._place(face, self._own(layout, person.badge_code))

    def add_blank(self, word: str, colour: int) -> None:
        face = self._faces.name_of(settable(word), colour, no_photographs=False, is_crowded=False)
        self._begin_label()
        plan = self._plan
        room_mm = plan.band.y_mm - plan.gap_mm - self._foot.height_mm - plan.top_mm
        lines = (plan.top_mm + part * room_mm for part in _BLANK_LINES)
        rules = [Box(x_mm=plan.margin_mm, y_mm=y, width_mm=plan.full_width_mm, height_mm=0.3) for y in lines]
        self._place(
            face, f"{fill(SOFT)} " + " ".join(rectangle(one, plan.height_mm) + " f" for one in rules) + " Q"
        )

    def _place(self, face: str, own: str) -> None:
        for place in self._fronts[self._cell]:
            self._draw(place, face, own)
        if self._backs:
            self._waiting.append((self._backs[self._cell], face, own))
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
            for place, face, own in self._waiting:
                self._draw(place, face, own)
            self._waiting.clear()
            self._end_page()

    def _end_page(self) -> None:
        """End the page and compress it now: the canvas would keep all pages' operators until the file is written."""
        self._canvas.showPage()
        page = document_of(self._canvas).Pages.pages[-1]
        packed = PDFStream(
            dictionary=PDFDictionary({"Filter": PDFArray([PDFName("FlateDecode")])}),
            content=zlib.compress(page.stream.encode("ascii")),
        )
        page.Contents, page.stream = packed, None

    def _own(self, layout: BadgeLayout, code: str) -> str:
        """Return the operators of what only this badge shows."""
        text = self._setter.text(layout.lines, self._plan.height_mm)
        if not code:  # who has no registration has nothing to be scanned
            return f"{text} Q"
        return f"{text}\n{self._symbol_matrix} cm\n{qr_path(code)}f Q"

    def _draw(self, place: Place, face: str, own: str) -> None:
        box, canvas = place.box, self._canvas
        turn, x_mm, y_mm = (
            ("-1", box.right_mm, box.y_mm) if place.is_turned else ("1", box.x_mm, box.bottom_mm)
        )
        x, y = _pt(x_mm), _pt(self._sheet.page_height_mm - y_mm)
        canvas.addLiteral(f"q {turn} 0 0 {turn} {x:.2f} {y:.2f} cm")
        canvas.doForm(face)
        canvas.addLiteral(own)

    @cached_property
    def _symbol_matrix(self) -> str:
        plan, symbol = self._plan, self._plan.symbol
        module = symbol.width_mm / MODULES * PT_PER_MM
        y = (plan.height_mm - symbol.bottom_mm) * PT_PER_MM
        return f"{module:.4f} 0 0 {module:.4f} {symbol.x_mm * PT_PER_MM:.2f} {y:.2f}"

    def close(self) -> bytes:
        if self.count == 0:
            line = Line(text=NOTHING, face="regular", size_pt=9, x_mm=6, y_mm=12)
            self._canvas.addLiteral(self._setter.text([line], self._sheet.page_height_mm))
        self._end_sheet()
        with EMBEDDING:
            self._canvas.save()
        return self._file.getvalue()


def _pt(mm: float) -> float:
    return mm * PT_PER_MM
