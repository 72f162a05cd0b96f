"""By which ids a person is known elsewhere: kept, moved when two records become one, handed out, and erased."""

from flask import Flask
from sqlalchemy import text

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.inserting import insert_all
from conference.db.work import counted_statements, transact
from conference.event.tables import RoomRow
from conference.interchange.model import Wishes
from conference.interchange.reading import read_schedule
from conference.interchange.service import Outcome, import_schedule
from conference.people.merging import MergePeople, merge
from conference.people.queries import count_people
from conference.privacy.queries import everything_held
from conference.privacy.service import erase_person
from conference.programme.queries import draft
from tests.factories.programme import make_person
from tests.factories.schedules import document, event


def imported(content: bytes) -> Outcome:
    read = read_schedule(content)
    outcome = transact(
        lambda session: import_schedule(session, read, Wishes(), actor=BY_SYSTEM, may_set_days=False)
    )
    db.session.rollback()
    return outcome


def who_speaks() -> list[int]:
    return [part.person_id for session in transact(draft).sessions for part in session.people]


def test_a_merged_person_is_found_by_the_old_id(app: Flask) -> None:
    content = document(event(1, persons={"5": "Bo Ek"}))
    imported(content)
    (gone,) = who_speaks()
    kept = make_person("Bosse", "Ek")
    order = MergePeople(kept_id=kept, gone_id=PersonId(gone), take=(), kept_revision=1, gone_revision=1)
    transact(lambda session: merge(session, order, actor=BY_SYSTEM))
    changed = imported(
        document(event(1, persons={"5": "Bo Ek"}), event(2, start="11:00", persons={"5": "Bo Ek"}))
    )
    assert (changed.plan.new_people, who_speaks(), count_people()) == ((), [kept, kept], 1)


def test_an_erased_person_is_known_nowhere(app: Flask) -> None:
    imported(document(event(1, persons={"": "Bo Unusualname", "5": "Li Ek"})))
    imported(document(event(1, persons={"5": "Li Ek"})))
    (person,) = [one for one in names() if names()[one] == "Bo Unusualname"]
    assert everything_held(person)["known elsewhere as"] == [{"source": "schedule", "id": "~bo unusualname"}]
    transact(lambda session: erase_person(session, person, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    assert "unusualname" not in str(db.session.execute(text("SELECT * FROM external_id")).all()).casefold()


def names() -> dict[PersonId, str]:
    rows = db.session.execute(text("SELECT id, given_name, family_name FROM person"))
    return {PersonId(number): f"{given} {family}" for number, given, family in rows}


def test_many_rows_get_their_ids_in_order_and_few_statements(app: Flask) -> None:
    """More than fit one statement, so that the order holds from one to the next too."""
    rows = [{"place": n, "name": f"Room {(n * 7919) % 2500:05}", "seats": None} for n in range(2500)]
    with counted_statements() as statements:
        ids = transact(lambda session: insert_all(session, RoomRow, rows))
    assert len(statements) < 20
    found = {row.id: row.name for row in db.session.execute(text("SELECT id, name FROM room"))}
    assert [found[number] for number in ids] == [row["name"] for row in rows]
    assert transact(lambda session: insert_all(session, RoomRow, [])) == []
