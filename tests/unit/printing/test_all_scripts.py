"""Two thousand random names of all scripts: nothing leaves its box, and what is told is what is not there."""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import regex
from fontTools.ttLib import TTFont

from conference.printing.badges import badge_sheet_pdf
from conference.printing.fitting import ELLIPSIS, HYPHEN
from conference.printing.fonts import FONT_FILES
from conference.printing.layout import BadgeLayout
from conference.printing.model import Finding, Problem
from conference.printing.plans import Plan, plan_of
from conference.printing.preflight import BadgeSetter
from conference.printing.sheets import SHEETS
from conference.registration.model import BadgePerson
from tests.factories.designs import ink_of
from tests.factories.fonts import further_fonts, made_font
from tests.factories.ink import quiet_zone
from tests.factories.names import names, seed
from tests.factories.paper import lines_of, needs_renderer, rendered
from tests.factories.printing import badge_person

COUNT = 2000
SEED = seed()
# Glyphs such as ĩ reach out of their own width.
HAIR_MM = 0.4
WHITE = 250


@pytest.fixture(scope="module", autouse=True)
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = made_font(tmp_path_factory.mktemp("fonts") / "Made.ttf")
    with further_fonts(path):
        yield path


def set_badge(person: BadgePerson, setter: BadgeSetter) -> tuple[BadgeLayout | None, list[Finding]]:
    """Return the front's names and details, None for a badge that waits, and what is told of it."""
    sides, findings = setter.show(person)
    return (sides[0].layout if sides else None), findings


def people(count: int) -> list[BadgePerson]:
    found = names(SEED)
    return [badge_person(next(found), next(found), number) for number in range(1, count // 2 + 1)]


@pytest.fixture(scope="module")
def known(made: Path) -> frozenset[int]:
    """What the fonts hold by their own tables, read by another library than the one that sets them."""
    packaged = [frozenset(TTFont(path).getBestCmap()) for path in FONT_FILES.values()]
    return frozenset.intersection(*packaged) | frozenset(TTFont(made).getBestCmap())


def typed(text: str) -> str:
    """Return what of a text a reader can find on paper: no controls, blanks as one space each."""
    kept = "".join(
        one
        for one in text
        if unicodedata.category(one) not in {"Cs", "Co"} and one not in "\xad\u200b\u2060\ufeff"
    )
    kept = "".join(one for one in kept if unicodedata.category(one) != "Cc" or one.isspace())
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def lacking(text: str, known: frozenset[int]) -> set[str]:
    """Return what no font has, and each mark beyond the fourth on its letter."""
    shown = regex.sub(r"\p{Default_Ignorable_Code_Point}", "", typed(text))
    found = {one for one in shown if one != " " and ord(one) not in known and not _is_composed(one, known)}
    for marks in re.findall(f"[{MARKS}]{{5,}}", shown):
        found |= set(marks[4:])
    return found


MARKS = "".join(chr(code) for code in range(0x300, 0x370)) + "".join(
    chr(code) for code in range(0x64B, 0x653)
)


def _is_composed(one: str, known: frozenset[int]) -> bool:
    parts = unicodedata.normalize("NFD", one)
    return len(parts) > 1 and all(ord(part) in known for part in parts)


def joined(layout: BadgeLayout, face: str) -> str:
    """Return the text that a face carries, as its reader puts the lines together, without blanks."""
    text = "".join(line.text for line in layout.lines if line.face == face)
    return bare(text)


def bare(text: str) -> str:
    return re.sub(rf"[\s{HYPHEN}\u200e\u200f]", "", text)


def test_names_are_enough_and_of_all_scripts() -> None:
    scripts = {
        unicodedata.name(one, "").partition(" ")[0]
        for name in itertools.islice(names(SEED), COUNT)
        for one in name
    }
    assert {
        "LATIN",
        "CYRILLIC",
        "GREEK",
        "ARABIC",
        "HEBREW",
        "ARMENIAN",
        "GEORGIAN",
        "CJK",
        "HIRAGANA",
        "KATAKANA",
        "HANGUL",
    } <= scripts


@pytest.mark.parametrize(("sheet", "count"), [("a7", COUNT), ("99015", COUNT // 4)], ids=["a7", "narrow"])
def test_no_text_leaves_its_box_and_the_preflight_names_exactly_what_is_not_there(
    sheet: str, count: int, known: frozenset[int]
) -> None:
    plan = plan_of(SHEETS[sheet])
    setter = BadgeSetter(plan)
    for person in people(count):
        # The two faces of names tell which line is whose; an organisation has the third.
        layout, findings = set_badge(replace(person, affiliation="Karolinska", country=""), setter)
        problems = {(finding.problem, finding.part) for finding in findings}
        told = {character for finding in findings for character in finding.characters}
        missing = lacking(person.given_name + "\n" + person.family_name, known)
        said = f"seed {SEED}: {person.given_name!r} {person.family_name!r}: {findings}"
        assert told == missing, said
        if missing or not (typed(person.given_name) or typed(person.family_name)):
            assert layout is None, said
            assert {problem for problem, _ in problems} == {Problem.WAITS}, said
            continue
        assert layout, said
        assert_inside(layout, plan, said)
        assert_told(layout, person, problems, said)


@pytest.mark.parametrize(
    ("given", "family"),
    [("Ϊέ/Ώεώμζιτύεγρβγγ", "Ek"), ("Bßsvödșyķðfcpä", "Ύζρψαυη\xa0Ώφάς Ιίαρρτίς")],
    ids=["given", "family"],
)
def test_an_accent_before_a_greek_capital_stays_inside_where_the_line_is_full(
    given: str, family: str
) -> None:
    plan = plan_of(SHEETS["a7"])
    person = replace(badge_person(given, family, 1), affiliation="Karolinska", country="")
    layout, findings = set_badge(person, BadgeSetter(plan))
    assert layout
    assert_inside(layout, plan, f"{findings}")


def assert_inside(layout: BadgeLayout, plan: Plan, said: str) -> None:
    column, zone = plan.front.column, quiet_zone(plan.front)
    assert column
    assert zone
    boxes = [ink_of(line) for line in layout.lines]
    assert all(column.box.holds(box, slack_mm=HAIR_MM) for box in boxes), said
    assert not any(box.overlaps(zone) for box in boxes), said
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2)), said


def assert_told(
    layout: BadgeLayout, person: BadgePerson, problems: set[tuple[Problem, str]], said: str
) -> None:
    given, family = typed(person.given_name), typed(person.family_name)
    whole = (given, family) if given else (family, "")
    for face, part, text in (("bold", "given name", whole[0]), ("regular", "family name", whole[1])):
        shown = joined(layout, face)
        is_cut = shown != bare(text)
        assert ((Problem.SHORTENED_NAME, part) in problems) == is_cut, said
        if is_cut:
            assert shown.endswith(ELLIPSIS), said
            assert bare(text).startswith(shown.removesuffix(ELLIPSIS)), said
            kept = regex.findall(r"\X", bare(text))[: len(regex.findall(r"\X", shown)) - 1]
            assert "".join(kept) == shown.removesuffix(ELLIPSIS), said


@pytest.fixture(scope="module")
def drawn() -> tuple[list[BadgePerson], bytes]:
    """Badges of four dozen of these people on a label printer's roll, one a page, without an organisation."""
    setter = BadgeSetter(plan_of(SHEETS["99015"]))
    found = [replace(one, affiliation="", country="") for one in people(200)]
    shown = [one for one in found if set_badge(one, setter)[0]]
    chosen = [*shown[:20], *shown[-28:]]
    printed = badge_sheet_pdf(chosen, sheet=SHEETS["99015"], event_title="Event", organisers=[])
    assert printed.count == len(chosen)
    return chosen, printed.pdf


@needs_renderer
def test_words_are_found_again_as_they_were_typed(drawn: tuple[list[BadgePerson], bytes]) -> None:
    setter = BadgeSetter(plan_of(SHEETS["99015"]))
    text = "\n".join(lines_of(drawn[1]))
    for person in drawn[0]:
        layout = set_badge(person, setter)[0]
        assert layout
        for line in layout.lines:
            if ELLIPSIS in line.text:  # readers put it at either end of a line from right to left
                continue
            for word in regex.findall(
                r"[\p{L}\p{M}\p{N}\u200d\u200c]+", unicodedata.normalize("NFKC", line.text)
            ):
                assert word in text, f"seed {SEED}: {word!r} of {line.text!r}"


@needs_renderer
def test_no_ink_is_on_a_label_s_margin(drawn: tuple[list[BadgePerson], bytes]) -> None:
    column = plan_of(SHEETS["99015"]).front.column
    assert column
    dpi, margin_mm = 80, column.x_mm
    for person, page in zip(drawn[0], rendered(drawn[1], dpi), strict=True):
        # The accent of a Greek capital hangs a little out of the line, by its design.
        edge = int((margin_mm - 2) / 25.4 * dpi)
        width, height = page.size
        sides = ((0, 0, edge, height), (width - edge, 0, width, height), (0, 0, width, edge - 1))
        for side in sides:
            darkest = min(page.crop(side).tobytes())
            assert darkest > WHITE, f"seed {SEED}: {person.given_name!r} {person.family_name!r}"
