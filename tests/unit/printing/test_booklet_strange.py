"""The booklet of programmes that are empty, endless, or not yet complete, as a reader of its pages sees it."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from conference.printing.bidi import levels, visual_runs
from conference.printing.book_model import BookletFacts
from conference.printing.booklet import booklet_pdf
from conference.printing.colours import SOFT
from conference.printing.fitting import HYPHEN
from conference.printing.hyphenation import language_of
from conference.printing.preflight import metrics
from conference.printing.setting import SetLine, Span, balanced, set_prose, set_spans, set_text
from conference.printing.setting import width_mm as width_mm_of
from conference.programme.model import Kind
from tests.factories.booklets import (
    FACTS,
    a_talk,
    book,
    endless_title,
    forty_talks,
    long_abstract,
    many_rooms,
    no_time_no_room,
    nothing,
    of,
    past_midnight,
)
from tests.factories.fonts import further_fonts, real_font
from tests.factories.paper import page_texts, read_pdf, text_of
from tests.factories.printing import FIRST_DAY, a_session

pytestmark = pytest.mark.usefixtures("office")


def test_a_programme_without_sessions_says_so_for_each_day() -> None:
    made = book(nothing(), BookletFacts())
    assert {"people", "tracks", "industry", "day-2022-09-22"} & set(made.numbers) == set()
    text = text_of(booklet_pdf(made))
    assert text.count("Nothing is planned on this day yet.") == 2


def test_a_session_of_forty_talks_tells_them_all_in_order() -> None:
    text = text_of(booklet_pdf(book(forty_talks(), page="A5")))
    told = [int(number) for number in re.findall(r"Talk number (\d+)", text)]
    assert told[-40:] == list(range(1, 41))


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_an_abstract_of_twenty_thousand_characters_goes_over_pages_whole(size: str) -> None:
    made = book(long_abstract(), BookletFacts(), page=size)
    text = text_of(booklet_pdf(made))
    assert len(long_abstract().sessions[0].abstract) >= 20_000
    assert text.count("Twenty") == 953
    assert "The end" in text


def test_a_title_of_five_hundred_characters_without_a_space_is_whole_in_the_session_and_cut_in_the_plan() -> (
    None
):
    made = book(endless_title())
    pages = page_texts(booklet_pdf(made))
    day = "".join("".join(pages[made.numbers["day-2022-09-22"] - 1 : made.numbers["people"] - 1]).split())
    assert day.count("W") == 500
    assert "M" * 500 in day.replace("7", "").replace("8", "") or day.count("M") >= 500
    assert "M…" in pages[made.numbers["plan"] - 1]


def test_without_time_or_room_a_session_is_told_as_open() -> None:
    made = book(no_time_no_room())
    pages = [" ".join(page.split()) for page in page_texts(booklet_pdf(made))]
    loose = pages[made.numbers["loose"] - 1]
    assert "Neither" in loose
    assert "No time yet" in loose
    assert "A talk of it" in loose
    assert "No room" in pages[made.numbers["day-2022-09-22"] - 1]
    assert "No room" in pages[made.numbers["plan"] - 1]


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_more_rooms_than_a_double_page_holds_go_on_over_even_pages(size: str) -> None:
    made = book(many_rooms(), page=size)
    pages = [" ".join(page.split()) for page in page_texts(booklet_pdf(made))]
    first, last = made.numbers["plan"], made.numbers["day-2022-09-22"]
    shown = [
        [n for n in range(1, 24) if re.search(rf"Room number {n}\b", pages[place])]
        for place in range(first - 1, last - 1)
    ]
    own = [rooms for rooms in shown if rooms]
    assert first % 2 == 0
    assert len(own) % 2 == 0
    assert [room for rooms in own for room in rooms] == list(range(1, 24))
    assert max(map(len, own)) - min(map(len, own)) <= 1


def test_a_session_past_midnight_stands_on_its_day_with_its_end() -> None:
    made = book(past_midnight())
    pages = [" ".join(page.split()) for page in page_texts(booklet_pdf(made))]
    assert "23:00–01:30" in pages[made.numbers["day-2022-09-22"] - 1]
    assert "01:30" in pages[made.numbers[f"plan-{FIRST_DAY}"] - 1]
    assert f"plan-{FIRST_DAY + timedelta(days=1)}" in made.numbers
    assert "day-2022-09-23" not in made.numbers


def test_a_poster_has_its_number_and_board_for_a_time() -> None:
    hung = replace(a_talk(1, "A figure"), poster_number="P-07", board="12")
    made = book(of(a_session(1, "Posters", kind=Kind.POSTER, talks=(hung,))))
    pages = [" ".join(page.split()) for page in page_texts(booklet_pdf(made))]
    assert "P-07 A figure" in pages[made.numbers["plan"] - 1]
    day = pages[made.numbers["day-2022-09-22"] - 1]
    assert "P-07 A figure Board 12" in day


def test_what_the_draft_cannot_set_of_the_organisers_texts_is_named() -> None:
    facts = replace(FACTS, welcome="Welcome \U000f1234")
    draft = book(of(a_session(1, "Panel"), version=None), facts)
    assert "“Welcome �”: no font has U+F1234" in text_of(booklet_pdf(draft))


def test_bookmarks_keep_what_no_font_has() -> None:
    pdf = read_pdf(booklet_pdf(book(of(a_session(1, "Panel 李"), a_session(2, "Later", "19:00")))))
    titles = [
        entry.title
        for part in pdf.outline
        if isinstance(part, list)
        for entry in part
        if not isinstance(entry, list)
    ]
    assert "Panel 李" in titles


def test_spans_keep_their_words_and_break_none_that_fits() -> None:
    spans = [
        Span("Chair: ", "medium"),
        Span("Åsa Lind"),
        Span(", Karolinska University Hospital"),
        Span("; ", "regular"),
        Span("x" * 90),
    ]
    lines = set_spans(spans, 10, 50)
    assert "".join("".join(run.text for run in line) for line in lines).replace(" ", "") == (
        "Chair:ÅsaLind,KarolinskaUniversityHospital;" + "x" * 90
    )
    for line in lines:
        for one, other in pairwise(line):
            assert one.x_mm < other.x_mm
        end = line[-1].x_mm + metrics()[line[-1].face].width_em(line[-1].text) * 10 * 25.4 / 72
        assert end <= 50.01


def test_a_name_from_right_to_left_stands_before_what_follows_it() -> None:
    spans = [
        Span("محمد علي"),
        Span(", جامعة القاهرة, Egypt", "regular", SOFT),
        Span("; ", "regular", SOFT),
        Span("Åsa Lind"),
    ]
    with further_fonts(real_font("dejavu")):
        (line,) = set_spans(spans, 10, 150)
        ends = [one.x_mm + metrics()[one.face].width_em(one.text) * 10 * 25.4 / 72 for one in line]
    shown = [
        "".join(
            run.text[begin:end][:: -1 if level % 2 else 1]
            for begin, end, level in visual_runs(levels(run.text))
        )
        for run in line
    ]
    assert [text.strip("\u200e") for text in shown] == [
        "محمد علي"[::-1],
        f", {'جامعة القاهرة'[::-1]}, Egypt; ",
        "Åsa Lind",
    ]
    assert [one.x_mm for one in line[1:]] == pytest.approx(ends[:-1])


def test_spans_keep_blanks_that_must_not_break() -> None:
    text = "Dosen är 100\u00a0mg av 5\u00a0%"
    for width_mm in range(12, 60):
        lines = set_spans([Span("Shares: ", "medium"), Span(text)], 10, width_mm)
        said = ["".join(run.text for run in line) for line in lines]
        assert " ".join(line.strip() for line in said) == f"Shares: {text}"


SWEDISH = (
    "Läkemedelsbehandlingsrekommendationer och genomsekvenseringsplattformar i precisionsmedicinsatsningarna "
    "förutsätter sjukvårdsförvaltningsgemensamma kvalitetsregister på https://example.org/kvalitetsregister."
)


def _said(lines: list[SetLine]) -> list[str]:
    return [run.text for line in lines for run in line]


def test_prose_is_hyphenated_in_its_own_language_and_read_as_it_was_typed() -> None:
    for width_mm in range(45, 120, 3):
        lines = _said(set_prose(SWEDISH, 8.5, width_mm))
        assert (
            "".join(
                line.removesuffix(HYPHEN) + ("" if line[-1] in f"{HYPHEN}/" else " ") for line in lines
            ).strip()
            == SWEDISH
        )
        assert max(width_mm_of(line, "regular", 8.5) for line in lines) <= width_mm + 0.01
    halves = [
        line.removesuffix(HYPHEN).split()[-1]
        for line in _said(set_prose(SWEDISH, 8.5, 94))
        if line.endswith(HYPHEN)
    ]
    assert halves[:1] == ["genomsekvenserings"]
    assert HYPHEN not in "".join(_said(set_text(SWEDISH, "regular", 8.5, 94)))


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (SWEDISH, "sv"),
        ("Die Gesamtgenomsequenzierung ist von der Kasse zu zahlen.", "de"),
        ("What the sequencing of a genome is worth.", "en"),
        ("Genomsequenzierung", "sv"),
        ("", "sv"),
    ],
)
def test_a_text_tells_its_language_or_has_the_booklet_s(text: str, tag: str) -> None:
    assert language_of(text, "sv") == tag


def test_prose_from_right_to_left_stands_at_the_right_end() -> None:
    with further_fonts(real_font("dejavu")):
        lines = set_prose("الطب الدقيق هو نهج جديد في الرعاية الصحية", 10, 40)
        ends = [run.x_mm + width_mm_of(run.text, run.face, 10) for line in lines for run in line]
    assert len(lines) > 1
    assert ends == pytest.approx([40] * len(lines))


def test_headings_are_balanced_on_as_few_lines_as_they_take() -> None:
    lines = balanced("Hematological malignancies: from sample to report", "bold", 12, 80)
    widths = [metrics()["bold"].width_em(line) for line in lines]
    assert len(lines) == 2
    assert min(widths) > 0.6 * max(widths)
