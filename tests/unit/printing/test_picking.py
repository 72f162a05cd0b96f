"""Whose badges are printed, and in which order."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.clock import real_now
from conference.printing.picking import (
    Order,
    Picking,
    Printed,
    Which,
    counted,
    face_of,
    labels_of,
    picked,
    stacked,
)
from conference.registration.model import BadgePerson
from tests.factories.printing import badge_person


def names(people: list[BadgePerson]) -> list[str]:
    return [one.family_name for one in people]


def test_names_are_in_the_order_of_the_host_s_language() -> None:
    people = [
        badge_person("A", name, n)
        for n, name in enumerate(["Öst", "Ohlin", "Ågren", "Ärlig", "Zander", "de Wit"])
    ]
    assert names(picked(people, Picking(), {})) == ["de Wit", "Ohlin", "Zander", "Ågren", "Ärlig", "Öst"]


def test_one_word_names_stand_among_the_family_names() -> None:
    people = [badge_person("Anna", "Zorn", 1), badge_person("Suharto", "", 2), badge_person("Bo", "Aho", 3)]
    assert [one.given_name for one in picked(people, Picking(), {})] == ["Bo", "Suharto", "Anna"]


def test_orders() -> None:
    people = [
        badge_person("A", "Zorn", 1, badge_word="Speaker"),
        badge_person("A", "Berg", 3, badge_word="Speaker"),
        badge_person("A", "Lind", 2, badge_word="Participant"),
    ]
    found = {order: names(picked(people, Picking(order=order), {})) for order in Order}
    assert found == {
        Order.NAME: ["Berg", "Lind", "Zorn"],
        Order.CATEGORY: ["Lind", "Berg", "Zorn"],
        Order.ARRIVAL: ["Zorn", "Lind", "Berg"],
    }


def test_new_and_changed_ones_are_told_apart() -> None:
    new, same, changed = (badge_person("A", name, n) for n, name in enumerate(["New", "Same", "Changed"], 1))
    printed = {
        same.registration_id: Printed(at=real_now(), face=face_of(same)),
        changed.registration_id: Printed(at=real_now(), face=face_of(replace(changed, affiliation="Before"))),
    }
    found = {which: names(picked([new, same, changed], Picking(which=which), printed)) for which in Which}
    assert found == {
        Which.ALL: ["Changed", "New", "Same"],
        Which.NEW: ["New"],
        Which.CHANGED: ["Changed"],
        Which.DUE: ["Changed", "New"],
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", "B"), ("family_name", "B"), ("badge_name", "B"), ("affiliation", "B"), ("country", "DE"),
        ("title", "Dr"), ("letters", "MD"), ("badge_word", "Speaker"), ("badge_colour", 2), ("badge_code", "B" * 20), ("no_photographs", True),
    ],
)  # fmt: skip
def test_whatever_a_badge_shows_makes_it_another_one(field: str, value: Any) -> None:
    person = badge_person("A", "Lind")
    changed: dict[str, Any] = {field: value}
    assert face_of(replace(person, **changed)) != face_of(person)


def test_neighbouring_fields_do_not_stand_for_each_other() -> None:
    person = badge_person("A", "Lind")
    assert face_of(replace(person, title="Dr")) != face_of(replace(person, letters="Dr")) != face_of(person)
    assert face_of(replace(person, given_name="AL", family_name="ind")) != face_of(person)


@given(count=st.integers(0, 60), labels=st.integers(1, 10))
def test_piles_of_cut_sheets_are_in_order_one_after_the_other(count: int, labels: int) -> None:
    people = [badge_person("A", f"{n:03d}", n) for n in range(count)]
    filled = stacked(people, labels)
    sheets = [filled[start : start + labels] for start in range(0, len(filled), labels)]
    piles = [[sheet[label] for sheet in sheets if label < len(sheet)] for label in range(labels)]
    assert [one for pile in piles for one in pile if one is not None] == people
    assert len(sheets) == -(-count // labels)


def test_a_picking_survives_its_query() -> None:
    picking = Picking(which=Which.DUE, order=Order.ARRIVAL, is_stacked=True)
    assert Picking.of_query(picking.as_query()) == picking
    assert Picking.of_query({"which": "x", "order": "'", "stacked": "2"}) == Picking()
    assert Picking().as_query() == {}


@pytest.mark.parametrize("labels", range(1, 12))
def test_a_stacked_run_takes_up_the_labels_that_it_leaves_free_between_badges(labels: int) -> None:
    for count in range(60):
        people = [badge_person("Anna", number=number) for number in range(count)]
        assert labels_of(count, labels, is_stacked=True) == len(stacked(people, labels))
        assert labels_of(count, labels, is_stacked=False) == count


def test_what_each_choice_means_is_counted_as_it_is_picked() -> None:
    people = [badge_person("A", f"Name{n}", n) for n in range(9)]
    printed = {
        one.registration_id: Printed(at=real_now(), face=face_of(one) if n % 2 else "another")
        for n, one in enumerate(people)
        if n > 1
    }
    expected = {which: len(picked(people, Picking(which=which), printed)) for which in Which}
    assert counted(people, printed) == expected
    assert len(set(expected.values())) == len(Which)
