"""Badges a second of CPU, beside a bare canvas that writes the same lines in the same embedded fonts.

The floor neither measures nor draws code, band or marks; it has the same page, the same compression and the
same five lines a badge. Both run five times in turns, and the medians are compared.
"""

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from conference.core.ids import RegistrationId
from conference.people.countries import country_name
from conference.printing.badges import badge_sheet_pdf
from conference.printing.fitting import fit
from conference.printing.preflight import metrics
from conference.printing.sheets import SHEETS
from conference.printing.typeset import PT_PER_MM
from conference.registration.model import BadgePerson

RUNS = 5
TITLE = "Cutting Edge Implementation of Precision Medicine in Europe"
ORGANISERS = ["Genomic Medicine Sweden", "Centers for Personalized Medicine"]
GIVEN = (
    "Åsa",
    "Jürgen",
    "Łukasz",
    "Çağlar",
    "Ștefan",
    "Đorđe",
    "Ελένη",
    "Юлия",
    "Maximiliane-Charlotte",
    "Anna",
)
FAMILY = (
    "Lindqvist",
    "Straßmann",
    "O'Brien",
    "van der Berg",
    "Παπαδοπούλου",
    "Щербакова",
    "Müller-Lüdenscheidt",
)
PLACES = (
    "Karolinska University Hospital",
    "Center for Molecular Pathology, Heidelberg",
    "SciLifeLab",
    "Region Skåne",
)
ROLES = (("Participant", 1, "SE"), ("Speaker", 2, "DE"), ("Industry", 4, "PL"), ("Staff", 6, "GR"))


def person(number: int) -> BadgePerson:
    """Return an invented person; names repeat as seldom as those of a real list."""
    word, colour, country = ROLES[number % len(ROLES)]
    return BadgePerson(
        registration_id=RegistrationId(number + 1),
        number=f"{number:06d}",
        title="",
        given_name=GIVEN[number % len(GIVEN)],
        family_name=f"{FAMILY[number % len(FAMILY)]}{_letters(number)}",
        letters="",
        badge_name="",
        affiliation=PLACES[number % len(PLACES)],
        country=country,
        badge_word=word,
        badge_colour=colour,
        badge_code=f"{number * 2654435761 % 10**20:020d}",
        no_photographs=number % 20 == 0,
    )


def _letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(3))


def product(people: list[BadgePerson], sheet: Any) -> bytes:
    return badge_sheet_pdf(people, sheet=SHEETS[sheet], event_title=TITLE, organisers=ORGANISERS).pdf


def floor(people: list[BadgePerson], sheet: Any) -> bytes:
    file = BytesIO()
    known = metrics()
    bold, medium, regular = known["bold"].name, known["medium"].name, known["regular"].name
    first: Any = regular
    canvas = Canvas(file, pagesize=A4, pageCompression=1, initialFontName=first)
    cells = SHEETS[sheet].cells()
    for index, one in enumerate(people):
        cell = cells[index % len(cells)]
        if index and index % len(cells) == 0:
            canvas.showPage()
        x, y = (cell.x_mm + 5) * PT_PER_MM, A4[1] - cell.y_mm * PT_PER_MM
        for font, size, down, text in (
            (bold, 32, 50, one.given_name),
            (regular, 24, 85, one.family_name),
            (medium, 14, 110, one.affiliation),
            (regular, 12, 125, country_name(one.country)),
            (bold, 16, 195, one.badge_word),
        ):
            canvas.setFont(font, size)
            canvas.drawString(x, y - down, text)
    canvas.save()
    return file.getvalue()


def _cpu_s(
    work: Callable[[list[BadgePerson], Any], bytes], people: list[BadgePerson], sheet: str
) -> tuple[float, int]:
    began = time.process_time()
    size = len(work(people, sheet))
    return time.process_time() - began, size


def _peak_rss_mib() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)


def main(argv: list[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="badges")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--sheet", choices=sorted(SHEETS), default="a7")
    options = parser.parse_args(argv)
    people = [person(number) for number in range(options.count)]
    _cpu_s(product, people[:8], options.sheet)  # fonts are read once a process, not once a run
    ours, floors, size = [], [], 0
    for _ in range(RUNS):
        floors.append(_cpu_s(floor, people, options.sheet)[0])
        fit.cache_clear()  # what one run measured is not to help the next
        seconds, size = _cpu_s(product, people, options.sheet)
        ours.append(seconds)
    rate, floor_rate = (options.count / statistics.median(runs) for runs in (ours, floors))
    return {
        "name": "badges",
        "count": options.count,
        "rate": round(rate, 1),
        "floor_rate": round(floor_rate, 1),
        "ratio": round(rate / floor_rate, 3),
        "peak_rss_mib": _peak_rss_mib(),
        "queries": 0,
        "bytes_per_item": round(size / options.count, 1),
    }
