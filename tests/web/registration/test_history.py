"""What the office reads of who did what: in words, and one row an act."""

import html
import re

from flask.testing import FlaskClient

from conference.web.access import Role
from tests.benchmarks.servers import hidden_fields
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee

ONE = "/staff/registrations/1"
ROW = re.compile(r"<tr>\s*<td class=\"nowrap\"[^>]*>(.*?)</tr>", re.DOTALL)
DETAILS = {
    "given_name": "Åsa",
    "family_name": "Lind",
    "email": "asa@lab.example",
    "affiliation": "Example Hospital",
    "country": "DE",
    "profession": "doctor",
    "no_photographs": "y",
    "consent_participants": "y",
}


def history(client: FlaskClient, url: str) -> list[str]:
    """Return the rows of the history as text, without their time."""
    page = client.get(url).text
    rows = ROW.findall(page[page.index("<h2>History</h2>") :])
    texts = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
    return [text.partition("08:00 ")[2] for text in texts]


def test_a_change_of_person_and_registration_is_one_row_in_words(client: FlaskClient) -> None:
    register_attendee(make_category())
    sign_in(client, Role.DESK)
    change = f"{ONE}/change"
    assert client.post(change, data=hidden_fields(client.get(change).text) | DETAILS).status_code == 303
    changed, registered = history(client, ONE)
    assert registered == "The public form Registered"
    who_and_what, *changes = re.split(
        r" (?=Family name:|Affiliation:|Country:|Profession:|Please do|Ticked:)", changed
    )
    assert who_and_what.startswith("Test desk Changed")
    assert set(changes) >= {
        "Country: Sweden → Germany",
        "Profession: – → Doctor",
        "Please do not photograph me: No → Yes",
        "Ticked: – → Show my name, affiliation and country in the list of participants",
    }


def test_the_end_of_a_registration_stands_in_words_with_its_reason(client: FlaskClient) -> None:
    register_attendee(make_category())
    sign_in(client, Role.DESK)
    end = f"{ONE}/end"
    fields = hidden_fields(client.get(end).text) | {"state": "cancelled", "reason": "double"}
    assert client.post(end, data=fields).status_code == 303
    assert history(client, ONE)[0] == "Test desk Cancelled: double State: Confirmed → Cancelled"


def test_a_persons_history_reads_alike(client: FlaskClient) -> None:
    register_attendee(make_category())
    sign_in(client, Role.ORGANISER)
    edit = "/staff/people/1/edit"
    fields = hidden_fields(client.get(edit).text) | DETAILS | {"affiliation_short": "EH"}
    assert client.post(edit, data=fields).status_code == 303
    changed, added = history(client, "/staff/people/1")
    assert added == "The public form Added"
    assert changed.startswith("Test organiser Changed ")
    assert "Short affiliation: – → EH" in changed
    assert "affiliation_short" not in changed
