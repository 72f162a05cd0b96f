"""`programme-304`: who has the programme's page already and asks whether it still stands; see `programme_page`."""

from typing import Any

from tests.benchmarks import programme_page


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the second of the two lines of `programme-page`."""
    return programme_page.main(arguments)[1]
