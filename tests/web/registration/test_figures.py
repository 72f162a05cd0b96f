"""Figures: what is counted, the chart and its table, CSV, and what a viewer is not told."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.db.base import db
from conference.registration.figures import TITLES, figures
from conference.registration.suppression import Bar
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.extras import add, make_extra
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import registration, withdraw


@pytest.fixture
def seven(app: Flask) -> None:
    """Five of Sweden, one of Poland, and one who has withdrawn."""
    category = make_category()
    dinner = make_extra("Dinner", category)
    make_extra("Workshop", category)
    for number in range(5):
        add(register_attendee(category, email=f"n{number}@x.example"), dinner)
    add(
        register_attendee(
            category, email="pl@x.example", country="PL", affiliation="=Łódź", career_stage="retired"
        ),
        dinner,
    )
    gone = register_attendee(category, email="gone@x.example", country="DE")
    withdraw(registration(gone).id)
    db.session.rollback()


def bars(*pairs: tuple[str, int | None]) -> list[Bar]:
    return [Bar(label=label, count=count) for label, count in pairs]


def test_live_registrations_are_counted(seven: None) -> None:
    assert figures(is_suppressed=False) == {
        "days": bars(("2022-09-05", 6)),
        "seats": bars(("Participant", 6)),
        "extras": bars(("Dinner", 6), ("Workshop", 0)),
        "countries": bars(("Sweden", 5), ("Poland", 1)),
        "professions": bars(("No answer", 6)),
        "stages": bars(("No answer", 5), ("Retired", 1)),
        "organisations": bars(("Karolinska Institutet", 5), ("=Łódź", 1)),
    }


def test_a_small_cell_is_hidden_with_the_next_smallest(seven: None) -> None:
    told = figures(is_suppressed=True)
    # Six in all, so that Sweden's 5 would give Poland away.
    assert told["countries"] == bars(("Poland", None), ("Sweden", None))
    assert (told["seats"], told["extras"]) == (
        bars(("Participant", 6)),
        bars(("Dinner", 6), ("Workshop", 0)),
    )


@pytest.mark.parametrize(
    ("role", "told"),
    [(Role.ORGANISER, "Sweden,5\r\nPoland,1\r\n"), (Role.VIEWER, "Poland,not shown\r\nSweden,not shown\r\n")],
)
def test_csv_is_suppressed_for_a_viewer_only(client: FlaskClient, seven: None, role: Role, told: str) -> None:
    sign_in(client, role)
    answer = client.get("/staff/figures/countries.csv")
    assert answer.data.decode("utf-8-sig") == f"By country,Registrations\r\n{told}"
    assert "'=Łódź" in client.get("/staff/figures/organisations.csv").text
    assert client.get("/staff/figures/heights.csv").status_code == 404


def test_the_chart_has_its_table_and_no_inline_style(client: FlaskClient, seven: None) -> None:
    sign_in(client, Role.VIEWER)
    page = client.get("/staff/figures").text
    assert (
        page.count('class="chart"') + page.count('class="over-time"'),
        page.count("As a table"),
        "style=" in page,
    ) == (
        len(TITLES),
        len(TITLES),
        False,
    )
    # Two rows of countries, stages and organisations, in the chart and in the table; and the sentence.
    assert page.count("not shown") == 13


def test_without_registrations_the_page_says_what_comes(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    page = client.get("/staff/figures").text
    assert page.count("The figure appears with the first registration.") == len(TITLES) - 1
    assert page.count("The figure appears with the first extra.") == 1
