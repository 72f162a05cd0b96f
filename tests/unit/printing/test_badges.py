import pytest

from conference.printing.badges import badge_sheet_pdf
from conference.printing.model import BadgePrint, Finding, Problem
from conference.printing.plans import plan_of
from conference.printing.preflight import preflight
from conference.printing.run import Setting, Sides
from conference.printing.sheets import A6, A7, SHEETS, Sheet
from conference.registration.model import BadgePerson
from tests.factories.paper import embedded_fonts, needs_renderer, page_texts, read_pdf, scanned, text_of
from tests.factories.printing import EVENT, badge_person

GLYPHS = (
    "Åsa",
    "Jürgen",
    "Straße",
    "Łukasz",
    "Çağlar",
    "Ștefan",
    "Đorđe",
    "Ελένη",
    "Юлия",
    "O'Brien",
    "van der Berg",
)


def print_badges(*people: BadgePerson, sheet: Sheet = A7, setting: Setting | None = None) -> BadgePrint:
    return badge_sheet_pdf(
        people,
        sheet=sheet,
        setting=setting,
        event_title=EVENT.title,
        organisers=["Genomic Medicine Sweden", "Centers for Personalized Medicine"],
    )


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_badge_says_who_one_is(sheet: Sheet) -> None:
    person = badge_person("Åsa", "Lindqvist", badge_word="Session chair", badge_colour=3, country="SE")
    printed = print_badges(person, sheet=sheet)
    text = text_of(printed.pdf)
    expected = [
        "Åsa",
        "Lindqvist",
        "Karolinska University Hospital",
        "Sweden",
        "Session chair",
        "Genomic Medicine Sweden",
    ]
    assert [part for part in expected if part not in text] == []
    assert (printed.count, printed.findings) == (1, ())
    assert person.number not in text  # nothing but what look.md lists


@pytest.mark.parametrize("sheet", [A6, A7], ids=["a6", "a7"])
def test_european_glyphs_are_found_again(sheet: Sheet) -> None:
    printed = print_badges(*(badge_person(name, name, n) for n, name in enumerate(GLYPHS)), sheet=sheet)
    text = text_of(printed.pdf)
    assert [name for name in GLYPHS if text.count(name) < 2] == []
    assert printed.findings == ()


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_fonts_are_embedded_and_no_other_is_used(sheet: Sheet) -> None:
    printed = print_badges(badge_person("Ελένη", "Lind"), sheet=sheet)
    assert embedded_fonts(printed.pdf) == {"Roboto-Bold": True, "Roboto-Medium": True, "Roboto-Regular": True}


def test_pages_fill_row_by_row() -> None:
    people = [badge_person(f"Name{number:02d}", number=number) for number in range(10)]
    first, second = page_texts(print_badges(*people).pdf)
    assert [f"Name{number:02d}" in first for number in range(10)] == [True] * 8 + [False] * 2
    assert [f"Name{number:02d}" in second for number in range(10)] == [False] * 8 + [True] * 2


def test_every_page_is_a4_and_no_text_lies_outside() -> None:
    people = [badge_person("W" * 100, "Q" * 100, number) for number in range(12)]
    for page in read_pdf(print_badges(*people).pdf).pages:
        places: list[tuple[float, float]] = []

        def note(
            text: str,
            _cm: list[float],
            tm: list[float],
            *_rest: object,
            found: list[tuple[float, float]] = places,
        ) -> None:
            if text.strip():
                found.append((tm[4] + _cm[4], tm[5] + _cm[5]))

        page.extract_text(visitor_text=note)
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        assert places
        assert all(0 <= x <= 596 and 0 <= y <= 842 for x, y in places)


@needs_renderer
@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_printed_codes_can_be_scanned(sheet: Sheet) -> None:
    people = [badge_person("Åsa", "Lind", number) for number in range(10)]
    pages = scanned(print_badges(*people, sheet=sheet).pdf)
    assert set().union(*pages) == {person.badge_code for person in people}
    assert len(pages) == -(-len(people) // sheet.count)


STRANGE = [
    "<b>Bob</b>",
    '<img src="/etc/hostname">',
    "%(x)s {0} {{7*7}}",
    "a" * 500,
    "(\\)",
    "&amp;",
    "\u202eabc",
]


def test_strange_names_print_literally_and_the_batch_goes_on() -> None:
    people = [badge_person("First", number=1)]
    people += [badge_person(name, number=n) for n, name in enumerate(STRANGE, 2)]
    people += [
        badge_person("李", "小明", 50),
        badge_person("محمد", number=51),
        badge_person("Last", number=99),
    ]
    printed = print_badges(*people, sheet=A6)
    text = text_of(printed.pdf)
    assert ("First" in text, "Last" in text) == (True, True)
    assert "<b>Bob</b>" in text
    assert '<img src="/etc/ hostname">' in text or '<img src="/etc/hostname">' in text
    assert "(\\)" in text
    assert "&amp;" in text
    waiting = [finding.number for finding in printed.findings if finding.problem is Problem.WAITS]
    assert waiting == ["7K3M50", "7K3M51"]
    assert printed.count == len(people) - 2


def test_a_name_that_no_font_has_waits_for_a_name_for_the_badge() -> None:
    printed = print_badges(
        badge_person("李", "小明", 1), badge_person("李", "小红", 2, badge_name="Li Xiaohong")
    )
    assert printed.count == 1
    assert printed.findings == (
        Finding(
            registration_id=badge_person("", number=1).registration_id,
            number="7K3M01",
            name="李 小明",
            problem=Problem.WAITS,
            part="given name",
            characters=("李", "小", "明"),
        ),
    )
    assert str(printed.findings[0]) == (
        "7K3M01 李 小明: No font has 李 (U+674E), 小 (U+5C0F), 明 (U+660E), so this badge is not printed. "
        "Enter a name for the badge in Latin, Greek or Cyrillic letters."
    )
    assert "Li" in text_of(printed.pdf)
    assert "Xiaohong" in text_of(printed.pdf)


def test_a_name_for_the_badge_that_no_font_has_gives_way_to_the_full_name() -> None:
    printed = print_badges(badge_person("Ming", "Li", badge_name="明"))
    assert [(finding.problem, finding.characters) for finding in printed.findings] == [
        (Problem.BADGE_NAME, ("明",))
    ]
    assert "Ming" in text_of(printed.pdf)


def test_an_affiliation_that_no_font_has_is_left_out_and_told() -> None:
    printed = print_badges(badge_person("Ken", "Ito", affiliation="東京大学"))
    assert (printed.count, [finding.problem for finding in printed.findings]) == (1, [Problem.LEFT_OUT])


def test_every_ellipsis_is_told_with_its_remedy() -> None:
    people = [badge_person("Anna", "x" * 80, affiliation="q" * 100), badge_person("Bo", "Li")]
    printed = print_badges(*people)
    assert [(finding.problem, finding.part) for finding in printed.findings] == [
        (Problem.SHORTENED_NAME, "family name"),
        (Problem.SHORTENED, "organisation"),
    ]
    assert preflight(people, plan_of(A7)) == printed.findings


def test_the_mark_against_photographs_has_a_word() -> None:
    assert "No photographs" in text_of(print_badges(badge_person("Åsa", no_photographs=True)).pdf)
    assert "No photographs" not in text_of(print_badges(badge_person("Åsa")).pdf)


def test_nobody_to_print_is_a_page_that_says_so() -> None:
    printed = print_badges()
    assert (printed.count, page_texts(printed.pdf)) == (0, ["No badges to print."])


def test_progress_counts_people() -> None:
    heard: list[int] = []
    badge_sheet_pdf(
        [badge_person("A", number=1), badge_person("李", number=2), badge_person("B", number=3)],
        sheet=A7,
        event_title="",
        organisers=[],
        progress=heard.append,
    )
    assert heard == [1, 2, 3]


def test_a_badge_takes_less_than_a_kilobyte() -> None:
    few, many = (
        len(print_badges(*(badge_person(f"Anna{n}", f"Berg{n}", n) for n in range(count))).pdf)
        for count in (40, 440)
    )
    assert (many - few) / 400 < 1000


def test_a_part_used_sheet_begins_at_its_first_free_label() -> None:
    people = [badge_person(f"Name{number:02d}", number=number) for number in range(5)]
    first, second = page_texts(print_badges(*people, setting=Setting(begin_at=6)).pdf)
    assert [f"Name{number:02d}" in first for number in range(5)] == [True] * 3 + [False] * 2
    assert [f"Name{number:02d}" in second for number in range(5)] == [False] * 3 + [True] * 2


@pytest.mark.parametrize("sides", [Sides.LONG_EDGE, Sides.SHORT_EDGE])
def test_each_back_follows_its_front_and_shows_the_same_people(sides: Sides) -> None:
    people = [badge_person(f"Name{number:02d}", number=number) for number in range(10)]
    pages = page_texts(print_badges(*people, setting=Setting(sides=sides)).pdf)
    shown = [[number for number in range(10) if f"Name{number:02d}" in page] for page in pages]
    assert shown == [list(range(8)), list(range(8)), [8, 9], [8, 9]]


@needs_renderer
@pytest.mark.parametrize("sides", [Sides.LONG_EDGE, Sides.SHORT_EDGE])
def test_a_back_can_be_scanned_behind_its_own_front(sides: Sides) -> None:
    """One badge alone is in the corner of the front: its back must be where that corner is once the sheet is turned."""
    pdf = print_badges(badge_person("Åsa", "Lind", 7), setting=Setting(sides=sides)).pdf
    assert scanned(pdf) == [{"ABCDEFGHJKMNPQR00007"}, {"ABCDEFGHJKMNPQR00007"}]
    xs = {"left": 0, "right": 0}
    back = read_pdf(pdf).pages[1]

    def note(text: str, cm: list[float], tm: list[float], *_rest: object) -> None:
        if "Åsa" in text:
            upright = cm[0] > 0
            x = tm[4] * cm[0] + cm[4]
            xs["right" if x > 297 else "left"] += 1
            assert upright == (sides is Sides.LONG_EDGE)

    back.extract_text(visitor_text=note)
    assert xs == ({"left": 0, "right": 1} if sides is Sides.LONG_EDGE else {"left": 1, "right": 0})


def test_a_folded_badge_shows_the_person_twice() -> None:
    printed = print_badges(badge_person("Suharto"), sheet=SHEETS["butterfly"])
    assert (printed.count, text_of(printed.pdf).count("Suharto")) == (1, 2)


def test_the_page_is_the_roll_s_label() -> None:
    pages = read_pdf(
        print_badges(badge_person("A"), badge_person("B", number=2), sheet=SHEETS["99015"]).pdf
    ).pages
    assert [
        (round(page.mediabox.width / 72 * 25.4), round(page.mediabox.height / 72 * 25.4)) for page in pages
    ] == [(54, 70)] * 2


def test_a_narrow_label_shows_the_mark_against_photographs_without_its_word() -> None:
    roll = SHEETS["99015"]
    marked, plain = (
        len(print_badges(badge_person("A", no_photographs=mark), sheet=roll).pdf) for mark in (True, False)
    )
    assert marked > plain
    assert "No photographs" not in text_of(
        print_badges(badge_person("A", no_photographs=True), sheet=roll).pdf
    )


def test_small_lines_of_the_event_are_never_cut() -> None:
    text = text_of(print_badges(badge_person("A", "Li"), sheet=SHEETS["99015"]).pdf)
    assert EVENT.title in text
    assert "Centers for Personalized Medicine" in text
