"""Figures: what is counted, the chart and its table, CSV, and what a viewer is not told."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.db.base import db
from conference.registration.figures import Bar, figures
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import registration, withdraw


@pytest.fixture
def seven(app: Flask) -> None:
    """Five of Sweden, one of Poland, and one who has withdrawn."""
    category = make_category()
    for number in range(5):
        register_attendee(category, email=f"n{number}@x.example")
    register_attendee(category, email="pl@x.example", country="PL", affiliation="=Łódź")
    gone = register_attendee(category, email="gone@x.example", country="DE")
    withdraw(registration(gone).id)
    db.session.rollback()


def bars(*pairs: tuple[str, int | None]) -> list[Bar]:
    return [Bar(label=label, count=count) for label, count in pairs]


def test_live_registrations_are_counted(seven: None) -> None:
    assert figures(is_suppressed=False) == {
        "days": bars(("2022-09-05", 6)),
        "seats": bars(("Participant", 6)),
        "countries": bars(("Sweden", 5), ("Poland", 1)),
        "professions": bars(("No answer", 6)),
        "organisations": bars(("Karolinska Institutet", 5), ("=Łódź", 1)),
    }


def test_small_cells_are_suppressed(seven: None) -> None:
    assert figures(is_suppressed=True)["countries"] == bars(("Sweden", 5), ("Poland", None))


@pytest.mark.parametrize(
    ("role", "told"),
    [(Role.ORGANISER, "Sweden,5\r\nPoland,1\r\n"), (Role.VIEWER, "Sweden,5\r\nPoland,under 5\r\n")],
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
    assert (page.count("<svg"), page.count("As a table"), "style=" in page) == (5, 5, False)
    assert page.count("under 5") == 4


def test_without_registrations_the_page_says_what_comes(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    assert client.get("/staff/figures").text.count("The figure appears with the first registration.") == 5
