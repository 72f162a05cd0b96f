"""What a program with a token reads of registrations: whole, in stable parts, changed since, and never what is sensitive."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.api.model import Scope
from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import RegistrationId
from conference.core.sealing import seal
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.people.queries import get_person, people_by_id
from conference.people.service import edit_person
from conference.registration import record_queries
from conference.registration.model import Choices, State
from conference.registration.queries import get_registration
from conference.registration.question_answers import write_new
from conference.registration.question_model import AnswerSheet, Given, Kind
from conference.registration.question_queries import encryption_key
from tests.factories.api import a_token, bearer, every_item
from tests.factories.extras import add, make_extra
from tests.factories.questions import make_question
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw

LIST = "/api/v1/registrations"


def read(client: FlaskClient, address: str, *scopes: Scope) -> Any:
    answer = client.get(address, headers=bearer(a_token(*scopes)[1]))
    assert answer.status_code == 200, answer.text
    return answer.json


def somebody() -> RegistrationId:
    """Register somebody who says everything."""
    category = make_category()
    one = register_attendee(
        category, title="Dr.", letters="MD", career_stage="early",
        choices=Choices(consents=frozenset({"participants"}), no_photographs=True),
    )  # fmt: skip
    add(one, make_extra("Dinner", category))
    plain, secret = make_question("Field"), make_question("Diet", Kind.TEXT, is_sensitive=True)
    sheet = AnswerSheet(
        given=(
            Given(question_id=plain, value="genomics"),
            Given(question_id=secret, sealed=seal(encryption_key(), '"peanuts"'), wording="Yes"),
        )
    )
    transact(lambda session: write_new(session, one, sheet, clock.now()))
    db.session.rollback()
    return one


def test_a_registration_is_told_whole(app: Flask, client: FlaskClient) -> None:
    one = somebody()
    told = read(client, f"{LIST}/{one}", Scope.READ)
    stored = get_registration(one)
    assert told.pop("registered_at") == "2022-09-05T06:00:00Z"
    assert told.pop("changed_at").startswith("2022-09-05T06:0")
    assert told == {
        "id": one,
        "number": stored.number,
        "state": "confirmed",
        "category": {"id": stored.category_id, "name": "Participant"},
        "title": "Dr.",
        "given_name": "Åsa",
        "family_name": "Lindström",
        "letters": "MD",
        "badge_name": "",
        "affiliation": "Karolinska Institutet",
        "country": "SE",
        "no_photographs": True,
        "consents": ["participants"],
        "extras": [{"id": told["extras"][0]["id"], "name": "Dinner", "state": "confirmed"}],
        "contact": {
            "email": "asa@lab.example",
            "language": "",
            "profession": "",
            "career_stage": "early",
            "tags": [],
            "answers": [
                {"question": told["contact"]["answers"][0]["question"], "label": "Field", "values": ["genomics"]}
            ],
        },
    }  # fmt: skip


@pytest.mark.parametrize("scopes", [(Scope.READ,), (Scope.LIST,), (Scope.READ, Scope.LIST)])
def test_what_is_sensitive_is_never_told(app: Flask, client: FlaskClient, scopes: tuple[Scope, ...]) -> None:
    one = somebody()
    for address in (LIST, f"{LIST}/{one}"):
        answer = client.get(address, headers=bearer(a_token(*scopes)[1]))
        assert "Åsa" in answer.text
        assert "peanuts" not in answer.text
        assert "Diet" not in answer.text


def test_an_answer_from_before_its_question_was_sensitive_is_not_told(
    app: Flask, client: FlaskClient
) -> None:
    one = register_attendee(make_category())
    question = make_question("Diet", is_sensitive=True)
    sheet = AnswerSheet(given=(Given(question_id=question, value="peanuts"),))
    transact(lambda session: write_new(session, one, sheet, clock.now()))
    db.session.rollback()
    assert read(client, f"{LIST}/{one}")["contact"]["answers"] == []


def test_the_smaller_scope_tells_no_contact(app: Flask, client: FlaskClient) -> None:
    one = somebody()
    told = read(client, f"{LIST}/{one}", Scope.LIST)
    assert told["contact"] is None
    assert told["family_name"] == "Lindström"
    assert "asa@lab.example" not in str(told)


def test_registrations_are_filtered(app: Flask, client: FlaskClient) -> None:
    guests, press = make_category("Guest"), make_category("Press")
    a, b, c = (
        register_attendee(kind, email=f"{n}@x.example") for n, kind in enumerate((guests, press, guests))
    )
    withdraw(c)
    db.session.rollback()
    for query, ids in {
        "": [a, b, c],
        "?state=confirmed": [a, b],
        "?state=withdrawn": [c],
        "?state=withdrawn&state=confirmed": [a, b, c],
        f"?category={press}": [b],
        f"?category={guests}&state=confirmed": [a],
        "?category=987654": [],
    }.items():
        assert [one["id"] for one in read(client, LIST + query)["items"]] == ids, query


def _edit_person(one: RegistrationId) -> None:
    person = get_person(get_registration(one).person_id)
    details = person.details.__class__(**{**person.details.as_values(), "affiliation": "Elsewhere"})
    transact(lambda session: edit_person(session, person.id, person.revision, details, actor=BY_SYSTEM))


def _add_extra(one: RegistrationId) -> None:
    add(one, make_extra("Dinner", get_registration(one).category_id))


@pytest.mark.parametrize("change", [_edit_person, _add_extra, withdraw], ids=["person", "extra", "state"])
def test_each_change_counts_as_one(
    app: Flask, client: FlaskClient, change: Callable[[RegistrationId], None]
) -> None:
    category = make_category()
    one, other = (register_attendee(category, email=f"{n}@x.example") for n in range(2))
    first = read(client, f"{LIST}/{one}")["changed_at"]
    clock.shift(clock.offset + timedelta(hours=1))
    since = (clock.now() - timedelta(minutes=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
    assert read(client, f"{LIST}?changed_since={since}")["items"] == []
    db.session.rollback()
    change(one)
    db.session.rollback()
    found = read(client, f"{LIST}?changed_since={since}")["items"]
    assert [item["id"] for item in found] == [one]
    assert found[0]["changed_at"] > since > first
    assert [item["id"] for item in every_item(client, LIST, bearer(a_token()[1]))] == [one, other]
    # Reading changes nothing: a copy that was read is not told again for having been read.
    later = (clock.now() + timedelta(minutes=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
    read(client, f"{LIST}/{one}")
    assert read(client, f"{LIST}?changed_since={later}")["items"] == []


def test_who_registers_meanwhile_moves_nobody(app: Flask, client: FlaskClient) -> None:
    category, words = make_category(), a_token()[1]
    ids = [register_attendee(category, email=f"{n}@x.example") for n in range(4)]
    first = client.get(f"{LIST}?limit=2", headers=bearer(words)).json
    assert first is not None
    late = register_attendee(category, email="late@x.example")
    withdraw(ids[0])
    second = every_item(client, first["next"], bearer(words))
    assert [one["id"] for one in first["items"] + second] == [*ids, late]


def test_a_cursor_is_good_for_its_filters_alone(app: Flask, client: FlaskClient) -> None:
    category, sent = make_category(), bearer(a_token()[1])
    for n in range(2):
        register_attendee(category, email=f"{n}@x.example")
    first = client.get(f"{LIST}?limit=1", headers=sent).json
    assert first is not None
    wider = client.get(f"{first['next']}&state=withdrawn", headers=sent)
    assert (wider.status_code, wider.content_type) == (400, "application/problem+json")
    longer = client.get(first["next"].replace("limit=1", "limit=200"), headers=sent)
    assert longer.status_code == 200  # how long a part is may change


def test_no_cache_keeps_what_a_token_reads(app: Flask, client: FlaskClient) -> None:
    register_attendee(make_category())
    words = a_token()[1]
    answer = client.get(LIST, headers=bearer(words))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Vary"] == "Authorization"
    assert "Access-Control-Allow-Origin" not in answer.headers
    again = client.get(LIST, headers=bearer(words) | {"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    register_attendee(get_registration(RegistrationId(1)).category_id, email="new@x.example")
    third = client.get(LIST, headers=bearer(words) | {"If-None-Match": answer.headers["ETag"]})
    assert third.status_code == 200


def test_a_list_of_two_hundred_costs_as_much_as_one(app: Flask, client: FlaskClient) -> None:
    somebody()
    category, words, counts = get_registration(RegistrationId(1)).category_id, a_token()[1], []
    for upto in (0, 20):
        for number in range(upto):
            register_attendee(category, email=f"{number}@x.example")
        client.get(LIST, headers=bearer(words))
        with counted_statements() as statements:
            answer = client.get(f"{LIST}?limit=200", headers=bearer(words))
        assert answer.json is not None
        assert len(answer.json["items"]) == 1 + upto
        # SQLite is told now and then how it is to wait for the disk, by the clock and not by the request.
        counts.append(sum(not one.startswith(("PRAGMA", "SET", "BEGIN")) for one in statements))
    assert counts == [13, 13]


def test_states_of_every_kind_are_told(app: Flask, client: FlaskClient) -> None:
    one = register_attendee(make_category())
    withdraw(one, State.CANCELLED)
    assert read(client, f"{LIST}/{one}")["state"] == "cancelled"


def test_who_is_merged_away_while_it_reads_does_not_end_the_list(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    category = make_category()
    people = [
        register_attendee(category, email=f"{name}@example.org") for name in ("one", "two", "three", "four")
    ]
    gone = get_registration(people[1]).person_id

    def without_the_gone(wanted: Any) -> Any:
        return {one: person for one, person in people_by_id(wanted).items() if one != gone}

    monkeypatch.setattr(record_queries, "people_by_id", without_the_gone)
    found = every_item(client, f"{LIST}?limit=1", bearer(a_token()[1]))
    assert [one["id"] for one in found] == [people[0], people[2], people[3]]
