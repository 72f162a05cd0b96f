"""`trust.csv` names, for each part of the promises 20 to 30 of trust.md, the test that proves it, and on which databases.

`databases` is "both"; "one" where the other has a test of its own, or is a control; "none" where no database is asked; "gap"
where there is no such test yet. What is not built yet has no line: certificates, whose hashes are to outlive an erasure.
"""

import ast
import csv
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).parent / "trust.csv"
# To be taken out here when it is closed there.
GAPS: set[str] = set()
PROMISES = range(20, 31)
# What makes a test run on both: fixtures of `tests/conftest.py`.
ON_BOTH = {"app", "client", "database_url"}


def lines() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=64)
def functions(path: Path) -> dict[str, ast.FunctionDef]:
    """Return the functions of the module and of the conftest beside it, by name."""
    found: dict[str, ast.FunctionDef] = {}
    for one in (path.parent / "conftest.py", path):
        if one.is_file():
            tree = ast.parse(one.read_text(encoding="utf-8"))
            found |= {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return found


def asked(path: Path, name: str) -> set[str]:
    """Return the fixtures that the test asks for, by way of others too."""
    function = functions(path).get(name)
    if function is None:
        return set()
    own = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    for decorator in function.decorator_list:
        said = ast.unparse(decorator)
        if "usefixtures" in said:
            own |= {word for word in ON_BOTH if repr(word) in said}
        if "params=['sqlite', 'postgresql']" in said:
            own.add("database_url")
    return own.union(*(asked(path, one) for one in own - {name}))


def is_on_both(test: str) -> bool:
    path, _, name = test.partition("::")
    return bool(asked(ROOT / path, name) & ON_BOTH)


def test_each_promise_has_its_lines_and_the_gaps_are_known() -> None:
    assert {int(line["number"]) for line in lines()} == set(PROMISES)
    assert {line["promise"] for line in lines() if line["databases"] == "gap"} == GAPS
    assert all(bool(line["test"]) != (line["databases"] == "gap") for line in lines())


def test_each_test_is_there_and_asks_the_databases_that_the_table_says() -> None:
    for line in lines():
        if line["databases"] == "gap":
            continue
        path, _, name = line["test"].partition("::")
        assert name in functions(ROOT / path), line
        assert is_on_both(line["test"]) == (line["databases"] == "both"), line


@pytest.mark.parametrize(
    ("test", "is_so"),
    [
        ("tests/faults/test_stale_edits.py::test_nothing_of_this_name", False),
        ("tests/unit/web/test_logs.py::test_a_forged_line_stays_within_its_own", False),
        ("tests/integration/test_migrations.py::test_data_survives_each_step_down_and_up", True),
        ("tests/integration/test_database.py::test_sqlite_promises_durability", True),
    ],
)
def test_what_runs_on_both_is_known_by_its_fixtures(test: str, *, is_so: bool) -> None:
    """The control."""
    assert is_on_both(test) is is_so
