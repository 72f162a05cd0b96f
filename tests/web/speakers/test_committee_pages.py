"""The pages of the programme committee: the office's, the member's own, and where the public reads of them."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.core.ids import PersonId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.queries import mails_about
from conference.programme.model import Kind
from conference.registration.queries import get_registration
from conference.speakers import committee
from conference.speakers.committee_queries import members
from conference.speakers.model import Interest, Member, Membership
from conference.speakers.queries import disclosures_of
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.mail import words_of_html
from tests.factories.programme import at, make_person, make_room, make_session, publish_now
from tests.factories.registration import make_category, register_attendee
from tests.factories.speakers import (
    make_member_of_committee,
    make_speaker,
    make_speaker_category,
    sign_disclosure,
    speaker_url,
    stored_person,
)
from tests.factories.web import token_of

LIST = "/staff/speakers/committee"
NEW = f"{LIST}/new"


def text_of(html: str) -> str:
    return " ".join(words_of_html(html))


def _plain(language: str = "") -> Membership:
    return Membership(language=language)


def _person_of(registration_id: RegistrationId) -> PersonId:
    return transact(lambda session: get_registration(registration_id, session).person_id)


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.PROGRAMME)
    return client


def on_it() -> list[Member]:
    db.session.remove()
    return members()


def add(client: FlaskClient, **typed: str) -> tuple[int, str]:
    """Send the form, and return the answer's status and what it says."""
    answer = client.post(NEW, data={"csrf_token": token_of(client, NEW), "language": "en", **typed})
    return answer.status_code, text_of(answer.text)


def press(client: FlaskClient, page: str, act: str, **typed: str) -> int:
    data = {"csrf_token": token_of(client, page), **typed}
    return client.post(f"{page}/{act}", data=data).status_code


def test_a_person_with_a_record_and_somebody_new_are_added(editor: FlaskClient) -> None:
    known = make_person("Bo", "Alm")
    assert "The members of the programme committee stand here" in editor.get(LIST).text
    assert f"Bo Alm (#{known})" in editor.get(NEW).text
    assert add(editor, person=f"Bo Alm (#{known})", duty="Chair")[0] == 303
    typed = {"given_name": "Zoë", "family_name": "van der Berg", "email": "zoe@x.example", "language": "de"}
    assert add(editor, **typed, affiliation="Straße <b>9</b>")[0] == 303
    first, second = on_it()
    assert (first.person.id, first.membership.duty) == (known, "Chair")
    assert (second.person.name, second.person.details.affiliation) == ("Zoë van der Berg", "Straße <b>9</b>")
    assert second.membership.language == "de"
    page = editor.get(LIST).text
    assert "Straße &lt;b&gt;9&lt;/b&gt;" in page
    assert "Disclosures signed: 0 of 2." in page


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ({}, "Choose a person from the list, or enter the name of somebody new."),
        ({"duty": "Chair"}, "Choose a person from the list, or enter the name of somebody new."),
        ({"person": "Twin One"}, "Nobody, or more than one, has this name. Choose the person from the list."),
        ({"person": "Nobody"}, "Nobody, or more than one, has this name. Choose the person from the list."),
        ({"person": "Only Once", "given_name": "Zoë"}, "You chose a person and entered somebody new."),
        ({"affiliation": "Lab"}, "Enter a given name, or a family name where there is only one."),
        ({"given_name": "Zoë", "email": "no address"}, "e-mail address"),
        ({"given_name": "Zoë", "email": "ylva@committee.example"}, "This address belongs to Ylva Öst (#"),
        ({"person": "Ylva Öst"}, "Ylva Öst is on the programme committee already."),
        ({"person": "Gone (#99999)"}, "This person’s record does not exist any more."),
    ],
)
def test_a_refusal_names_the_remedy_and_keeps_what_was_typed(
    editor: FlaskClient, typed: dict[str, str], remedy: str
) -> None:
    make_member_of_committee("Ylva")
    for name in ("Twin", "Twin"):
        make_person(name, "One")
    make_person("Only", "Once")
    status, text = add(editor, **typed)
    assert status in {400, 409, 422}
    assert remedy in text
    answer = editor.post(NEW, data={"csrf_token": token_of(editor, NEW), "language": "sv", **typed}).text
    for value in typed.values():
        assert f'value="{value}"' in answer
    assert '<option selected value="sv">' in answer
    assert len(on_it()) == 1


def test_a_member_s_page_tells_what_they_signed_and_its_buttons_do_what_they_say(editor: FlaskClient) -> None:
    one, other = make_member_of_committee("Ylva", duty="Chair"), make_member_of_committee("Bo", email="")
    page = f"{LIST}/{one}"
    assert "mail_member" not in editor.get(f"{LIST}/{other}").text
    assert "No e-mail address" in editor.get(f"{LIST}/{other}").text
    assert press(editor, page, "mail") == 303
    assert [mail.kind for mail in mails_about("person", one)] == ["committee_link"]
    sign_disclosure(one, {Interest.SHARES: "Examplegene <AB>"})
    text = editor.get(page).text
    assert "Version 1, signed by X" in text
    assert "Examplegene &lt;AB&gt;" in text
    link = speaker_url(one)
    assert link in text
    assert press(editor, page, "renew", link_version="1") == 303
    assert stored_person(one).link_version == 2
    assert editor.get(link).status_code == 404
    # Pressed a second time on the same page it renews nothing.
    assert press(editor, page, "renew", link_version="1") == 303
    assert stored_person(one).link_version == 2
    assert press(editor, page, "move", down="1") == 303
    assert [member.person.id for member in on_it()] == [other, one]
    assert press(editor, page, "remove", revision="1") == 303
    assert [member.person.id for member in on_it()] == [other]
    assert "Ylva Öst is no longer on the committee." in editor.get(LIST).text
    assert [editor.get(page).status_code, press(editor, LIST, f"{one}/mail")] == [404, 404]


def test_no_address_is_told_where_the_mail_was_asked_for(editor: FlaskClient) -> None:
    one = make_member_of_committee("Bo", email="")
    data = {"csrf_token": token_of(editor, f"{LIST}/{one}")}
    answer = editor.post(f"{LIST}/{one}/mail", data=data)
    assert answer.status_code == 409
    assert "There is no e-mail address for Bo Öst." in text_of(answer.text)


def test_all_who_have_not_signed_are_mailed_and_the_rest_is_said(editor: FlaskClient) -> None:
    make_member_of_committee("Ylva")
    make_member_of_committee("Bo", email="")
    sign_disclosure(make_member_of_committee("Cy"))
    assert "Mail the link to the 1 who has not signed" in editor.get(LIST).text
    assert press(editor, LIST, "mail") == 303
    text = text_of(editor.get(LIST).text)
    assert "Mails with the personal link in the outbox: 1." in text
    assert "Not signed and without an e-mail address: 1." in text
    assert press(editor, LIST, "mail") == 303
    assert "mail was written to them in the last 10 minutes: 1." in text_of(editor.get(LIST).text)


def test_a_stale_page_is_refused_with_the_token_s_words(editor: FlaskClient) -> None:
    one = make_member_of_committee()
    for act in ("mail", f"{one}/mail", f"{one}/move", f"{one}/remove", f"{one}/renew"):
        answer = editor.post(f"{LIST}/{act}", data={"csrf_token": "old", "revision": "1"})
        assert (answer.status_code, "This page was open too long" in answer.text) == (400, True)
    assert len(on_it()) == 1


def test_a_viewer_reads_the_list_and_changes_nothing(client: FlaskClient) -> None:
    make_member_of_committee()
    sign_in(client, Role.VIEWER)
    page = client.get(LIST).text
    assert ("Ylva" in page, "Add a member" in page, "Mail the link" in page) == (
        True,
        False,
        False,
    )


# The member's own page


def test_a_member_sees_what_a_member_needs_and_signs(client: FlaskClient) -> None:
    make_speaker_category()
    one = make_member_of_committee(duty="Chair <1>")
    url = speaker_url(one)
    text = client.get(url).text
    words = text_of(text)
    assert "You are a member of the programme committee: Chair <1>." in words
    assert "Disclose your interests" in words
    for absent in (
        "My profile",
        "Times when I cannot",
        "Confirm",
        "I cannot take part",
        "Slides",
        "My portrait",
    ):
        assert absent not in words
    assert re.findall(rf'href="({url}/\w+)"', text) == [f"{url}/disclosure"]
    data = {"csrf_token": token_of(client, f"{url}/disclosure"), "is_nothing": "y", "signed_name": "Ylva Öst"}
    assert client.post(f"{url}/disclosure", data=data).status_code == 303
    words = text_of(client.get(url).text)
    assert "Version 1 was signed by Ylva Öst" in words
    assert ("What is missing" in words, "Sign a new version" in words) == (False, True)
    assert [one.version for one in disclosures_of(one)] == [1]


@pytest.mark.parametrize("page", ["profile", "times", "portrait", "portrait.webp"])
def test_pages_of_speakers_are_not_there_for_a_mere_member(client: FlaskClient, page: str) -> None:
    one = make_member_of_committee()
    assert client.get(f"{speaker_url(one)}/{page}").status_code == 404


@pytest.mark.parametrize("act", ["", "/decline", "/profile", "/times", "/portrait", "/portrait/remove"])
def test_a_mere_member_neither_confirms_nor_declines_a_part(client: FlaskClient, act: str) -> None:
    one = make_member_of_committee()
    url = speaker_url(one)
    data = {"csrf_token": token_of(client, f"{url}/disclosure")}
    assert client.post(f"{url}{act}", data=data).status_code == 404


def test_who_is_registered_as_anybody_is_still_sees_the_member_s_page_alone(client: FlaskClient) -> None:
    person_id = _person_of(register_attendee(make_category(), email="asa@x.example"))
    transact(lambda session: committee.add_member(session, person_id, _plain(), actor=BY_SYSTEM))
    words = text_of(client.get(speaker_url(person_id)).text)
    assert "You are a member of the programme committee." in words
    assert "You have confirmed" not in words
    assert "Change my details" not in words


def test_who_speaks_too_sees_both_and_one_disclosure_is_asked(client: FlaskClient) -> None:
    make_speaker_category()
    person_id = make_speaker(1)
    transact(lambda session: committee.add_member(session, person_id, _plain(), actor=BY_SYSTEM))
    text = client.get(speaker_url(person_id)).text
    words = text_of(text)
    assert "You are a member of the programme committee." in words
    assert "My profile" in words
    assert words.count("Disclose your interests") == 1


def test_the_member_s_page_speaks_their_language(client: FlaskClient) -> None:
    one = make_member_of_committee()
    transact(lambda session: committee.edit_member(session, one, 1, _plain(language="sv"), actor=BY_SYSTEM))
    assert "Du sitter i programkommittén." in client.get(speaker_url(one)).text


# What else tells of them


def test_publishing_names_who_has_not_signed_with_the_way_to_the_remedy(editor: FlaskClient) -> None:
    make_session("Lunch", kind=Kind.BREAK, room_id=make_room("Aula"), start=at("09:00"))
    page = "/staff/programme/publish"
    assert "Before a final version" not in editor.get(page).text
    one = make_member_of_committee("Ylva", duty="Chair")
    text = editor.get(page).text
    assert "Ylva Öst (Chair) has not signed a disclosure of interests." in text_of(text)
    assert f'href="{LIST}"' in text.partition("Before a final version")[2]
    data = {"csrf_token": token_of(editor, page), "is_final": "y", "telling": "now", "when": "now"}
    seen = re.search(r'name="draft_revision"[^>]*value="(\d+)"', text)
    assert seen
    answer = editor.post(page, data=data | {"draft_revision": seen[1]})
    assert answer.status_code == 409
    refusal = text_of(answer.text)
    assert "who have not signed a disclosure of interests: “Ylva Öst”." in refusal
    sign_disclosure(one)
    assert editor.post(page, data=data | {"draft_revision": seen[1]}).status_code == 303


def test_the_overdue_list_names_a_member_with_the_duty(editor: FlaskClient) -> None:
    make_member_of_committee("Ylva", duty="Chair")
    text = text_of(editor.get("/staff/speakers/overdue").text)
    assert "Ylva Öst Programme committee, Chair Disclose your interests, by" in text


def test_what_everybody_signed_is_a_file_with_the_committee_s_duty_and_no_formula(
    editor: FlaskClient,
) -> None:
    one = make_member_of_committee("Ylva", duty="=Chair")
    make_speaker(1, given_name="Åke", family_name="Dahl", title="")
    sign_disclosure(one, {Interest.SHARES: "+Examplegene AB"})
    make_member_of_committee("Bo")
    answer = editor.get("/staff/speakers/disclosures")
    assert 'filename="disclosures.csv"' in answer.headers["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["Name"], row["Parts"], row["Programme committee"], row["Version"]) for row in found] == [
        ("Åke Dahl", "Speaker", "", ""),
        ("Bo Öst", "", "Member", ""),
        ("Ylva Öst", "", "'=Chair", "1"),
    ]
    assert (found[2]["Shares"], found[2]["Nothing to disclose"]) == ("'+Examplegene AB", "No")
    assert found[0]["Nothing to disclose"] == "Not signed"
    assert found[2]["Signed at"] == "2022-09-05 08:00"
    assert editor.get("/staff/speakers/disclosures?format=xlsx").data.startswith(b"PK")
    assert "/staff/speakers/disclosures" in editor.get("/staff/speakers/overdue").text


def test_the_public_booklet_s_page_names_the_committee_and_what_they_declared(client: FlaskClient) -> None:
    make_session("Lunch", kind=Kind.BREAK, room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    assert "committee" not in text_of(client.get("/programme/booklet").text)
    one = make_member_of_committee("Ylva", duty="Chair")
    sign_disclosure(one, {Interest.SHARES: "Examplegene AB"})
    make_member_of_committee("Bo")
    text = text_of(client.get("/programme/booklet").text)
    assert "Programme committee Ylva Öst , Chair Region Exempel" in text.replace("Öst, ", "Öst , ")
    assert "Öst, Ylva , programme committee, Chair Shares Examplegene AB" in text.replace("Ylva, ", "Ylva , ")
    assert "No disclosure received Öst, Bo (programme committee)" in text
