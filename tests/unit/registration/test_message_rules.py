import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.registration.message_rules import PLACEHOLDERS, filled, has_link, unknown_names

VALUES = {"given_name": "Åsa", "family_name": "Ek", "number": "K7M2Q4", "category": "Student"}


def test_each_placeholder_is_filled_and_the_link_is_left_a_place() -> None:
    text = "Dear {given_name} {family_name} ({number}, {category}),\n{link}\nBye"
    assert filled(text, VALUES) == ["Dear Åsa Ek (K7M2Q4, Student),\n", None, "\nBye"]
    assert (has_link(text), has_link("{number}")) == (True, False)


@pytest.mark.parametrize(
    "name", ["{link}", "{family_name}", "{x}", "{{7*7}}", "{user.__class__}", "{0}", "%s", "\\g<1>"]
)
def test_braces_in_a_value_stay_as_they_are(name: str) -> None:
    assert filled("Dear {given_name},", VALUES | {"given_name": name}) == [f"Dear {name},"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{given_name} {number}", []),
        ("{name} and {name} and {x!r}", ["name", "x!r"]),
        ("{{7*7}}", ["7*7"]),
        ("{given_name.__class__}", ["given_name.__class__"]),
        ("{given_name:>99}", ["given_name:>99"]),
        ("{}", [""]),
        ("a { b and } c", [" b and "]),
        ("a } b and { c", []),
        ("{Given_name}", ["Given_name"]),
    ],
)
def test_what_is_no_placeholder_is_named(text: str, expected: list[str]) -> None:
    assert unknown_names(text) == expected


@given(st.text(), st.sampled_from(PLACEHOLDERS[:-1]), st.text())
def test_a_value_is_never_looked_into(value: str, name: str, around: str) -> None:
    plain = around.replace("{", "").replace("}", "")
    assert filled(f"{plain}{{{name}}}{plain}", VALUES | {name: value}) == [f"{plain}{value}{plain}"]
