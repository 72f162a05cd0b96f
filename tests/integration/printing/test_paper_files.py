"""Paper for the command line."""

from pathlib import Path

import pytest
from flask import Flask

from conference.db.base import db
from conference.db.work import counted_statements
from conference.printing.choice import choice_of
from conference.printing.errors import CannotWriteError, NoCategoryError, UnknownCategoryError
from conference.printing.service import badges_to_file, programme_to_file
from tests.factories.paper import page_texts, text_of
from tests.factories.programme import at, make_room, make_session, publish_now
from tests.factories.registration import make_category, register_attendee

pytestmark = pytest.mark.usefixtures("app")


def test_badges_of_one_category_go_to_a_file(tmp_path: Path) -> None:
    register_attendee(make_category("Guest"), given_name="Ελένη", email="a@x.example")
    register_attendee(make_category("Press"), given_name="李", badge_name="", email="b@x.example")
    out = tmp_path / "badges.pdf"
    heard: list[int] = []
    assert badges_to_file(out, choice_of({"sheet": "a6"}), "Guest", heard.append) == ()
    assert ("Ελένη" in text_of(out.read_bytes()), heard) == (True, [1])
    assert [finding.name[:1] for finding in badges_to_file(out, choice_of({}))] == ["李"]


def test_a_category_before_the_first_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(NoCategoryError) as refused:
        badges_to_file(tmp_path / "badges.pdf", choice_of({}), "Guest")
    assert str(refused.value) == (
        "There is no category Guest: none has been made yet. An organiser makes the first one."
    )


def test_an_unknown_category_is_refused_with_those_there_are(tmp_path: Path) -> None:
    make_category("Guest")
    with pytest.raises(UnknownCategoryError) as refused:
        badges_to_file(tmp_path / "badges.pdf", choice_of({}), "Geust")
    assert str(refused.value).startswith("There is no category Geust. There are: ")
    assert "Guest" in str(refused.value)
    assert not (tmp_path / "badges.pdf").exists()


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotWriteError) as refused:
        badges_to_file(tmp_path / "no" / "badges.pdf", choice_of({}))
    assert (
        str(refused.value)
        == f"{tmp_path / 'no' / 'badges.pdf'} cannot be written: No such file or directory."
    )


def test_programme_file_is_the_version_or_else_the_draft(tmp_path: Path) -> None:
    out = tmp_path / "programme.pdf"
    make_session("Tumour boards", room_id=make_room("Aula"), start=at("09:00"))
    programme_to_file(out)
    assert all("DRAFT" in page for page in page_texts(out.read_bytes()))
    publish_now()
    db.session.remove()  # a command begins with a session that has read nothing
    programme_to_file(out)
    assert "Version 1" in text_of(out.read_bytes())
    assert "DRAFT" not in text_of(out.read_bytes())


@pytest.mark.parametrize("count", [1, 3])
def test_badges_take_the_same_statements_whatever_their_number(
    app: Flask, tmp_path: Path, count: int
) -> None:
    category = make_category("Guest")
    for number in range(count):
        register_attendee(category, email=f"{number}@x.example")
    with counted_statements() as statements:
        badges_to_file(tmp_path / "badges.pdf", choice_of({}))
    assert len([one for one in statements if one.lstrip().upper().startswith("SELECT")]) == 6
