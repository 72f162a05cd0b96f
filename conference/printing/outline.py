"""A test page: the outlines of a sheet's labels, to hold against the labels before any of them is printed."""

from io import BytesIO

from conference.core.errors import N_
from conference.printing.fitting import fit
from conference.printing.fonts import EMBEDDING
from conference.printing.layout import Line
from conference.printing.preflight import metrics
from conference.printing.run import Setting, check_setting, labels
from conference.printing.sheets import Box, Sheet
from conference.printing.typeset import PT_PER_MM, Typesetter, new_canvas, rectangle
from conference.web.language import gettext

RULE_MM = 40.0
_SIZES_PT = (9.0, 8.0, 7.0, 6.0)
_LEADING_MM = 4.2
STEPS = (
    N_("Print at 100 %, not fitted to the page: this line is 40 mm long."),
    N_("Hold the page and a sheet of labels against the light."),
    N_("Where the lines lie too far right, enter an offset to the left, such as −1.0; too low, one upwards."),
)


def outline_pdf(sheet: Sheet, setting: Setting | None = None) -> bytes:
    """Return one page with the outline, number and size of each label, where this setting prints it.

    The label in which the run would begin is marked. Raises as `run.check_setting` does, and FontMissingError.
    """
    setting = setting or Setting()
    check_setting(sheet, setting)
    file = BytesIO()
    canvas = new_canvas(file, gettext("Test page: %(sheet)s", sheet=gettext(sheet.name)), page=sheet.page)
    setter = Typesetter(canvas, metrics())
    top_mm = sheet.page_height_mm
    for number, box in enumerate(labels(sheet, setting), 1):
        canvas.addLiteral(f"0.35 w 0.2 G {rectangle(box, top_mm)} S")
        if sheet.is_folded:
            half = Box(x_mm=box.x_mm, y_mm=box.y_mm, width_mm=box.width_mm, height_mm=box.height_mm / 2)
            canvas.addLiteral(f"[2 1.5] 0 d {rectangle(half, top_mm)} S [] 0 d")
        lines = _words(box, number, sheet, is_first=number == setting.begin_at)
        canvas.addLiteral("0 g " + setter.text(lines, top_mm))
        if number == 1:
            canvas.addLiteral(_rule(box, top_mm))
    canvas.showPage()
    with EMBEDDING:
        canvas.save()
    return file.getvalue()


def _words(box: Box, number: int, sheet: Sheet, *, is_first: bool) -> list[Line]:
    size = f"{sheet.width_mm:g} × {sheet.height_mm:g} mm"
    mark = gettext("the run begins here") if is_first else ""
    x_mm, room_mm = box.x_mm + 4, box.width_mm - 8
    found = [Line(text=f"{number}", face="bold", size_pt=20, x_mm=x_mm, y_mm=box.y_mm + 10)]
    y_mm = box.y_mm + 10
    texts = [" · ".join(filter(None, (size, mark)))]
    if number == 1:
        texts += [gettext(sheet.name), *(gettext(step) for step in STEPS)]
    for text in texts:
        fitted = fit(text, metrics()["regular"].width_em, room_mm, _SIZES_PT)
        for shown in fitted.lines:
            y_mm += _LEADING_MM
            found.append(Line(text=shown, face="regular", size_pt=fitted.size_pt, x_mm=x_mm, y_mm=y_mm))
    return found


def _rule(box: Box, top_mm: float) -> str:
    """Return a line of 40 mm with its ends, at the foot of the label."""
    y, x, end = (top_mm - box.bottom_mm + 5) * PT_PER_MM, (box.x_mm + 4) * PT_PER_MM, RULE_MM * PT_PER_MM
    return f"0.6 w 0 G {x:.2f} {y:.2f} m {x + end:.2f} {y:.2f} l {x:.2f} {y - 3:.2f} m {x:.2f} {y + 3:.2f} l {x + end:.2f} {y - 3:.2f} m {x + end:.2f} {y + 3:.2f} l S"
