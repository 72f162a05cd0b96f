"""The office's figures: charts drawn on the server, a table behind each, and CSV."""

import csv
import io

from flask import Blueprint, Response, render_template

from conference.core.errors import NotFoundError
from conference.registration.exporting import inert
from conference.registration.figures import TITLES, Bar, Figures, figures
from conference.web.access import Role, get_principal, staff
from conference.web.language import gettext

BAR_HEIGHT, LABEL_WIDTH, WIDTH = 24, 240, 640


def add_figure_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/figures", "figures", figures_page)
    blueprint.add_url_rule("/staff/figures/<figure>.csv", "figures_csv", figures_csv)


def _figures() -> Figures:
    # A viewer may be somebody outside the office, such as a sponsor or a faculty.
    return figures(is_suppressed=get_principal().role is Role.VIEWER)


@staff(Role.VIEWER)
def figures_page() -> str:
    found = _figures()
    return render_template(
        "registration/figures.html",
        titles=TITLES,
        figures=found,
        widths={key: _widths(bars) for key, bars in found.items()},
        bar_height=BAR_HEIGHT,
        label_width=LABEL_WIDTH,
        width=WIDTH,
    )


def _widths(bars: list[Bar]) -> list[int]:
    """Return the length of each bar; a suppressed one has none."""
    room, most = WIDTH - LABEL_WIDTH - 60, max((bar.count or 0 for bar in bars), default=0) or 1
    return [round(room * (bar.count or 0) / most) for bar in bars]


@staff(Role.VIEWER)
def figures_csv(figure: str) -> Response:
    """One figure as CSV; raises NotFoundError for one that there is not."""
    if figure not in TITLES:
        raise NotFoundError
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow([gettext(TITLES[figure]), gettext("Registrations")])
    for bar in _figures()[figure]:
        count = gettext("under 5") if bar.count is None else bar.count
        writer.writerow([inert(gettext(bar.label)), count])
    answer = Response(buffer.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{figure}.csv"'
    return answer
