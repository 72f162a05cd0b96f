"""The office's list: what each filter finds, each order, tags, and the query string that keeps them."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.errors import NotFoundError
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.category_queries import categories
from conference.registration.filters import ListFilters
from conference.registration.listing import USUAL, Layout, all_tags, counts_by_state, listed, matching
from conference.registration.model import State
from conference.registration.tagging import tag, untag
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw

FIRST, SECOND, THIRD = (RegistrationId(number) for number in (1, 2, 3))


@pytest.fixture
def three(app: Flask) -> None:
    """Åsa of Sweden; Юлия of Poland; Bo of Norway, who has withdrawn. They registered on 5 September 2022."""
    category, student = make_category(place=1), make_category("Student", place=2)
    register_attendee(category)
    register_attendee(
        student, given_name="Юлия", family_name="Østby", email="y@x.example", affiliation="Łódź", country="PL"
    )
    register_attendee(
        student, given_name="Bo", family_name="ek", email="bo@x.example", affiliation="åbo", country="NO"
    )
    withdraw(THIRD)
    transact(lambda session: tag(session, SECOND, "VIP", actor=BY_SYSTEM))
    db.session.rollback()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [1, 2, 3]),
        ({"text": "asa"}, [1]),
        ({"text": "ÅSA lindstrom"}, [1]),
        ({"text": "lodz"}, [2]),
        ({"category": "2"}, [2, 3]),
        ({"state": ["confirmed", "withdrawn"]}, [1, 2, 3]),
        ({"state": "withdrawn"}, [3]),
        ({"country": "pl"}, [2]),
        ({"profession": "doctor"}, []),
        ({"career_stage": "doctoral"}, []),
        ({"tag": "VIP"}, [2]),
        ({"tag": "vip"}, []),
        ({"from": "2022-09-05", "to": "2022-09-05"}, [1, 2, 3]),
        ({"from": "2022-09-06"}, []),
        ({"to": "2022-09-04"}, []),
        ({"to": "9999-12-31"}, [1, 2, 3]),
        ({"chosen": ["1", "3", "x"]}, [1, 3]),
        ({"category": "2", "state": "confirmed", "country": "PL", "tag": "VIP"}, [2]),
        ({"category": "1", "tag": "VIP"}, []),
    ],
)
def test_filters_combine(three: None, query: dict[str, str | list[str]], found: list[int]) -> None:
    filters = ListFilters.of_query(MultiDict(query))
    assert matching(filters) == found
    assert not filters.is_unknown
    assert ListFilters.of_query(MultiDict(filters.as_query())) == filters


@pytest.mark.parametrize(
    "query",
    [
        {"state": "lost"},
        {"country": "XX"},
        {"profession": "king"},
        {"career_stage": "king"},
        {"from": "5 Sep"},
        {"category": "x"},
    ],
)
def test_a_filter_that_cannot_be_read_is_told(three: None, query: dict[str, str]) -> None:
    filters = ListFilters.of_query(MultiDict(query))
    assert (filters.is_unknown, matching(filters)) == (True, [1, 2, 3])


@pytest.mark.parametrize(
    ("order", "found"),
    [("newest", [3, 2, 1]), ("name", [3, 1, 2]), ("organisation", [3, 1, 2])],
)
def test_orders_know_no_diacritics_and_no_case(three: None, order: str, found: list[int]) -> None:
    """Ek, Lindström, Østby as o; Åbo, Karolinska, Łódź as l: alike in each database, whatever its collation."""
    assert [line.id for line in listed(ListFilters(), 1, categories(), order)] == found


def test_the_order_by_number_is_that_of_the_numbers(three: None) -> None:
    numbers = [line.number for line in listed(ListFilters(), 1, categories(), "number")]
    assert numbers == sorted(numbers)


def test_counts_follow_the_filters_but_not_their_states(three: None) -> None:
    counts = counts_by_state(ListFilters(category_id=CategoryId(2), states=(State.CONFIRMED,)))
    assert {state: count for state, count in counts.items() if count} == {
        State.CONFIRMED: 1,
        State.WITHDRAWN: 1,
    }


def test_tags_are_put_on_once_noted_and_taken_off(three: None) -> None:
    transact(lambda session: tag(session, SECOND, "VIP", actor=BY_SYSTEM))
    transact(lambda session: tag(session, FIRST, "press", actor=BY_SYSTEM))
    transact(lambda session: untag(session, SECOND, "VIP", actor=BY_SYSTEM))
    transact(lambda session: untag(session, SECOND, "VIP", actor=BY_SYSTEM))
    db.session.rollback()
    assert all_tags() == ["press"]
    assert [line.tags for line in listed(ListFilters(), 1, categories())] == [(), (), ("press",)]
    noted = [entry.changes["tag"] for entry in history_of("registration", SECOND) if "tag" in entry.changes]
    assert sorted(map(list, noted)) == [["", "VIP"], ["VIP", ""]]


def test_nobody_there_gets_no_tag(app: Flask) -> None:
    for act in (tag, untag):
        with pytest.raises(NotFoundError):
            transact(lambda session, act=act: act(session, FIRST, "VIP", actor=BY_SYSTEM))  # type: ignore[misc]  # mypy cannot infer the default's type


def test_a_layout_is_kept_by_its_query() -> None:
    layout = Layout.of_query("name", ["tags", "state", "secret"])
    assert layout == Layout(order="name", columns=("state", "tags"))
    assert layout.as_query() == {"order": "name", "column": ["state", "tags"]}
    assert Layout.of_query("height", ["secret"]) == Layout(order="newest", columns=USUAL)
    assert Layout().as_query() == {}
