import pytest
from flask import Flask

from conference.printing.tickets import make_ticket
from tests.factories.paper import embedded_fonts, needs_renderer, page_texts, read_pdf, scanned, text_of
from tests.factories.printing import ticket_facts

pytestmark = pytest.mark.usefixtures("office")


def test_ticket_says_what_the_door_and_the_guest_need() -> None:
    ticket = make_ticket(ticket_facts())
    assert (ticket.filename, ticket.content_type) == ("ticket-7K3M9Q.pdf", "application/pdf")
    text = text_of(ticket.content)
    expected = [
        "Cutting Edge Implementation of Precision Medicine in Europe",
        "Thursday 22 September 2022 – Friday 23 September 2022",
        "Conference Centre, Stockholm",
        "Participant",
        "Åsa Lindqvist",
        "Karolinska University Hospital",
        "7K3M9Q",
        "office@conference.example",
        "At the door",
    ]
    assert [part for part in expected if part not in text] == []
    assert len(page_texts(ticket.content)) == 1
    assert embedded_fonts(ticket.content) == {
        "Roboto-Bold": True,
        "Roboto-Regular": True,
        "Roboto-Medium": True,
    }


def test_ticket_is_titled_and_in_english() -> None:
    pdf = read_pdf(make_ticket(ticket_facts()).content)
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Ticket 7K3M9Q: Cutting Edge Implementation of Precision Medicine in Europe"
    assert pdf.trailer["/Root"]["/Lang"] == "en"  # type: ignore[index]  # pypdf types the trailer loosely


@needs_renderer
def test_ticket_can_be_scanned() -> None:
    facts = ticket_facts()
    assert scanned(make_ticket(facts).content) == [{facts["badge_code"]}]


def test_a_name_that_no_font_has_gives_way_to_the_one_for_the_badge() -> None:
    text = text_of(make_ticket(ticket_facts(full_name="李 小明", name="Li Xiaoming")).content)
    assert "Li Xiaoming" in text
    assert "Our fonts" not in text


def test_without_a_name_that_can_be_set_the_number_stands_for_it() -> None:
    text = text_of(make_ticket(ticket_facts(full_name="محمد", name="محمد")).content)
    assert "Our fonts cannot print your name. The desk finds you by the number below." in text
    assert "7K3M9Q" in text


def test_markup_and_long_texts_stay_literal_and_on_the_page(office: Flask) -> None:
    long = ticket_facts(
        full_name="<b>x</b> & <img src='/etc/hostname'>",
        affiliation="W" * 300,
        category="<i>" * 30,
        venue="v" * 200,
    )
    ticket = make_ticket(long)
    text = text_of(ticket.content)
    assert "<b>x</b> & <img" in text
    assert "<i><i>" in text
    assert "To change or withdraw your registration" in text
    assert len(page_texts(ticket.content)) == 1
