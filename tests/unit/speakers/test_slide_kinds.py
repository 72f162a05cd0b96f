from pathlib import Path

import pytest

from conference.core.errors import DomainError
from conference.speakers import slide_kinds
from conference.speakers.errors import (
    SlidesBrokenError,
    SlidesKindError,
    SlidesMacroError,
    SlidesUnpackedError,
)
from tests.factories.slides import MACROS, a_bomb, a_pdf, a_pptx, without_presentation


@pytest.mark.parametrize(("data", "kind"), [(a_pdf(), "pdf"), (a_pdf(5000), "pdf"), (a_pptx(), "pptx")])
def test_slides_are_known_by_their_content(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "misleading.exe"
    path.write_bytes(data)
    assert slide_kinds.kind_of(path) == kind


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", SlidesKindError),
        (b"MZ\x90\x00 a program", SlidesKindError),
        (b"\xd0\xcf\x11\xe0 an old PPT", SlidesKindError),
        (without_presentation(), SlidesKindError),
        (a_pdf()[:-12], SlidesBrokenError),
        (a_pdf() + bytes(3000), SlidesBrokenError),
        (a_pptx()[:-30], SlidesBrokenError),
        (a_pptx(types=MACROS), SlidesMacroError),
        (a_pptx({"ppt/vbaProject.bin": b"x"}), SlidesMacroError),
        (a_bomb(), SlidesUnpackedError),
    ],
    ids=[
        "nothing",
        "program",
        "old",
        "document",
        "cut PDF",
        "PDF with more behind",
        "cut",
        "type",
        "macro",
        "bomb",
    ],
)
def test_other_files_are_refused(tmp_path: Path, data: bytes, refusal: type[DomainError]) -> None:
    path = tmp_path / "slides.pptx"
    path.write_bytes(data)
    with pytest.raises(refusal):
        slide_kinds.kind_of(path)


def test_more_parts_than_slides_have_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "slides.pptx"
    path.write_bytes(a_pptx({"one": b"1", "two": b"2"}))
    monkeypatch.setattr(slide_kinds, "MOST_PARTS", 3)
    with pytest.raises(SlidesUnpackedError):
        slide_kinds.kind_of(path)
