"""The catalogues say all that the attendee's side says, in the words of the glossary."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.catalogues import FOLDER, LANGUAGES, ROOT, as_text, is_office, merged, stored, template, unfinished

PLACE = re.compile(r"%\(\w+\)[sd]|%%")
README = (ROOT / "README.md").read_text(encoding="utf-8")
GLOSSARY = [
    line.split("\t") for line in (FOLDER / "glossary.tsv").read_text(encoding="utf-8").splitlines()[2:]
]
# Words that mean something else in a few sentences, which are therefore free of the glossary.
FREE = {
    ("Session", "One cookie keeps forms safe and ends with your browser's session."),
}


@pytest.fixture(scope="module")
def now() -> Catalog:
    return template()


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    tag: str = request.param
    return tag


def test_each_sentence_has_its_words_and_no_other_is_kept(language: str, now: Catalog) -> None:
    catalogue = stored(language)
    assert unfinished(catalogue) == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert list(catalogue.obsolete) == []
    wanted = {message.id for message in now}
    assert {message.id for message in catalogue} == wanted, "run python -m tests.catalogues update"


def test_each_translation_has_the_places_of_its_sentence(language: str) -> None:
    for message in stored(language):
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id:
            assert sorted(PLACE.findall(message.string)) == sorted(PLACE.findall(message.id)), message.id
            outer = [len(text) - len(text.strip()) for text in (message.id, message.string)]
            assert outer[0] == outer[1], message.id


def test_an_update_changes_nothing_and_keeps_what_is_translated(language: str, now: Catalog) -> None:
    again = as_text(merged(language, now))
    assert again == (FOLDER / f"{language}.po").read_bytes()


def test_an_update_takes_over_a_new_sentence_without_guessing(language: str, now: Catalog) -> None:
    grown = template()
    grown.add("You are registered for %(event)s, at last.", locations=[("conference/x.py", 0)])
    assert unfinished(merged(language, grown)) == ["You are registered for %(event)s, at last."]


@pytest.mark.parametrize(("english", "swedish", "german"), [row[:3] for row in GLOSSARY])
def test_the_glossarys_words_are_those_of_the_catalogues(english: str, swedish: str, german: str) -> None:
    for tag, words in (("sv", swedish), ("de", german)):
        catalogue = stored(tag)
        message = catalogue.get(english)
        if message is not None:
            assert message.string == words


@pytest.mark.parametrize("row", GLOSSARY, ids=lambda row: str(row[0]))
def test_wherever_a_word_of_the_glossary_stands_its_translation_does(row: list[str], language: str) -> None:
    english, stem = row[0], row[3 if language == "sv" else 4]
    if "%" in english:
        return
    word = re.compile(rf"(?<![-\w]){english.rstrip('s')}s?\b", re.IGNORECASE)
    free = {sentence for term, sentence in FREE if term == english}
    missing = [
        message.id
        for message in stored(language)
        if isinstance(message.id, str)
        and word.search(PLACE.sub("", message.id))
        and stem not in str(message.string).lower()
    ]
    assert [sentence for sentence in missing if not any(sentence.startswith(one) for one in free)] == []


def test_the_readme_shows_the_glossary() -> None:
    table = README.split("| English | Swedish | German |\n|---|---|---|\n", 1)[1].split("\n\n", 1)[0]
    assert [line.strip("| ").split(" | ") for line in table.splitlines()] == [row[:3] for row in GLOSSARY]


def test_the_boundary_is_drawn_by_paths() -> None:
    office = ["conference/accounts/forms.py", "conference/registration/staff_routes.py", "templates/registration/office_list.html", "templates/event/_office.html"]  # fmt: skip
    attendees = ["conference/registration/forms.py", "conference/web/errors.py", "templates/base.html", "templates/mail/waiting/body.txt"]  # fmt: skip
    assert [path for path in office if not is_office(path, "")] == []
    assert [path for path in attendees if is_office(path, "")] == []
    assert is_office("templates/x/y.html", '{% extends "office.html" %}')
    assert Path(FOLDER).is_dir()
