"""Scripts that the packaged font lacks: set by other fonts where there are any, and told where there are none."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from conference.app import create_app
from conference.config import SettingsError, load_settings
from conference.printing.errors import FontUnusableError
from conference.printing.fonts import FONT_FILES, faces, missing_glyphs, use_fonts
from conference.printing.installed import further_fonts as installed_fonts
from conference.printing.layout import Line
from conference.printing.pages import A4, Pages
from conference.printing.script_fonts import font_advice
from conference.printing.text import plain, settable
from conference.printing.typeset import Typesetter, new_canvas
from tests.conftest import settings_for
from tests.factories.fonts import further_fonts, made_font, real_font, variable_font
from tests.factories.paper import embedded_fonts, lines_of, needs_renderer

ARABIC = ("محمد مثال", "السلام", "مُحَمَّد", "می\u200cخواهم", "جامعة القاهرة")
HEBREW = ("שָׁלוֹם", "כהן לוי")
EAST_ASIAN = ("李 示例", "東京大学", "さくら", "한국")


@pytest.fixture(params=["TrueType", "PostScript"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    path = made_font(tmp_path / "Made.otf", is_postscript=request.param == "PostScript")
    with further_fonts(path):
        yield path


def set_lines(*texts: str) -> bytes:
    file = BytesIO()
    canvas = new_canvas(file, "Lines")
    setter = Typesetter(canvas, faces().by_name)
    lines = [
        Line(text=text, face="bold", size_pt=20, x_mm=20, y_mm=20 + 12 * number)
        for number, text in enumerate(texts)
    ]
    canvas.addLiteral(setter.text(lines, 297))
    canvas.showPage()
    canvas.save()
    return file.getvalue()


@needs_renderer
def test_other_scripts_are_found_again_as_typed(made: Path) -> None:
    texts = [*ARABIC, *HEBREW, "李 示例", "さくら", "한국", "Հայկ", "ქართ", "Z\u0308\u0323ab", "Tom <3"]
    pdf = set_lines(*texts)
    assert lines_of(pdf) == [plain(text) for text in texts]
    assert {name for name, is_embedded in embedded_fonts(pdf).items() if is_embedded} >= {
        "Made-Regular",
        "Roboto-Bold",
    }
    assert all(embedded_fonts(pdf).values())


@needs_renderer
def test_arabic_and_hebrew_of_a_real_font_are_found_again_as_typed() -> None:
    with further_fonts(real_font("dejavu")):
        assert lines_of(set_lines(*ARABIC, *HEBREW)) == [*ARABIC, *HEBREW]


@needs_renderer
def test_east_asian_names_of_a_real_font_are_found_again_as_typed() -> None:
    with further_fonts(real_font("cjk")):
        assert missing_glyphs("".join(EAST_ASIAN)) == ()
        pdf = set_lines(*EAST_ASIAN)
        assert lines_of(pdf) == list(EAST_ASIAN)
        assert all(embedded_fonts(pdf).values())
        assert len(pdf) < 100_000  # what is used of a font of twenty megabytes


def test_arabic_letters_join_and_stand_from_right_to_left() -> None:
    with further_fonts(real_font("dejavu")):
        (run,) = faces().bold.shaped("محمد").runs
        glyphs = [cluster.drawing.parts[0][0] for cluster in run.clusters]
        assert [cluster.characters for cluster in run.clusters] == ["د", "م", "ح", "م"]
        assert glyphs[1] != glyphs[3]  # the same letter within the word and at its beginning
        (alone,) = faces().bold.shaped("م").runs
        assert alone.clusters[0].drawing.parts[0][0] not in glyphs


def test_two_letters_in_one_glyph_are_two_characters(made: Path) -> None:
    (run,) = faces().bold.shaped("لا").runs
    (cluster,) = run.clusters
    assert len(cluster.drawing.parts) == 1
    assert (cluster.characters, cluster.place) == ("ال", 1)


def test_mixed_directions_stand_in_the_order_of_the_standard(made: Path) -> None:
    shaped = faces().bold.shaped("אבג (abc) 12")
    text = "".join(cluster.characters for run in shaped.runs for cluster in run.clusters)
    assert text == "12 )abc( גבא"


def test_marks_sit_on_their_letters_and_count_for_the_line_s_height() -> None:
    face = faces().bold
    (run,) = face.shaped(plain("Z\u0308\u0323")).runs
    (cluster,) = run.clusters
    assert cluster.characters == "\u1e92\u0308"
    assert face.ink_em("Z\u0308")[0] > face.ink_em("Z")[0]
    assert face.ink_em("Z\u0323")[1] > face.ink_em("Z")[1]


def test_ink_that_reaches_out_of_its_width_counts_as_width() -> None:
    face = faces().bold
    shaped = face.shaped("i\u0360i")
    lefts = [run.outlines.drawn_em(cluster.drawing) for run in shaped.runs for cluster in run.clusters]
    assert shaped.begin_em >= -min(left for left, *_ in lefts)
    assert shaped.width_em >= max(right for _, right, *_ in lefts)


@pytest.mark.parametrize(
    "text",
    [
        "a\u200db",
        "a\u200cb",
        "❤\ufe0f"[1:],
        "\u202eabc\u202c",
        "\u2067abc\u2069",
        "\u200eabc\u200f",
        "a\U000e0061",
        "a\u3164b",
    ],
)
def test_what_only_steers_others_is_never_missing_and_never_drawn(text: str) -> None:
    assert missing_glyphs(text) == ()
    shaped = faces().bold.shaped(text)
    drawn = [part for run in shaped.runs for cluster in run.clusters for part in cluster.drawing.parts]
    assert len(drawn) == len([one for one in text if one in "abc"])
    assert all(glyph for glyph, *_ in drawn)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("e" + "\u0301" * 4, ()),
        ("x" + "\u0301" * 7 + "y", ("\u0301",)),
        ("👩\u200d👩\u200d👧", ("👩", "👧")),
        ("❤\ufe0f", ("❤",)),
        ("a\u0591b", ("\u0591",)),
    ],
    ids=["four marks", "seven marks", "family", "heart", "a mark of another script"],
)
def test_missing_is_told_by_character(text: str, missing: tuple[str, ...]) -> None:
    assert missing_glyphs(plain(text)) == missing
    assert missing_glyphs(settable(text)) == ()


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("\x00An\x07na\x00", "Anna"),
        (" Anna \t\n Lisa ", "Anna Lisa"),
        ("Anna\u00a0Lisa", "Anna\u00a0Lisa"),
        ("Anna\u202fLisa", "Anna\u00a0Lisa"),
        ("A\u030asa", "Åsa"),
        ("Karo\xadlinska", "Karolinska"),
        ("\ufeffAnna\u200b", "Anna"),
        ("\ud83d", ""),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_text_is_one_line_without_what_is_no_text(typed: str, text: str) -> None:
    assert plain(typed) == text


def test_a_font_of_many_weights_is_drawn_in_the_face_s(tmp_path: Path) -> None:
    with further_fonts(variable_font(tmp_path / "Variable.ttf")):
        widths = {name: face.width_em("א") for name, face in faces().by_name.items()}
        inks = {name: face.ink_em("א")[0] for name, face in faces().by_name.items()}
    assert widths == pytest.approx({"regular": 0.5, "medium": 0.6, "bold": 0.8}, abs=0.002)
    assert inks == pytest.approx({"regular": 0.5, "medium": 0.6, "bold": 0.8}, abs=0.002)


def test_a_font_of_the_weight_is_taken_where_there_is_one() -> None:
    with further_fonts(real_font("dejavu").parent):
        names = {name: face.shaped("שלום").runs[0].outlines.name for name, face in faces().by_name.items()}
    assert names == {"bold": "DejaVuSans-Bold", "medium": "DejaVuSans", "regular": "DejaVuSans"}


def test_configured_fonts_go_before_those_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "share/fonts"
    folder.mkdir(parents=True)
    made_font(folder / "NotoSansMade.ttf", "אב")
    made_font(folder / "SomeJoke.ttf", "גד")
    made_font(folder / "NotoSansMadeMono.ttf", "הו")
    own = made_font(tmp_path / "Own.ttf", "א")
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "share"))
    with further_fonts(own):
        assert [font.family for font in installed_fonts()] == ["Own", "NotoSansMade"]
        assert missing_glyphs("אבגה") == ("ג", "ה")
        assert faces().bold.shaped("א").runs[0].outlines.name == "Own-Regular"
        assert faces().bold.shaped("ב").runs[0].outlines.name == "NotoSansMade-Regular"


def test_a_file_that_is_no_font_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "notes.ttf").write_text("no font")
    for path in (tmp_path / "notes.ttf", tmp_path):
        with pytest.raises(FontUnusableError) as refused:
            use_fonts([path])
        assert str(refused.value) == (
            f"CONFERENCE_FONTS: {path} holds no font that can be embedded. "
            "Name .ttf, .otf or .ttc files with outlines, or folders of them, with commas between."
        )


def test_a_setting_that_names_no_file_is_refused_at_the_start(tmp_path: Path) -> None:
    known = FONT_FILES["bold"]
    with pytest.raises(SettingsError) as refused:
        load_settings({"CONFERENCE_FONTS": f"{known}, {tmp_path / 'none.ttf'}"})
    assert str(refused.value).endswith(
        f"cannot be used: there is no {tmp_path / 'none.ttf'}; name font files (.ttf, .otf, .ttc) or folders of them, "
        "with commas between."
    )
    assert load_settings({"CONFERENCE_FONTS": f"{known}, {tmp_path}"}).fonts == (known, tmp_path)


def test_an_application_does_not_start_with_a_font_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "notes.ttf").write_text("no font")
    settings = settings_for("sqlite://", tmp_path, FONTS=str(tmp_path / "notes.ttf"))
    with pytest.raises(SettingsError, match=r"notes\.ttf holds no font that can be embedded"):
        create_app(settings)


@pytest.mark.parametrize(
    ("characters", "packages"),
    [
        ("محم", [("Arabic", "fonts-dejavu-core")]),
        ("李サ", [("Chinese", "fonts-noto-cjk"), ("Japanese", "fonts-noto-cjk")]),
        ("한ש", [("Korean", "fonts-noto-cjk"), ("Hebrew", "fonts-dejavu-core")]),
        ("क", [("Devanagari", "fonts-noto-core")]),
        ("👩", [("pictures and signs", "fonts-symbola")]),
        ("\u0301", []),
    ],
)
def test_each_script_has_its_advice(characters: str, packages: list[tuple[str, str]]) -> None:
    assert [(one.script, one.package) for one in font_advice(characters)] == packages


def test_the_advice_says_what_to_install_and_what_to_set() -> None:
    (advice,) = font_advice("م")
    assert str(advice) == (
        "No font here has Arabic letters. Whoever runs the office installs one (Debian: apt-get install fonts-dejavu-core) "
        "or names a font's file in CONFERENCE_FONTS, and starts the office again."
    )


def test_a_text_of_nothing_but_a_joiner_is_no_fault_of_the_file() -> None:
    pages = Pages("Joiner", A4)
    pages.begin()
    pages.text("\u200d", "regular", 12, 20, 20)
    pages.text("Åsa", "regular", 12, 20, 40)
    assert "Åsa" in PdfReader(BytesIO(pages.close())).pages[0].extract_text()
