"""Badges printed by designs: with logos, by a design that is not shipped, of strange names; pictures that are refused."""

import base64
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from conference.printing.badges import badge_sheet_pdf
from conference.printing.design_check import check_design, faults_of
from conference.printing.design_model import Design
from conference.printing.design_pictures import clean_picture, with_picture
from conference.printing.design_samples import LONGEST, SHORTEST, USUAL, sample_people
from conference.printing.design_schema import design_as_json, design_as_text, design_of, read_design
from conference.printing.design_shipped import shipped_designs
from conference.printing.errors import DesignFaultsError, DesignSizeError, LogoKindError
from conference.printing.plans import plan_for
from conference.printing.preflight import preflight
from conference.printing.sheets import A6, A7, SHEETS
from conference.speakers.errors import PictureBrokenError, PicturePixelsError
from tests.factories.designs import another_design, design_values, element_of
from tests.factories.paper import needs_renderer, scanned, text_of
from tests.factories.pictures import a_picture
from tests.factories.printing import badge_person


def huge_png() -> bytes:
    made = BytesIO()
    Image.new("1", (10_000, 6_000)).save(made, "PNG")
    return made.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://elsewhere.example/x.png"/></svg>'


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (huge_png(), PicturePixelsError),
        (SVG, LogoKindError),
        (b'<?xml version="1.0"?>' + SVG, LogoKindError),
        (b"", LogoKindError),
        (b"GIF89a" + b"\0" * 40, LogoKindError),
        (a_picture("PNG")[:200], PictureBrokenError),
        (a_picture("JPEG")[:300], PictureBrokenError),
    ],
    ids=["60 megapixels", "SVG", "SVG with XML", "nothing", "GIF", "half a PNG", "half a JPEG"],
)
def test_a_picture_that_cannot_be_is_refused(data: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        clean_picture(data)
    value = design_values() | {"pictures": {"logo": base64.b64encode(data).decode()}}
    if data:
        with pytest.raises(DesignFaultsError, match=r"pictures\.logo"):
            design_of(value, clean_picture)


def test_a_logo_is_drawn_anew_and_kept_small() -> None:
    made = clean_picture(a_picture("PNG", size=(3000, 1500)))
    with Image.open(BytesIO(made)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 600))


def with_logo(key: str = "a7") -> Design:
    value = design_values(key)
    element_of(value, "logo")["is_shown"] = True
    if key == "card":  # where it stands instead of the organisers' names
        element_of(value, "organisers")["is_shown"] = False
    return with_picture(design_of(value), "logo", a_picture("PNG", size=(300, 100)))


@pytest.mark.parametrize("key", ["a7", "a6", "card"])
def test_a_design_with_a_logo_can_be_printed_and_goes_to_a_file_and_back(key: str) -> None:
    design = with_logo(key)
    check_design(design)
    again = read_design(design_as_text(design), clean_picture)
    assert design_as_json(again) == design_as_json(design)
    sheet = {"a7": "a7", "a6": "a6", "card": "1456-02"}[key]
    people = [badge_person("Åsa", "Lind", number, affiliation="KI") for number in range(3)]
    printed = badge_sheet_pdf(people, sheet=SHEETS[sheet], design=design, event_title="Event")
    assert printed.pdf.count(b"/Subtype /Image") == 1
    assert "Åsa" in text_of(printed.pdf)
    assert [one.field for one in faults_of(replace(design, pictures={}))] == ["picture"]


@pytest.mark.parametrize("key", ["a7", "a6", "roll"])
def test_a_shipped_design_stays_sound_with_everything_that_can_be_shown(key: str) -> None:
    value = design_values(key)
    for side in (value["front"], value.get("back", [])):
        for one in side:
            for part in (one, *one.get("names", ()), *one.get("details", ())):
                part.pop("is_shown", None)
                if part.get("field") == "words":
                    part["words"] = "Free text"
    design = with_picture(design_of(value), "logo", a_picture("PNG", size=(300, 100)))
    assert faults_of(design) == ()
    sheet = {"a7": "a7", "a6": "a6", "roll": "99015"}[key]
    person = badge_person("Åsa", "Lind", title="Dr.", letters="MD", affiliation="KI")
    printed = badge_sheet_pdf([person], sheet=SHEETS[sheet], design=design, event_title="Event")
    assert [
        one for one in ("Dr.", "Åsa", "Lind", "MD", "KI", "Sweden") if one not in text_of(printed.pdf)
    ] == []


def test_a_seventh_picture_is_refused() -> None:
    design = design_of(design_values())
    for number in range(6):
        design = with_picture(design, f"logo {number}", a_picture("PNG", size=(30, 10)))
    assert len(with_picture(design, "logo 3", a_picture("PNG", size=(20, 10))).pictures) == 6
    with pytest.raises(DesignFaultsError, match="Take one out first"):
        with_picture(design, "one more", a_picture("PNG", size=(30, 10)))


def test_a_design_is_not_printed_on_labels_that_it_is_not_made_for() -> None:
    with pytest.raises(
        DesignSizeError, match=r"from 70 × 111 to 430 × 430 mm, and this sheet has 105 × 74\.25 mm"
    ):
        badge_sheet_pdf([], sheet=A7, design=shipped_designs()["a6"].design)


@needs_renderer
def test_a_fourth_design_is_a_file_and_no_code() -> None:
    design = another_design()
    check_design(design)
    people = list(sample_people().values())
    printed = badge_sheet_pdf(people, sheet=A6, design=design)
    text = text_of(printed.pdf)
    expected = [
        "Prof. Dr. med.",
        "Åsa",
        "Lindqvist",
        "MD, PhD",
        "Karolinska",
        "SAMP01",
        "Participant",
        "Ask me about �",
    ]
    assert [one for one in expected if one not in text] == []
    assert scanned(printed.pdf) == [{one.badge_code for one in people}]


def test_samples_are_the_longest_and_the_shortest_of_names() -> None:
    people = sample_people(("Speaker", 2))
    lengths = {key: len(one.given_name + one.family_name) for key, one in people.items()}
    assert lengths[SHORTEST] < lengths[USUAL] < lengths[LONGEST]
    assert {one.badge_word for one in people.values()} == {"Speaker"}
    assert preflight([people[USUAL], people[SHORTEST]], plan_for(105, 148.5)) == ()


STRANGE = [
    "X" * 120, "x", "<b>", "Tom <3 <script>", '<img src="/etc/hostname">', "A\0B", "Å" + "\u0300" * 40, "\u202eabc",
    "👩‍👩‍👧", "W\u00ad" * 60, "a b " * 100, "(\\)", "%s %(x)s {0}",
]  # fmt: skip


@pytest.mark.parametrize("key", ["a7", "a6", "l4785", "99015"])
def test_a_batch_of_strange_names_completes_and_tells_of_each(key: str) -> None:
    people = [badge_person(name, name, number) for number, name in enumerate(STRANGE, 1)]
    people += [badge_person("", "", 90), badge_person("", "Only", 91), badge_person("Last", "One", 92)]
    printed = badge_sheet_pdf(people, sheet=SHEETS[key], event_title="Event")
    assert "Last" in text_of(printed.pdf)
    left_out = {one.registration_id for one in printed.findings if one.leaves_badge_out}
    assert printed.count == len(people) - len(left_out)
    assert people[-3].registration_id in left_out
    assert people[0].registration_id in {one.registration_id for one in printed.findings}
    assert "\0" not in text_of(printed.pdf)
    assert all(str(one).endswith(".") for one in printed.findings)


def test_small_type_is_told_with_what_it_should_have() -> None:
    value = design_values("a7")
    element_of(value, "given name")["type"] |= {"largest_pt": 38, "smallest_pt": 20, "readable_pt": 37.5}
    plan = plan_for(105, 74.25, design_of(value))
    people = [badge_person("Maximilianus Charlottus", "Li"), badge_person("Bo", "Li", 2)]
    (found,) = preflight(people, plan)
    assert found.registration_id == people[0].registration_id
    assert "and under 37.5 pt it is hard to read. Enter a shorter name for the badge." in str(found)


def test_a_role_longer_than_its_band_is_told() -> None:
    person = badge_person("Åsa", badge_word="W" * 30, no_photographs=True)
    assert "badge word for the category" in str(preflight([person], plan_for(80, 50))[0])
