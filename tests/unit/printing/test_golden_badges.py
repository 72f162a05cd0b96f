"""Badges of each shipped sheet as they were looked at: the usual, the longest and the strangest names."""

from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw, ImageFilter

from conference.core.ids import ExtraId, RegistrationId, SessionId
from conference.printing.badges import badge_sheet_pdf, blank_badges_pdf
from conference.printing.design_samples import sample_people
from conference.printing.facts import BadgeFacts, PlanLine
from conference.printing.run import Setting, Sides
from conference.printing.sheets import A6, A7, SHEETS
from conference.registration.model import BadgePerson
from tests.factories.designs import another_design
from tests.factories.golden import assert_golden, difference
from tests.factories.printing import EVENT, ORGANISERS, badge_person

PLACE = "Bavarian Centre for Personalised Medicine and Molecular Diagnostics, Würzburg"
USUAL = badge_person("Åsa", "Lindqvist", 1, badge_word="Session chair", badge_colour=3, days="2022-09-22")
LONGEST = badge_person(
    "Maximiliane-Charlotte", "Müller-Lüdenscheidt-Schwarzenberg-Wittgenstein", 2, affiliation=PLACE,
    country="BA", no_photographs=True, badge_word="Member of the programme comm.", badge_colour=4,
)  # fmt: skip
PEOPLE = (
    USUAL,
    LONGEST,
    badge_person("Bo", "Ek", 3, affiliation="KI", badge_word="Staff", badge_colour=6, no_photographs=True),
    badge_person("Юлия", "Щербакова", 4, affiliation="SciLifeLab", country="PL", badge_word="Speaker"),
    badge_person("Wolfgang Amadeus", "van der Bergen", 5, badge_word="Speaker", badge_colour=2),
    badge_person("Tom <3 <script>", "<b>", 6, affiliation=""),
    badge_person("X" * 120, "", 7, affiliation="", country=""),
    badge_person("ÅÄÖ̈̂", "Ǻģĵ", 8, affiliation="Region Skåne", badge_colour=5, badge_word="Industry"),
)
_DAYS = ("Thu 22 Sep", "Fri 23 Sep")
_TITLES = ("Registration and coffee", "Opening", "Keynotes: equal access, by way of example", "Lunch", "Rare diseases: from sample to report")  # fmt: skip
_LINES = tuple(
    PlanLine(day=day, time=f"{8 + number:02d}:30", title=title, room="Aula Exempel" if number % 2 else "")
    for day in _DAYS
    for number, title in enumerate(_TITLES)
)
FACTS = BadgeFacts(
    event_title=EVENT.title,
    organisers=tuple(one.name for one in ORGANISERS),
    days=(("2022-09-22", _DAYS[0]), ("2022-09-23", _DAYS[1])),
    extras={ExtraId(1): "Conference dinner", ExtraId(2): "Workshop: variants"},
    plan=_LINES,
    sessions={SessionId(number): line for number, line in enumerate(_LINES, 1)},
    chosen_extras={RegistrationId(1): frozenset({ExtraId(1), ExtraId(2)})},
    marked={RegistrationId(1): frozenset({SessionId(2), SessionId(5), SessionId(8)})},
)


def drawn(sheet_key: str, people: Sequence[BadgePerson] = PEOPLE, sides: Sides = Sides.FRONT) -> bytes:
    return badge_sheet_pdf(
        people, sheet=SHEETS[sheet_key], facts=FACTS, setting=Setting(sides=sides)
    ).pdf  # fmt: skip


@pytest.mark.parametrize("key", [key for key, sheet in SHEETS.items() if sheet.count > 1])
def test_badges_of_a_sheet_are_as_they_were(key: str) -> None:
    assert_golden(f"badges-{key}", drawn(key))


@pytest.mark.parametrize("key", ["butterfly", "99015", "dk-1202"])
@pytest.mark.parametrize(("name", "person"), [("usual", USUAL), ("longest", LONGEST)])
def test_one_badge_on_its_page_is_as_it_was(key: str, name: str, person: BadgePerson) -> None:
    assert_golden(f"badges-{key}-{name}", drawn(key, [person]))


def test_backs_with_programme_days_and_extras_are_as_they_were() -> None:
    assert_golden("badges-a6-back", drawn("a6", PEOPLE[:4], Sides.LONG_EDGE), page=2)


@pytest.mark.parametrize("sheet", [A7, A6], ids=["a7", "a6"])
def test_blank_badges_are_as_they_were(sheet: object) -> None:
    key = "a7" if sheet is A7 else "a6"
    pdf = blank_badges_pdf([("Participant", 1), ("Speaker", 2)], 2, sheet=SHEETS[key], facts=FACTS)
    assert_golden(f"badges-{key}-blank", pdf)


def test_a_design_that_is_not_shipped_is_as_it_was() -> None:
    people = [*sample_people(("Speaker", 2)).values()]
    assert_golden("badges-another", badge_sheet_pdf(people, sheet=A6, design=another_design()).pdf)


def _page(shift: int = 0, blur: float = 0.0) -> Image.Image:
    page = Image.new("L", (300, 200), 255)
    pen = ImageDraw.Draw(page)
    for row in range(5):
        pen.rectangle((20 + shift, 20 + 30 * row, 120 + shift, 24 + 30 * row), fill=0)
    return page.filter(ImageFilter.GaussianBlur(blur)) if blur else page


def test_a_golden_page_bears_smoother_edges() -> None:
    assert difference(_page(), _page(blur=0.6)) == ""


def test_a_golden_page_tells_where_something_moved() -> None:
    told = difference(_page(), _page(shift=3), dpi=60)
    assert "points differ, within 8–52 mm from the left and 8–61 mm from the top" in told


def test_a_golden_page_tells_another_size() -> None:
    assert "had (300, 200)" in difference(_page(), Image.new("L", (300, 201), 255))
