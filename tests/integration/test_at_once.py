"""What two threads, or two presses of a button, meet when the second comes between two steps of the first.

Nothing is timed: the second is called where it may come in, out of what the first asks for.
"""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MethodType
from typing import Any, cast

import pytest
from flask import Flask

from conference.core.errors import NotFoundError
from conference.interchange.files import FileOrder, form_of_file, read_file
from conference.mail import wording_originals
from conference.printing import kept_papers
from conference.printing.kept_papers import kept, key_of
from conference.programme.queries import PublicState, public_state
from conference.registration import file_store, public_routes
from conference.registration.file_model import KeptFile
from conference.web import static
from conference.web.importing_files import read_table
from conference.web.store import store
from tests.benchmarks.programme_data import publish
from tests.factories.registration import make_category


def now_public() -> PublicState:
    state = public_state()
    assert state is not None
    return state


def test_a_paper_that_was_drawn_while_another_version_was_published_deletes_nothing_of_it(app: Flask) -> None:
    publish(1)
    old = key_of(now_public(), "a4", "en")

    def draw() -> bytes:
        publish(1, number=2)
        assert kept(key_of(now_public(), "a4", "en"), lambda: b"%PDF-new") == b"%PDF-new"
        return b"%PDF-old"

    assert kept(old, draw) == b"%PDF-old"
    assert kept(key_of(now_public(), "a4", "en"), lambda: b"%PDF-again") == b"%PDF-new"
    assert len(list(store().listed("public-papers/"))) == 1


def test_a_paper_that_another_version_overtakes_while_it_is_put_is_taken_away(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(1)
    key, forget = key_of(now_public(), "a4", "en"), kept_papers.forget

    def overtaken(but: str) -> None:
        forget(but)
        publish(1, number=2)

    monkeypatch.setattr(kept_papers, "forget", overtaken)
    assert kept(key, lambda: b"%PDF-old") == b"%PDF-old"
    assert list(store().listed("public-papers/")) == []


def test_a_file_that_is_deleted_between_finding_and_opening_is_not_found(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    readers: list[Callable[[], object]] = [
        lambda: next(read_table(gone)),
        lambda: form_of_file(gone),
        lambda: read_file(FileOrder(path=gone)),
    ]
    for read in readers:
        with pytest.raises(NotFoundError):
            read()


def test_an_answers_file_is_found_though_it_moves_meanwhile(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = KeptFile(key="a" * 32 + ".pdf", name="a.pdf", size_bytes=1)
    place = store()
    place.put("answers/held/" + file.key, io.BytesIO(b"x"))

    class Moves:
        """The store, in which the form is finished after the first look."""

        def find(self, name: str) -> object:
            found = place.find(name)
            file_store._keep(file.key)
            return found

        def __getattr__(self, name: str) -> object:
            return getattr(place, name)

    with monkeypatch.context() as patched:
        patched.setattr(file_store, "store", Moves)
        name = file_store.name_of(file)
    assert place.find(name) is not None


def test_questions_are_drawn_for_those_who_were_asked_them(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the form of this process would show old questions until they change again."""
    category = make_category()

    def drawn_by(name: str) -> object:
        """Return whose method draws the questions of a form with this one category."""
        return cast("MethodType", public_routes._parts_of((), {category: name})).__self__

    class Overtaken(dict[str, Any]):
        """What is kept of the form; another state of it is drawn right after each look."""

        is_open = True

        def get(self, name: str, default: object = None) -> object:
            found = super().get(name, default)
            if self.is_open:
                self.is_open = False
                drawn_by("Newer")
                self.is_open = True
            return found

    monkeypatch.setattr(public_routes, "_questions", Overtaken())
    with app.test_request_context("/register"):
        older, again, newer = drawn_by("Older"), drawn_by("Older"), drawn_by("Newer")
    assert older is not newer
    assert again is not newer


def test_mails_filters_let_stand_ins_through_for_who_comes_while_they_are_made(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    passing = wording_originals._passing
    seen: list[Callable[..., Any] | None] = []

    def looked_at(made: Callable[..., Any]) -> Callable[..., Any]:
        if not seen:
            seen.append(None)
            seen.append(wording_originals._environment().filters["long_date"])
        return passing(made)

    monkeypatch.setattr(wording_originals, "_passing", looked_at)
    app.extensions.pop(wording_originals._ENVIRONMENT, None)
    wording_originals._environment()
    stands_in = wording_originals.StandIn("registration.offered_until", {}, is_so=True)
    assert seen[1] is not None
    assert seen[1](stands_in) is stands_in


def test_a_font_is_made_once_by_who_come_at_once_and_is_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, subset = [], static._subset

    def counted(source: bytes, unicodes: list[int]) -> bytes:
        made.append(subset(source, [0x41, 0x42]))
        return made[-1]

    monkeypatch.setattr(static, "_subset", counted)
    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(lambda _: static._font("regular-latin.woff2", tmp_path), range(4)))
    assert (len(found), len(made)) == (1, 1)
    # Its address is one, whatever the time in the file would be.
    monkeypatch.setattr("fontTools.ttLib.tables._h_e_a_d.timestampNow", lambda: 1)
    static._font("regular-latin.woff2", tmp_path / "other machine")
    assert made[1] == made[0]
