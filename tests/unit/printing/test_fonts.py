from pathlib import Path

import pytest
from reportlab import rl_config

from conference.printing import fonts
from conference.printing.errors import FontMissingError
from conference.printing.fonts import FONT_FILES, faces, missing_glyphs


@pytest.mark.parametrize(
    "text",
    [
        "Åsa",
        "Jürgen Straße",
        "Łukasz",
        "Çağlar",
        "Ștefan",
        "Đorđe",
        "Ελένη",
        "Юлия",
        "O'Brien",
        "ẞ č ć ń ő ű ř – … “”",
    ],
)
def test_european_names_can_be_set(text: str) -> None:
    assert missing_glyphs(text) == ()


@pytest.mark.parametrize(
    ("text", "missing"),
    [("李 Li 李", ("李",)), ("محمد", ("م", "ح", "د")), ("a🙂b", ("🙂",)), ("tab\tand\u00a0blank", ())],
)
def test_what_no_font_has_is_named_once(text: str, missing: tuple[str, ...]) -> None:
    assert missing_glyphs(text) == missing


def test_widths_are_those_of_the_font() -> None:
    for face in (faces().regular, faces().medium, faces().bold):
        assert face.width_em("Åsa Ελένη") == pytest.approx(face.font.stringWidth("Åsa Ελένη", 1))


def test_colours_are_not_evaluated() -> None:
    assert vars(rl_config)["toColorCanUse"] is None


def test_missing_font_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(FONT_FILES, "bold", tmp_path / "Roboto-Bold.ttf")
    with pytest.raises(FontMissingError) as refused:
        fonts.faces.__wrapped__()
    assert str(refused.value) == (
        f"The font file {tmp_path / 'Roboto-Bold.ttf'} is missing: install the package font-roboto again."
    )
