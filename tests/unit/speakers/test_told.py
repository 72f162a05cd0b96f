"""What people were told, as it is kept: read back whole, and filled by the migration as the code would."""

import importlib
from datetime import datetime

from conference.core.ids import PersonId
from conference.programme.model import PartRole
from conference.programme.snapshot import freeze
from conference.speakers.slots import changes_between, slots_by_person
from conference.speakers.told import known_after, not_known, plain_slots, read_slots
from tests.factories.programme_values import person, programme, session

PROGRAMME = programme(
    session(3, room_number=1, people=[person(1, PartRole.CHAIR), person(1, PartRole.MODERATOR)]),
    session(4, room_number=2, start_min=120, talks=[(20, [person(1)]), (15, [person(2)])]),
    session(5, start_min=None, people=[person(2)]),
)
HERS = PersonId(1)


def test_what_was_told_is_read_back_whole() -> None:
    for slots in slots_by_person(PROGRAMME).values():
        assert read_slots(plain_slots(slots)) == slots


def test_the_migration_takes_everybody_of_the_newest_version_for_told() -> None:
    migration = importlib.import_module("migrations.versions.0027_add_telling_of_versions")
    filled = migration.slots_of(freeze(PROGRAMME))
    assert {who: read_slots(plain) for who, plain in filled.items()} == slots_by_person(PROGRAMME)
    assert datetime.fromisoformat(filled[1]["session-3"]["start"]).tzinfo is not None


def test_what_is_told_leaves_nothing_to_tell() -> None:
    before = slots_by_person(PROGRAMME)[HERS]
    after = slots_by_person(programme(session(4, room_number=1, talks=[(25, [person(1)])])))[HERS]
    news = changes_between(before, after)
    assert [slot.key for slot in news.cancelled] == ["session-3"]
    assert known_after(before, news) == after


def test_who_does_not_come_is_told_nothing_new_and_not_what_an_invitation_told_ahead() -> None:
    told = slots_by_person(PROGRAMME)[HERS]
    now = slots_by_person(programme(session(4, room_number=1, talks=[(20, [person(1)]), (9, [person(1)])])))[
        HERS
    ]
    ahead = not_known(told, now, is_coming=False, to_come=told, drafted=set(told))
    assert not ahead
    news = not_known(told, now, is_coming=False, to_come=now, drafted=set(told))
    assert ([one.new.key for one in news.moved], news.added) == (["talk-400"], ())
    assert [one.key for one in news.cancelled] == ["session-3"]
