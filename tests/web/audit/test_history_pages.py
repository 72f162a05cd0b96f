"""The history of all records: searched by whom, what, when and field; a page at a time; taken out as a file."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from conference.audit.checking import AuditChecker
from conference.audit.model import BY_FORM, BY_SYSTEM, Actor, by_staff
from conference.audit.sealing import seal_due
from conference.audit.search import PAGE_SIZE
from conference.audit.service import record, record_all
from conference.audit.standing import standing
from conference.core.clock import clock
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import counted_statements, transact, writing_engine
from conference.web.access import Role
from tests.conftest import MORNING
from tests.factories.accounts import sign_in
from tests.factories.pages import text_of
from tests.factories.programme import at, make_person, make_room, make_session
from tests.factories.registration import make_category, register_attendee


def wrote(actor: Actor, action: str, kind: str, number: int, *, reason: str = "", **changes: str) -> None:
    pairs = {name: ("", value) for name, value in changes.items()}
    transact(
        lambda session: record(
            session, actor=actor, action=action, about=(kind, number), changes=pairs, reason=reason
        )
    )


def rows(client: FlaskClient, query: str = "") -> list[str]:
    """Return what each line of the page says."""
    page = client.get(f"/staff/audit{query}")
    assert page.status_code == 200
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [plain(row) for row in body.split("<tr>")[1:]]


def plain(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


@pytest.fixture
def acts(client: FlaskClient) -> StaffId:
    """Two people of staff, the form and the computer, on two days; who asks is an organiser."""
    me = sign_in(client, Role.ORGANISER)
    clock.begin_at(MORNING)
    wrote(BY_FORM, "registered", "registration", 5)
    wrote(by_staff(me), "changed", "registration", 5, given_name="Åsa")
    clock.begin_at(MORNING + timedelta(days=1))
    wrote(by_staff(StaffId(99)), "cancelled", "registration", 6, reason="She is ill", state="x")
    wrote(BY_SYSTEM, "reminded", "speaker", 5)
    return me


def test_each_entry_is_told_in_words_and_without_its_values(client: FlaskClient, acts: StaffId) -> None:
    told = [row for row in rows(client) if "September" in row][:4]
    assert told == [
        "6 September 2022, 08:00 The computer Reminded Speaker 5 history",
        "6 September 2022, 08:00 A former member of staff Cancelled: She is ill Registration 6 history State",
        "5 September 2022, 08:00 Test organiser Changed Registration 5 history Given name",
        "5 September 2022, 08:00 The public form Registered Registration 5 history",
    ]


@pytest.mark.parametrize(
    ("query", "acts_found"),
    [
        ("?who=form", ["Registered"]),
        ("?who=system&what=reminded", ["Reminded"]),
        ("?who=staff-99", ["Cancelled"]),
        ("?kind=registration&record=5", ["Changed", "Registered"]),
        ("?kind=speaker&number=5", ["Reminded"]),
        ("?field=given_name", ["Changed"]),
        ("?field=given", []),
        ("?field=%25", []),
        ("?from=2022-09-06", ["Reminded", "Cancelled"]),
        ("?from=2022-09-05&to=2022-09-05&kind=registration", ["Changed", "Registered"]),
        ("?to=9999-12-31&who=form", ["Registered"]),
    ],
)
def test_the_search_is_narrowed(
    client: FlaskClient, acts: StaffId, query: str, acts_found: list[str]
) -> None:
    found = rows(client, query)
    assert len(found) == len(acts_found)
    assert all(act in row for act, row in zip(acts_found, found, strict=True))


@pytest.mark.parametrize(
    "query", ["?who=staff", "?who=link-3", "?kind=x", "?what=x", "?from=soon", "?before=0", "?number=1x"]
)
def test_what_cannot_be_read_is_told_and_does_not_filter(
    client: FlaskClient, acts: StaffId, query: str
) -> None:
    page = client.get(f"/staff/audit{query}")
    assert "asks for a person, a day or an act that cannot be read" in page.text
    assert "Reminded" in page.text


def test_looks_are_found_apart_from_changes(client: FlaskClient, acts: StaffId) -> None:
    client.get("/staff/fees")
    assert rows(client, "?what=looks") == [
        "6 September 2022, 08:00 Test organiser Fees seen 0 people Lists of the office history"
    ]
    assert not any("Fees seen" in row for row in rows(client, "?what=changes"))


def test_a_registration_is_found_by_its_own_number_and_named(client: FlaskClient) -> None:
    first = register_attendee(make_category())
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE registration SET number = '7KQ2MX' WHERE id = :id"), {"id": first})
    sign_in(client, Role.ORGANISER)
    (row, *_) = rows(client, "?kind=registration&number=7kq2mx")
    assert "7KQ2MX Åsa" in row
    assert rows(client, "?kind=registration&number=NOBODY") == []
    assert f'href="/staff/registrations/{first}"' in client.get("/staff/audit").text


def test_pages_follow_one_another_without_gap_or_repetition(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    rows_of_two_pages = [("registered", ("registration", number)) for number in range(1, PAGE_SIZE + 11)]
    transact(lambda session: record_all(session, actor=BY_FORM, entries=rows_of_two_pages))
    first = client.get("/staff/audit?who=form").text
    older = re.search(r'href="([^"]+)"\s+rel="next"', first)
    assert older is not None
    second = client.get(older[1].replace("&amp;", "&")).text
    seen = re.findall(r"Registration (\d+)</bdi>", first + second)
    assert seen == [str(number) for number in range(PAGE_SIZE + 10, 0, -1)]
    assert 'rel="next"' not in second
    assert ">Newest</a>" in second


def test_a_page_of_many_costs_as_much_as_one_of_few(client: FlaskClient) -> None:
    category = make_category()
    register_attendee(category)
    make_session("Genomes", room_id=make_room("Aula"), start=at("09:00"), people=[])
    make_person("Bo", "Ek")
    sign_in(client, Role.ORGANISER)
    client.get("/staff/audit")
    with counted_statements() as few:
        client.get("/staff/audit")
    for number in range(4):
        register_attendee(category, email=f"{number}@x.example")
        make_person("Bo", f"Ek {number}")
    with counted_statements() as many:
        client.get("/staff/audit")
    assert len(many) == len(few)


def test_the_file_has_inert_cells_and_neither_values_nor_reasons(client: FlaskClient, acts: StaffId) -> None:
    wrote(BY_SYSTEM, "changed", "event", 1, **{"=SUM(A1)": "secret"})
    assert seal_due() >= 5
    answer = client.get("/staff/audit/export?from=2022-09-06")
    table = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[4] for row in table[1:]][-3:] == ["Changed", "Reminded", "Cancelled"]
    assert [row[2] for row in table[1:]][-3:] == ["The computer", "The computer", "A former member of staff"]
    changed = table[-3]
    assert changed[7] == "'=SUM(A1)"
    assert len(changed[10]) == 64
    assert "secret" not in answer.text
    assert "ill" not in answer.text
    assert answer.headers["Content-Disposition"] == 'attachment; filename="history.csv"'


def test_the_page_says_how_the_chain_stands(client: FlaskClient, acts: StaffId) -> None:
    assert "Nothing is sealed yet" in text_of(client.get("/staff/audit"))
    seal_due()
    assert "The whole chain was not looked at yet." in text_of(client.get("/staff/audit"))
    check()
    assert "was as it was sealed." in text_of(client.get("/staff/audit"))
    assert wrong_at_home(client) == 0
    with writing_engine().begin() as connection:
        connection.execute(text("UPDATE audit_entry SET actor_id = 5 WHERE action = 'cancelled'"))
    with writing_engine().begin() as connection:
        connection.execute(text("UPDATE audit_check SET checked_at = '2022-09-01 08:00:00'"))
    check()
    assert "1 things are not as they were sealed" in text_of(client.get("/staff/audit"))
    assert wrong_at_home(client) == 1


def wrong_at_home(client: FlaskClient) -> int:
    found = re.search(
        r"(\d+) things in the history that are not as they were sealed", text_of(client.get("/staff/"))
    )
    assert found is not None
    return int(found[1])


def check() -> None:
    """Let a worker look whether the whole chain is to be read, and read it."""
    db.session.rollback()
    worker = AuditChecker()
    for job in worker.claim("me"):
        worker.run(job, "me")
    db.session.rollback()


def test_the_worker_looks_at_the_whole_once_a_day(client: FlaskClient, acts: StaffId) -> None:
    assert AuditChecker().claim("me") == []
    seal_due()
    db.session.rollback()
    assert AuditChecker().claim("me") == [1]
    check()
    assert AuditChecker().claim("me") == []
    assert not standing().is_check_late
    # The clock went back: what was looked at in the future is no look.
    db.session.rollback()
    with writing_engine().begin() as connection:
        connection.execute(text("UPDATE audit_check SET checked_at = '2999-09-01 08:00:00'"))
    assert standing().is_check_late
    assert AuditChecker().claim("me") == [1]
    check()
    assert not standing().is_check_late
