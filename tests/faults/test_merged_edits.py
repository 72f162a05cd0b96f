"""What names no version is merged by a rule, or refused (trust.md 16): two of the office, in two processes, on both databases."""

from conference.audit.model import BY_SYSTEM
from conference.campaigns.queries import get_campaign
from conference.core.ids import CampaignId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.registration.category_queries import categories
from conference.registration.listing import tags_of
from conference.registration.model import State
from conference.registration.queries import get_registration
from conference.registration.tagging import tag
from tests.factories.office import Office
from tests.factories.registration import make_category, register_attendee


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
