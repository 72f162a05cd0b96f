"""The badge on a ticket: the same drawing as on sheets, folded, for who prints the ticket at home and wears it."""

from collections.abc import Mapping
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from conference.core.ids import RegistrationId
from conference.printing.badge_side import BadgeSide
from conference.printing.badges import draw_face
from conference.printing.codes import qr_path
from conference.printing.design_model import Design
from conference.printing.facts import BadgeFacts
from conference.printing.plans import plan_of
from conference.printing.preflight import BadgeSetter
from conference.printing.run import Place
from conference.printing.sheets import SHEETS, Box
from conference.printing.typeset import Typesetter
from conference.registration.model import BadgePerson

SHEET = SHEETS["a7-folded"]


class TicketBadge:
    """One person's badge. Made before the page's first stroke, because its forms are drawn then."""

    def __init__(
        self, canvas: Canvas, setter: Typesetter, facts: Mapping[str, Any], design: Design | None
    ) -> None:
        self._canvas = canvas
        its = BadgeFacts(event_title=facts["event_title"], organisers=tuple(facts.get("organisers", ())))
        badges = BadgeSetter(plan_of(SHEET, design), its)
        person = badge_of(facts)
        shown, _ = badges.show(person)
        self._drawn: list[tuple[tuple[str, ...], str]] = []
        if shown is not None:
            sides = [BadgeSide(canvas, setter, badges, number) for number in range(len(badges.plan.sides))]
            code = qr_path(person.badge_code)
            self._drawn = [
                (side.forms(person, one), side.own(person, one, code))
                for side, one in zip(sides, shown, strict=True)
            ]

    @property
    def can_be_shown(self) -> bool:
        """Whether a font has the name; else the desk prints the badge."""
        return bool(self._drawn)

    def draw(self, label: Box, page_height_mm: float) -> None:
        """Draw the front, and below it the back, turned, so that the fold brings it behind."""
        front = Box(
            x_mm=label.x_mm, y_mm=label.y_mm, width_mm=label.width_mm, height_mm=SHEET.badge_height_mm
        )
        back = front.moved(0, SHEET.badge_height_mm)
        if self._drawn:
            draw_face(self._canvas, page_height_mm, Place(box=front), *self._drawn[0])
            draw_face(self._canvas, page_height_mm, Place(box=back, is_turned=True), *self._drawn[-1])


def badge_of(facts: Mapping[str, Any]) -> BadgePerson:
    """Return the badge that a ticket's facts tell of. Those frozen by an older release tell the name only."""
    given, _, family = facts["name"].partition(" ")
    told = {"given_name": given, "family_name": family, "affiliation": facts["affiliation"]}
    values = {
        "title": "",
        "letters": "",
        "badge_name": "",
        "country": "",
        "no_photographs": False,
        **facts.get("badge", told),
    }
    return BadgePerson(
        registration_id=RegistrationId(0),
        number=facts["number"],
        badge_word=facts["badge_word"],
        badge_colour=facts["badge_colour"],
        badge_code=facts["badge_code"],
        **values,
    )
