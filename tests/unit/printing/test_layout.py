"""Whatever a person is called, nothing on the badge leaves its box or touches the code."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conference.printing.fitting import ELLIPSIS
from conference.printing.fonts import faces
from conference.printing.layout import BadgeLayout, BadgeWords, ink_box, lay_out
from conference.printing.plans import MODULES, Plan, plan_of
from conference.printing.preflight import metrics
from conference.printing.sheets import SHEETS, Box

FOOT_MM = 6.0
# Several sheets have badges of one size.
_PLANS = {plan: key for key, plan in ((key, plan_of(sheet)) for key, sheet in reversed(SHEETS.items()))}
PLANS: dict[str, Plan] = {key: plan for plan, key in _PLANS.items()}
PLAN_IDS = sorted(PLANS)
LONG = "Müller-Lüdenscheidt-Schwarzenberg-Wittgenstein"
letters = st.sampled_from(sorted(faces().characters - {" ", "\xa0", "\xad", ELLIPSIS}))
names = st.text(letters | st.sampled_from(" -"), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split()) or "x"
)


def set_words(
    plan: Plan, first: str, second: str = "", organisation: str = "", country: str = ""
) -> BadgeLayout:
    words = BadgeWords(first=first, second=second, organisation=organisation, country=country)
    return lay_out(words, plan, metrics(), FOOT_MM)


def boxes(layout: BadgeLayout) -> list[Box]:
    return [ink_box(line, metrics()[line.face]) for line in layout.lines]


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
    inside = Box(
        x_mm=plan.margin_mm,
        y_mm=plan.top_mm,
        width_mm=plan.full_width_mm,
        height_mm=plan.band.y_mm - plan.top_mm,
    )
    drawn = boxes(layout)
    assert all(inside.holds(box) for box in drawn)
    assert not any(box.overlaps(plan.quiet_zone) for box in drawn)
    assert not any(one.overlaps(other) for one, other in itertools.combinations(drawn, 2))
    assert bool(layout.shortened) == any(line.text.endswith(ELLIPSIS) for line in layout.lines)


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_code_keeps_its_size_and_its_quiet_zone(plan: Plan) -> None:
    badge = Box(x_mm=0, y_mm=0, width_mm=plan.width_mm, height_mm=plan.height_mm)
    assert plan.symbol.width_mm >= 22
    assert plan.quiet_mm == pytest.approx(4 * plan.symbol.width_mm / MODULES)
    assert badge.holds(plan.quiet_zone)
    assert not plan.quiet_zone.overlaps(plan.band)


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
    layout = set_words(
        plan, "Maximiliane-Charlotte", LONG, "Center for Molecular Pathology, Heidelberg", "Germany"
    )
    bold = {line.size_pt for line in layout.lines if line.face == "bold"}
    assert bold <= set(plan.given_sizes_pt)
    family = {
        line.size_pt
        for line in layout.lines[1:]
        if line.face == "regular" and line.size_pt > max(plan.country_sizes_pt)
    }
    assert all(8 <= max(bold) - size <= 10 for size in family)
    assert {line.size_pt for line in layout.lines if line.face == "medium"} <= set(plan.organisation_sizes_pt)


def test_an_ellipsis_is_said() -> None:
    layout = set_words(PLANS["a7"], "Anna", "x" * 80, "q" * 100)
    assert layout.shortened == ("family name", "organisation")


def test_one_word_name_stands_alone() -> None:
    assert [line.text for line in set_words(PLANS["a7"], "Suharto").lines] == ["Suharto"]
