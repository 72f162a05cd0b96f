"""What PostgreSQL's programs are given: everybody on the machine can read a process's line, and nobody its environment."""

import pytest

from conference.running.postgres_copy import _line_of


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://office:gehe%40im@db.example/conference",
        "postgresql+psycopg://office@db.example/conference?password=gehe%40im&sslmode=require",
    ],
)
def test_a_password_is_in_the_environment_and_not_on_the_line(url: str) -> None:
    line, environment = _line_of(url)
    assert "gehe" not in line
    assert environment["PGPASSWORD"] == "gehe@im"
    assert ("sslmode=require" in line) == ("sslmode" in url)
    assert not any(name.startswith("CONFERENCE_") for name in environment)
