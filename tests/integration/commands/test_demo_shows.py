"""The demonstration shows each state that the office meets: a change of its numbers that hides one fails here."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.commands.test_commands import conference


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder: Path = tmp_path_factory.mktemp("demo")
    assert conference(folder, "demo", "--no-serve").returncode == 0
    with sqlite3.connect(folder / "demo.sqlite3") as connection:
        yield connection
    connection.close()


def one(shown: sqlite3.Connection, query: str) -> int:
    return int(shown.execute(query).fetchone()[0])


# What is to be seen, and a count that is 0 where it is not.
SEEN = {
    "an open category": "SELECT count(*) FROM category WHERE seats - taken > 20 AND access = 'public'",
    "a nearly full category": "SELECT count(*) FROM category WHERE seats - taken - reserved BETWEEN 1 AND 4 AND waiting = 0",
    "a full category with people who wait": "SELECT count(*) FROM category WHERE seats = taken AND waiting > 1",
    "an invited-only category": "SELECT count(*) FROM category WHERE access = 'invited'",
    "a category by code": "SELECT count(*) FROM category WHERE access = 'code'",
    "an extra with a waiting list": "SELECT count(*) FROM extra WHERE seats = taken AND waiting > 0",
    "a pending queue": "SELECT count(*) FROM registration WHERE state = 'pending'",
    "an offered place": "SELECT count(*) FROM registration WHERE state = 'offered'",
    "an open invitation": "SELECT count(*) FROM invitation WHERE state = 'open'",
    "a used invitation": "SELECT count(*) FROM invitation WHERE state = 'used'",
    "a lapsed invitation": "SELECT count(*) FROM invitation WHERE state = 'lapsed'",
    "a revoked invitation": "SELECT count(*) FROM invitation WHERE state = 'revoked'",
    "a used code": "SELECT count(*) FROM access_code_use",
    "a group": "SELECT count(*) FROM registration_group",
    "a place that was passed on": "SELECT count(*) FROM audit_entry WHERE action = 'passed on'",
    "a fee that was paid": "SELECT count(*) FROM invoice WHERE paid_minor > 0",
    "a fee that is to be refunded": "SELECT count(*) FROM invoice JOIN registration USING (id) WHERE paid_minor > 0 AND state = 'withdrawn'",
    "a speaker who was invited": "SELECT count(*) FROM outbox WHERE kind = 'speaker_link'",
    "a speaker who declined": "SELECT count(*) FROM speaker_invitation WHERE declined_at IS NOT NULL",
    "a speaker who confirmed": "SELECT count(*) FROM speaker_answer",
    "a member of the committee who has signed": "SELECT count(*) FROM committee_member JOIN disclosure ON person_id = committee_member.id",
    "a member of the committee who has not": "SELECT count(*) FROM committee_member WHERE id NOT IN (SELECT person_id FROM disclosure)",
    "a disclosure": "SELECT count(*) FROM disclosure",
    "a portrait": "SELECT count(*) FROM speaker_portrait",
    "slides": "SELECT count(*) FROM slides",
    **{
        f"a mail that is {word}": f"SELECT count(*) FROM outbox WHERE state = '{state}'"
        for word, state in {
            "queued": "queued",
            "being sent": "running",
            "sent": "done",
            "tried again": "retrying",
            "refused": "failed",
            "held back": "held",
            "cancelled": "cancelled",
        }.items()
    },
    "a queued mail that its worker leaves alone": "SELECT count(*) FROM outbox WHERE state = 'queued' AND due_at > datetime('now', '+1 day')",
    "a mail that is tried again later": "SELECT count(*) FROM outbox WHERE state = 'retrying' AND due_at > datetime('now', '+1 day')",
    "a mail that came back, of a registration that still has the address": "SELECT count(*) FROM mail_bounce JOIN outbox ON outbox.id = mail_id JOIN registration ON registration.id = about_id WHERE is_hard AND about_type = 'registration' AND registration.email = recipient",
    "a sensitive question": "SELECT count(*) FROM question WHERE is_sensitive",
}


@pytest.mark.parametrize("what", SEEN)
def test_it_is_seen(shown: sqlite3.Connection, what: str) -> None:
    assert one(shown, SEEN[what]) > 0
