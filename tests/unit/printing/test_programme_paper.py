import re

import pytest

from conference.printing.programme import programme_pdf, set_book, stamp, unprintable
from conference.programme.model import PartRole, Programme
from tests.factories.paper import embedded_fonts, page_texts, read_pdf, text_of
from tests.factories.printing import EVENT, ORGANISERS, TRACKS, a_part, a_programme, a_session

pytestmark = pytest.mark.usefixtures("office")

PLAN = "Plan at a glance"


def paper(programme: Programme) -> bytes:
    return programme_pdf(programme, EVENT, ORGANISERS)


def flat(page: str) -> str:
    return " ".join(page.split())


def test_cover_says_what_where_when_and_which_version() -> None:
    cover = flat(page_texts(paper(a_programme(3)))[0])
    expected = [
        EVENT.title,
        "Thursday 22 September 2022",
        "Friday 23 September 2022",
        "Conference Centre, Stockholm",
    ]
    expected += [organiser.name for organiser in ORGANISERS] + [track.name for track in TRACKS]
    expected += ["Version 3, Monday 12 September 2022"]
    assert [part for part in expected if part not in cover] == []


def test_a_double_page_a_day_names_every_session_of_it() -> None:
    programme = a_programme()
    pages = [flat(page) for page in page_texts(paper(programme))]
    for day in programme.days:
        first = set_book(programme, EVENT, ORGANISERS).numbers[f"plan-{day}"]
        both = pages[first - 1] + pages[first]
        assert [room.name for room in programme.rooms if room.name not in both] == []
        assert [session.title for session in programme.on(day) if session.title not in both] == []
        assert first % 2 == 0, "a double page begins at the left, on an even number"


def test_every_talk_and_everybody_is_told() -> None:
    programme = a_programme()
    text = text_of(paper(programme))
    assert [
        talk.title for session in programme.sessions for talk in session.talks if talk.title not in text
    ] == []
    assert {
        part.name for session in programme.sessions for part in session.everybody if part.name not in text
    } == set()


def test_a_heading_stands_with_what_follows_it() -> None:
    programme = a_programme()
    pages = [flat(page) for page in page_texts(paper(programme))][3:]
    for session in programme.sessions:
        for talk in session.talks[:1]:
            pattern = re.escape(session.title) + ".*" + re.escape(talk.title)
            assert any(re.search(pattern, page) for page in pages), session.title


def test_the_grid_says_on_which_page_a_session_is_told() -> None:
    programme = a_programme()
    pages = [flat(page) for page in page_texts(paper(programme))]
    told = re.findall(r"(\d\d:\d\d–\d\d:\d\d), page (\d+)", " ".join(page for page in pages if PLAN in page))
    assert len(told) > 20
    assert all(span in pages[int(number) - 1] for span, number in told)


def test_pages_are_numbered_and_carry_heads() -> None:
    pages = [flat(page) for page in page_texts(paper(a_programme(3)))]
    assert EVENT.title not in pages[0].replace(EVENT.title, "", 1)
    assert "All times are those of Stockholm." in pages[1], "the inside of the cover, which has no number"
    for number, page in enumerate(pages[2:], 3):
        assert EVENT.title in page
        ends = ["Version 3, Monday 12 September 2022", str(number)]
        assert page.endswith(" ".join(ends if number % 2 else ends[::-1])), page[-80:]


def test_a_draft_says_so_on_every_page_and_a_version_on_none() -> None:
    assert all("DRAFT" in page for page in page_texts(paper(a_programme(None))))
    assert not any("DRAFT" in page for page in page_texts(paper(a_programme(1))))
    assert stamp(a_programme(None)) == "Draft, not published"


def test_bookmarks_and_metadata() -> None:
    pdf = read_pdf(paper(a_programme()))
    titles = [entry.title for entry in pdf.outline if not isinstance(entry, list)]
    assert titles == [
        EVENT.title, "Contents", PLAN, "Thursday 22 September 2022", "Friday 23 September 2022", "Index of people",
        "Index by track", "Notes", "Industry",
    ]  # fmt: skip
    assert pdf.metadata is not None
    assert (pdf.metadata.title, pdf.metadata.author, pdf.metadata.subject) == (
        EVENT.title,
        "Genomic Medicine Sweden, Centers for Personalized Medicine",
        "Programme",
    )
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en"  # type: ignore[index]  # pypdf types the trailer loosely


def test_fonts_are_embedded() -> None:
    assert set(embedded_fonts(paper(a_programme())).values()) == {True}


def test_markup_stays_literal_and_long_texts_go_over_pages() -> None:
    strange = a_session(
        900,
        "<b>Bold</b> & <img src='/etc/hostname'> " + "x" * 160,
        abstract="Words of an abstract. " * 900,
        people=(a_part(1, PartRole.SPEAKER, name="<para>P</para>", affiliation="A & B <br/>"),),
    )
    text = text_of(paper(a_programme(2, (strange,))))
    assert "<b>Bold</b> & <img" in text
    assert "Speaker: <para>P</para>, A & B <br/>" in text
    assert text.count("Words") == 900


def test_what_no_font_has_is_told_in_a_draft() -> None:
    chinese = a_session(900, "Panel", people=(a_part(1, PartRole.PANELLIST, name="李 示例"),))
    programme = a_programme(None, (chinese,))
    assert unprintable(programme) == ["“� ��”: no font has U+674E, U+793A, U+4F8B"]
    assert "no font has U+674E" in text_of(paper(programme))
    assert "no font has" not in text_of(paper(a_programme(1, (chinese,))))


def test_sessions_without_a_time_end_the_draft() -> None:
    loose = a_session(900, "A session to come", span=None, room=None)
    pages = [flat(page) for page in page_texts(paper(a_programme(None, (loose,))))]
    (last,) = [page for page in pages if "A session to come" in page]
    assert "Not scheduled yet" in last
    assert "No time yet" in last
    assert "No room yet" in last


def test_an_empty_programme_is_a_cover_and_empty_days() -> None:
    empty = Programme(version=None, published_at=None, days=EVENT.days, rooms=(), tracks=(), sessions=())
    pages = page_texts(paper(empty))
    assert ["Nothing is planned on this day yet." in page for page in pages] == 3 * [False] + 2 * [
        True
    ] + 3 * [False]
    assert len(pages) == 8


def test_a_very_short_session_keeps_its_cell() -> None:
    pages = page_texts(paper(a_programme(1, (a_session(900, "Five minutes of an example " * 7, minutes=5),))))
    assert "Five minutes of" in " ".join(flat(page) for page in pages if PLAN in page)
