"""`register`: one GET and one POST of the form, as registrations a second of server CPU time, against the floor."""

import argparse
import os
import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import flask_migrate
from sqlalchemy import create_engine, text

from conference.app import create_app
from conference.config import load_settings
from conference.core.ids import CategoryId, QuestionId
from conference.db.base import db
from conference.db.work import counted_statements
from conference.registration.question_model import Kind
from tests.benchmarks.servers import Served, Visitor, databases, hidden_fields, office_environment, served
from tests.factories.extras import make_extra
from tests.factories.questions import DIETS, make_question
from tests.factories.registration import make_category

# Many short rounds, each compared with the floor's beside it: a shared machine changes its speed within seconds.
ROUNDS = 20
SHARE = 4


# To five questions and one extra; with --plain none is asked.
ASKED = {
    "extras": "1",
    "q1": "yes",
    "q2": "vegan",
    "q3": "Genomes in the clinic",
    "q4": "12",
    "q5": "2022-09-22",
}


def answers(number: int, asked: Mapping[str, str]) -> dict[str, str]:
    """Return what this visitor types, the hidden fields apart."""
    return {
        "given_name": "Åsa",
        "family_name": f"Exempelsson {number}",
        "email": f"asa{number}@demo.example",
        "affiliation": "Example University Hospital",
        "country": "SE",
        "profession": "",
        "category": "1",
        **asked,
    }


def _round(server: Served, first: int, count: int, asked: Mapping[str, str]) -> float:
    """Return registrations a CPU second."""
    before = server.cpu_s()
    for number in range(first, first + count):
        visitor = Visitor(server.port)
        _, page = visitor.ask("GET", "/register")
        status, body = visitor.ask("POST", "/register", answers(number, asked) | hidden_fields(page))
        assert status == 303, body
        visitor.connection.close()
    # The system counts in steps of a hundredth of a second, which a few registrations may not take.
    return count / max(server.cpu_s() - before, 1 / os.sysconf("SC_CLK_TCK"))


def prepare_office(environment: dict[str, str], asked: Mapping[str, str]) -> list[str]:
    """Migrate, make a category, perhaps an extra and five questions, and return the statements of one GET and one POST.

    They are those of every form but the first of a process, which reads the standing facts once.
    """
    app = create_app(load_settings(environment, "test"))
    with app.app_context():
        flask_migrate.upgrade()
        category = make_category(name="Participant", seats=None)
        if asked:
            ask(category)
        client = app.test_client()
        client.get("/register")
        with counted_statements() as statements:
            page = client.get("/register").text
            answer = client.post("/register", data=answers(0, asked) | hidden_fields(page))
            assert answer.status_code == 303, answer.text
        db.session.remove()
        db.engine.dispose()
    return statements


def ask(category: CategoryId) -> None:
    """Ask five questions and offer an extra, as ASKED answers them."""
    make_extra("Workshop", category, seats=1_000_000)
    make_question("Lunch", Kind.YES_NO, is_required=True)
    make_question("Diet", Kind.ONE_OF, options=DIETS, depends_on=QuestionId(1), depends_value="yes")
    make_question("Topic", categories=frozenset({category}))
    make_question("Years of work", Kind.NUMBER)
    make_question("Arrival", Kind.DATE)


def prepare_floor(url: str) -> None:
    """Make the floor's tables, empty."""
    serial = "SERIAL PRIMARY KEY" if url.startswith("postgresql") else "INTEGER PRIMARY KEY"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                f"CREATE TABLE floor_registration (id {serial}, given TEXT, family TEXT, email TEXT, affiliation TEXT, category TEXT)"
            )
        )
        connection.execute(text(f"CREATE TABLE floor_outbox (id {serial}, recipient TEXT, body TEXT)"))
        connection.execute(text("CREATE TABLE floor_talk (title TEXT, start TEXT, room TEXT, speaker TEXT)"))
    engine.dispose()


def main(arguments: list[str]) -> dict[str, Any]:
    """Return the benchmark's figures; a quarter of `--count` registrations in each of twenty interleaved rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--plain", action="store_true", help="a form without questions and extras")
    given = parser.parse_args(arguments)
    count: int = given.count
    asked: Mapping[str, str] = {} if given.plain else ASKED
    with databases() as (office_url, floor_url), tempfile.TemporaryDirectory() as instance:
        environment = office_environment(office_url, Path(instance))
        queries = len(prepare_office(environment, asked))
        prepare_floor(floor_url)
        floor_environment = {"FLOOR_DATABASE_URL": floor_url}
        with (
            served("conference.app:production_app()", environment) as office,
            served("tests.benchmarks.floor:app", floor_environment) as floor,
        ):
            for server in (office, floor):
                _round(server, 1, 20, asked)
            rates: list[float] = []
            floor_rates: list[float] = []
            each = max(1, count // SHARE)
            for turn in range(1, ROUNDS + 1):
                rates.append(_round(office, turn * 100_000, each, asked))
                floor_rates.append(_round(floor, turn * 100_000, each, asked))
            peak = office.rss_mib()
    ratios = [rate / floor_rate for rate, floor_rate in zip(rates, floor_rates, strict=True)]
    rate, floor_rate = statistics.median(rates), statistics.median(floor_rates)
    return {
        "name": "register",
        "count": count,
        "rate": round(rate, 1),
        "floor_rate": round(floor_rate, 1),
        "ratio": round(statistics.median(ratios), 3),
        "peak_rss_mib": round(peak, 1),
        "queries": queries,
    }
