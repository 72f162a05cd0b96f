"""Whom each audience names, and that a page asks as often for many as for few."""

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.campaigns.audiences import candidates, of_address, of_change, of_list, of_stages
from conference.campaigns.errors import AudienceMissingError, AudienceUnknownError
from conference.campaigns.model import Audience, AudienceKind, Exclusion, Purpose
from conference.campaigns.personal import move_recipients
from conference.campaigns.service import recipients
from conference.campaigns.showing import reached, shown
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.programme.model import MoveSession
from conference.programme.queries import draft
from conference.programme.service import move_session
from conference.registration.filters import ListFilters
from conference.registration.model import State
from conference.registration.queries import get_registration
from tests.factories.campaigns import begin, figures, its_mails, make_campaign, stored, work_jobs
from tests.factories.extras import add, make_extra
from tests.factories.programme import at, make_room, make_session, part, publish_now
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw
from tests.factories.speakers import make_speaker


def named(*audiences: Audience) -> list[tuple[str, bool]]:
    """Return address and whether they have ended, of each whom the audiences name."""
    db.session.rollback()
    return sorted((one.email, one.has_ended) for one in candidates(audiences))


def test_a_filter_of_the_list_names_what_the_list_shows(app: Flask) -> None:
    category, other = make_category(), make_category("Other")
    register_attendee(category, email="a@lab.example")
    register_attendee(other, email="b@lab.example")
    withdraw(register_attendee(category, email="c@lab.example"))
    assert named(of_list(ListFilters())) == [("a@lab.example", False), ("b@lab.example", False), ("c@lab.example", True)]  # fmt: skip
    assert named(of_list(ListFilters(category_id=other))) == [("b@lab.example", False)]
    # Who asks for the withdrawn means them.
    asked = of_list(ListFilters(states=(State.WITHDRAWN,)))
    assert named(asked) == [("c@lab.example", False)]


def test_an_ended_registration_that_was_ticked_is_meant(app: Flask) -> None:
    category = make_category()
    ticked = register_attendee(category, email="a@lab.example")
    register_attendee(category, email="b@lab.example")
    withdraw(ticked)
    assert named(of_list(ListFilters(chosen=(RegistrationId(ticked),)))) == [("a@lab.example", False)]


def test_a_copied_address_is_read_as_the_list_reads_it(app: Flask) -> None:
    category = make_category()
    wanted = of_list(ListFilters(category_id=category, states=(State.CONFIRMED,)))
    query = f"category={category}&state=confirmed"
    for typed in (f"https://x.example/staff/registrations?{query}", f"?{query}", query):
        assert of_address(typed) == wanted
    for page in ("https://x.example/staff/registrations", "/staff/registrations/?text=&state="):
        assert of_address(page) == of_list(ListFilters())


@pytest.mark.parametrize(
    "typed",
    [
        "state=nowhere",
        "hello=1",
        "confirmed",
        "Oral presenters",
        "?",
        "?state=",
        "https://[x/staff/registrations",
        "https://x.example/staff/mails?state=queued",
        "https://x.example/staff/registrations/17",
        "https://x.example/staff/registrations/17?state=confirmed",
        "https://x.example/staff/registrations?category=x",
        "https://x.example/staff/registrations?confirmed",
    ],
)
def test_an_address_that_would_mean_everybody_by_mistake_is_refused(app: Flask, typed: str) -> None:
    with pytest.raises(AudienceUnknownError) as refused:
        of_address(typed)
    assert refused.value.field == "address"


@pytest.mark.parametrize("typed", ["", " "])
def test_an_empty_address_is_refused(app: Flask, typed: str) -> None:
    with pytest.raises(AudienceMissingError) as refused:
        of_address(typed)
    assert refused.value.field == "address"


def test_speakers_are_named_by_stage(app: Flask) -> None:
    make_speaker()
    make_speaker(1, clock_time="11:00")
    assert named(of_stages(["open", "nonsense"])) == [("lukasz@szpital.example", False), ("speaker1@szpital.example", False)]  # fmt: skip
    assert named(of_stages(["confirmed", "declined"])) == []
    with pytest.raises(AudienceMissingError):
        of_stages(["nonsense"])


def test_a_change_affects_who_comes_has_or_takes_part(app: Flask) -> None:
    first = make_category("First day", days="2022-09-22")
    both = make_category("Both")
    one = register_attendee(first, email="first@lab.example")
    register_attendee(both, email="both@lab.example")
    make_speaker()
    extra = make_extra("Workshop", first)
    add(one, extra)
    speaking = draft().sessions[0].id
    db.session.rollback()
    assert named(of_change("day:2022-09-22")) == [("both@lab.example", False), ("first@lab.example", False)]
    assert named(of_change("day:2022-09-23")) == [("both@lab.example", False)]
    assert named(of_change(f"extra:{extra}")) == [("first@lab.example", False)]
    assert named(of_change(f"session:{speaking}")) == [
        ("both@lab.example", False),
        ("first@lab.example", False),
        ("lukasz@szpital.example", False),
    ]


def test_a_version_affects_those_of_what_it_moved(app: Flask) -> None:
    second = make_category("Second day", days="2022-09-23")
    register_attendee(second, email="second@lab.example")
    person = make_speaker()
    room = make_room("Aula 0")
    publish_now()
    make_session("New", room_id=make_room("Aula 9"), start=at("15:00"), people=[part(person)])
    number = publish_now()
    assert named(of_change(f"version:{number}")) == []
    session = next(one for one in draft().sessions if one.title == "Session 0")
    db.session.rollback()
    move = MoveSession(
        session_id=session.id, room_id=room, start=at("09:00", day=23), expected_revision=session.revision
    )
    transact(lambda one: move_session(one, move, actor=BY_SYSTEM))
    moved = publish_now()
    assert named(of_change(f"version:{moved}")) == [("lukasz@szpital.example", False), ("second@lab.example", False)]  # fmt: skip


@pytest.mark.parametrize("value", ["day:tomorrow", "day:2021-01-01", "session:999", "session:x", "version:9", "version:", "person:1", "extra:-1"])  # fmt: skip
def test_a_change_that_there_is_not_is_refused(app: Flask, value: str) -> None:
    with pytest.raises(AudienceUnknownError):
        of_change(value)
    with pytest.raises(AudienceMissingError):
        of_change("")


def test_two_audiences_write_to_one_person_once(app: Flask) -> None:
    make_speaker(email="Asa@Lab.example")
    register_attendee(make_category())
    campaign = make_campaign(of_list(ListFilters()), of_stages(["open", "confirmed"]))
    found = recipients(stored(campaign))
    assert [one.about[0] for one in found.chosen] == ["registration"]
    assert found.left_out == {Exclusion.DUPLICATE: 1}
    begin(campaign)
    work_jobs()
    assert [mail.recipient for mail in its_mails(campaign)] == ["asa@lab.example"]


def test_two_speakers_whose_mails_one_assistant_reads_get_each_their_own(app: Flask) -> None:
    for number, name in ((1, "Ștefan"), (2, "Юлия")):
        make_speaker(number, email="office@szpital.example", given_name=name)
    campaign = make_campaign(of_stages(["open"]))
    begin(campaign)
    work_jobs()
    assert sorted(mail.recipient_name for mail in its_mails(campaign)) == [
        "Ștefan Đorđević",
        "Юлия Đorđević",
    ]
    news = make_campaign(of_stages(["open"]), purpose=Purpose.NEWS)
    assert recipients(stored(news)).left_out == {Exclusion.DUPLICATE: 1}


def test_a_speaker_who_is_not_registered_gets_the_speakers_link(app: Flask) -> None:
    make_speaker()
    campaign = make_campaign(of_stages(["open"]))
    begin(campaign)
    work_jobs()
    (mail,) = its_mails(campaign)
    assert mail.link == {"kind": "speaker", "ref": {"person_id": mail.about_id, "version": 1}}
    # A paragraph with what they have not, their number, is left out.
    assert "Your number" not in mail.text
    assert "great hall" in mail.text


def test_a_merged_person_is_a_recipient_once(app: Flask) -> None:
    category = make_category()
    ids = [register_attendee(category, email=f"{name}@lab.example") for name in ("a", "b")]
    people = [get_registration(one).person_id for one in ids]
    campaign = make_campaign()
    begin(campaign)
    work_jobs()
    transact(lambda session: move_recipients(session, people[0], people[1]))
    assert figures(campaign).recipients == 2
    other = make_campaign()
    begin(other)
    work_jobs()
    assert figures(other).sent == 0


def test_audiences_are_named_in_words(app: Flask) -> None:
    category = make_category()
    found = [
        of_list(ListFilters(category_id=category, states=(State.CONFIRMED, State.WAITING), text="Lund")),
        of_list(ListFilters()),
        of_stages(["open", "declined"]),
        of_change("day:2022-09-22"),
        Audience(kind=AudienceKind.AFFECTED, value="session:77"),
    ]
    assert [one.words for one in shown(found)] == [
        "Registrations: Confirmed, Waiting list; Participant; “Lund”",
        "All registrations",
        "Speakers: Not invited, Declined",
        "Affected by: Thursday 22 September 2022",
        "Affected by what was deleted since",
    ]


def test_looking_at_a_campaign_costs_the_same_for_many(app: Flask) -> None:
    category, counts = make_category(), []
    campaign = make_campaign(purpose=Purpose.NEWS)
    for batch in (1, 3, 9):
        for number in range(batch):
            register_attendee(category, email=f"p{batch}.{number}@lab.example")
        wanted = stored(campaign)
        with counted_statements() as statements:
            reached(wanted)
        counts.append(len(statements))
        db.session.rollback()
    assert len(set(counts[1:])) == 1
