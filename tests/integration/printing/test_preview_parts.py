"""A part of a batch shows what the whole batch shows on those pages, and no more of it is drawn."""

import pytest

from conference.printing import preview_parts
from conference.printing.choice import choice_of
from conference.printing.preview_parts import part_of_batch
from conference.printing.service import badges
from tests.factories.paper import page_texts
from tests.factories.printing import badge_person

pytestmark = pytest.mark.usefixtures("app")
PEOPLE = [badge_person(f"Anna{n:02d}", "Berg", n) for n in range(1, 36)] + [badge_person("\u0e01", "", 99)]


@pytest.mark.parametrize(
    ("typed", "is_stacked"),
    [
        ({"sheet": "a7"}, False),
        ({"sheet": "a7", "begin_at": "6"}, False),
        ({"sheet": "l4785", "begin_at": "10", "sides": "long"}, False),
        ({"sheet": "a7"}, True),
        ({"sheet": "99015"}, False),
    ],
)
def test_every_page_of_every_part_is_that_of_the_whole(
    monkeypatch: pytest.MonkeyPatch, typed: dict[str, str], is_stacked: bool
) -> None:
    monkeypatch.setattr(preview_parts, "PART_BADGES", 16)
    choice = choice_of(typed)
    whole = page_texts(badges(PEOPLE, choice, is_stacked=is_stacked).pdf)
    seen: dict[int, str] = {}
    for at in range(1, len(whole) + 1):
        part = part_of_batch(PEOPLE, choice, is_stacked=is_stacked, at=at)
        texts = page_texts(part.pdf)
        assert part.count == len(whole)
        assert part.first <= at < part.first + len(texts)
        assert len(texts) <= max(1, 16 // choice.sheet.count) * (2 if "sides" in typed else 1)
        seen |= dict(enumerate(texts, part.first))
    assert [seen[number] for number in range(1, len(whole) + 1)] == whole


@pytest.mark.parametrize(("at", "first"), [(0, 1), (-5, 1), (10**8, 5)])
def test_a_page_that_there_is_not_means_the_nearest(
    monkeypatch: pytest.MonkeyPatch, at: int, first: int
) -> None:
    monkeypatch.setattr(preview_parts, "PART_BADGES", 16)
    part = part_of_batch(PEOPLE, choice_of({"sheet": "a7"}), is_stacked=False, at=at)
    assert (part.first, part.count) == (first, 5)


def test_nobody_makes_one_page_that_says_so() -> None:
    part = part_of_batch([], choice_of({}), is_stacked=False, at=1)
    assert (page_texts(part.pdf), part.first, part.count) == (["No badges to print."], 1, 1)
