import pytest

from conference.mail.wording_model import KINDS, Wording
from conference.mail.wording_rules import problems

KIND = KINDS["offer_lapsed"]
WORDS = "{name}, {given_name}, {family_name}, {event}, {city}, {category}, {number}"
TEXT = "Dear {name},\n\n{link}"


def _told(subject: str, text: str) -> list[tuple[str | None, str]]:
    return [(one.field, str(one)) for one in problems(KIND, Wording(subject=subject, text=text))]


def test_what_is_known_can_be_kept() -> None:
    assert (
        _told("{event}: over", "Dear {given_name} {family_name}, a } b {\n\n{facts}\n{link}\n{contacts}")
        == []
    )


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        (
            "Over",
            "Dear {name},\n\nsee {adress}\n{link}",
            ("text", f"Line 3: there is no placeholder {{adress}} here. There are: {WORDS}, {{facts}}, {{link}}, {{contacts}}."),
        ),
        (
            "Over, {nmae}",
            TEXT,
            ("subject", f"Line 1: there is no placeholder {{nmae}} here. There are: {WORDS}."),
        ),
        (
            "Over {link}",
            TEXT,
            ("subject", f"{{link}} stands in the text only. Take it out of the subject, which can hold: {WORDS}."),
        ),
        ("Over", "Dear {name},", ("text", "Without {link} the reader could not go on. Put it back where it is to stand.")),
        ("Over\nBcc: x@y.example", TEXT, ("subject", "The subject is one line. Take the line breaks out.")),
    ],
)  # fmt: skip
def test_each_refusal_names_what_is_wrong(subject: str, text: str, expected: tuple[str, str]) -> None:
    assert _told(subject, text) == [expected]


@pytest.mark.parametrize(
    "braces", ["{name.__class__}", "{name[0]}", "{name!r}", "{name:>9}", "{{7*7}}", "{% for x in y %}", "{0}", "{}"]
)  # fmt: skip
def test_braces_hold_a_name_and_nothing_else(braces: str) -> None:
    assert [one.field for one in problems(KIND, Wording(subject="Over", text=f"{TEXT} {braces}"))] == ["text"]


def test_a_mail_without_a_link_needs_none() -> None:
    assert problems(KINDS["passed_on"], Wording(subject="Gone", text="Dear {name}")) == []
