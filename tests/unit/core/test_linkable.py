import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.linkable import JOINER, defused, linkable_in

# As mail programs look for them, and written apart from the code: a scheme, "www.", an address, a word that ends in letters.
LOOSE = re.compile(r"\w://|mailto:[^\s\u2060]|www\.|[^\s\u2060]@\S|[^\W\u2060]\.[^\W\d_]{2}", re.IGNORECASE)


@pytest.mark.parametrize(
    "name",
    [
        "Åsa",
        "St. Göran",
        "St.Göran",
        "A.B. Svensson",
        "A.B.Svensson",
        "J.R.R.",
        "J.R.R.Tolkien",
        "O'Brien",
        "van der Berg",
        "李.小龙",
        "N.N.",
        "Jr.",
        "Dr.med.",
        "Prof.Dr.med.dent.",
        "Univ.-Prof. Dr.",
        "M.Sc.",
        "Ph.D.",
        "PD Dr.rer.nat.",
        "Dipl.-Ing.",
        "MD, PhD",
    ],
)
def test_a_real_name_holds_no_link(name: str) -> None:
    assert linkable_in(name) is None


@pytest.mark.parametrize(
    "affiliation",
    [
        "Universitätsklinikum Bonn e.V.",
        "AstraZeneca R&D",
        "Karolinska Institutet, Dept. of Oncology",
        "Dept.of Oncology",
        "Sveriges Kommuner och Regioner (SKR)",
        "GmbH & Co.KG",
        "Novo Nordisk A/S",
        "Centre d'Oncologie S.p.A.",
        "Roche Diagnostics (Schweiz) AG",
        "Genomics Lab @ KI",
        "CHU de Nîmes/INSERM",
        "Nr. 1.2",
        "Abt.Onkologie, Haus 3.5",
        "https",
    ],
)
def test_a_real_affiliation_holds_no_link(affiliation: str) -> None:
    assert linkable_in(affiliation, is_organisation=True) is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("You won 1000 EUR, claim it at https://evil.example/prize", "https://evil.example/prize"),
        ("HTTP://1.2.3.4", "HTTP://1.2.3.4"),
        ("www.evil", "www.evil"),
        ("evil.example", "evil.example"),
        ("x.com/prize", "x.com"),
        ("See EVIL.COM.", "EVIL.COM"),
        ("(skr.se)", "skr.se"),
        ("evil。com", "evil.com"),
        ("ｗｗｗ．ｅｖｉｌ．ｃｏｍ", "www.evil.com"),
        ("пример.рф", "пример.рф"),
        ("a.xn--p1ai", "a.xn--p1ai"),
        ("bo@evil.example", "bo@evil.example"),
        ("mailto:bo", "mailto:bo"),
        ("[win](https://evil.example)", "[win](https://evil.example)"),
        ('<a href="//evil.example">', "evil.example"),
    ],
)
@pytest.mark.parametrize("is_organisation", [False, True])
def test_what_becomes_a_link_is_named(typed: str, found: str, *, is_organisation: bool) -> None:
    assert linkable_in(typed, is_organisation=is_organisation) == found


def test_a_sign_between_words_is_for_organisations_alone() -> None:
    assert linkable_in("Bo @ KI") == "@"
    assert linkable_in("Lab@KI", is_organisation=True) == "Lab@KI"


@pytest.mark.parametrize(
    ("typed", "harmless"),
    [
        ("https://evil.example/prize", "https:|//evil|.example/prize"),
        ("www.x.com", "www|.x|.com"),
        ("bo@evil.example", "bo|@evil|.example"),
        ("mailto:bo", "mailto:|bo"),
        ("evil.zip", "evil|.zip"),
        ("www.", "www|."),
        ("evil。com", "evil|。com"),
    ],
)
def test_what_could_become_one_is_broken(typed: str, harmless: str) -> None:
    assert defused(typed) == harmless.replace("|", JOINER)


@pytest.mark.parametrize(
    "text", ["Åsa Lind", "A.B. Svensson", "350.00 EUR", "10:30", "e.V.", "Ph.D.", "Lab @ KI", "Room: 3", ""]
)
def test_what_could_not_stays_as_it_is(text: str) -> None:
    assert defused(text) is text


PIECES = st.sampled_from(
    [
        "https",
        ":",
        "//",
        "www",
        ".",
        "evil",
        "com",
        "@",
        "a",
        "é",
        " ",
        "1",
        "-",
        "/",
        "。",
        "xn--p1ai",
        JOINER,
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_nothing_is_left_of_it_and_what_was_typed_is_all_there(typed: str) -> None:
    harmless = defused(typed)
    assert LOOSE.search(harmless) is None
    assert harmless.replace(JOINER, "") == typed.replace(JOINER, "")
    assert defused(harmless) == harmless
