"""The office's figures: charts drawn on the server, a table behind each, and CSV."""

import csv
import io

from flask import Blueprint, Response, render_template

from conference.core.errors import NotFoundError
from conference.registration.figure_drawing import lengths, timeline
from conference.registration.figures import TITLES, figures
from conference.web.access import Role, get_principal, staff
from conference.web.exporting import inert
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
        widths={key: lengths(bars) for key, bars in found.items()},
        timeline=timeline(found["days"]),
        is_suppressed=_is_suppressed(),
    )


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
