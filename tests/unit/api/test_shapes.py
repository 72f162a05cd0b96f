"""Records are written, described and read from the same fields, so that the document and the answers cannot differ."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.api import model, registration_model, routes
from conference.api.asked import Paged, RegistrationsAsked, SessionsAsked
from conference.api.document import document
from conference.api.errors import RepeatedParameterError, UnknownParameterError, ValueRefusedError
from conference.api.operations import OPERATIONS
from conference.api.shapes import example_of, plain, read_query, records_in, schema_of, told, told_of
from conference.programme.model import Kind
from conference.registration.model import State

DOCUMENT = document("API", "https://conference.example")
RECORDS = {
    name: record for one in OPERATIONS for name, record in records_in(one.answer).items()
} | records_in(model.Problem)


def closed(schema: Any) -> Any:
    """Return the schema as it would be if no field could ever come: an answer holds exactly what it describes."""
    if isinstance(schema, dict):
        inner = {name: closed(value) for name, value in schema.items()}
        return inner | {"additionalProperties": False} if "properties" in schema else inner
    return [closed(one) for one in schema] if isinstance(schema, list) else schema


def checker(name: str) -> jsonschema.Draft202012Validator:
    whole = {"$ref": f"#/components/schemas/{name}"} | {"components": closed(DOCUMENT["components"])}
    return jsonschema.Draft202012Validator(
        whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def test_every_operation_is_loaded() -> None:
    assert routes.blueprint.name == "api"
    assert len(OPERATIONS) == 15


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_the_example_of_a_record_keeps_to_its_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(DOCUMENT["components"]["schemas"][name])
    checker(name).validate(example_of(RECORDS[name]))


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_a_record_that_lacks_a_field_or_has_one_more_does_not(name: str) -> None:
    """The control of the test above."""
    example = example_of(RECORDS[name])
    for other in ({**example, "more": 1}, dict(list(example.items())[1:])):
        with pytest.raises(jsonschema.ValidationError):
            checker(name).validate(other)


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_every_field_says_what_it_is(name: str) -> None:
    assert (RECORDS[name].__doc__ or "").strip()
    for one in told_of(RECORDS[name]):
        assert one.about.endswith((".", ")"))


def test_every_field_of_an_answer_was_told() -> None:
    for module in (model, registration_model):
        for record in vars(module).values():
            if isinstance(record, type) and is_dataclass(record) and record.__module__ == module.__name__:
                assert [one.name for one in told_of(record)] == [one.name for one in fields(record)]


ZONES = (UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-9, minutes=-30)))


@given(st.integers(-(10**9), 10**10), st.sampled_from(ZONES))
def test_a_time_is_written_in_utc_and_read_as_the_same(seconds: int, zone: timezone) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    written = plain(moment.astimezone(zone))
    read = read_query(RegistrationsAsked, {"changed_since": [written]})
    assert read.changed_since == moment
    assert written.endswith("Z")


@given(
    st.sampled_from(["changed_since", "day", "limit", "cursor", "kind", "state", "category"]),
    st.text(max_size=40),
)
def test_any_text_is_read_or_refused_with_its_name(name: str, text: str) -> None:
    record = SessionsAsked if name in {"day", "kind"} else RegistrationsAsked
    try:
        read = read_query(record, {name: [text]})
    except ValueRefusedError as error:
        told_of_it = (error.field, f"“{name}”" in str(error))
    else:
        told_of_it = (name, bool(json.dumps(plain(read))))
    assert told_of_it == (name, True)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({}, RegistrationsAsked()),
        ({"state": ["confirmed", "waiting", "confirmed"]}, RegistrationsAsked(state=(State.CONFIRMED, State.WAITING))),
        ({"limit": ["200"], "cursor": ["x"]}, RegistrationsAsked(limit=200, cursor="x")),
        ({"category": ["999999999"]}, RegistrationsAsked(category=999_999_999)),
    ],
)  # fmt: skip
def test_a_query_is_read(sent: dict[str, Sequence[str]], read: RegistrationsAsked) -> None:
    assert read_query(RegistrationsAsked, sent) == read


@pytest.mark.parametrize(
    "typed",
    ["2022-09-05", "2022-09-05T08:00:00", "2022-09-05T08:00:00 02:00", "2022-13-05T08:00:00Z", "20220905T080000Z", "2022-09-05T24:30:00Z"],
)  # fmt: skip
def test_a_time_without_its_offset_or_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        read_query(RegistrationsAsked, {"changed_since": [typed]})
    assert "%2B" in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "year"), [("0001-01-01T00:00:00%2B14:00", 1), ("9999-12-31T23:59:59-12:00", 9999)]
)
def test_a_time_that_utc_has_no_year_for_is_the_nearest(typed: str, year: int) -> None:
    read = read_query(RegistrationsAsked, {"changed_since": [typed.replace("%2B", "+")]})
    assert read.changed_since.year == year


def test_unknown_and_repeated_parameters_are_refused() -> None:
    with pytest.raises(UnknownParameterError) as unknown:
        read_query(Paged, {"offset": ["1"]})
    assert (
        str(unknown.value)
        == "There is no parameter “offset” here. Take it out, or write one of: limit, cursor."
    )
    with pytest.raises(RepeatedParameterError):
        read_query(Paged, {"limit": ["1", "2"]})


def test_a_long_value_is_shown_in_part() -> None:
    with pytest.raises(ValueRefusedError) as refused:
        read_query(Paged, {"limit": ["9" * 5000]})
    assert len(str(refused.value)) < 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """A record with a field that says nothing."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Strange:
    """A record with a type that nothing writes."""

    price: float = told("A price.", 1.5)


def test_a_field_that_was_not_told_is_an_error() -> None:
    with pytest.raises(KeyError):
        told_of(Forgotten)


def test_a_type_that_nothing_writes_is_an_error() -> None:
    with pytest.raises(KeyError):
        schema_of(told_of(Strange)[0].hint)


def test_what_may_be_null_says_so() -> None:
    assert schema_of(int | None) == {"type": ["integer", "null"]}
    assert schema_of(model.Room | None) == {
        "anyOf": [{"$ref": "#/components/schemas/Room"}, {"type": "null"}]
    }
    assert schema_of(Kind | None)["anyOf"][1] == {"type": "null"}
    assert schema_of(tuple[date, ...]) == {"type": "array", "items": {"type": "string", "format": "date"}}


def test_the_document_names_what_each_address_refuses() -> None:
    told_statuses = {path: set(item["get"]["responses"]) for path, item in DOCUMENT["paths"].items()}
    usual = {"200", "304", "400", "406", "500", "503"}
    assert told_statuses["/event"] == usual
    assert told_statuses["/sessions"] == usual | {"404"}
    assert told_statuses["/registrations"] == usual | {"401", "403", "429"}
    assert DOCUMENT["paths"]["/event"]["get"]["security"] == []
    assert DOCUMENT["paths"]["/registrations"]["get"]["security"] == [
        {"token": ["registrations:read"]}, {"token": ["registrations:list"]},
    ]  # fmt: skip
    ids = [item["get"]["operationId"] for item in DOCUMENT["paths"].values()]
    assert len(ids) == len(set(ids))
