"""Where the office stands by OWASP ASVS 5.0.0, level 2, is a table without holes: who passes has a living test."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.security.asvs import (
    COLUMNS,
    GAP,
    LEVELS,
    NOT_APPLICABLE,
    PASS,
    Item,
    counted,
    problems,
    read,
    states_of,
    why_dead,
)

ITEMS = read()
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_table_is_whole_and_each_pass_has_a_living_test() -> None:
    assert problems(ITEMS) == []


def test_the_requirements_are_those_of_5_0_0() -> None:
    assert (len(LEVELS), sum(level == "1" for level in LEVELS.values())) == (253, 70)
    assert [item.number for item in ITEMS] == list(LEVELS)


def test_the_readme_tells_the_figures() -> None:
    found = counted(ITEMS)
    told = re.search(r"of 253 requirements (\d+) pass, (\d+) do not apply and\s+(\d+) are gaps", README)
    assert told is not None
    assert [int(one) for one in told.groups()] == [found[PASS], found[NOT_APPLICABLE], found[GAP]]


REAL = "tests/security/test_asvs.py::test_the_requirements_are_those_of_5_0_0"
SOUND = Item(
    number="1.2.4", level="1", requirement="Queries are parameterised", state=PASS, proof=REAL, line=2
)


def planted(**wrong: str) -> list[str]:
    """Return what is said of a table in which one item is the sound one with these faults."""
    item = replace(SOUND, **wrong)  # type: ignore[arg-type]  # the line is no fault
    rest = [one for one in ITEMS if one.number != SOUND.number]
    return problems([*rest, item])


def test_a_sound_item_is_sound() -> None:
    assert planted() == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"proof": "tests/security/test_nowhere.py::test_x"}, "is in no file"),
        ({"proof": "tests/security/test_asvs.py::test_that_nobody_wrote"}, "is not in its file"),
        ({"proof": "tests/security/asvs.py::read"}, "is no node id of a test"),
        ({"proof": ""}, "passes without a test"),
        ({"state": "passed"}, "'passed' is no state: pass, not applicable, gap are"),
        ({"state": ""}, "'' is no state"),
        ({"state": NOT_APPLICABLE, "proof": ""}, "gives no reason"),
        ({"state": NOT_APPLICABLE, "proof": "no such thing"}, "gives no reason"),
        ({"state": NOT_APPLICABLE, "proof": f"there is a test of it: {REAL}"}, "names a test, which only a pass does"),
        ({"state": GAP, "proof": "Missing: a second factor for everybody who works at the desk."}, "is not of the form 'Missing: … Plan: …'"),
        ({"state": GAP, "proof": ""}, "gives no reason"),
        ({"level": "2"}, "the level is 1 and not '2'"),
        ({"requirement": "SQL"}, "says not what is required"),
        ({"number": "1.2.10"}, "no requirement of level 1 or 2 has this number"),
        ({"number": "1.2.10"}, "1.2.4 is missing"),
        ({"number": "1.2.5"}, "1.2.5 stands there 2 times"),
    ],
)  # fmt: skip
def test_each_planted_fault_is_seen(wrong: dict[str, str], said: str) -> None:
    assert any(said in one for one in planted(**wrong)), planted(**wrong)


MODULE = """
import pytest
{above}

{mark}
def test_one():
    '''It says what it does.'''
    {first}
"""


@pytest.mark.parametrize(
    ("above", "mark", "first", "said"),
    [
        ("", "", "assert 1", ""),
        ("", "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.skip)])", "assert 1", ""),
        ("", "@pytest.mark.skip", "assert 1", "is skipped, or expected to fail"),
        ("", "@pytest.mark.skip(reason='later')", "assert 1", "is skipped, or expected to fail"),
        ("", "@pytest.mark.skipif(True, reason='x')", "assert 1", "is skipped, or expected to fail"),
        ("", "@pytest.mark.xfail", "assert 1", "is skipped, or expected to fail"),
        ("", "", "pytest.skip('later')", "skips itself"),
        ("", "", "pass", "is empty"),
        ("", "", "", "is empty"),
        ("pytestmark = pytest.mark.skip", "", "assert 1", "is skipped with its whole file"),
        ("pytestmark = [pytest.mark.slow, pytest.mark.skip('x')]", "", "assert 1", "is skipped with its whole file"),
        ("pytest.skip('later', allow_module_level=True)", "", "assert 1", "is skipped with its whole file"),
    ],
)  # fmt: skip
def test_a_test_that_proves_nothing_is_seen(above: str, mark: str, first: str, said: str) -> None:
    assert states_of(MODULE.format(above=above, mark=mark, first=first)) == {"test_one": said}


def test_a_living_test_is_one() -> None:
    assert why_dead(REAL) == ""


def test_a_table_of_other_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "asvs.csv"
    file.write_text(",".join(reversed(COLUMNS)) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="other columns"):
        read(file)
