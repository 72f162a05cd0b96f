"""Which questions are asked, and what counts as an answer."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.clock import STOCKHOLM
from conference.core.ids import CategoryId, QuestionId
from conference.core.sealing import seal, unseal
from conference.registration import question_rules as rules
from conference.registration.question_model import Kind, Option, Question, QuestionDetails, Value
from conference.registration.question_rules import (
    NotAnAnswerError,
    check,
    is_to_purge,
    options_text,
    read_options,
    read_value,
)

OPTIONS = (Option(key="a", label="A"), Option(key="b", label="B", label_de="B!"))


def question(number: int = 1, kind: Kind = Kind.TEXT, **details: object) -> Question:
    wanted = QuestionDetails(kind=kind, label=f"Question {number}", **details)  # type: ignore[arg-type]  # the names are the test's
    return Question(id=QuestionId(number), details=wanted, revision=1)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.TEXT, ["  Nuts \u0041\u030a "], "Nuts Å"),
        (Kind.TEXT, ["   "], None),
        (Kind.TEXT, ["<b>bold</b>"], "<b>bold</b>"),
        (Kind.LONG_TEXT, ["one\ntwo"], "one\ntwo"),
        (Kind.NUMBER, ["12,5"], "12.5"),
        (Kind.NUMBER, ["-3"], "-3"),
        (Kind.YES_NO, ["yes"], "yes"),
        (Kind.ONE_OF, ["b"], "b"),
        (Kind.SEVERAL, ["b", "a", "b"], ("a", "b")),
        (Kind.SEVERAL, [], None),
        (Kind.DATE, ["2022-09-01"], "2022-09-01"),
        (Kind.COUNTRY, ["SE"], "SE"),
    ],
)
def test_an_answer_is_read(kind: Kind, typed: list[str], value: Value | None) -> None:
    assert read_value(question(kind=kind, options=OPTIONS), typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "why"),
    [
        (Kind.TEXT, "x" * 301, rules.TOO_LONG),
        (Kind.LONG_TEXT, "x" * 2001, rules.TOO_LONG),
        (Kind.TEXT, "a\x00b", rules.UNPRINTABLE),
        (Kind.TEXT, "a\nb", rules.UNPRINTABLE),
        (Kind.NUMBER, "1e5", rules.NO_NUMBER),
        (Kind.NUMBER, "١٢", rules.NO_NUMBER),
        (Kind.YES_NO, "maybe", rules.NO_CHOICE),
        (Kind.ONE_OF, "c", rules.NO_CHOICE),
        (Kind.SEVERAL, "c", rules.NO_CHOICE),
        (Kind.DATE, "2022-02-30", rules.NO_DATE),
        (Kind.DATE, "20220901", rules.NO_DATE),
        (Kind.COUNTRY, "XX", rules.NO_COUNTRY),
    ],
)
def test_what_is_no_answer_is_refused(kind: Kind, typed: str, why: str) -> None:
    with pytest.raises(NotAnAnswerError) as refused:
        read_value(question(kind=kind, options=OPTIONS), [typed])
    assert str(refused.value) == why


def test_a_question_of_another_category_or_condition_is_not_asked() -> None:
    diet = question(1, Kind.YES_NO)
    which = question(2, is_required=True, depends_on=QuestionId(1), depends_value="yes")
    student = question(3, is_required=True, categories=frozenset({CategoryId(7)}))
    # The dependent one stands first in the form, and is asked after the other all the same.
    asked = (which, diet, student)
    said = {QuestionId(1): ["no"], QuestionId(2): ["Nuts"], QuestionId(3): ["KI"]}
    assert check(asked, CategoryId(1), said, ()).answers == {QuestionId(1): "no"}
    said[QuestionId(1)] = ["yes"]
    assert check(asked, CategoryId(7), said, ()).answers == {
        QuestionId(1): "yes",
        QuestionId(2): "Nuts",
        QuestionId(3): "KI",
    }
    missing = check(asked, CategoryId(7), {QuestionId(1): ["yes"]}, ()).problems
    assert missing == {QuestionId(2): rules.MISSING, QuestionId(3): rules.MISSING}


def test_an_answer_that_contains_the_value_asks_too() -> None:
    which = question(1, Kind.SEVERAL, options=OPTIONS)
    more = question(2, depends_on=QuestionId(1), depends_value="b")
    said = {QuestionId(1): ["a", "b"], QuestionId(2): ["x"]}
    assert check((which, more), None, said, ()).answers[QuestionId(2)] == "x"


def test_two_that_wait_for_each_other_are_not_asked() -> None:
    one = question(1, depends_on=QuestionId(2), depends_value="x", is_required=True)
    other = question(2, depends_on=QuestionId(1), depends_value="x", is_required=True)
    assert check((one, other), None, {}, ()).problems == {}


def test_a_sensitive_answer_needs_consent() -> None:
    diet = question(1, is_sensitive=True)
    said = {QuestionId(1): ["Nuts"]}
    assert check((diet,), None, said, ()).problems == {QuestionId(1): rules.NOT_CONSENTED}
    assert check((diet,), None, said, {QuestionId(1)}).problems == {}
    assert check((diet,), None, {}, ()).problems == {}


def test_options_are_read_and_written() -> None:
    text = "a | A\nb | B |  | B!"
    assert read_options(text) == OPTIONS
    assert options_text(OPTIONS) == text
    for wrong in ("a", "a | A\na | B", "Ä | x", "a | 1 | 2 | 3 | 4"):
        assert read_options(wrong) is None


def test_sensitive_answers_go_14_days_after_the_last_day() -> None:
    last = date(2022, 9, 23)
    assert not is_to_purge(last, datetime(2022, 10, 7, 23, 59, tzinfo=STOCKHOLM))
    assert is_to_purge(last, datetime(2022, 10, 8, 0, 0, tzinfo=STOCKHOLM))


@given(st.text(), st.text(min_size=32, max_size=40).filter(lambda key: "," not in key and key.strip()))
def test_what_is_sealed_opens_with_its_key_only(text: str, key: str) -> None:
    sealed = seal(key, text)
    assert unseal(key, sealed) == text
    assert unseal(f"{'n' * 40},{key}", sealed) == text
    assert unseal("another key of more than 32 characters", sealed) is None
    assert unseal("", sealed) is None
