"""A search of the history that cannot be read names the field, what is wrong with its value, and what to do."""

import pytest

from conference.audit.asking import asked


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("who=staff", "Who: “staff” is none of the list. Choose one of it, or All."),
        ("who=link-3", "Who: “link-3” is none of the list."),
        ("kind=x", "About: “x” is none of the list."),
        ("what=x", "What: “x” is none of the list."),
        ("from=soon", "From: “soon” is no day. Type it as in 2022-09-22, or leave it empty."),
        ("to=2022-13-01", "To: “2022-13-01” is no day."),
        ("before=0", "The address of this page holds “0” in place of a number."),
        ("number=1x", "Number: “1x” is no number. Type digits, as in 12."),
        (f"kind=registration&number={'x' * 50}", "is no number."),
        (
            "from=2022-09-06&to=2022-09-05",
            "To: Monday 5 September 2022 is before From, Tuesday 6 September 2022. Choose a day that is not before it",
        ),
    ],
)
def test_what_cannot_be_read_is_told_by_its_field(query: str, told: str) -> None:
    typed = dict(pair.split("=") for pair in query.split("&"))
    found = asked(typed)
    ((name, sentence),) = found.faults.items()
    assert told in sentence
    assert found.typed[name] in typed[name]


def test_what_can_be_read_has_no_faults() -> None:
    typed = {"who": "staff-3", "kind": "session", "number": " 7 ", "what": "looks", "from": "2022-09-05"}
    found = asked(typed | {"to": "2022-09-05", "record": "8", "field": "role"})
    assert found.faults == {}
    assert found.search.as_query() == typed | {
        "number": "7",
        "to": "2022-09-05",
        "record": 8,
        "field": "role",
    }
