"""Who may see and do what, written from the matrix: a section of the README in words, and every route in ACCESS.md.

`python -m tests.security access-page` writes both; `test_access_page` fails where they are not what it would write.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from flask import Flask

from conference.web.access import EVERY_ROLE, Role
from tests.security.access_areas import AREAS, Area
from tests.security.api_matrix import ANYONE, READS_REGISTRATIONS
from tests.security.matrix import LINK, MATRIX, WITHIN_TRACKS

ROOT = Path(__file__).parents[2]
README, ROUTES = ROOT / "README.md", Path(__file__).parent / "ACCESS.md"
BEGIN = "<!-- Written by `python -m tests.security access-page`; change tests/security/matrix.py instead. -->"
END = "<!-- Written until here. -->"
NO, SEES, CHANGES = "–", "sees", "changes"
COLUMNS = ("Anybody", "Link or token", "Viewer", "Desk", "Programme", "limited to tracks", "Organiser")
_ROLES = {"Viewer": Role.VIEWER, "Desk": Role.DESK, "Programme": Role.PROGRAMME, "Organiser": Role.ORGANISER}


def endpoints_in(area: Area) -> list[str]:
    """Return the matrix' endpoints of the area; raises LookupError for a name that fits none."""
    found: list[str] = []
    for name in area.routes.split():
        fitting = [endpoint for endpoint in MATRIX if fnmatchcase(endpoint, name)]
        if not fitting:
            raise LookupError(f"no endpoint is called {name}")
        found += [endpoint for endpoint in fitting if endpoint not in found]
    return found


def _methods(app: Flask, endpoint: str) -> set[str]:
    return {method for rule in app.url_map.iter_rules(endpoint) for method in rule.methods or ()} & {
        "GET",
        "POST",
    }


def cells_of(app: Flask, area: Area) -> list[str]:
    """Return what each column's people may do there, in the order of COLUMNS."""
    endpoints = endpoints_in(area)
    who = MATRIX[endpoints[0]]
    assert all(MATRIX[one] == who for one in endpoints), f"{area.what}: not all are for the same people"
    methods = {method for one in endpoints for method in _methods(app, one)}
    most = CHANGES if "POST" in methods and not area.is_look else SEES
    is_by_key = who in {LINK, READS_REGISTRATIONS}
    cells = dict.fromkeys(COLUMNS, NO)
    if who == ANYONE:
        return [most] * len(COLUMNS)
    if is_by_key or area.by_token:
        cells["Link or token"] = most
    assert not isinstance(who, str) or is_by_key
    cells |= {name: most for name, role in _ROLES.items() if role in who}
    if Role.PROGRAMME in who:
        cells["limited to tracks"] = _of_limited(endpoints, who, most, is_seen="GET" in methods)
    return [cells[name] for name in COLUMNS]


def _of_limited(endpoints: list[str], who: object, most: str, *, is_seen: bool) -> str:
    """Return what programme staff may do who are limited to tracks: they see all that their role does."""
    if most == SEES or who == EVERY_ROLE or WITHIN_TRACKS.issuperset(endpoints):
        return most
    return SEES if is_seen else NO


def section(app: Flask) -> str:
    """Return the README's section between its two marks, as a table for each part of the office."""
    lines = [BEGIN, ""]
    for title, areas in AREAS.items():
        lines += [f"| {title} | Whose records | {' | '.join(COLUMNS)} |", "|---|---|" + "---|" * len(COLUMNS)]
        lines += [f"| {area.what} | {area.whose} | {' | '.join(cells_of(app, area))} |" for area in areas]
        lines.append("")
    return "\n".join([*lines, END])


def readme(app: Flask, text: str) -> str:
    """Return the README with this section in place of the one it has."""
    before, rest = text.split(BEGIN, 1)
    return before + section(app) + rest.split(END, 1)[1]


def routes(app: Flask) -> str:
    """Return every route with its methods and who may use it."""
    lines = [
        "# Every route, and who may use it",
        "",
        "Written by `python -m tests.security access-page` from `tests/security/matrix.py`; `test_access_matrix.py` compares",
        "that table with every route of the application, for every role and for nobody. A personal link opens the record that",
        "it names, and no other: `test_crawler.py` swaps ids and links. What programme staff who are limited to tracks may send",
        "is marked with *.",
        "",
    ]
    for title, areas in AREAS.items():
        lines += [f"## {title}", "", "| Address | | Route | For |", "|---|---|---|---|"]
        lines += [line for area in areas for line in _lines(app, area)]
        lines.append("")
    return "\n".join(lines)


def _lines(app: Flask, area: Area) -> Iterator[str]:
    for endpoint in endpoints_in(area):
        for rule in app.url_map.iter_rules(endpoint):
            methods = " ".join(sorted((rule.methods or set()) & {"GET", "POST"}))
            yield f"| `{rule.rule}` | {methods} | {endpoint} | {_words(endpoint)} |"


def _words(endpoint: str) -> str:
    who = MATRIX[endpoint]
    if who == READS_REGISTRATIONS:
        return "a program's token"
    if isinstance(who, str):
        return who
    if who == EVERY_ROLE:
        return "all staff"
    names = ", ".join(role.value for role in Role if role in who)
    return f"{names}*" if endpoint in WITHIN_TRACKS else names


def write(app: Flask) -> None:
    """Write both."""
    README.write_text(readme(app, README.read_text("utf-8")), "utf-8")
    ROUTES.write_text(routes(app), "utf-8")
