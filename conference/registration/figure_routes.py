"""The office's figures: charts drawn on the server, a table behind each, and CSV."""

import csv
import io

from flask import Blueprint, Response, render_template

from conference.core.errors import NotFoundError
from conference.registration.exporting import inert
from conference.registration.figures import TITLES, figures
from conference.registration.suppression import Bar
from conference.web.access import Role, get_principal, staff
from conference.web.language import gettext


def add_figure_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/figures", "figures", figures_page)
    blueprint.add_url_rule("/staff/figures/<figure>.csv", "figures_csv", figures_csv)


def _is_suppressed() -> bool:
    # A viewer may be somebody outside the office, such as a sponsor or a faculty.
    return get_principal().role is Role.VIEWER


@staff(Role.VIEWER)
def figures_page() -> str:
    found = figures(is_suppressed=_is_suppressed())
    return render_template(
        "registration/figures.html",
        titles=TITLES,
        figures=found,
        widths={key: _widths(bars) for key, bars in found.items()},
        is_suppressed=_is_suppressed(),
    )


def _widths(bars: list[Bar]) -> list[float]:
    """Return the length of each bar in hundredths of the longest; a hidden one has none."""
    most = max((bar.count or 0 for bar in bars), default=0) or 1
    return [round(100 * (bar.count or 0) / most, 1) for bar in bars]


@staff(Role.VIEWER)
def figures_csv(figure: str) -> Response:
    """One figure as CSV; raises NotFoundError for one that there is not."""
    if figure not in TITLES:
        raise NotFoundError
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow([gettext(TITLES[figure]), gettext("Registrations")])
    for bar in figures(is_suppressed=_is_suppressed())[figure]:
        count = gettext("not shown") if bar.count is None else bar.count
        writer.writerow([inert(gettext(bar.label)), count])
    answer = Response(buffer.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{figure}.csv"'
    return answer
