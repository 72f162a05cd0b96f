"""The plan of a day on one page, read like a railway's timetable: times in one left edge, rooms as columns."""

from conference.event.model import Event
from conference.printing.colours import INK, LINE, SOFT, TRACKS, WASH, WASHES
from conference.printing.day_plan_layout import BAR_MM, HEAD_MM, MARGIN_MM, ROOMS_MM, TIMES_MM, Cell, DayPlan
from conference.printing.pages import Pages
from conference.printing.sheets import Box
from conference.programme.model import Kind
from conference.web.language import clock_time, gettext, long_date

_THIN = frozenset({Kind.BREAK, Kind.SOCIAL})
_TIME_PT = 9.0


def day_plan_pdf(plan: DayPlan, event: Event, stamp: str) -> bytes:
    """Return the page; `stamp` says which programme it shows. Raises FontMissingError."""
    pages = Pages(f"{long_date(plan.day)} – {event.title}", plan.page)
    pages.begin()
    width = plan.page.width_mm - 2 * MARGIN_MM
    scale = 1.3 if plan.paper.key == "a3" else 1.0
    head = Box(x_mm=MARGIN_MM, y_mm=MARGIN_MM, width_mm=width * 0.56, height_mm=HEAD_MM - 4)
    pages.block(long_date(plan.day), "bold", head, tuple(size * scale for size in (22, 20, 18, 16, 14)))
    x = MARGIN_MM + width * 0.6
    for text, y, sizes in ((event.title, 0.0, (10 * scale, 9, 8, 7, 6.5)), (stamp, 9.0, (8 * scale, 7, 6.5))):
        beside = Box(x_mm=x, y_mm=MARGIN_MM + y, width_mm=width * 0.4, height_mm=9 if y == 0 else 5)
        pages.block(text, "regular", beside, sizes, colour=SOFT)
    _draw_frame(pages, plan)
    for cell in plan.cells:
        _draw_cell(pages, cell)
    if not plan.cells:
        said = gettext("Nothing is planned on this day yet.")
        pages.text(said, "regular", 12, MARGIN_MM, MARGIN_MM + HEAD_MM + 8, SOFT)
    _draw_foot(pages, plan)
    return pages.close()


def _draw_frame(pages: Pages, plan: DayPlan) -> None:
    for name, box in plan.heads:
        pages.block(name, "bold", box, (12, 11, 10, 9, 8, 7), colour=INK)
    top = MARGIN_MM + HEAD_MM + ROOMS_MM
    right = plan.page.width_mm - MARGIN_MM
    if plan.heads:
        pages.rule(MARGIN_MM, top - 1.4, right - MARGIN_MM, INK, 0.5)
    for mark in plan.times:
        pages.rule(MARGIN_MM, mark.y_mm, (right - MARGIN_MM) if mark.begins else TIMES_MM - 3, LINE, 0.15)
        if mark.is_told:
            face, colour = ("bold", INK) if mark.begins else ("regular", SOFT)
            pages.text(clock_time(mark.moment), face, _TIME_PT, MARGIN_MM, mark.y_mm + 3.3, colour)


def _draw_cell(pages: Pages, cell: Cell) -> None:
    session, box = cell.session, cell.box
    ground = WASHES.get(session.track.colour, WASH) if session.track else WASH
    is_plenary = session.kind is Kind.PLENARY
    pages.fill(box, "#ffffff" if is_plenary else WASH if session.kind in _THIN else ground)
    if is_plenary:
        pages.frame(box, INK)
    if session.kind not in _THIN:
        colour = TRACKS.get(session.track.colour, INK) if session.track else INK
        pages.fill(Box(x_mm=box.x_mm, y_mm=box.y_mm, width_mm=BAR_MM, height_mm=box.height_mm), colour)
    pages.lines([*cell.title, *cell.talks])


def _draw_foot(pages: Pages, plan: DayPlan) -> None:
    """What the tracks' colours mean, in words."""
    tracks = {cell.session.track.id: cell.session.track for cell in plan.cells if cell.session.track}
    ordered = sorted(tracks.values(), key=lambda track: track.place)
    x, y = MARGIN_MM, plan.page.height_mm - MARGIN_MM
    step = (plan.page.width_mm - 2 * MARGIN_MM) / max(len(ordered), 1)
    for track in ordered:
        pages.fill(Box(x_mm=x, y_mm=y - 2.6, width_mm=4, height_mm=2.4), TRACKS.get(track.colour, INK))
        words = Box(x_mm=x + 5, y_mm=y - 3.2, width_mm=step - 7, height_mm=4)
        pages.block(track.name, "regular", words, (8, 7.5, 7, 6.5))
        x += step
