"""What a line of an imported file says: which column is which field, and the values or why they are refused."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from conference.core.errors import N_
from conference.core.linkable import linkable_in
from conference.core.text import control_characters, folded
from conference.people.countries import countries, is_country
from conference.people.model import PersonDetails
from conference.people.rules import orcid_is_valid, read_orcid, read_ror, ror_is_valid
from conference.registration.addresses import read_address
from conference.registration.model import CAREER_STAGES, PROFESSIONS
from conference.web.import_columns import columns_guessed, columns_mapped, typed_cells
from conference.web.import_errors import ColumnMissingError

# Field, how it is called, and by which other headings it is known. Compared folded.
FIELDS = {
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "email": N_("E-mail address"),
    "affiliation": N_("Affiliation"),
    "country": N_("Country"),
    "category": N_("Category"),
    "profession": N_("Profession"),
    "career_stage": N_("Career stage"),
    "title": N_("Title"),
    "letters": N_("Letters"),
    "badge_name": N_("Badge name"),
    "affiliation_short": N_("Short affiliation"),
    "orcid": N_("ORCID"),
    "ror": N_("ROR"),
    "no_photographs": N_("No photographs"),
}
# What files of invited people say instead of the rest.
INVITEE_FIELDS = {
    name: FIELDS[name]
    for name in ("email", "given_name", "family_name", "title", "affiliation", "country", "category")
} | {"language": N_("Language"), "note": N_("Note")}
_ALL_FIELDS = FIELDS | INVITEE_FIELDS
_ALSO = {
    "given_name": ("first name", "forename", "vorname", "fornamn", "tilltalsnamn"),
    "family_name": ("last name", "surname", "nachname", "familienname", "efternamn"),
    "email": ("email", "e-mail", "mail", "email address", "e-post", "e-postadress", "e-mail-adresse"),
    "affiliation": (
        "organisation",
        "organization",
        "institution",
        "company",
        "hospital",
        "arbetsplats",
        "firma",
    ),
    "country": ("land",),
    "category": ("ticket", "kategori", "kategorie"),
    "profession": ("yrke", "beruf"),
    "career_stage": ("karriarsteg", "karrierestufe"),
    "language": ("sprak", "sprache"),
    "note": ("notes", "comment", "remark", "anteckning", "notiz", "bemerkung"),
}
_NAMES = ("given_name", "family_name", "title", "letters", "badge_name")
_ORGANISATIONS = ("affiliation", "affiliation_short")
REQUIRED = ("given_name", "email", "affiliation", "country")
LIMITS = {
    "given_name": 120,
    "family_name": 120,
    "email": 254,
    "affiliation": 200,
    "title": 60,
    "letters": 60,
    "badge_name": 120,
    "affiliation_short": 60,
    "note": 500,
}
_YES, _NO = (
    frozenset({"yes", "ja", "y", "1", "true", "x"}),
    frozenset({"", "no", "nein", "nej", "n", "0", "false"}),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Why a row is refused: the field, and a sentence with the remedy and places for `facts`."""

    field: str
    sentence: str
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return f"{_ALL_FIELDS[self.field]}: {self.sentence % self.facts}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A row that can be read. `category` is a name, "" for that of the whole import."""

    person: PersonDetails
    profession: str
    career_stage: str
    category: str
    no_photographs: bool


def guessed(headings: Sequence[str], fields: Mapping[str, str] = FIELDS) -> dict[str, int]:
    """Return the column of each field whose name, or another one known for it, is a heading. The first one counts."""
    return columns_guessed(headings, fields, _ALSO)


def mapped(
    headings: Sequence[str], pairs: Iterable[tuple[str, str]], fields: Mapping[str, str] = FIELDS
) -> dict[str, int]:
    """Return what is guessed with (column's heading, field) pairs put before it; "" is no column. Raises ColumnUnknownError."""
    return columns_mapped(headings, pairs, fields, _ALSO)


def require_columns(
    columns: Mapping[str, int], *, has_category: bool, required: Sequence[str] = REQUIRED
) -> None:
    """Raise ColumnMissingError unless each field that every row needs has a column."""
    needed = required if has_category else (*required, "category")
    missing = [FIELDS[name] for name in needed if name not in columns]
    if missing:
        raise ColumnMissingError(fields=", ".join(missing))


def read_row(cells: Sequence[str], columns: Mapping[str, int]) -> Entry | Problem:
    """Return the row's values, in NFC and otherwise as they stand there, or the first reason to refuse it."""
    typed = typed_cells(cells, columns, FIELDS)
    problem = shape_problem(typed, REQUIRED) or _meaning(typed) or _identifiers(typed)
    return problem or _entry(typed)


def shape_problem(typed: Mapping[str, str], required: Sequence[str]) -> Problem | None:
    """Return the first text that is missing, too long, or holds what cannot be printed."""
    for name, text in typed.items():
        if not text and name in required:
            return Problem(field=name, sentence=N_("Nothing stands here. Fill it in."))
        found = control_characters(text)
        if found:
            sentence = N_("There is a character that cannot be printed (%(code)s). Delete it.")
            return Problem(field=name, sentence=sentence, facts={"code": found[0]})
        if len(text) > LIMITS.get(name, 200):
            sentence = N_("This text has %(length)s characters; %(limit)s fit. Shorten it.")
            return Problem(
                field=name, sentence=sentence, facts={"length": len(text), "limit": LIMITS.get(name, 200)}
            )
    return _link_problem(typed)


def _link_problem(typed: Mapping[str, str]) -> Problem | None:
    """Return the first name or affiliation that a mail program could turn into a link: both stand in mails."""
    for name in (*_NAMES, *_ORGANISATIONS):
        found = linkable_in(typed.get(name, ""), is_organisation=name in _ORGANISATIONS)
        if found:
            sentence = N_(
                "“%(part)s” would become a link in mails. Leave web and e-mail addresses out; if this is no address, put a space after the dot."
            )
            return Problem(field=name, sentence=sentence, facts={"part": found})
    return None


def _meaning(typed: Mapping[str, str]) -> Problem | None:
    problem = address_problem(typed["email"]) or country_problem(typed["country"])
    if problem:
        return problem
    return _choice_problem("profession", typed, PROFESSIONS) or _choice_problem(
        "career_stage", typed, CAREER_STAGES
    )


def _choice_problem(name: str, typed: Mapping[str, str], known: Mapping[str, str]) -> Problem | None:
    if _key(typed[name], known) is not None:
        return None
    sentence = N_("Leave it empty, or write one of: %(known)s.")
    return Problem(field=name, sentence=sentence, facts={"known": ", ".join(known)})


def address_problem(typed: str) -> Problem | None:
    if read_address(typed) is not None:
        return None
    sentence = N_("This is no address that mail servers take. Write it as name@hospital.example.")
    return Problem(field="email", sentence=sentence)


def country_problem(typed: str) -> Problem | None:
    if country_of(typed) is not None:
        return None
    sentence = N_("Write the country's name in English, or its code of two letters, as in SE.")
    return Problem(field="country", sentence=sentence)


def _identifiers(typed: Mapping[str, str]) -> Problem | None:
    if typed["orcid"] and not orcid_is_valid(read_orcid(typed["orcid"])):
        return Problem(field="orcid", sentence=N_("A digit is wrong. It has the form 0000-0002-1825-0097."))
    if typed["ror"] and not ror_is_valid(read_ror(typed["ror"])):
        return Problem(field="ror", sentence=N_("A character is wrong. It has the form 056d84691."))
    if typed["no_photographs"].casefold() not in _YES | _NO:
        return Problem(field="no_photographs", sentence=N_("Write yes or no."))
    return None


def _entry(typed: Mapping[str, str]) -> Entry:
    names = (
        "title",
        "given_name",
        "family_name",
        "letters",
        "badge_name",
        "affiliation",
        "affiliation_short",
    )
    return Entry(
        person=PersonDetails(
            **{name: typed[name] for name in names},
            email=read_address(typed["email"]) or "",
            country=country_of(typed["country"]) or "",
            orcid=read_orcid(typed["orcid"]),
            ror=read_ror(typed["ror"]),
        ),
        profession=_key(typed["profession"], PROFESSIONS) or "",
        career_stage=_key(typed["career_stage"], CAREER_STAGES) or "",
        category=typed["category"],
        no_photographs=typed["no_photographs"].casefold() in _YES,
    )


@cache
def _country_codes() -> dict[str, str]:
    return {folded(name): code for language in ("de", "sv", "en") for code, name in countries(language)}


def country_of(typed: str) -> str | None:
    """Return the code of a country given by its code or its name in English, Swedish or German."""
    code = typed.upper()
    return code if is_country(code) else _country_codes().get(folded(typed))


def _key(typed: str, known: Mapping[str, str]) -> str | None:
    """Return the key of what is typed as a key or in its English words, "" for nothing, None where neither is known."""
    if not typed or typed in known:
        return typed
    words = {folded(label): key for key, label in known.items()}
    return words.get(folded(typed))
