"""A speaker is written to, and reads, in their own language: the registration's, else the invitation's."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.event.tables import EventRow
from conference.mail.queries import mails_about
from conference.registration.queries import find_live_by_person
from conference.speakers import dossiers, service
from conference.speakers.model import Invitation
from conference.speakers.queries import find_invitation, speakers
from conference.speakers.reminders import remind
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.speakers import LUKASZ, make_speaker, make_speaker_category, speaker_url
from tests.factories.web import token_of

DAY = date(2022, 9, 10)
INVITED = {
    "": "Please answer by Saturday 10 September 2022: your part in ",
    "en": "Please answer by Saturday 10 September 2022: your part in ",
    "sv": "Svara senast lördag 10 september 2022: ",
    "de": "Bitte antworten Sie bis Samstag, 10. September 2022: ",
}
REMINDED = {"": "Overdue: ", "en": "Overdue: ", "sv": "Försenat: ", "de": "Überfällig: "}
HEADING = {"": "My part", "en": "My part", "sv": "Min medverkan", "de": "Meine Mitwirkung"}


def invite(person_id: PersonId, language: str) -> None:
    transact(
        lambda session: dossiers.set_invitation(
            session, person_id, Invitation().mark, DAY, language, actor=BY_SYSTEM
        )
    )
    transact(lambda session: service.send_link(session, person_id, actor=BY_SYSTEM))


@pytest.mark.parametrize("language", INVITED)
def test_invitation_reminder_and_page_are_in_the_invitations_language(
    client: FlaskClient, language: str
) -> None:
    person_id = make_speaker()
    invite(person_id, language)
    transact(lambda session: remind(session, person_id, 8))
    subjects = {mail.kind: mail.subject for mail in mails_about("person", person_id)}
    assert subjects["speaker_link"].startswith(INVITED[language])
    assert subjects["speaker_reminder"].startswith(REMINDED[language])
    page = client.get(speaker_url(person_id)).text
    assert f'<html lang="{language or "en"}">' in page
    assert HEADING[language] in page


def test_a_chosen_language_beats_that_of_the_invitation_and_that_the_browsers(client: FlaskClient) -> None:
    person_id = make_speaker()
    german = {"Accept-Language": "de"}
    assert '<html lang="de">' in client.get(speaker_url(person_id), headers=german).text
    invite(person_id, "sv")
    assert '<html lang="sv">' in client.get(speaker_url(person_id), headers=german).text
    assert '<html lang="en">' in client.get(f"{speaker_url(person_id)}?lang=en", headers=german).text
    assert '<html lang="sv">' in client.get(f"{speaker_url(person_id)}/profile").text


def test_confirming_registers_once_in_the_language_that_was_read(client: FlaskClient) -> None:
    make_speaker_category()
    person_id = make_speaker()
    invite(person_id, "de")
    url = speaker_url(person_id)
    names = ("given_name", "family_name", "email", "affiliation", "country")
    typed = {name: getattr(LUKASZ, name) for name in names}
    data = {"csrf_token": token_of(client, url), "revision": "1", **typed}
    assert [client.post(url, data=data).status_code for _ in range(2)] == [303, 303]
    db.session.remove()
    live = find_live_by_person(person_id)
    assert live is not None
    assert (live.language, live.person_id) == ("de", person_id)
    (ticket,) = mails_about("registration", live.id)
    assert ticket.subject.startswith("Sie sind angemeldet: ")
    # From now on the registration's language counts, whatever the office says of the invitation.
    seen = (find_invitation(person_id) or Invitation()).mark
    transact(lambda session: dossiers.set_invitation(session, person_id, seen, None, "sv", actor=BY_SYSTEM))
    db.session.remove()
    assert [one.language for one in speakers()] == ["de"]


def test_the_office_chooses_the_language_of_the_invitation(client: FlaskClient) -> None:
    person_id = make_speaker()
    sign_in(client, Role.PROGRAMME)
    url = f"/staff/speakers/{person_id}"
    page = client.get(url).text
    assert '<option selected value="en">English</option>' in page
    token = {"csrf_token": token_of(client, url), "seen": Invitation().mark}
    assert client.post(url, data={**token, "language": "fr"}).status_code == 400
    assert client.post(url, data={**token, "language": "sv"}).status_code == 303
    db.session.remove()
    assert find_invitation(person_id) == Invitation(language="sv")


def test_whom_to_phone_stands_on_the_page_and_in_the_mail(client: FlaskClient) -> None:
    person_id = make_speaker()
    assert "Whom to ask" not in client.get(speaker_url(person_id)).text

    def give_phone(session: Session) -> None:
        session.get_one(EventRow, 1).contact_phone = "+46 8 123 45"

    transact(give_phone)
    page = client.get(speaker_url(person_id)).text
    assert ("Whom to ask" in page, "On the phone: +46 8 123 45" in page) == (True, True)
    invite(person_id, "")
    (mail,) = mails_about("person", person_id)
    assert "On the phone: +46 8 123 45" in mail.text
