"""Which design is chosen for which sheet, of all sheets at once, and which roles badges have."""

from sqlalchemy import select

from conference.db.base import db
from conference.printing.design_slots import Role
from conference.printing.tables import SheetDesignRow
from conference.registration.category_queries import categories


def chosen_designs() -> dict[str, tuple[str, int]]:
    """Return by the sheet's key the key of the design that was chosen, and the choice's revision. One statement."""
    rows = db.session.scalars(select(SheetDesignRow))
    return {row.sheet_key: (row.design_key, row.revision) for row in rows}


def roles_in_use() -> tuple[Role, ...]:
    """Return the words that stand in the bands of badges, each with the number of its colour. One statement.

    An event without categories has one, so that a design can be tried before there are any.
    """
    details = [one.details for one in categories()]
    return tuple({one.badge_word: (one.badge_word, one.badge_colour) for one in details}.values()) or (
        ("Participant", 1),
    )
