"""What staff may change in a design: the form's values, the design with them, and where a fault is shown."""

from typing import Any

import pytest

from conference.printing.design_forms import as_colour
from conference.printing.design_model import Design, Fault
from conference.printing.design_schema import design_as_json, design_of
from conference.printing.design_slots import changed, field_of, role_id, slots_of, values_of
from conference.printing.designs import shipped_designs

ROLES = (("Participant", 1), ("Speaker", 2))
A7 = shipped_designs()["a7"].design
LOGO = {
    "kind": "picture", "name": "logo of ours", "picture": "logo of ours", "is_optional": True, "is_shown": False, "gives_way": True,
    "place": {"right_mm": 5, "width_mm": 20, "top_mm": 5, "height_mm": 10},
}  # fmt: skip


def with_logo(**logo: Any) -> Design:
    value = design_as_json(A7)
    return design_of({**value, "front": [*value["front"], {**LOGO, **logo}]})


def slot_named(design: Design, name: str) -> str:
    return next(slot.id for slot in slots_of(design) if slot.name == name)


@pytest.mark.parametrize("key", sorted(shipped_designs()))
def test_a_form_left_as_it_is_changes_nothing(key: str) -> None:
    design = shipped_designs()[key].design
    value = design_as_json(design)
    for values in (values_of(design, ROLES), {}):
        assert design_as_json(design_of(changed(value, design, values, ROLES))) == value


def test_only_what_the_design_allows_is_open() -> None:
    slots = {slot.name: slot for slot in slots_of(A7)}
    assert not {"names", "given name", "family name", "code", "band"} & set(slots)
    organisation = slots["organisation"]
    assert (organisation.fields, organisation.has_words, organisation.is_optional) == (
        ("affiliation", "words"),
        True,
        True,
    )
    assert (slots["title"].fields, slots["title"].has_words) == ((), False)
    assert [slot.picture for slot in slots_of(with_logo()) if slot.picture] == ["logo", "logo of ours"]


def test_what_the_form_says_stands_in_the_design() -> None:
    organisation, title = slot_named(A7, "organisation"), slot_named(A7, "title")
    said = {
        "name": "Ours", "colour_ink": "#000001", role_id("Speaker"): "#123456", f"{title}_shown": True,
        f"{organisation}_field": "words", f"{organisation}_words": "Guest of the house",
    }  # fmt: skip
    design = design_of(changed(design_as_json(A7), A7, values_of(A7, ROLES) | said, ROLES))
    assert (design.name, design.colours.ink, dict(design.colours.roles)) == (
        "Ours",
        "#000001",
        {"Speaker": "#123456"},
    )
    assert values_of(design, ROLES) == values_of(A7, ROLES) | said


def test_a_role_emptied_has_its_category_s_colour_again_and_others_keep_theirs() -> None:
    value = design_as_json(A7)
    value["colours"]["roles"] = {"Speaker": "#123456", "Long gone": "#abcdef"}
    design = design_of(value)
    assert values_of(design, ROLES)[role_id("Speaker")] == "#123456"
    new = changed(value, design, {role_id("Speaker"): ""}, ROLES)
    assert new["colours"]["roles"] == {"Long gone": "#abcdef"}


def test_what_is_not_allowed_is_not_taken_over() -> None:
    """A form that was made up changes no more than the page would."""
    organisation = slot_named(A7, "organisation")
    made_up = {
        f"{organisation}_field": "pronouns",
        "front_0_shown": False,
        "front_0_place": "x",
        "version": 9,
    }
    assert changed(design_as_json(A7), A7, made_up, ROLES) == design_as_json(A7)


def test_a_fault_is_shown_at_its_field() -> None:
    design = with_logo()
    organisation, logo = slot_named(design, "organisation"), slot_named(design, "logo of ours")

    def shown_at(element: str, field: str) -> str | None:
        return field_of(Fault(element=element, field=field, value="", remedy=""), design, ROLES)

    assert shown_at("", "colours.ink") == "colour_ink"
    assert shown_at("", "colours.roles.Speaker") == role_id("Speaker")
    assert shown_at("", "name") == "name"
    assert shown_at("", "front") is None
    assert shown_at("organisation", "words") == f"{organisation}_words"
    assert shown_at("organisation", "place") == f"{organisation}_field"
    assert shown_at("logo of ours", "picture") == f"{logo}_file"
    assert shown_at("logo of ours", "place") == f"{logo}_shown"
    assert shown_at("code", "place") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("#0B3D91", "#0b3d91"), ("0b3d91", "#0b3d91"), (" #abc ", "#aabbcc"), ("blau", "blau"), ("#12345", "#12345"),
        ("", ""), ("#1234567", "#1234567"), ("url(x)", "url(x)"), ("#0b3d9１", "#0b3d9１"),
    ],
)  # fmt: skip
def test_a_colour_is_read_as_it_is_usually_written(typed: str, meant: str) -> None:
    assert as_colour(typed) == meant
