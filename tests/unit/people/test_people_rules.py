import pytest

from conference.people.countries import countries, country_name, is_country
from conference.people.rules import orcid_is_valid, read_orcid, read_ror, ror_is_valid


# Published examples: orcid.org's own test record, one that ends in X, and the same with a digit changed.
@pytest.mark.parametrize(
    ("orcid", "valid"),
    [
        ("0000-0002-1825-0097", True),
        ("0000-0002-1694-233X", True),
        ("0000-0002-1825-0098", False),
        ("0000-0002-8125-0097", False),
        ("0000-0002-1825-009", False),
        ("0000000218250097", False),
        ("٠٠٠٠-0002-1825-0097", False),
        ("", False),
    ],
)
def test_orcid_check_character(orcid: str, valid: bool) -> None:
    assert orcid_is_valid(orcid) is valid


@pytest.mark.parametrize(
    "typed",
    [
        "0000-0002-1825-0097",
        "https://orcid.org/0000-0002-1825-0097",
        "0000000218250097",
        "0000 0002 1825 0097",
    ],
)
def test_orcid_is_read_from_each_way_it_is_written(typed: str) -> None:
    assert read_orcid(typed) == "0000-0002-1825-0097"


def test_what_is_no_orcid_stays_as_typed() -> None:
    assert read_orcid("Åsa") == "Åsa"


# Karolinska Institutet, Karolinska University Hospital, Heidelberg University, Crossref.
@pytest.mark.parametrize("ror", ["056d84691", "00m8d6786", "038t36y30", "02twcfp32"])
def test_ror_ids_of_real_organisations_are_valid(ror: str) -> None:
    assert ror_is_valid(ror)


@pytest.mark.parametrize("ror", ["056d84692", "156d84691", "056l84691", "056d8469", "", "056d84691\n"])
def test_false_ror_ids_are_refused(ror: str) -> None:
    assert not ror_is_valid(ror)


def test_ror_is_read_from_its_address() -> None:
    assert read_ror("https://ror.org/056D84691/") == "056d84691"
    assert read_ror("Karolinska") == "Karolinska"


def test_countries_are_countries() -> None:
    names = dict(countries())
    assert len(names) == 250
    assert (names["SE"], names["AX"]) == ("Sweden", "Åland Islands")
    assert [code for code in ("EU", "UN", "ZZ", "XA") if is_country(code)] == []
    assert country_name("DE") == "Germany"
    assert country_name("") == ""
    assert country_name("XX") == "XX"


def test_countries_are_sorted_without_regard_to_diacritics() -> None:
    listed = [name for _, name in countries()]
    assert listed.index("Åland Islands") == listed.index("Afghanistan") + 1
