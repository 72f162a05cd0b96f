"""The evening pack: all paper of the next morning in one file, for a desk without network."""

import zipfile
from collections.abc import Callable
from io import BytesIO

from conference.core.clock import STOCKHOLM, clock
from conference.event.queries import get_event
from conference.printing import signs
from conference.printing.badges import badge_sheet_pdf, blank_badges_pdf
from conference.printing.box_service import boxes, order_language
from conference.printing.choice import Choice
from conference.printing.design_facts import facts_for
from conference.printing.list_papers import chairs_paper, door_paper, speakers_paper
from conference.printing.other_people import in_order, of_programme, of_staff
from conference.printing.picking import Picking, Which, picked
from conference.printing.runs import last_prints
from conference.programme.model import Programme
from conference.programme.queries import draft, published
from conference.registration.category_queries import categories
from conference.registration.queries import badge_people

BLANKS = 8


def evening_pack(choice: Choice, say: Callable[[int, int], None]) -> bytes:
    """Return a ZIP file of badges that are new or changed, of speakers and staff, blank ones, lists and signs.

    A note tells the time. `say` hears how many of its parts are made, and of how many. What it holds is not noted as printed.
    """
    packed = BytesIO()
    programme = published() or draft()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as pack:
        parts = _parts(choice, programme)
        for done, (name, make) in enumerate(parts.items()):
            say(done, len(parts))
            pack.writestr(name, make())
        say(len(parts), len(parts))
    return packed.getvalue()


def _parts(choice: Choice, programme: Programme) -> dict[str, Callable[[], bytes]]:
    """Return by file name what makes each part."""
    event = get_event()
    design = choice.design
    facts = facts_for(design)

    def due() -> bytes:
        people = picked(badge_people(), Picking(which=Which.DUE), last_prints(), order_language())
        return badge_sheet_pdf(
            people, sheet=choice.sheet, setting=choice.setting, design=design, facts=facts
        ).pdf

    def others() -> bytes:
        people = [
            one.as_badge(place) for place, one in enumerate(in_order([*of_programme(), *of_staff()]), 1)
        ]
        return badge_sheet_pdf(people, sheet=choice.sheet, design=design, facts=facts).pdf

    def blanks() -> bytes:
        words = dict.fromkeys((one.details.badge_word, one.details.badge_colour) for one in categories())
        return blank_badges_pdf(words, BLANKS, sheet=choice.sheet, design=design, facts=facts)

    return {
        "badges new or changed.pdf": due,
        "badges of speakers and staff.pdf": others,
        "badges to write on.pdf": blanks,
        "boxes.pdf": lambda: signs.box_labels(boxes().labels, event),
        "list for the door.pdf": lambda: door_paper().pdf,
        "speakers.pdf": lambda: speakers_paper(programme).pdf,
        "chairs' sheets.pdf": lambda: chairs_paper(programme).pdf,
        "door signs.pdf": lambda: signs.door_signs(programme, event),
        "read me.txt": lambda: _note(event.title, programme).encode(),
    }


def _note(title: str, programme: Programme) -> str:
    made = clock.now().astimezone(STOCKHOLM)
    version = f"version {programme.version}" if programme.version else "the draft, nothing is published"
    return (
        f"{title}\n\nMade {made:%Y-%m-%d %H:%M} (Stockholm). The programme is {version}.\n"
        "Badges in this pack are not noted as printed: after the morning, print or note them in the office.\n"
        "It holds names of participants: delete it after the conference.\n"
    )
