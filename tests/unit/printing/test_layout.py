"""Whatever a person is called, nothing on the badge leaves its box or touches the code."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conference.printing.design_model import Column
from conference.printing.fitting import ELLIPSIS, MM_PER_PT
from conference.printing.fonts import faces
from conference.printing.layout import AIR_MM, BadgeLayout, Line, lay_out
from conference.printing.optical import edges_em
from conference.printing.plans import MODULES, Plan, plan_for, plan_of
from conference.printing.preflight import metrics
from conference.printing.sheets import SHEETS, Box
from tests.factories.ink import ink_box, quiet_zone

FOOT_MM = 6.0
# Glyphs such as ĩ reach out of their own width; a few, such as Ὢ, by more than any name is measured with.
HAIR_MM = 0.45
HAIR_EM = 0.03
# Several sheets have badges of one size.
_PLANS = {plan: key for key, plan in ((key, plan_of(sheet)) for key, sheet in reversed(SHEETS.items()))}
PLANS: dict[str, Plan] = {key: plan for plan, key in _PLANS.items()}
PLAN_IDS = sorted(PLANS)
LONG = "Müller-Lüdenscheidt-Schwarzenberg-Wittgenstein"
letters = st.sampled_from(
    [
        one
        for one in sorted(faces().characters - {" ", "\xa0", "\xad", ELLIPSIS})
        if min(edge for metric in metrics().values() for edge in edges_em(metric, one)) > -HAIR_EM
    ]
)
names = st.text(letters | st.sampled_from(" -"), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split()) or "x"
)


def set_words(
    plan: Plan, first: str, second: str = "", organisation: str = "", country: str = ""
) -> BadgeLayout:
    texts = {
        "given_name": first, "family_name": second, "affiliation": organisation, "country": country,
    }  # fmt: skip
    assert plan.front.column is not None
    return lay_out(texts, plan.front.column, metrics(), FOOT_MM)


def ink(line: Line) -> Box:
    """Return what is black of the line: its box without the blank before its first and after its last glyph."""
    box, em_mm = ink_box(line, metrics()[line.face]), line.size_pt * MM_PER_PT
    left_em, right_em = edges_em(metrics()[line.face], line.text)
    return Box(
        x_mm=box.x_mm + left_em * em_mm,
        y_mm=box.y_mm,
        width_mm=box.width_mm - (left_em + right_em) * em_mm,
        height_mm=box.height_mm,
    )


def boxes(layout: BadgeLayout) -> list[Box]:
    return [ink(line) for line in layout.lines]


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
@given(
    first=names,
    second=names | st.just(""),
    organisation=names | st.just(""),
    country=st.sampled_from(["", "Sweden", "Bosnia & Herzegovina"]),
)
@example(first="Åsa", second="Lind", organisation="Karolinska", country="Sweden")
@example(
    first="Maximiliane-Charlotte",
    second=LONG,
    organisation="Bayerisches Zentrum für Personalisierte Medizin, Würzburg",
    country="Germany",
)
@example(first="W" * 500, second="W" * 500, organisation="W" * 500, country="Sweden")
@example(first="W " * 249 + "W", second="W-" * 250, organisation="W " * 250, country="Sweden")
@settings(max_examples=60, deadline=None)
def test_nothing_leaves_its_box(plan: Plan, first: str, second: str, organisation: str, country: str) -> None:
    layout = set_words(plan, first, second, " ".join(organisation.split()), country)
    column, zone = plan.front.column, quiet_zone(plan.front)
    assert column
    assert zone
    drawn = boxes(layout)
    assert all(column.box.holds(box, slack_mm=HAIR_MM) for box in drawn)
    assert not any(box.overlaps(zone) for box in drawn)
    assert not any(one.overlaps(other) for one, other in itertools.combinations(drawn, 2))
    assert bool(layout.shortened) == any(line.text.endswith(ELLIPSIS) for line in layout.lines)


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_code_keeps_its_size_and_its_quiet_zone(plan: Plan) -> None:
    side = plan.front
    assert side.symbol
    zone = quiet_zone(side)
    assert zone
    assert side.band
    assert side.symbol.width_mm >= 22
    assert side.symbol.x_mm - zone.x_mm == pytest.approx(4 * side.symbol.width_mm / MODULES)
    assert side.page.holds(zone)
    assert not zone.overlaps(side.band[1])


def test_short_names_are_as_large_as_the_badge_allows() -> None:
    layouts = {name: set_words(PLANS[name], "Åsa", "Lind", "Karolinska", "Sweden") for name in ("a7", "a6")}
    sizes = {name: [line.size_pt for line in layout.lines] for name, layout in layouts.items()}
    assert sizes == {"a7": [38, 30, 18, 12], "a6": [48, 40, 18, 12]}


def test_baselines_of_badges_agree_whatever_the_accents() -> None:
    plan = PLANS["a7"]
    first = {set_words(plan, name, "Lind").lines[0].y_mm for name in ("Åsa", "Eve", "aaa", "Jürgen")}
    assert len(first) == 1


@pytest.mark.parametrize("name", PLAN_IDS)
def test_types_stay_in_their_range(name: str) -> None:
    plan = PLANS[name]
    assert plan.front.column
    sizes = {part.field: part.sizes_pt for part in (*plan.front.column.names, *plan.front.column.details)}
    layout = set_words(
        plan, "Maximiliane-Charlotte", LONG, "Center for Molecular Pathology, Heidelberg", "Germany"
    )
    bold = {line.size_pt for line in layout.lines if line.face == "bold"}
    assert bold <= set(sizes["given_name"])
    family = {
        line.size_pt
        for line in layout.lines[1:]
        if line.face == "regular" and line.size_pt > max(sizes["country"])
    }
    assert all(8 <= max(bold) - size <= 10 for size in family)
    assert {line.size_pt for line in layout.lines if line.face == "medium"} <= set(sizes["affiliation"])


def test_an_ellipsis_is_said() -> None:
    layout = set_words(PLANS["a7"], "Anna", "x" * 80, "q" * 100)
    assert layout.shortened == ("family_name", "affiliation")


def test_one_word_name_stands_alone() -> None:
    assert [line.text for line in set_words(PLANS["a7"], "Suharto").lines] == ["Suharto"]


@pytest.mark.parametrize("name", PLAN_IDS)
def test_a_descender_and_an_accent_below_it_do_not_touch(name: str) -> None:
    inks = boxes(set_words(PLANS[name], "Jörgj", "Ejemplar-Gyj Ñandú-Ångqj", "Ålborgq", "Åland"))
    gaps = [below.y_mm - above.bottom_mm for above, below in itertools.pairwise(inks)]
    assert min(gaps) >= AIR_MM - 0.001


def test_a_long_name_below_a_title_has_its_second_line_where_there_is_room() -> None:
    plain = PLANS["a7"]
    front = tuple(
        replace(one, names=tuple(replace(part, is_shown=True) for part in one.names))
        if isinstance(one, Column)
        else one
        for one in plain.design.front
    )
    column = plan_for(plain.width_mm, plain.height_mm, replace(plain.design, front=front)).front.column
    assert column
    texts = {
        "title": "Univ.-Prof. Dr. med. Dr. rer. nat.", "given_name": "Maximiliane-Charlotte", "family_name": LONG,
        "affiliation": "Bavarian Centre for Personalised Medicine and Molecular Diagnostics", "country": "Germany",
    }  # fmt: skip
    layout = lay_out(texts, column, metrics(), FOOT_MM)
    given = [line.text for line in layout.lines if line.face == "bold"]
    assert given == ["Maximiliane-", "Charlotte"]
    assert "given_name" not in layout.shortened
    assert all(ink(line).bottom_mm <= column.bottom_mm for line in layout.lines)
