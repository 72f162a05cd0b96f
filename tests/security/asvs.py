"""Reads asvs.csv: where the office stands by OWASP ASVS 5.0.0, level 2, and what is wrong with the table itself."""

import ast
import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("asvs.csv")
COLUMNS = ["number", "level", "requirement", "state", "proof"]
PASS, NOT_APPLICABLE, GAP = "pass", "not applicable", "gap"
STATES = (PASS, NOT_APPLICABLE, GAP)
# The levels of each section's requirements from its first on; those of level 3 stand last in every section and are left
# out. Taken from the project's own list of version 5.0.0: 70 of level 1 and 183 of level 2.
SECTIONS = {
    "1.1": "22", "1.2": "111112222", "1.3": "11222222222", "1.4": "222", "1.5": "12",
    "2.1": "122", "2.2": "112", "2.3": "1222", "2.4": "2",
    "3.2": "11", "3.3": "1222", "3.4": "112222", "3.5": "11122", "3.7": "22",
    "4.1": "122", "4.2": "2", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112", "5.3": "11", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "1122", "6.4": "1122", "6.5": "22222", "6.6": "222", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "22", "7.6": "22",
    "8.1": "12", "8.2": "112", "8.3": "1", "8.4": "2",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "22", "10.3": "2222", "10.4": "11111222222", "10.5": "22222", "10.6": "22", "10.7": "222",
    "11.1": "22", "11.2": "222", "11.3": "112", "11.4": "1222", "11.5": "2", "11.6": "2",
    "12.1": "122", "12.2": "11", "12.3": "2222",
    "13.1": "2", "13.2": "22222", "13.3": "22", "13.4": "12222",
    "14.1": "22", "14.2": "1222", "14.3": "122",
    "15.1": "122", "15.2": "122", "15.3": "1222222",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "222",
    "17.1": "2", "17.2": "2222", "17.3": "22",
}  # fmt: skip
LEVELS: Mapping[str, str] = {
    f"{section}.{place}": level
    for section, levels in SECTIONS.items()
    for place, level in enumerate(levels, 1)
}
_NODE = re.compile(r"tests/[\w/]+/test_\w+\.py::test_\w+|tests/test_\w+\.py::test_\w+")
_GAP = re.compile(r"Missing: .{10,} Plan: .{10,}")
_DEAD = {"skip", "skipif", "xfail"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One requirement: its number and level, our short words for it, the state, and what shows it.

    `proof` holds node ids of tests with blanks between where it passes, the reason where it does not apply, and
    "Missing: … Plan: …" where there is a gap. `line` is that of the file.
    """

    number: str
    level: str
    requirement: str
    state: str
    proof: str
    line: int


def read(path: Path = TABLE) -> list[Item]:
    """Return the items in the file's order; raises ValueError for other columns than COLUMNS."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        if next(rows, None) != COLUMNS:
            raise ValueError(f"{path.name} begins with other columns than {COLUMNS}")
        return [Item(**dict(zip(COLUMNS, row, strict=True)), line=place) for place, row in enumerate(rows, 2)]


def counted(items: Iterable[Item]) -> dict[str, int]:
    """Return how many items there are of each state."""
    found = Counter(item.state for item in items)
    return {state: found[state] for state in STATES}


def problems(items: list[Item]) -> list[str]:
    """Return what is wrong with the table, one sentence each; nothing where it is sound."""
    numbers = Counter(item.number for item in items)
    found = [f"{number} is missing" for number in LEVELS if number not in numbers]
    found += [f"{number} stands there {count} times" for number, count in numbers.items() if count > 1]
    for item in items:
        found += [f"line {item.line}, {item.number}: {what}" for what in _wrong(item)]
    return found


def _wrong(item: Item) -> list[str]:
    level = LEVELS.get(item.number)
    if level is None:
        return ["no requirement of level 1 or 2 has this number"]
    found = [] if item.level == level else [f"the level is {level} and not {item.level!r}"]
    if len(item.requirement.split()) < 3:
        found.append("says not what is required")
    if item.state not in STATES:
        return [*found, f"{item.state!r} is no state: {', '.join(STATES)} are"]
    if item.state == PASS:
        return [*found, *_unproven(item.proof)]
    if _NODE.search(item.proof):
        found.append("names a test, which only a pass does")
    if len(item.proof.split()) < 4:
        found.append("gives no reason")
    if item.state == GAP and not _GAP.fullmatch(item.proof):
        found.append("is not of the form 'Missing: … Plan: …'")
    return found


def _unproven(proof: str) -> list[str]:
    if not proof.split():
        return ["passes without a test"]
    return [f"{node} {why}" for node in proof.split() if (why := why_dead(node))]


def why_dead(node: str) -> str:
    """Return why the node id proves nothing, "" for a test that pytest collects and runs."""
    if not _NODE.fullmatch(node):
        return "is no node id of a test"
    path, _, name = node.partition("::")
    if not (ROOT / path).is_file():
        return "is in no file"
    return _states(ROOT / path).get(name, "is not in its file")


@cache
def _states(path: Path) -> Mapping[str, str]:
    return states_of(path.read_text(encoding="utf-8"))


def states_of(text: str) -> dict[str, str]:
    """Return by the name of each test of a module why it proves nothing, "" for one that does."""
    module = ast.parse(text)
    is_off = any(_turns_off(one) for one in module.body)
    tests = [one for one in module.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {
        one.name: "is skipped with its whole file" if is_off else _why(one)
        for one in tests
        if one.name.startswith("test_")
    }


def _turns_off(statement: ast.stmt) -> bool:
    """Return whether the statement of a module skips all of it."""
    if isinstance(statement, ast.Assign):
        names = {one.id for one in statement.targets if isinstance(one, ast.Name)}
        return "pytestmark" in names and _names_a_skip(statement.value)
    return isinstance(statement, ast.Expr) and _is_skip(statement.value)


def _why(test: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    if any(_names_a_skip(one) for one in test.decorator_list):
        return "is skipped, or expected to fail"
    body = [
        one for one in test.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
    ]
    if not body or isinstance(body[0], ast.Pass):
        return "is empty"
    if isinstance(body[0], ast.Expr) and _is_skip(body[0].value):
        return "skips itself"
    return ""


def _names_a_skip(node: ast.expr) -> bool:
    # A mark for one case of several leaves the others alive: only a decorator's own name counts, not its arguments.
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    heads = [part.func if isinstance(part, ast.Call) else part for part in parts]
    return any(isinstance(head, ast.Attribute) and head.attr in _DEAD for head in heads)


def _is_skip(node: ast.expr) -> bool:
    head = node.func if isinstance(node, ast.Call) else node
    return isinstance(head, ast.Attribute) and head.attr in {"skip", "xfail", "importorskip"}
