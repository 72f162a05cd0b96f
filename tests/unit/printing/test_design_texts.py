"""Whatever a person is called, no text leaves its box, in any design and on either side, and what was cut is told."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.printing.design_model import Type
from conference.printing.fonts import faces
from conference.printing.ground import set_block
from conference.printing.model import Problem
from conference.printing.optical import edges_em
from conference.printing.plans import Plan, plan_for
from conference.printing.preflight import BadgeSetter, metrics
from conference.printing.sheets import Box
from tests.factories.designs import another_design, ink_of
from tests.factories.ink import quiet_zone
from tests.factories.printing import badge_person

# Glyphs such as ĩ reach out of their own width; a few, such as Ὢ, by more than any name is measured with.
HAIR_MM = 0.45
HAIR_EM = 0.03
LETTERS = st.sampled_from(
    [
        one
        for one in sorted(faces().characters)
        if one.isprintable()
        and one not in " \xa0…"
        and min(edge for metric in metrics().values() for edge in edges_em(metric, one)) > -HAIR_EM
    ]
)
NAMES = st.text(LETTERS | st.sampled_from(" -"), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split()) or "x"
)
CENTRED = plan_for(105, 148.5, another_design())
BACK = plan_for(105, 148.5)


@pytest.mark.parametrize("plan", [CENTRED, BACK], ids=["centred, all fields", "A6 with its back"])
@given(given=NAMES, family=NAMES | st.just(""), title=NAMES | st.just(""), place=NAMES | st.just(""))
@settings(max_examples=150, deadline=None)
def test_no_text_leaves_its_box_and_preflight_names_exactly_what_was_cut(
    plan: Plan, given: str, family: str, title: str, place: str
) -> None:
    person = badge_person(given, family, title=title, letters=title, affiliation=place)
    sides, findings = BadgeSetter(plan).show(person)
    assert sides is not None
    cut = set()
    for shown, side in zip(sides, plan.sides, strict=True):
        assert side.column
        boxes = [ink_of(line) for line in shown.layout.lines]
        assert all(side.column.box.holds(box, slack_mm=HAIR_MM) for box in boxes)
        assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
        quiet = quiet_zone(side)
        assert not quiet or not any(box.overlaps(quiet) for box in boxes)
        cut |= {line.text for line in shown.layout.lines if line.text.endswith("…")}
    told = {one.part for one in findings if one.problem in {Problem.SHORTENED, Problem.SHORTENED_NAME}}
    assert bool(told) == bool(cut)


BLOCKS = st.builds(
    lambda size, smaller, lines, vertical, align: Type(
        largest_pt=size, smallest_pt=size - smaller, lines=lines, vertical=vertical, align=align
    ),
    st.floats(12, 30), st.floats(0, 8), st.integers(1, 5), st.sampled_from(["top", "middle", "bottom"]),
    st.sampled_from(["left", "centre", "right"]),
)  # fmt: skip


@given(texts=st.lists(NAMES, max_size=3), kind=BLOCKS)
@settings(max_examples=200, deadline=None)
def test_a_block_of_text_stays_in_its_box(texts: list[str], kind: Type) -> None:
    box = Box(x_mm=10, y_mm=20, width_mm=60, height_mm=16)
    lines, is_cut = set_block(tuple(texts), kind, box, metrics())
    room = Box(
        x_mm=10, y_mm=20 - 1, width_mm=60, height_mm=16 + 2
    )  # a letter with two accents reaches a little higher
    assert all(room.holds(ink_of(line), slack_mm=HAIR_MM) for line in lines)
    if not any("…" in text for text in texts):
        assert is_cut == any(line.text.endswith("…") for line in lines)
