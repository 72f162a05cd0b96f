from datetime import UTC, datetime, timedelta
from typing import Any

from conference.audit.model import BY_FORM, BY_LINK, Actor, HistoryEntry
from conference.audit.rules import acts

NOON = datetime(2022, 9, 5, 12, tzinfo=UTC)


def entry(action: str, at_s: float, actor: Actor = BY_LINK, **changes: tuple[Any, Any]) -> HistoryEntry:
    at = NOON + timedelta(seconds=at_s)
    return HistoryEntry(at=at, actor=actor, action=action, fields=(), changes=changes, reason="")


def test_what_was_written_to_both_records_at_once_is_one_act() -> None:
    registration = entry("changed", 0.01, profession=("", "doctor"), email=("a", "b"))
    person = entry("changed", 0, given_name=("Asa", "Åsa"), email=("a", "b"))
    together = entry("changed", 0.01, given_name=("Asa", "Åsa"), email=("a", "b"), profession=("", "doctor"))
    assert acts([registration], beside=[person]) == [together]


def test_what_another_did_or_at_another_time_stays_alone() -> None:
    registered, added = entry("registered", 0.01, BY_FORM), entry("created", 0, BY_FORM)
    by_another, later = entry("changed", 0.5), entry("link mailed", 60)
    assert acts([registered], beside=[later, by_another, added]) == [later, by_another, registered]


def test_two_acts_on_one_record_stay_two_however_close() -> None:
    first, second = entry("changed", 0), entry("changed", 0.5)
    assert acts([second, first]) == [second, first]
