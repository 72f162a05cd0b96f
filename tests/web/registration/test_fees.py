"""Fees: asked in the form, due once confirmed, noted as paid singly, many at once and from a file, and exported."""

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.ids import CategoryId, RegistrationId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail.queries import mails_about
from conference.mail.tables import OutboxRow
from conference.privacy.service import erase_person
from conference.registration.fee_model import FeeState
from conference.registration.fee_queries import fee_of, find_invoice, listed_fees
from conference.registration.invoice_model import InvoiceDetails
from conference.registration.links import link_of
from conference.registration.queries import find_live_by_address
from conference.registration.service import withdraw
from conference.web.access import Role
from tests.benchmarks.servers import hidden_fields
from tests.factories.accounts import sign_in
from tests.factories.extras import make_extra
from tests.factories.registration import a_form, make_category, register_attendee
from tests.factories.registration_acts import register, registration

FIELDS = {"given_name": "Åsa", "affiliation": "KI", "country": "SE", "profession": "", "email": "a@x.example"}
INVOICE = {
    "invoice-name": "Karolinska Institutet",
    "invoice-address": "Solnavägen 1",
    "invoice-postal_code": "171 77",
    "invoice-city": "Solna",
    "invoice-country": "SE",
    "invoice-vat": "se 202100-297301",
    "invoice-reference": "Order 7",
    "invoice-email": "",
}
DETAILS = InvoiceDetails(
    name="Karolinska Institutet",
    address="Solnavägen 1",
    postal_code="171 77",
    city="Solna",
    country="SE",
    vat="SE202100297301",
    reference="Order 7",
)


@pytest.fixture
def paying(app: Flask) -> CategoryId:
    del app
    return make_category("Industry", fee_minor=25_000)


def post(client: FlaskClient, category: CategoryId, **more: str) -> tuple[int, str]:
    sent = hidden_fields(client.get("/register").text) | FIELDS | {"category": str(category)} | more
    answer = client.post("/register", data=sent)
    db.session.rollback()
    return answer.status_code, answer.text


def made(email: str = "a@x.example") -> RegistrationId:
    db.session.rollback()
    found = find_live_by_address(email)
    assert found is not None
    return found.id


def paid_by(category: CategoryId, email: str) -> RegistrationId:
    register(replace(a_form(category, email=email), invoice=DETAILS))
    return made(email)


def due(one: RegistrationId) -> int:
    db.session.rollback()
    return fee_of(registration(one)).due_minor


def fee_states() -> list[FeeState]:
    db.session.rollback()
    return [one.state for one in listed_fees(everybody=True)]


def test_nothing_is_asked_while_nothing_costs_anything(client: FlaskClient) -> None:
    category = make_category()
    assert 'id="invoice"' not in client.get("/register").text
    assert post(client, category, **INVOICE)[0] == 303
    assert find_invoice(made()).revision is None


def test_the_invoice_is_kept_and_told(client: FlaskClient, paying: CategoryId) -> None:
    assert 'id="invoice"' in client.get("/register").text
    assert post(client, paying, **INVOICE)[0] == 303
    one = made()
    assert find_invoice(one).details == DETAILS
    (mail,) = mails_about("registration", one)
    words = f"Fee: 250 EUR. An invoice follows; its reference is your registration number, {registration(one).number}."
    html = db.session.scalars(select(OutboxRow.html).where(OutboxRow.id == mail.id)).one()
    assert (words in mail.text, words in html) == (True, True)
    own = client.get(f"/r/{link_of(one, 1)}").text
    for shown in ("250 EUR", "To be paid", "Solnavägen 1", "SE202100297301"):
        assert shown in own
    assert '"vat": "SE202100297301"' in client.get(f"/r/{link_of(one, 1)}/data.json").text


def test_who_chooses_what_is_free_is_asked_nothing(client: FlaskClient, paying: CategoryId) -> None:
    free = make_category("Participant")
    assert post(client, free)[0] == 303
    assert find_invoice(made()).revision is None
    assert "An invoice follows" not in mails_about("registration", made())[0].text


def test_an_extra_that_costs_something_needs_the_invoice_too(client: FlaskClient) -> None:
    free = make_category("Participant")
    dinner = make_extra("Dinner", free, seats=5, fee_minor=6500)
    assert post(client, free, extras=str(dinner))[0] == 400
    assert post(client, free, extras=str(dinner), **INVOICE)[0] == 303
    assert due(made()) == 6500


REFUSED = [
    ({"invoice-name": ""}, "invoice-name", "Enter the organisation or person"),
    ({"invoice-address": ""}, "invoice-address", "Enter street and number"),
    ({"invoice-postal_code": ""}, "invoice-postal_code", "Enter the postcode"),
    ({"invoice-city": ""}, "invoice-city", "Enter the town"),
    ({"invoice-country": ""}, "invoice-country", "Choose the country"),
    ({"invoice-country": "XX"}, "invoice-country", "Choose a country of the list"),
    ({"invoice-vat": "12345"}, "invoice-vat", "two letters and what follows them"),
    ({"invoice-email": "no address"}, "invoice-email", "name@hospital.example"),
    ({"invoice-city": "x" * 101}, "invoice-city", "too long"),
    ({"invoice-name": "a\u202eb"}, "invoice-name", "cannot be printed"),
]


@pytest.mark.parametrize(("more", "field", "words"), REFUSED)
def test_a_part_that_will_not_do_leads_to_it_and_loses_nothing(
    client: FlaskClient, paying: CategoryId, more: dict[str, str], field: str, words: str
) -> None:
    status, page = post(client, paying, **(INVOICE | more))
    assert status == 400
    assert (f'href="#{field}"' in page, words in page) == (True, True)
    assert ('value="Order 7"' in page, 'value="Åsa"' in page) == (True, True)


def test_the_person_changes_the_address_until_it_is_paid(client: FlaskClient, paying: CategoryId) -> None:
    one = register_attendee(paying)
    own = f"/r/{link_of(one, 1)}"
    assert "do not know yet whom the invoice goes to" in client.get(own).text
    page = client.get(f"{own}/invoice").text
    assert client.post(f"{own}/invoice", data=hidden_fields(page)).status_code == 400
    assert client.post(f"{own}/invoice", data=hidden_fields(page) | INVOICE).status_code == 303
    db.session.rollback()
    assert (find_invoice(one).details, find_invoice(one).revision) == (DETAILS, 1)
    again = hidden_fields(client.get(f"{own}/invoice").text) | INVOICE | {"invoice-city": "Stockholm"}
    assert client.post(f"{own}/invoice", data=again).status_code == 303
    stale = client.post(f"{own}/invoice", data=again | {"invoice-city": "Uppsala"})
    assert (stale.status_code, "Stockholm" in stale.text) == (409, True)
    sign_in(client, Role.ORGANISER)
    client.post(f"/staff/registrations/{one}/payment", data=_payment(client, one))
    paid = client.post(f"{own}/invoice", data=again)
    assert (paid.status_code, "This invoice is paid" in paid.text) == (409, True)
    assert "/invoice" not in client.get(own).text


def _payment(client: FlaskClient, one: RegistrationId, **more: str) -> dict[str, str]:
    page = client.get(f"/staff/registrations/{one}/payment").text
    sent = {"amount": "250", "paid_on": "2022-09-01", "reference": "T 1"} | more
    return hidden_fields(page) | sent


def test_a_payment_is_noted_corrected_and_taken_back(client: FlaskClient, paying: CategoryId) -> None:
    one = paid_by(paying, "a@x.example")
    sign_in(client, Role.ORGANISER)
    url = f"/staff/registrations/{one}/payment"
    assert 'value="250"' in client.get(url).text
    seen = _payment(client, one, amount="200")
    assert client.post(url, data=seen).status_code == 303
    assert fee_states() == [FeeState.TO_PAY]
    stale = client.post(url, data=seen | {"amount": "250"})
    assert (stale.status_code, "200" in stale.text) == (409, True)
    assert client.post(url, data=_payment(client, one)).status_code == 303
    assert fee_states() == [FeeState.PAID]
    assert "Paid" in client.get(f"/staff/registrations/{one}").text
    assert client.post(f"{url}/remove", data=_payment(client, one)).status_code == 303
    assert fee_states() == [FeeState.TO_PAY]
    acts = [entry.action for entry in history_of("registration", one)]
    assert acts[:3] == ["payment taken back", "payment noted", "payment noted"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"amount": ""}, "Enter the amount that came"),
        ({"amount": "0"}, "Enter the amount that came"),
        ({"amount": "much"}, "Enter the amount that came"),
        ({"paid_on": ""}, "Enter the day on which the money came"),
        ({"paid_on": "1 September"}, "Enter a day in the form 2022-09-01"),
    ],
)
def test_a_payment_that_cannot_be_read(
    client: FlaskClient, paying: CategoryId, more: dict[str, str], words: str
) -> None:
    one = register_attendee(paying)
    sign_in(client, Role.ORGANISER)
    answer = client.post(f"/staff/registrations/{one}/payment", data=_payment(client, one, **more))
    assert (answer.status_code, words in answer.text) == (400, True)
    assert fee_states() == [FeeState.TO_PAY]


def test_who_paid_and_withdrew_is_to_be_refunded(client: FlaskClient, paying: CategoryId) -> None:
    one = register_attendee(paying)
    sign_in(client, Role.ORGANISER)
    client.post(f"/staff/registrations/{one}/payment", data=_payment(client, one))
    transact(lambda session: withdraw(session, one, actor=BY_SYSTEM, now=clock.now()))
    assert fee_states() == [FeeState.TO_REFUND]
    page = client.get("/staff/fees?state=to_refund").text
    assert ("To be refunded" in page, "250 EUR" in page) == (True, True)


def test_many_are_noted_at_once_with_a_report(client: FlaskClient, paying: CategoryId) -> None:
    ids = [paid_by(paying, f"{n}@x.example") for n in "abc"]
    sign_in(client, Role.ORGANISER)
    client.post(f"/staff/registrations/{ids[2]}/payment", data=_payment(client, ids[2]))
    page = client.get("/staff/fees").text
    sent = hidden_fields(page) | {"paid_on": "2022-09-02"}
    nobody = client.post("/staff/fees", data=sent)
    assert (nobody.status_code, "Tick those who have paid" in nobody.text) == (400, True)
    answer = client.post("/staff/fees", data=sent | {"chosen": [str(one) for one in ids]})
    assert "Noted as paid for 2, not for 1." in answer.text
    assert "A payment is noted already" in answer.text
    assert fee_states() == [FeeState.PAID] * 3


def test_the_list_costs_the_same_whatever_its_length(client: FlaskClient, paying: CategoryId) -> None:
    sign_in(client, Role.ORGANISER)
    counts = []
    for count in (1, 3):
        for number in range(count):
            paid_by(paying, f"{count}-{number}@x.example")
        client.get("/staff/fees")
        with counted_statements() as statements:
            client.get("/staff/fees")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def _upload(client: FlaskClient, text: str) -> str:
    page = client.get("/staff/fees/import").text
    file = {"file": (BytesIO(text.encode()), "bank.csv")}
    answer = client.post("/staff/fees/import", data=hidden_fields(page) | file)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_payments_come_from_a_file_all_or_none(client: FlaskClient, paying: CategoryId) -> None:
    ids = [paid_by(paying, f"{n}@x.example") for n in "ab"]
    numbers = [registration(one).number for one in ids]
    sign_in(client, Role.ORGANISER)
    wrong = f"Number;Amount;Day of the payment\n{numbers[0]};250,00;2022-09-01\n{numbers[1]};100;2022-09-01\nZZZZZZ;250;2022-09-01\n{numbers[0]};x;2022-09-01\n"
    url = _upload(client, wrong)
    columns = {"column-number": "Number", "column-amount": "Amount", "column-paid_on": "Day of the payment"}
    sent = hidden_fields(client.get(url).text) | columns
    page = client.post(url, data=sent | {"step": "check"}).text
    for words in (
        "Noted as paid: 1",
        "The amount is not what is due: 1",
        "No registration has this number: 1",
    ):
        assert words in page
    assert "Amount or day cannot be read: 1" in page
    refused = client.post(url, data=sent | {"step": "note"})
    assert (refused.status_code, "Nothing was noted: 3 rows" in refused.text) == (409, True)
    assert fee_states() == [FeeState.TO_PAY] * 2
    right = f"Number;Amount;Day of the payment\n{numbers[0]};250,00;2022-09-01\n{numbers[1]};250;2022-09-02\n"
    url = _upload(client, right)
    assert client.post(url, data=sent | {"step": "note"}).status_code == 303
    assert fee_states() == [FeeState.PAID] * 2
    # Sent twice it changes nothing the second time.
    url = _upload(client, right)
    assert (
        "A payment is noted already, left as it is: 2" in client.post(url, data=sent | {"step": "check"}).text
    )


def test_a_file_without_a_column_says_which(client: FlaskClient, paying: CategoryId) -> None:
    sign_in(client, Role.ORGANISER)
    url = _upload(client, "Number;Sum\nABC;1\n")
    answer = client.post(url, data=hidden_fields(client.get(url).text) | {"column-number": "Number"})
    assert (answer.status_code, "Amount, Day of the payment" in answer.text) == (422, True)


def test_the_finance_office_gets_numbers_and_no_formula(client: FlaskClient, paying: CategoryId) -> None:
    form = a_form(paying, given_name="=1+1", email="a@x.example")
    register(replace(form, invoice=replace(DETAILS, name="+evil")))
    sign_in(client, Role.ORGANISER)
    client.post(f"/staff/registrations/{made()}/payment", data=_payment(client, made()))
    text = client.get("/staff/fees/export").get_data(as_text=True)
    assert ("'=1+1" in text, "'+evil" in text, ",250.0," in text) == (True, True, True)
    book = load_workbook(BytesIO(client.get("/staff/fees/export?format=xlsx").data))
    row = [cell.value for cell in book.worksheets[0][2]]
    assert (row[5], row[6], row[7], row[8]) == (250, 250, "EUR", "paid")
    assert row[9].date().isoformat() == "2022-09-01"  # type: ignore[union-attr]  # a date is what is asked
    assert row[11] == "+evil"


def test_an_address_that_was_corrected_keeps_its_invoice(client: FlaskClient, paying: CategoryId) -> None:
    assert post(client, paying, **INVOICE)[0] == 303
    sent = client.get("/register/sent").text
    answer = client.post("/register/correct", data=hidden_fields(sent) | {"email": "b@x.example"})
    assert answer.status_code == 303
    assert find_invoice(made("b@x.example")).details == DETAILS


def test_erasure_forgets_the_invoice(client: FlaskClient, paying: CategoryId) -> None:
    one = paid_by(paying, "a@x.example")
    person = registration(one).person_id
    transact(lambda session: erase_person(session, person, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    assert find_invoice(one).revision is None
