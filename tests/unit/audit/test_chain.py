"""Links, digests and signatures: each part of what they are made of changes them."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conference.audit.chain import BEGINNING, Entry, Head, digest, is_signed, link, signature

NOON = datetime(2022, 9, 5, 12, tzinfo=UTC)
ENTRY = Entry(
    id=7,
    at=NOON,
    actor_kind="staff",
    actor_id=3,
    action="changed",
    record_type="registration",
    record_id=12,
    fields=("email", "name"),
    digest="0" * 64,
    position=5,
)
OTHERS: dict[str, Any] = {
    "id": 8,
    "at": NOON + timedelta(microseconds=1),
    "actor_kind": "link",
    "actor_id": None,
    "action": "created",
    "record_type": "person",
    "record_id": 13,
    "fields": ("email",),
    "digest": None,
    "position": 6,
}


@pytest.mark.parametrize("name", [one.name for one in fields(Entry)])
def test_every_part_of_an_entry_changes_its_link(name: str) -> None:
    changed = replace(ENTRY, **{name: OTHERS[name]})
    assert link(BEGINNING, changed) != link(BEGINNING, ENTRY)


def test_a_link_is_of_the_one_before_and_of_nothing_else() -> None:
    assert link("a", ENTRY) != link("b", ENTRY)
    elsewhere = NOON.astimezone(datetime.fromisoformat("2022-09-05T14:00+02:00").tzinfo)
    assert link(BEGINNING, replace(ENTRY, at=elsewhere)) == link(BEGINNING, ENTRY)
    assert len(link(BEGINNING, ENTRY)) == 64


def test_what_stands_in_two_fields_is_not_what_stands_in_one() -> None:
    first = replace(ENTRY, action="a", record_type="bc")
    assert link(BEGINNING, first) != link(BEGINNING, replace(ENTRY, action="ab", record_type="c"))


def test_a_digest_is_of_salt_values_and_reason() -> None:
    one = digest("salt", {"name": ["", "Åsa"], "email": ["", "a"]}, "")
    assert one == digest("salt", {"email": ["", "a"], "name": ["", "Åsa"]}, "")
    others = [("pepper", "Åsa", ""), ("salt", "Asa", ""), ("salt", "Åsa", "x")]
    assert one not in {
        digest(salt, {"name": ["", name], "email": ["", "a"]}, why) for salt, name, why in others
    }


@pytest.mark.parametrize("change", [{"count": 8}, {"link": "b"}, {"sealed_at": NOON + timedelta(seconds=1)}])
def test_a_signature_is_of_the_whole_end_and_of_one_key(change: dict[str, Any]) -> None:
    mark = signature("key", count=7, last_link="a", sealed_at=NOON)
    head = Head(count=7, link="a", sealed_at=NOON, key="", signature=mark)
    assert is_signed(head, "key")
    assert not is_signed(head, "another")
    assert not is_signed(replace(head, **change), "key")
