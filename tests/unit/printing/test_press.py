"""What a printer gets: inks only, black type, fields into the bleed, boxes that agree, and coarse pictures told."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from pikepdf import Array, Dictionary, Name, Page, Pdf

from conference.printing import colours
from conference.printing.book_model import BookletOptions
from conference.printing.errors import NotForPressError
from conference.printing.folding import folded_pdf
from conference.printing.inks import HOUSE, MOST_INK, inks_of
from conference.printing.job_sheet import MOST_WORDS, Order, job_facts, job_sheet_pdf
from conference.printing.press import MARGIN_MM, CoarsePicture, press_file
from conference.printing.programme import programme_pdf
from conference.printing.typeset import PT_PER_MM
from conference.programme.model import Programme
from tests.factories.paper import checked, colour_spaces, embedded_fonts, page_texts, read_pdf, streams_of
from tests.factories.printing import (
    EVENT,
    FIRST_DAY,
    ORGANISERS,
    a_long_session,
    a_programme,
    a_wide_day,
    no_sessions,
)

INK_OPERATORS = {"k", "K"}
OTHER_COLOURS = {"rg", "RG", "g", "G", "cs", "CS", "sc", "SC", "scn", "SCN", "sh", "INLINE IMAGE"}
SHOWS = {"Tj", "TJ", "'", '"'}
A5 = (419.53, 595.28)


def made(*contents: str, pictures: Callable[[Pdf], Dictionary] | None = None) -> bytes:
    """Return a document of A5 pages with these operators."""
    pdf, out = Pdf.new(), BytesIO()
    for content in contents:
        resources = Dictionary(XObject=pictures(pdf)) if pictures else Dictionary()
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, *A5]),
            Resources=resources,
            Contents=pdf.make_stream(content.encode()),
        )
        pdf.pages.append(Page(pdf.make_indirect(page)))
    pdf.save(out)
    return out.getvalue()


def operators(content: bytes) -> list[tuple[str, list[float]]]:
    return streams_of(content)[0]


def a_picture(pdf: Pdf, data: bytes, width: int, height: int, space: Name = Name.DeviceRGB) -> Dictionary:
    stream = pdf.make_stream(data)
    for name, value in (
        ("/Type", Name.XObject),
        ("/Subtype", Name.Image),
        ("/Width", width),
        ("/Height", height),
        ("/ColorSpace", space),
        ("/BitsPerComponent", 8),
    ):
        stream[name] = value
    return Dictionary(Im=stream)


@pytest.mark.usefixtures("office")
def test_the_whole_booklet_is_in_inks_with_black_type() -> None:
    booklet = programme_pdf(a_programme(3), EVENT, ORGANISERS, options=BookletOptions(page="A5"))
    press = press_file(booklet)
    shown = 0
    for stream in streams_of(press.pdf):
        assert {name for name, _ in stream} & OTHER_COLOURS == set()
        stack, fill = [], [0.0, 0.0, 0.0, 1.0]
        for name, numbers in stream:
            if name in INK_OPERATORS:
                assert sum(numbers) <= MOST_INK / 100
                assert len(numbers) == 4
            if name == "k":
                fill = numbers
            elif name == "q":
                stack.append(fill)
            elif name == "Q":
                fill = stack.pop()
            elif name in SHOWS:
                shown += 1
                assert fill in ([0, 0, 0, 1], [0, 0, 0, 0])
    assert shown > 200
    assert colour_spaces(press.pdf) <= {"mask", "/DeviceCMYK", "/DeviceGray"}
    assert checked(press.pdf) == []
    assert set(embedded_fonts(press.pdf).values()) == {True}
    assert set(press.fonts) == set(embedded_fonts(press.pdf))
    pages = read_pdf(press.pdf).pages
    assert (len(pages) % 4, len(pages), len(pages) - press.blank) == (
        0,
        press.pages,
        len(page_texts(booklet)),
    )


def test_boxes_agree_and_marks_stand_outside_the_bleed() -> None:
    page = read_pdf(press_file(made("0 0 10 10 re f")).pdf).pages[0]
    margin, bleed = MARGIN_MM * PT_PER_MM, 3 * PT_PER_MM
    assert [float(one) for one in page.trimbox] == pytest.approx(
        [margin, margin, margin + A5[0], margin + A5[1]], abs=0.01
    )
    assert [float(one) for one in page.bleedbox] == pytest.approx(
        [margin - bleed, margin - bleed, margin + A5[0] + bleed, margin + A5[1] + bleed], abs=0.01
    )
    assert [float(one) for one in page.mediabox] == pytest.approx(
        [0, 0, A5[0] + 2 * margin, A5[1] + 2 * margin], abs=0.01
    )
    marks = [numbers for name, numbers in operators(press_file(made("")).pdf) if name in {"m", "l"}]
    assert len(marks) == 16
    left, bottom, right, top = (float(one) for one in page.bleedbox)
    assert all(x < left or x > right or y < bottom or y > top for x, y in marks)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("0 0 419.53 100 re f", [-8.504, -8.504, 436.538, 108.504]),
        ("0 500 200 95.28 re f", [-8.504, 500, 208.504, 103.784]),
        ("20 20 100 100 re f", [20, 20, 100, 100]),
        # Seen through a matrix: the page's whole, drawn in half units and from the top.
        ("q 2 0 0 -2 0 595.28 cm 0 0 209.765 297.64 re f Q", [-4.252, 301.892, 218.269, -306.144]),
    ],
)
def test_a_field_that_reaches_the_edge_goes_into_the_bleed(field: str, expected: list[float]) -> None:
    boxes = [numbers for name, numbers in operators(press_file(made(field)).pdf) if name == "re"]
    assert boxes == [pytest.approx(expected, abs=0.01)]


def test_type_is_black_and_fields_keep_their_inks() -> None:
    content = "0 0.447 0.698 rg 10 10 50 50 re f BT (a) Tj ET 10 80 50 50 re f 1 1 1 rg BT (b) Tj ET"
    told = [
        (name, numbers)
        for name, numbers in operators(press_file(made(content)).pdf)
        if name in {"k", "re", "Tj"}
    ]
    blue = ("k", [1, 0.45, 0, 0.05])
    assert told == [
        blue,
        ("re", [10, 10, 50, 50]),
        ("k", [0, 0, 0, 1]),
        ("Tj", []),
        blue,
        ("re", [10, 80, 50, 50]),
        ("k", [0, 0, 0, 0]),
        ("Tj", []),
    ]


def test_pictures_become_inks_and_coarse_ones_are_listed() -> None:
    red_and_grey = bytes([255, 0, 0, 128, 128, 128])
    content = made("q 72 0 0 36 50 50 cm /Im Do Q", pictures=lambda pdf: a_picture(pdf, red_and_grey, 2, 1))
    press = press_file(content)
    assert press.coarse == (CoarsePicture(page=1, width_px=2, height_px=1, dpi=2),)
    assert colour_spaces(press.pdf) == {"/DeviceCMYK"}
    picture = read_pdf(press.pdf).pages[0]["/Resources"]["/XObject"]["/Im"].get_object()  # type: ignore[index]  # pypdf types resources loosely
    assert picture.get_data() == bytes([0, 255, 255, 0, 0, 0, 0, 127])


def test_a_picture_with_a_colour_that_is_not_printed_is_refused() -> None:
    def named(pdf: Pdf) -> Dictionary:
        found = a_picture(pdf, bytes(3), 1, 1)
        found.Im.Mask = Array([0, 0, 0, 0, 0, 0])
        return found

    with pytest.raises(NotForPressError, match="four inks: Mask"):
        press_file(made("q 9 0 0 9 0 0 cm /Im Do Q", pictures=named))


def test_a_fine_picture_inside_a_form_is_not_listed() -> None:
    def named(pdf: Pdf) -> Dictionary:
        form = pdf.make_stream(b"q 1 0 0 1 0 0 cm /Im Do Q")
        form["/Type"], form["/Subtype"] = Name.XObject, Name.Form
        form["/BBox"], form["/Matrix"] = Array([0, 0, 1, 1]), Array([24, 0, 0, 24, 0, 0])
        form["/Resources"] = Dictionary(XObject=a_picture(pdf, bytes(300 * 100 * 3), 300, 100))
        return Dictionary(Fm=form)

    fine = press_file(made("/Fm Do", pictures=named))
    coarse = press_file(made("3.2 0 0 3.2 0 0 cm /Fm Do", pictures=named))
    assert (fine.coarse, colour_spaces(fine.pdf)) == ((), {"/DeviceCMYK"})
    assert [one.dpi for one in coarse.coarse] == [93]


@pytest.mark.parametrize(
    "content", ["/Cs1 cs 1 scn 0 0 9 9 re f", "/Sh1 sh", "BI /W 1 /H 1 /BPC 8 /CS /G ID x EI"]
)
def test_a_colour_without_known_inks_is_refused(content: str) -> None:
    with pytest.raises(NotForPressError, match="cannot be printed in four inks"):
        press_file(made(content))


def test_every_colour_of_the_house_has_chosen_inks() -> None:
    house = {colours.INK, colours.SOFT, colours.LINE, colours.WASH, colours.ACTION, colours.GOOD}
    house |= {*colours.TRACKS.values(), *colours.WASHES.values()}
    assert house <= set(HOUSE)
    assert all(sum(inks) <= MOST_INK for inks in HOUSE.values())
    assert inks_of(0x17, 0x20, 0x2A) == (0, 0, 0, 100)
    assert inks_of(0, 0x72, 0xB2) == (100, 45, 0, 5)


@pytest.mark.parametrize("colour", [(255, 0, 0), (1, 2, 3), (12, 200, 90), (0, 0, 0), (255, 255, 255)])
def test_any_other_colour_dries(colour: tuple[int, int, int]) -> None:
    inks = inks_of(*colour)
    assert 0 <= min(inks) <= max(inks) <= 100
    assert sum(inks) <= 200


@pytest.mark.usefixtures("office")
def test_a_job_sheet_of_many_coarse_pictures_stays_one_page_and_counts_them() -> None:
    coarse = tuple(CoarsePicture(page=page, width_px=90, height_px=60, dpi=72) for page in range(1, 31))
    press = replace(press_file(made("")), coarse=coarse)
    order = Order(copies=1_000_000, paper="p" * MOST_WORDS, binding="b" * MOST_WORDS)
    sheet = job_sheet_pdf(press, order, EVENT, ORGANISERS, "Version 3", FIRST_DAY)
    (page,) = page_texts(sheet)
    told = " ".join(page.split())
    assert "under 300 dpi: page 1: 72 dpi (90 × 60 dots); page 2" in told
    assert "and 10 more" in told
    assert "Pages 4, the last 3 of them blank, single, in reading order" in told
    assert (checked(sheet), set(embedded_fonts(sheet).values())) == ([], {True})


@pytest.mark.usefixtures("office")
def test_a_job_sheet_says_what_is_not_decided() -> None:
    facts = dict(job_facts(press_file(made("")), Order(), EVENT, (), "Version 3", FIRST_DAY))
    assert (facts["Copies"], facts["Paper"]) == ("to be agreed", "to be agreed")
    assert facts["Pictures"] == "none under 300 dpi"


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    "programme", [no_sessions(), a_long_session(), a_wide_day(12)], ids=["none", "long", "wide"]
)
def test_odd_programmes_are_pressed_and_folded(programme: Programme) -> None:
    booklet = programme_pdf(programme, EVENT, ORGANISERS, options=BookletOptions(page="A5"))
    press, folded = press_file(booklet), folded_pdf(booklet)
    assert (press.pages % 4, checked(press.pdf), checked(folded)) == (0, [], [])
    assert len(read_pdf(folded).pages) == press.pages // 2
    told = " ".join(" ".join(page_texts(press.pdf)).split())
    titles = [talk.title for session in programme.sessions for talk in session.talks]
    assert [title for title in titles if title not in told] == []
