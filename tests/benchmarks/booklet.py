"""Booklets by CPU time, beside a bare canvas that writes the same lines in the same embedded fonts.

The floor neither measures nor breaks nor links; it has the same pages, the same lines, colours apart, and the same
compression. Both run in turns, and the medians are compared. `cpu_s` is of a conference of so many sessions with seven
talks to three sessions, each with an abstract; `fosdem_cpu_s` of the real schedule beside the repository, None without it.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from conference.app import create_app
from conference.printing import fitting, setting
from conference.printing.book_values import Book
from conference.printing.booklet import booklet_pdf, shown_text
from conference.printing.preflight import metrics
from conference.printing.programme import set_book
from conference.printing.typeset import PT_PER_MM
from conference.programme.model import Programme
from tests.conftest import settings_for
from tests.factories.book_data import a_conference, programme_of_file
from tests.factories.printing import EVENT, ORGANISERS
from tests.factories.shared_data import FOLDER

RUNS = 5
FOSDEM = FOLDER / "fosdem-2024-anonymised.xml"


def product(programme: Programme) -> bytes:
    return booklet_pdf(set_book(programme, EVENT, ORGANISERS))


def floor(book: Book) -> bytes:
    file, known, form = BytesIO(), metrics(), book.format
    first: Any = known["regular"].name
    size = (form.page.width_mm * PT_PER_MM, form.page.height_mm * PT_PER_MM)
    canvas = Canvas(file, pagesize=size, pageCompression=1, initialFontName=first)
    for number, page in enumerate(book.pages, 1):
        for ink in page.inks:
            line = ink.line
            x, y = (
                (line.x_mm + form.left_mm(number)) * PT_PER_MM,
                size[1] - (line.y_mm + form.top_mm) * PT_PER_MM,
            )
            canvas.setFont(known[line.face].name, line.size_pt)
            canvas.drawString(x, y, shown_text(ink, book))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _cpu_s(work: Callable[[], bytes]) -> tuple[float, int]:
    for cache in (fitting.fit, setting._em):
        cache.cache_clear()
    began = time.process_time()
    size = len(work())
    return time.process_time() - began, size


def _peak_rss_mib() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)


def main(argv: list[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="booklet")
    parser.add_argument("--count", type=int, default=30, help="How many sessions.")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(f"sqlite:///{Path(folder) / 'none.sqlite3'}", Path(folder)))
        with app.app_context():
            return _measured(options.count)


def _measured(count: int) -> dict[str, object]:
    programme = a_conference(count, count * 7 // 3)
    book = set_book(programme, EVENT, ORGANISERS)  # fonts are read once a process, not once a run
    ours, floors, size = [], [], 0
    for _ in range(RUNS):
        floors.append(_cpu_s(lambda: floor(book))[0])
        seconds, size = _cpu_s(lambda: product(programme))
        ours.append(seconds)
    cpu_s, floor_s = statistics.median(ours), statistics.median(floors)
    real = programme_of_file(FOSDEM) if FOSDEM.exists() else None
    return {
        "name": "booklet",
        "count": count,
        "rate": round(count / cpu_s, 1),
        "floor_rate": round(count / floor_s, 1),
        "ratio": round(floor_s / cpu_s, 3),
        "peak_rss_mib": _peak_rss_mib(),
        "queries": 0,
        "bytes_per_item": round(size / count, 1),
        "pages": len(book.pages),
        "cpu_s": round(cpu_s, 3),
        "fosdem_cpu_s": round(_cpu_s(lambda: product(real))[0], 3) if real else None,
    }
