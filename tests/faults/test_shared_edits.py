"""What two forms share is seen by both, and what names no version is merged by a rule or refused (trust.md 15 and 16).

Two of the office, in two processes, on both databases.
"""

from dataclasses import dataclass

import pytest

from conference.audit.model import BY_SYSTEM
from conference.campaigns.queries import get_campaign
from conference.core.ids import CampaignId, RegistrationId, RoomId
from conference.db.base import db
from conference.db.work import transact
from conference.editor.reading import minutes_of
from conference.event.queries import walks
from conference.registration.category_queries import categories
from conference.registration.listing import tags_of
from conference.registration.model import State
from conference.registration.queries import get_registration
from conference.registration.tagging import tag
from tests.factories.office import Office
from tests.factories.programme import at
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

# One record behind two forms, or two records that one fact joins


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """`theirs` is typed in another process into a form that shares something with the one that `mine` is typed into."""

    their_page: str
    their_endpoint: str
    theirs: dict[str, str]
    my_page: str
    my_endpoint: str
    mine: dict[str, str]


SHARED = {
    "a person, and the registration of that person": Shared(
        their_page="/staff/people/{shared_person}/edit", their_endpoint="people.edit", theirs={"letters": "PhD"},
        my_page="/staff/registrations/{shared_registration}/change", my_endpoint="registration.office_change",
        mine={"letters": "MD"},
    ),
    "a payment, and the invoice that it pays": Shared(
        their_page="/staff/registrations/{invoiced_id}/invoice", their_endpoint="registration.office_invoice",
        theirs={"invoice-city": "Uppsala"},
        my_page="/staff/registrations/{invoiced_id}/payment", my_endpoint="registration.payment",
        mine={"reference": "7"},
    ),
    "a session's title, and its place": Shared(
        their_page="/staff/programme/session/{session_id}/edit", their_endpoint="programme.edit_session",
        theirs={"title": "Another title"},
        my_page="/staff/programme/session/{session_id}", my_endpoint="programme.move_session", mine={"time": "12:00"},
    ),
    "a room's hours, and its name": Shared(
        their_page="/staff/rooms/{spare_room}", their_endpoint="event.room",
        theirs={"opens_1": "08:00", "closes_1": "18:00"},
        my_page="/staff/rooms/{spare_room}", my_endpoint="event.room", mine={"name": "Named anew"},
    ),
    "a walk, at its other end": Shared(
        their_page="/staff/rooms/{room_id}", their_endpoint="event.room", theirs={"walk_{spare_room}": "7"},
        my_page="/staff/rooms/{spare_room}", my_endpoint="event.room", mine={"walk_{room_id}": "9"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SHARED)
def test_who_edits_what_another_changed_by_another_form_is_told(office: Office, what: str) -> None:
    one = SHARED[what]
    theirs = {office.address(name): value for name, value in one.theirs.items()}
    mine = {office.address(name): value for name, value in one.mine.items()}
    page = office.address(one.my_page)
    older = office.here.open(page, one.my_endpoint, next(iter(mine)))
    assert office.elsewhere.save(office.address(one.their_page), one.their_endpoint, theirs) == 303
    refused = office.here.send(older, **mine)
    assert refused.status_code == 409
    kept = office.here.form_of(refused, page, one.my_endpoint, next(iter(mine)))
    assert {name: kept.value(name) for name in mine} == mine


def test_a_walk_that_was_refused_is_as_the_first_left_it(office: Office) -> None:
    one, other = office.values["room_id"], office.values["spare_room"]
    page = f"/staff/rooms/{other}"
    older = office.here.open(page, "event.room")
    assert office.elsewhere.save(f"/staff/rooms/{one}", "event.room", {f"walk_{other}": "11"}) == 303
    assert office.here.send(older, name="Only the name").status_code == 409
    db.session.rollback()
    assert walks()[RoomId(one), RoomId(other)] == 11


def test_the_editors_script_is_told_of_an_edit_by_the_form(office: Office) -> None:
    """The schedule's editor sends JSON, and names the revision of each session that it moves."""
    client, session_id = office.here.client, office.values["session_id"]
    token = token_of(client, "/staff/schedule")
    data = client.get("/staff/schedule/data", headers={"Accept": "application/json"}).json
    assert data is not None
    page = f"/staff/programme/session/{session_id}/edit"
    typed = {"title": f"Revised {data['revision']}"}
    assert office.elsewhere.save(page, "programme.edit_session", typed) == 303
    body = {
        "act": "put", "key": f"key-{data['revision']:06}", "revision": data["revision"],
        "seen": {str(one["id"]): one["revision"] for one in data["sessions"]},
        "placements": [{"session": session_id, "room": office.values["room_id"], "at": minutes_of(at("18:00")), "minutes": 60}],
    }  # fmt: skip
    headers = {"Accept": "application/json", "X-CSRF-Token": token}
    stale = client.post("/staff/schedule/steps", json=body, headers=headers)
    assert (stale.status_code, stale.content_type) == (409, "application/problem+json")
    unseen = client.post(
        "/staff/schedule/steps", json=body | {"seen": {}, "key": "key-unseen"}, headers=headers
    )
    assert unseen.status_code == 428


# What names no version


def _order() -> list[str]:
    db.session.rollback()
    return [one.name for one in categories()]


def test_two_moves_of_one_category_are_both_done(office: Office) -> None:
    page, endpoint = "/staff/categories", "registration.move_category"
    first, second, third, *rest = _order()
    older = office.here.open(page, endpoint)  # of the first: down
    assert office.elsewhere.save(page, endpoint, {}) == 303
    assert _order()[:3] == [second, first, third]
    assert office.here.send(older).status_code == 303
    assert _order() == [second, third, first, *rest]


def test_two_audiences_that_are_added_at_once_are_both_kept(office: Office) -> None:
    page, endpoint = office.address("/staff/campaigns/{campaign_id}"), "campaigns.audience"
    one = CampaignId(office.values["campaign_id"])
    before = len(get_campaign(one).audiences)
    older = office.here.open(page, endpoint, "address")
    assert office.elsewhere.save(page, endpoint, {"act": "stages", "stages": "open"}, "address") == 303
    assert office.here.send(older, act="stages", stages="confirmed").status_code == 303
    db.session.rollback()
    assert len(get_campaign(one).audiences) == before + 2


def _tags(one: RegistrationId) -> tuple[str, ...]:
    db.session.rollback()
    return tags_of([one]).get(one, ())


def test_a_tag_that_another_renamed_meanwhile_is_not_found(office: Office) -> None:
    one = register_attendee(make_category("Tagged"), email="tagged@x.example")
    transact(lambda session: tag(session, one, "press", actor=BY_SYSTEM))
    page, endpoint = "/staff/tags", "registration.tags"
    older = office.here.open(page, endpoint)
    assert office.elsewhere.save(page, endpoint, {"act": "rename", "name": "media"}) == 303
    refused = office.here.send(older, act="rename", name="journalists")
    assert (refused.status_code, "Nobody has the tag press any more." in refused.text) == (409, True)
    assert _tags(one) == ("media",)


def test_who_was_answered_meanwhile_is_answered_once(office: Office) -> None:
    one = register_attendee(make_category("Asked", needs_approval=True), email="asked@x.example")
    page, endpoint = "/staff/approvals", "registration.approvals"
    older = office.here.open(page, endpoint)
    declined = {"chosen": str(one), "answer": "decline", "reason": "Full"}
    assert office.elsewhere.save(page, endpoint, declined) == 303
    assert office.here.send(older, chosen=str(one), answer="approve").status_code == 400
    db.session.rollback()
    assert get_registration(one).state is State.DECLINED


def test_who_ends_a_registration_twice_ends_it_once(office: Office) -> None:
    one = register_attendee(make_category("Ends"), email="ends@x.example")
    page, endpoint = f"/staff/registrations/{one}/end", "registration.office_end"
    older = office.here.open(page, endpoint)
    assert office.elsewhere.save(page, endpoint, {"state": "cancelled"}) == 303
    # Both meant the same, so that neither is told of a fault; who meant another end is.
    assert office.here.send(older, state="cancelled").status_code == 303
    assert office.here.send(older, state="withdrawn").status_code == 409
    db.session.rollback()
    assert get_registration(one).state is State.CANCELLED
