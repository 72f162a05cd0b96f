"""Signs and lists: what stands on them, in which language, and that nothing leaves its page."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from conference.core.ids import PersonId
from conference.printing import lists, signs
from conference.printing.fitting import HYPHEN, MM_PER_PT
from conference.printing.fonts import faces
from conference.printing.pages import A3, LEADING, fitted
from conference.printing.preflight import metrics
from conference.programme.model import Kind, PartRole, Programme, PublicProfile
from conference.web.language import in_language
from tests.factories.booklets import a_talk, forty_talks, of
from tests.factories.paper import embedded_fonts, page_texts, read_pdf, text_of
from tests.factories.printing import EVENT, HALLS, a_part, a_programme, a_session, badge_person

SIZES = (40, 30, 20, 12)


def empty() -> Programme:
    return Programme(version=None, published_at=None, days=EVENT.days, rooms=HALLS, tracks=(), sessions=())


@pytest.mark.usefixtures("office")
def test_a_door_sign_says_room_day_times_and_titles() -> None:
    programme = a_programme()
    pages = page_texts(signs.door_signs(programme, EVENT))
    used = {
        (session.day, session.room.name) for session in programme.sessions if session.room and session.span
    }
    assert len(pages) == len(used)
    first = next(session for session in programme.sessions if session.room)
    page = next(
        page
        for page in pages
        if first.room and first.room.name in page and "Thursday 22 September 2022" in page
    )
    flat = " ".join(page.split())
    for session in programme.on(date(2022, 9, 22)):
        if session.room == first.room:
            assert session.title in flat
    assert "to 0" in flat or "to 1" in flat


@pytest.mark.usefixtures("office")
def test_door_signs_of_one_day_in_swedish() -> None:
    with in_language("sv"):
        text = text_of(signs.door_signs(a_programme(), EVENT, date(2022, 9, 23)))
    assert "fredag 23 september 2022" in text.lower()
    assert "torsdag" not in text.lower()


@pytest.mark.usefixtures("office")
def test_a_full_day_tells_how_many_more_there_are() -> None:
    many = tuple(a_session(900 + n, f"Short {n}", "06:00", 5) for n in range(40))
    programme = Programme(
        version=1, published_at=None, days=EVENT.days, rooms=HALLS, tracks=(), sessions=many
    )
    (page,) = page_texts(signs.door_signs(programme, EVENT))
    shown = sum(f"Short {n}\n" in page for n in range(40))
    assert 5 < shown < 40
    assert f"and {40 - shown} more" in page


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("direction", sorted(signs.DIRECTIONS))
def test_a_way_sign_has_each_room_s_name_large(direction: str) -> None:
    made = signs.way_signs(HALLS, direction)
    assert [" ".join(page.split()) for page in page_texts(made)] == [hall.name for hall in HALLS]
    assert embedded_fonts(made)["Roboto-Bold"]


@pytest.mark.usefixtures("office")
def test_a_table_name_stands_on_both_sides_of_the_tent() -> None:
    people = (a_part(7, PartRole.CHAIR), a_part(8, PartRole.PANELLIST), a_part(9, PartRole.SPEAKER))
    twice = (a_session(900, "One", people=people), a_session(901, "Two", people=people[:1]))
    programme = Programme(
        version=1, published_at=None, days=EVENT.days, rooms=HALLS, tracks=(), sessions=twice
    )
    pages = [" ".join(page.split()) for page in page_texts(signs.table_names(programme))]
    assert len(pages) == 2
    assert sorted(page.count(part.name) for part in people[:2] for page in pages) == [0, 0, 2, 2]
    assert not any(people[2].name in page for page in pages)


@pytest.mark.usefixtures("office")
def test_reserved_seats_in_german() -> None:
    with in_language("de"):
        pages = page_texts(signs.reserved_seats("Vorsitz", 3))
    assert len(pages) == 3
    assert all("Reserviert" in page and "Vorsitz" in page for page in pages)


@pytest.mark.usefixtures("office")
def test_the_notice_of_photographs_is_one_page_of_a3() -> None:
    made = signs.photo_notice(EVENT)
    (page,) = read_pdf(made).pages
    assert (round(page.mediabox.width * MM_PER_PT), round(page.mediabox.height * MM_PER_PT)) == (
        A3.width_mm,
        A3.height_mm,
    )
    text = text_of(made)
    assert "Photographs are taken here" in text
    assert EVENT.contact_email in text


@pytest.mark.usefixtures("office")
def test_nothing_to_print_is_a_page_that_says_so() -> None:
    for made in (signs.door_signs(empty(), EVENT), signs.way_signs([], "left"), signs.table_names(empty())):
        assert text_of(made) == "There is nothing to print yet."
    assert "No session has a chair yet." in text_of(lists.chairs_sheets(empty(), {}, None))
    assert "Nobody speaks yet." in text_of(lists.speakers_list(empty(), "E", None, frozenset()))
    assert "Nobody has a place yet." in text_of(lists.door_list([], "E"))
    assert "Nobody has agreed to stand in the list yet." in text_of(lists.participants_list([], "E"))


@pytest.mark.usefixtures("office")
def test_the_door_s_list_goes_on_over_pages_with_everybody_once() -> None:
    people = [badge_person(f"Anna{n:03d}", "Lind", n) for n in range(120)]
    pages = page_texts(lists.door_list(people, EVENT.title))
    assert len(pages) == 4
    assert all("List for the door" in page for page in pages)
    assert sum(f"Anna{n:03d}" in page for n in range(120) for page in pages) == 120


@pytest.mark.usefixtures("office")
def test_the_list_of_participants_has_name_affiliation_and_country_only() -> None:
    text = text_of(
        lists.participants_list([badge_person("Åsa", "Lind", 5, badge_word="Industry")], EVENT.title)
    )
    assert "Lind, Åsa" in text
    assert "Karolinska University Hospital" in text
    assert "Sweden" in text
    assert "Industry" not in text
    assert "7K3M05" not in text


@pytest.mark.usefixtures("office")
def test_speakers_are_listed_with_what_is_missing() -> None:
    programme = a_programme()
    talk = next(session.talks[0] for session in programme.sessions if session.talks)
    person = talk.people[0]
    everything = frozenset(int(one.id) for session in programme.sessions for one in session.talks)
    signed = frozenset(part.person_id for session in programme.sessions for part in session.everybody)
    whole = text_of(lists.speakers_list(programme, EVENT.title, signed, everything))
    assert person.name in whole
    assert "slides" not in whole
    assert "interests" not in whole
    lacking = text_of(
        lists.speakers_list(programme, EVENT.title, signed - {person.person_id}, everything - {int(talk.id)})
    )
    assert lacking.count("slides") == 1
    assert "interests" in lacking
    assert "interests" not in text_of(lists.speakers_list(programme, EVENT.title, None, frozenset()))


@pytest.mark.usefixtures("office")
def test_a_chair_s_sheet_has_a_biography_only_while_it_may_be_shown() -> None:
    programme = a_programme()
    session = next(one for one in programme.sessions if one.talks)
    speaker = session.talks[0].people[0]
    shown = {PersonId(speaker.person_id): PublicProfile(biography="Works on rare diseases.")}
    text = text_of(lists.chairs_sheets(programme, shown, frozenset()))
    assert "Works on rare diseases." in text
    assert "Interests not disclosed: ask before the talk." in text
    bare = text_of(lists.chairs_sheets(programme, {}, None, session.day))
    assert "Works on rare diseases." not in bare
    assert "Interests not disclosed" not in bare
    assert session.title in bare


@pytest.mark.usefixtures("office")
def test_a_chair_s_sheet_keeps_each_talk_together_and_says_on_further_pages_of_which_session() -> None:
    session = forty_talks().sessions[0]
    chaired = replace(session, people=(a_part(1, PartRole.CHAIR),))
    pages = page_texts(lists.chairs_sheets(of(chaired), {}, frozenset()))
    assert len(pages) > 1
    for number, page in enumerate(pages):
        assert ("A marathon, continued" in page) == (number > 0)
        assert page.rstrip().endswith("Interests not disclosed: ask before the talk.")


@pytest.mark.usefixtures("office")
def test_what_has_no_room_on_a_list_s_line_goes_on_two() -> None:
    title = "Measurable residual disease, by way of a rather long example"
    session = a_session(1, "One", talks=(replace(a_talk(1, title), span=a_session(1, "One").span),))
    text = text_of(lists.speakers_list(of(session), EVENT.title, None, frozenset()))
    assert " ".join(text.split()).count(title) == 1


@pytest.mark.usefixtures("office")
def test_who_leads_is_named_by_role_and_number() -> None:
    people = (
        a_part(1, PartRole.CHAIR, name="Åsa"), a_part(2, PartRole.CHAIR, name="Bo"), a_part(3, PartRole.MODERATOR, name="Eva"),
        a_part(4, PartRole.PANELLIST, name="Ida"),
    )  # fmt: skip
    programme = of(a_session(1, "One", people=people))
    assert "Chairs: Åsa, Bo. Moderator: Eva. Ida" in text_of(signs.door_signs(programme, EVENT, None))
    assert "Chairs: Åsa, Bo. Moderator: Eva" in text_of(lists.chairs_sheets(programme, {}, None))


@pytest.mark.usefixtures("office")
def test_a_word_that_is_parted_on_a_list_keeps_its_hyphen() -> None:
    title = "Läkemedelsbehandlingsrekommendationsgenomsekvenseringsplattformar"
    session = a_session(1, "One", talks=(replace(a_talk(1, title), span=a_session(1, "One").span),))
    text = text_of(lists.speakers_list(of(session), EVENT.title, None, frozenset()))
    assert title in text.replace(f"{HYPHEN} ", "").replace(f"{HYPHEN}\n", "")
    assert HYPHEN in text


@pytest.mark.usefixtures("office")
def test_strange_names_and_endless_titles_are_printed_literally() -> None:
    strange = a_session(
        900,
        '<img src="/etc/hostname"> ' + "x" * 400,
        kind=Kind.PANEL,
        people=(a_part(7, PartRole.CHAIR, name="Tom <3 <script> 李"),),
    )
    programme = Programme(
        version=1, published_at=None, days=EVENT.days, rooms=HALLS, tracks=(), sessions=(strange,)
    )
    for made in (
        signs.door_signs(programme, EVENT),
        signs.table_names(programme),
        lists.chairs_sheets(programme, {}, None),
    ):
        assert "Tom <3 <script>" in text_of(made)


@given(
    text=st.text(st.sampled_from(sorted(faces().characters)), min_size=1, max_size=200),
    width=st.floats(20, 250),
    height=st.floats(6, 150),
)
def test_a_text_never_leaves_its_box(text: str, width: float, height: float) -> None:
    size, lines = fitted(" ".join(text.split()), "bold", width, height, SIZES)
    em_mm = size * MM_PER_PT
    assert size in SIZES
    assert all(metrics()["bold"].width_em(line) * em_mm <= width + 0.01 for line in lines if len(line) > 1)
    assert ((len(lines) - 1) * LEADING + 1) * em_mm <= max(height, em_mm) + 0.01


def test_a_text_is_as_large_as_it_fits(office: Flask) -> None:
    assert fitted("Aula", "bold", 200, 50, SIZES)[0] == 40
    assert fitted("Aula Magna of the University", "bold", 60, 20, SIZES)[0] < 40
    size, lines = fitted("word " * 80, "bold", 40, 12, SIZES)
    assert (size, lines[-1][-1]) == (12, "…")
