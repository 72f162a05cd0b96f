"""The history of all records: searched by whom, what, when and field; a page at a time; taken out as a file."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from conference.accounts.queries import get_member
from conference.accounts.service import limit, set_role
from conference.audit.checking import AuditChecker
from conference.audit.model import BY_FORM, BY_SYSTEM, Actor, by_staff
from conference.audit.personal import erase
from conference.audit.sealing import seal_due
from conference.audit.search import PAGE_SIZE
from conference.audit.service import record, record_all
from conference.audit.standing import standing
from conference.core.clock import clock
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import counted_statements, transact, writing_engine
from conference.event.service import add_tracks, delete_track
from conference.web.access import Role
from tests.conftest import MORNING
from tests.factories.accounts import make_member, sign_in
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
    wrote(by_staff(StaffId(99)), "cancelled", "registration", 6, reason="She is ill", state="cancelled")
    wrote(BY_SYSTEM, "reminded", "speaker", 5)
    return me


def test_each_entry_is_told_in_words_and_without_personal_values(client: FlaskClient, acts: StaffId) -> None:
    told = [row for row in rows(client) if "September" in row][:4]
    assert told == [
        "6 September 2022, 08:00 The computer Reminded Speaker 5 history",
        "6 September 2022, 08:00 A former member of staff Cancelled: She is ill Registration 6 history State: – → Cancelled",
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


def test_of_a_search_that_cannot_be_read_nothing_is_shown_or_taken_out(
    client: FlaskClient, acts: StaffId
) -> None:
    told = "Number: “1x” is no number. Type digits, as in 12."
    for address in ("/staff/audit?number=1x", "/staff/audit/export?number=1x"):
        page = client.get(address)
        assert page.status_code == 400
        assert told in text_of(page)
        assert "<tbody>" not in page.text
        assert "/staff/audit/export" not in page.text
    assert rows(client, "?what=looks") == []


def test_what_was_typed_stays_in_the_search(client: FlaskClient, acts: StaffId) -> None:
    page = client.get("/staff/audit?kind=session&number=1x&from=2022-09-06&to=2022-09-05").text
    assert 'value="1x"' in page
    assert 'value="2022-09-06"' in page
    assert 'value="2022-09-05"' in page
    assert '<option value="session" selected>' in page
    assert page.count('aria-invalid="true"') == 2
    assert 'href="#number"' in page


def test_looks_are_found_apart_from_changes(client: FlaskClient, acts: StaffId) -> None:
    client.get("/staff/fees")
    assert rows(client, "?what=looks") == [
        "6 September 2022, 08:00 Test organiser Fees seen (0 people) Lists of the office history"
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


def test_the_file_has_inert_cells_and_neither_personal_values_nor_reasons(
    client: FlaskClient, acts: StaffId
) -> None:
    wrote(BY_SYSTEM, "changed", "event", 1, **{"=SUM(A1)": "secret"})
    assert seal_due() >= 5
    answer = client.get("/staff/audit/export?from=2022-09-06")
    table = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[4] for row in table[1:]][-3:] == ["Changed", "Reminded", "Cancelled"]
    assert [row[2] for row in table[1:]][-3:] == ["The computer", "The computer", "A former member of staff"]
    changed = table[-3]
    assert changed[7] == "'=SUM(A1)"
    assert changed[8] == ""
    assert table[-1][7:9] == ["state", "State: – → Cancelled"]
    assert len(changed[11]) == 64
    assert "secret" not in answer.text
    assert "ill" not in answer.text
    assert answer.headers["Content-Disposition"] == 'attachment; filename="history.csv"'


def test_an_account_s_roles_and_tracks_are_told_in_words_here_and_on_its_page(client: FlaskClient) -> None:
    me = sign_in(client, Role.ORGANISER)
    first, second = transact(lambda session: add_tracks(session, ["Own one", "Own two"], actor=BY_SYSTEM))
    eva = make_member(Role.DESK)
    account = text_of(client.get(f"/staff/accounts/{eva}"))
    assert "Role: – → Desk" in account
    by_me = by_staff(me)

    def seen(session: Session) -> int:
        return get_member(eva, session).revision

    transact(lambda session: set_role(session, eva, seen(session), Role.PROGRAMME, actor=by_me))

    def let_edit(tracks: frozenset[int] | None) -> None:
        transact(lambda session: limit(session, eva, seen(session), tracks, actor=by_me))

    for tracks in (frozenset({first, second}), frozenset({first}), None):
        let_edit(tracks)
    db.session.rollback()
    told = [
        "Role: Desk → Programme",
        "Tracks to edit: All → Own one, Own two",
        "Tracks to edit: Own one, Own two → Own one",
        "Tracks to edit: Own one → All",
    ]
    transact(lambda session: delete_track(session, second, 1, actor=by_me))
    db.session.rollback()
    told = [one.replace("Own two", "deleted") for one in told]
    for address in (f"/staff/accounts/{eva}", f"/staff/audit?kind=staff&record={eva}"):
        page = text_of(client.get(address))
        assert [one for one in told if one not in page] == []


def test_values_that_were_erased_are_told_as_such(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    eva = make_member(Role.DESK)
    transact(lambda session: erase(session, [("staff", eva)]))
    assert "Role: erased" in text_of(client.get(f"/staff/accounts/{eva}"))
    assert rows(client, f"?kind=staff&record={eva}")[-1].endswith("Test desk Role")


def test_an_entry_without_a_change_has_no_line_for_it_on_a_phone(client: FlaskClient, acts: StaffId) -> None:
    assert '<td data-label="What changed"></td>' in client.get("/staff/audit?what=reminded").text


def test_places_of_a_design_are_found_by_what_they_stand_in(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    wrote(BY_SYSTEM, "changed", "badge_design", 1, **{"front.0.size": "9", "front.1.size": "8"})
    (row,) = rows(client, "?field=front")
    assert row.endswith("history Front")


def test_one_is_told_as_one(client: FlaskClient, acts: StaffId) -> None:
    client.get("/staff/audit/export?what=reminded")
    assert "History taken out as a file (1 entry)" in rows(client, "?what=looks")[0]
    seal_due()
    wrote(BY_SYSTEM, "reminded", "speaker", 6)
    assert "1 entry waits to be sealed." in text_of(client.get("/staff/audit"))


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
    assert "1 thing is not as it was sealed" in text_of(client.get("/staff/audit"))
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
