"""Designs: those shipped can be printed, the schema says what the reader does, and each fault is named with its remedy."""

import itertools
import json
from importlib import resources
from typing import Any

import jsonschema
import pytest

from conference.printing.badges import badge_sheet_pdf
from conference.printing.design_check import box_of, check_design, faults_of, quiet_zone_of
from conference.printing.design_colours import contrasts, role_colour, too_faint
from conference.printing.design_model import Column, Fault, Place, Text, Type
from conference.printing.design_schema import (
    design_as_json,
    design_as_text,
    design_of,
    json_schema,
    read_design,
)
from conference.printing.design_shipped import SHIPPED, default_design, shipped_designs
from conference.printing.errors import DesignFaultsError
from conference.printing.plans import plan_for
from conference.printing.sheets import A6, A7
from tests.factories.designs import design_values as values
from tests.factories.designs import element_of as element
from tests.factories.paper import text_of
from tests.factories.printing import badge_person

ROLES = [
    ("Participant", 1),
    ("Speaker", 2),
    ("Session chair", 3),
    ("Industry", 4),
    ("Press", 5),
    ("Staff", 6),
]


def faults(value: object) -> list[tuple[str, str]]:
    """Return element and field of each fault, whether the reader finds it or the check of a read design."""
    try:
        return [(one.element, one.field) for one in faults_of(design_of(value))]
    except DesignFaultsError as error:
        return [(one.element, one.field) for one in error.faults if isinstance(one, Fault)]


@pytest.mark.parametrize("key", SHIPPED)
def test_shipped_designs_are_sound_and_the_schema_takes_them(key: str) -> None:
    design = shipped_designs()[key].design
    assert faults_of(design) == ()
    assert too_faint(design, ROLES) == ()
    jsonschema.validate(json.loads(design_as_text(design)), json_schema())
    assert design_as_json(read_design(design_as_text(design))) == design_as_json(design)


def test_the_schema_s_file_is_that_of_the_reader() -> None:
    file = resources.files("conference.printing") / "shipped" / "design.schema.json"
    assert json.loads(file.read_text("utf-8")) == json_schema()
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_every_size_that_a_sheet_may_have_has_a_shipped_design() -> None:
    for width, height in itertools.product((48, 69.9, 70, 105, 430), (48, 61.9, 62, 111, 111.3, 148.5, 430)):
        found = default_design(width, height)
        assert found.design.sizes.hold(width, height)
        for side in plan_for(width, height).sides:
            assert all(side.page.holds(box) for _, box in side.placed)
    assert [default_design(sheet.width_mm, sheet.badge_height_mm).key for sheet in (A7, A6)] == ["a7", "a6"]


def test_a_place_keeps_its_distance_from_the_edges_that_it_names() -> None:
    place = Place(right_mm=5, width_mm=20, bottom_mm=4, height_mm=10)
    box = box_of(place, 100, 50)
    assert (box.x_mm, box.y_mm, box.width_mm, box.height_mm) == (75, 36, 20, 10)
    wide = box_of(Place(left_mm=5, right_mm=10, top_mm=1, bottom_mm=2), 100, 50)
    assert (wide.x_mm, wide.y_mm, wide.width_mm, wide.height_mm) == (5, 1, 85, 47)
    middle = box_of(Place(centre_mm=-10, width_mm=20, top_mm=0, height_mm=1), 100, 50)
    assert middle.x_mm == 30


# What was changed in a sound design, and which element and field are told.
def _place(name: str, **place: object) -> Any:
    return lambda value: element(value, name).__setitem__("place", place)


def _set(name: str, field: str, new: object) -> Any:
    return lambda value: element(value, name).__setitem__(field, new)


def _type(name: str, field: str, new: object) -> Any:
    return lambda value: element(value, name)["type"].__setitem__(field, new)


BAD: dict[str, tuple[Any, tuple[str, str]]] = {
    "off the page": (_place("band", left_mm=60, width_mm=50, bottom_mm=5, height_mm=8), ("band", "place")),
    "of zero size": (_place("band", left_mm=5, right_mm=5, bottom_mm=5, height_mm=0), ("band", "place")),
    "of less than zero": (_place("organisers", left_mm=60, right_mm=31.2, bottom_mm=14.5, height_mm=5), ("organisers", "place")),
    "place said once": (_place("band", left_mm=5, bottom_mm=5, height_mm=8), ("band", "place")),
    "place said thrice": (_place("band", left_mm=5, right_mm=5, width_mm=95, bottom_mm=5, height_mm=8), ("band", "place")),
    "no number": (_place("band", left_mm="5", right_mm=5, bottom_mm=5, height_mm=8), ("band", "place.left_mm")),
    "not a number": (_place("band", left_mm=float("nan"), right_mm=5, bottom_mm=5, height_mm=8), ("band", "place.left_mm")),
    "colour of nonsense": (_type("organisers", "colour", "reddish"), ("organisers", "type.colour")),
    "colour of script": (_type("organisers", "colour", "#fff;x"), ("organisers", "type.colour")),
    "unknown kind": (_set("band", "kind", "video"), ("band", "kind")),
    "unknown field": (_set("organisers", "field", "diet"), ("organisers", "field")),
    "unknown key": (_set("band", "shadow", True), ("band", "shadow")),
    "code under 22 mm": (_place("code", right_mm=5, width_mm=21.9, bottom_mm=17.2, height_mm=21.9), ("code", "place")),
    "code not square": (_place("code", right_mm=5, width_mm=24, bottom_mm=17.2, height_mm=22), ("code", "place")),
    "quiet zone over the edge": (_place("code", right_mm=4, width_mm=22, bottom_mm=17.2, height_mm=22), ("code", "place")),
    "in the quiet zone": (_place("band", left_mm=5, right_mm=5, bottom_mm=5, height_mm=8.5), ("band", "place")),
    "code within the column": (_place("code", right_mm=20, width_mm=22, bottom_mm=17.2, height_mm=22), ("code", "place")),
    "on top of another": (_place("organisers", left_mm=5, right_mm=31.2, bottom_mm=10, height_mm=8), ("band", "place")),
    "smallest over largest": (_type("given name", "smallest_pt", 60), ("given name", "type.smallest_pt")),
    "size of nothing": (_type("given name", "smallest_pt", 0), ("given name", "type.smallest_pt")),
    "name twice": (_set("organisers", "name", "band"), ("band", "name")),
    "too low for its type": (_place("organisers", left_mm=5, right_mm=31.2, bottom_mm=14.5, height_mm=1), ("organisers", "place")),
    "too low for a name": (_place("names", left_mm=5, right_mm=5, top_mm=5, height_mm=20), ("names", "place")),
    "sits on nothing": (_set("organisers", "sits_on", "air"), ("organisers", "sits_on")),
    "over nothing": (_set("no photographs", "over", ["sky"]), ("no photographs", "over")),
    "hidden though needed": (_set("code", "is_shown", False), ("code", "is_shown")),
    "picture not there": (_set("logo", "is_shown", True), ("logo", "picture")),
    "words not there": (_set("organisers", "field", "words"), ("organisers", "words")),
    "family before given": (lambda value: element(value, "names")["names"].reverse(), ("family name", "smaller_by_pt")),
    "no given name": (_set("given name", "field", "title"), ("", "front")),
    "gives way though a person's": (_set("names", "gives_way", True), ("names", "gives_way")),
    "sizes upside down": (lambda value: value["labels"].__setitem__("most_width_mm", 60), ("", "labels.most_width_mm")),
    "another version": (lambda value: value.__setitem__("version", 2), ("", "version")),
    "no name": (lambda value: value.pop("name"), ("", "name")),
    "a control character": (lambda value: value.__setitem__("name", "A\0B"), ("", "name")),
    "front is no list": (lambda value: value.__setitem__("front", {}), ("", "front")),
    "an element that is none": (lambda value: value["front"].append(7), ("front[8]", "")),
    "a picture that is none": (lambda value: value.__setitem__("pictures", {"logo": "%%%"}), ("", "pictures.logo")),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_each_fault_names_element_and_field(case: str) -> None:
    spoil, expected = BAD[case]
    value = values()
    assert faults(value) == []
    spoil(value)
    assert expected in faults(value)


def test_a_fault_says_the_value_and_the_remedy() -> None:
    value = values()
    _type("organisers", "colour", "reddish")(value)
    with pytest.raises(DesignFaultsError) as told:
        design_of(value)
    assert str(told.value) == (
        "The design cannot be printed: Element “organisers”, type.colour: “reddish” cannot be. "
        "Enter a colour such as #0b3d91, or one of: ink, soft, accent, paper, role."
    )


def test_all_faults_are_told_at_once() -> None:
    value = values()
    _type("organisers", "colour", "reddish")(value)
    _type("given name", "largest_pt", "huge")(value)
    _set("band", "kind", "video")(value)
    assert (
        faults(value)
        == [
            ("names", "names[2].type.largest_pt"),
            ("organisers", "type.colour"),
            ("band", "kind"),
        ]
        or len(faults(value)) == 3
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '"a"',
        "\ufeff{}",
        "[" * 100_000,
        '{"front": [' + "{}," * 3 + "{}]}",
        "NaN",
        "9" * 5000,
        '{"\\ud800": 1}',
        '{"front": [{"kind": "\\ud800", "name": "\\ud800"}]}',
    ],
)
def test_what_is_no_design_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(DesignFaultsError) as told:
        read_design(text)
    assert str(told.value).endswith(".")
    assert str(told.value).encode()


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(DesignFaultsError, match="more than 4 MB"):
        read_design(" " * 4_000_001)


@pytest.mark.parametrize("key", SHIPPED)
def test_a_spoiled_value_never_ends_in_a_traceback(key: str) -> None:
    """Each leaf of a design is replaced by each kind of value: the answer is a design or faults."""
    whole = values(key)

    def leaves(value: Any) -> list[tuple[Any, Any]]:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return [(value, name) for name, one in list(pairs)] + [
            leaf for _, one in list(pairs) if isinstance(one, dict | list) for leaf in leaves(one)
        ]

    others: tuple[Any, ...] = (None, -1, 10**400, "", "x" * 500, [], {}, True)
    for holder, name in leaves(whole):
        kept = holder[name]
        for other in others:
            holder[name] = other
            try:
                faults_of(design_of(whole))
            except DesignFaultsError as error:
                assert error.faults  # noqa: PT017 -- either is right
        holder[name] = kept
    assert faults(whole) == []


def test_colours_of_roles_come_from_the_design_then_from_the_site() -> None:
    value = values()
    value["colours"]["roles"] = {"Speaker": "#ffee00", "4": "#123456"}
    design = design_of(value)
    assert [role_colour(design, word, number) for word, number in ROLES[:4]] == [
        "#0072b2", "#ffee00", "#00795a", "#123456",
    ]  # fmt: skip
    (faint,) = too_faint(design, ROLES)
    assert (faint.element, faint.role, faint.needed) == ("band", "Speaker", 4.5)
    assert str(faint).endswith("a contrast of 1.2, and 4.5 is needed. Choose a darker or a lighter colour.")
    assert len(contrasts(design, ROLES)) > len(ROLES)


def test_text_over_a_rule_is_measured_against_the_rule() -> None:
    value = values()
    place = {"left_mm": 5, "right_mm": 5, "bottom_mm": 5, "height_mm": 8}
    front = [one for one in value["front"] if one["kind"] not in {"band", "mark"}]
    kind = {"largest_pt": 12, "smallest_pt": 10, "colour": "#888888", "vertical": "middle"}
    value["front"] = [
        *front,
        {"kind": "rule", "name": "field", "colour": "ink", "place": place},
        {"kind": "text", "name": "role", "field": "role", "over": ["field"], "place": place, "type": kind},
    ]
    design = design_of(value)
    check_design(design)
    (found,) = [one for one in contrasts(design, ROLES) if one.element == "role"]
    assert (found.ground, found.is_enough) == ("#17202a", True)
    printed = badge_sheet_pdf([badge_person("Åsa", badge_word="Guest")], sheet=A7, design=design)
    assert "Guest" in text_of(printed.pdf)


def test_elements_know_their_types() -> None:
    assert Type(largest_pt=12, smallest_pt=8.75).sizes_pt == (12, 11, 10, 9.5, 9, 8.75)
    design = shipped_designs()["a7"].design
    assert design.uses("affiliation")
    assert not design.uses("pronouns")
    assert any(isinstance(one, Column) for one in design.front)
    assert any(isinstance(one, Text) for one in design.front)
    assert all(quiet_zone_of(side.symbol).width_mm > 22 for side in plan_for(105, 74.25).sides if side.symbol)
