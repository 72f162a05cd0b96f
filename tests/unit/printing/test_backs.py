"""The back of a badge: the person's own programme or the plan of the days, ticks for days and extras."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.core.ids import ExtraId, RegistrationId, SessionId
from conference.printing.design_model import OwnProgramme, Place, Ticks, Type
from conference.printing.facts import BadgeFacts, PlanLine
from conference.printing.model import Problem
from conference.printing.own_programme import lay_programme
from conference.printing.plans import plan_for
from conference.printing.preflight import BadgeSetter, SetSide, metrics
from conference.printing.sheets import Box
from conference.printing.ticks import lay_ticks
from conference.registration.model import BadgePerson
from tests.factories.designs import another_design
from tests.factories.ink import ink_box
from tests.factories.printing import badge_person

BOX = Box(x_mm=6, y_mm=44, width_mm=93, height_mm=50)
PROGRAMME = OwnProgramme(
    name="programme", place=Place(), heading="Programme", type=Type(largest_pt=10, smallest_pt=6)
)
SHORT = Type(largest_pt=10, smallest_pt=7)


def plan(
    count: int, days: int = 1, title: str = "Rare diseases: from sample to report"
) -> tuple[PlanLine, ...]:
    return tuple(
        PlanLine(day=f"Day {day}", time=f"{8 + number:02d}:00", title=f"{title} {number}")
        for day in range(1, days + 1)
        for number in range(count)
    )


def test_a_short_programme_has_the_largest_type_with_times_in_one_edge() -> None:
    made = lay_programme(plan(3), PROGRAMME, BOX, metrics())
    assert [line.text for line in made.lines if line.face == "medium"] == ["Day 1", "08:00", "09:00", "10:00"]
    assert {line.size_pt for line in made.lines} == {10}
    assert len({line.x_mm for line in made.lines if line.face == "regular"}) == 1


def test_days_stand_side_by_side_where_one_column_is_too_long() -> None:
    made = lay_programme(plan(13, days=2, title="Lunch"), PROGRAMME, BOX, metrics())
    first, second = [line for line in made.lines if line.text.startswith("Day")]
    assert (made.left_out, first.y_mm == second.y_mm, second.x_mm > first.x_mm + 40) == (0, True, True)


def test_what_finds_no_room_is_counted_on_the_paper_and_told() -> None:
    made = lay_programme(plan(40), PROGRAMME, BOX, metrics())
    assert made.left_out > 20
    assert made.lines[-1].text == f"and {made.left_out} more"
    assert lay_programme((), PROGRAMME, BOX, metrics()).lines == ()


@given(st.lists(st.text("abc dåÅ-ñ", min_size=1, max_size=200), max_size=30), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_no_line_of_a_programme_leaves_its_box(titles: list[str], days: int) -> None:
    lines = tuple(
        PlanLine(day=f"Day {number % days}", time="09:00", title=" ".join(title.split()) or "x")
        for number, title in enumerate(titles)
    )
    for line in lay_programme(tuple(sorted(lines, key=lambda one: one.day)), PROGRAMME, BOX, metrics()).lines:
        assert BOX.holds(ink_box(line, metrics()[line.face]), slack_mm=0.2), line


@given(
    st.lists(st.text("Wil dåÅñ", min_size=1, max_size=60).map(lambda one: one.strip() or "x"), max_size=14),
    st.integers(1, 3),
)
@settings(max_examples=60, deadline=None)
def test_no_tick_leaves_its_box(words: list[str], columns: int) -> None:
    ticks = Ticks(name="extras", place=Place(), of="extras", type=SHORT, columns=columns)
    box = Box(x_mm=6, y_mm=100, width_mm=60, height_mm=14)
    grid = lay_ticks(tuple(words), ticks, box, metrics())
    assert len(grid.squares) + grid.left_out == len(words)
    assert all(box.holds(square) for square in grid.squares)
    assert all(box.holds(ink_box(line, metrics()[line.face]), slack_mm=0.6) for line in grid.lines)
    assert grid.is_shortened == any(line.text not in words for line in grid.lines)


DAYS = (("2022-09-22", "Thu 22 Sep"), ("2022-09-23", "Fri 23 Sep"))
FACTS = BadgeFacts(
    days=DAYS,
    extras={ExtraId(1): "Dinner", ExtraId(2): "Workshop"},
    plan=plan(2),
    sessions={SessionId(number): line for number, line in enumerate(plan(9), 1)},
    session_extras={ExtraId(2): SessionId(7)},
    chosen_extras={RegistrationId(1): frozenset({ExtraId(1), ExtraId(2)})},
    marked={RegistrationId(1): frozenset({SessionId(2), SessionId(99)})},
)


def back_of(person: BadgePerson, facts: BadgeFacts = FACTS) -> SetSide:
    sides, findings = BadgeSetter(plan_for(105, 148.5), facts).show(person)
    assert sides is not None
    assert findings == []
    return sides[1]


def texts(side: SetSide) -> list[str]:
    return [line.text for _, lines in side.blocks for line in lines]


def test_own_sessions_are_what_was_marked_and_what_an_extra_stands_for() -> None:
    side = back_of(badge_person("Åsa", number=1))
    found = [text for text in texts(side) if text.startswith("Rare")]
    assert found == ["Rare diseases: from sample to report 1", "Rare diseases: from sample to report 6"]
    assert not side.has_plan


def test_who_has_no_programme_gets_the_plan_of_the_days() -> None:
    side = back_of(badge_person("Bo", number=2))
    assert (side.has_plan, texts(side)) == (True, [])


@pytest.mark.parametrize(
    ("days", "ticked"), [("", 2), ("2022-09-22", 1), ("2022-09-22 2022-09-23", 2), ("2021-01-01", 2)]
)
def test_days_are_ticked_as_the_category_has_them(days: str, ticked: int) -> None:
    assert len(back_of(badge_person("Bo", number=2, days=days)).ticked) == ticked


def test_only_extras_with_a_place_are_shown_and_ticked() -> None:
    side = back_of(badge_person("Åsa", number=1, days="2022-09-22"))
    assert [text for text in texts(side) if text in {"Dinner", "Workshop"}] == ["Dinner", "Workshop"]
    assert len(side.ticked) == 3


def test_too_many_own_sessions_are_told() -> None:
    many = BadgeFacts(
        days=DAYS,
        sessions={SessionId(number): line for number, line in enumerate(plan(40), 1)},
        marked={RegistrationId(1): frozenset(SessionId(number) for number in range(1, 41))},
    )
    _, findings = BadgeSetter(plan_for(105, 148.5), many).show(badge_person("Åsa", number=1))
    (found,) = findings
    assert (found.problem, found.part) == (Problem.NO_ROOM, "own programme")
    assert str(found).endswith("Enter less of it, or choose a larger badge.")


def test_common_words_that_do_not_fit_are_told_of_the_design() -> None:
    facts = BadgeFacts(event_title="Long " * 80, organisers=("Genomic Medicine Sweden",))
    assert BadgeSetter(plan_for(105, 148.5), facts).cut_short == ("event title",)
    assert BadgeSetter(plan_for(105, 148.5), FACTS).cut_short == ()


def test_characters_that_no_font_has_are_told_of_the_element() -> None:
    facts = BadgeFacts(event_title="Precision 𓀀", organisers=("𓀁 𓀁",))
    setter = BadgeSetter(plan_for(105, 148.5, another_design()), facts)
    assert setter.lacking == {"greeting": ("𓀀",)}
    assert BadgeSetter(plan_for(105, 148.5), facts).lacking == {"event title": ("𓀀",), "organisers": ("𓀁",)}
    assert BadgeSetter(plan_for(105, 148.5), FACTS).lacking == {}
