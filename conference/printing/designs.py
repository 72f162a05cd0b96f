"""Badge designs: shipped ones (files of this package, read only) and the office's own (stored), and which a sheet uses.

How to use it, as a page does:

    for one in every_design(): one.key, one.design.name, one.is_own        # the list
    stored = design_named(key)                                            # UnknownDesignError
    copy = transact(lambda session: copy_design(session, "a7", "Our A7", actor=actor))
    value = design_as_json(stored.design)                                 # plain JSON values: change some, and
    design = checked_design(value)                                        # DesignFaultsError.faults: element, field, remedy
    transact(lambda session: save_design(session, stored.id, revision, design, actor=actor))
    design = with_picture(design, "logo", upload)                         # design_pictures: checked and redrawn
    too_faint(design, roles)                                              # design_colours: what cannot be read
    text = export_design(key); transact(lambda session: import_design(session, text, actor=actor))
    transact(lambda session: use_design(session, sheet, key, revision, actor=actor)); design_for(sheet)

To draw one: `badges.badge_sheet_pdf(people, sheet=sheet, design=design, …)`; `design_samples` has people to try it on.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import StaleRevisionError
from conference.core.ids import BadgeDesignId
from conference.core.text import folded
from conference.db.base import db
from conference.db.revisions import delete_revised, revise
from conference.printing.design_check import check_design
from conference.printing.design_model import Design
from conference.printing.design_pictures import clean_picture
from conference.printing.design_schema import design_as_json, design_as_text, design_of, read_design
from conference.printing.design_shipped import StoredDesign, default_design, shipped_designs
from conference.printing.design_sizes import fits, require_fit
from conference.printing.errors import (
    DesignNameTakenError,
    ShippedDesignError,
    UnknownDesignError,
)
from conference.printing.sheets import Sheet
from conference.printing.tables import BadgeDesignRow, SheetDesignRow

__all__ = [
    "StoredDesign", "checked_design", "copy_design", "create_design", "default_design", "delete_design", "design_for",
    "design_named", "every_design", "export_design", "fits", "import_design", "imported_design", "own_designs",
    "require_fit", "save_design", "shipped_designs", "use_design", "use_of",
]  # fmt: skip
OWN = "own-"
_ABOUT, _USE = "badge_design", "sheet_design"
_SHOWN = 200


@lru_cache(maxsize=32)
def _read(body: str) -> Design:
    """Return the stored design: the same object while its text is the same, so that what is compiled of it is kept."""
    return read_design(body)


def _stored(row: BadgeDesignRow) -> StoredDesign:
    return StoredDesign(
        key=f"{OWN}{row.id}", design=_read(row.body), id=BadgeDesignId(row.id), revision=row.revision
    )


def own_designs() -> list[StoredDesign]:
    """Return the office's own designs by name. One statement."""
    return [
        _stored(row) for row in db.session.scalars(select(BadgeDesignRow).order_by(BadgeDesignRow.name_key))
    ]


def every_design() -> list[StoredDesign]:
    """Return each design, the shipped ones first. One statement."""
    return [*shipped_designs().values(), *own_designs()]


def design_named(key: str, session: Session | None = None) -> StoredDesign:
    """Return the design with this key. No statement for a shipped one. Raises UnknownDesignError."""
    shipped = shipped_designs()
    if key in shipped:
        return shipped[key]
    digits = key.removeprefix(OWN)
    is_id = key != digits and digits.isascii() and digits.isdigit() and len(digits) < 10  # noqa: PLR2004 -- ids are 32 bits
    row = (session or db.session()).get(BadgeDesignRow, int(digits)) if is_id else None
    if row is None:
        known = ", ".join(one.key for one in every_design())
        raise UnknownDesignError("design", name=key[:60], known=known)
    return _stored(row)


def design_for(sheet: Sheet, key: str = "") -> StoredDesign:
    """Return the design named, else the one chosen for the sheet, else the one shipped for its size.

    A choice that no longer can be, since the design was deleted or made for other sizes, counts as none. One
    statement, two where a design of the office's own is chosen. Raises UnknownDesignError and DesignSizeError for `key`.
    """
    if key:
        found = design_named(key)
        require_fit(found.design, sheet)
        return found
    chosen, _ = use_of(sheet)
    if chosen:
        try:
            stored = design_named(chosen)
        except UnknownDesignError:
            stored = None
        if stored is not None and fits(stored.design, sheet):
            return stored
    return default_design(sheet.width_mm, sheet.badge_height_mm)


def use_of(sheet: Sheet) -> tuple[str, int | None]:
    """Return the key of the design chosen for the sheet, "" for none, and the choice's revision."""
    row = db.session.scalar(select(SheetDesignRow).where(SheetDesignRow.sheet_key == sheet.key))
    return (row.design_key, row.revision) if row else ("", None)


def use_design(
    session: Session, sheet: Sheet, key: str, expected_revision: int | None, *, actor: Actor
) -> None:
    """Let the sheet's badges be printed in this design, "" for the one shipped for its size.

    `expected_revision` is that of `use_of`. Raises UnknownDesignError, DesignSizeError, and StaleRevisionError where
    another chose since.
    """
    if key:
        require_fit(design_named(key, session).design, sheet)
    row = session.scalar(select(SheetDesignRow).where(SheetDesignRow.sheet_key == sheet.key))
    before = row.design_key if row else ""
    if row is None:
        row = SheetDesignRow(sheet_key=sheet.key, design_key=key)
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:  # another made the first choice at this moment
            raise StaleRevisionError({}, {"design": key}) from error
    elif expected_revision is None:  # the page was opened when there was no choice yet
        raise StaleRevisionError({"design": before}, {"design": key})
    else:
        revise(session, SheetDesignRow, row.id, expected_revision, {"design_key": key})
    record(session, actor=actor, action="changed", about=(_USE, row.id), changes={"design": (before, key)})


def checked_design(value: object) -> Design:
    """Return the design of JSON values, its pictures taken as they are. Raises DesignFaultsError with every fault."""
    design = design_of(value)
    check_design(design)
    return design


def export_design(key: str) -> str:
    """Return the design as a file's JSON text, with its pictures. Raises UnknownDesignError."""
    return design_as_text(design_named(key).design)


def imported_design(text: str) -> Design:
    """Return the design of a file from elsewhere: everything is checked, and the pictures drawn anew.

    Raises DesignFaultsError with every fault.
    """
    design = read_design(text, clean_picture)
    check_design(design)
    return design


def import_design(session: Session, text: str, *, actor: Actor, name: str = "") -> BadgeDesignId:
    """Add the design of a file, under `name` if given. Raises DesignFaultsError, DesignNameTakenError."""
    design = imported_design(text)
    named = checked_design({**design_as_json(design), "name": name}) if name else design
    return create_design(session, named, actor=actor)


def copy_design(session: Session, key: str, name: str, *, actor: Actor) -> BadgeDesignId:
    """Add a copy under another name, to be changed. Raises UnknownDesignError, DesignNameTakenError, DesignFaultsError."""
    stored = design_named(key, session)
    return create_design(
        session, checked_design({**design_as_json(stored.design), "name": name}), actor=actor
    )


def create_design(session: Session, design: Design, *, actor: Actor) -> BadgeDesignId:
    """Add the design, checked before. Raises DesignNameTakenError."""
    row = BadgeDesignRow(**_columns(design))
    session.add(row)
    _taking_the_name(design, session.flush)
    record(session, actor=actor, action="created", about=(_ABOUT, row.id))
    return BadgeDesignId(row.id)


def save_design(
    session: Session,
    design_id: BadgeDesignId | None,
    expected_revision: int | None,
    design: Design,
    *,
    actor: Actor,
) -> None:
    """Write the design, checked before. Raises DesignNameTakenError, ShippedDesignError, and as `revise` does."""
    if design_id is None:
        raise ShippedDesignError(name=design.name)
    row = session.get(BadgeDesignRow, design_id)
    before = design_as_json(_read(row.body)) if row else {}
    columns = _columns(design)
    _taking_the_name(design, lambda: revise(session, BadgeDesignRow, design_id, expected_revision, columns))
    changes = _changes(before, design_as_json(design))
    record(session, actor=actor, action="changed", about=(_ABOUT, design_id), changes=changes)


def delete_design(
    session: Session, stored: StoredDesign, expected_revision: int | None, *, actor: Actor
) -> None:
    """Delete the design; sheets that use it go back to the shipped one. Raises ShippedDesignError, and as `delete_revised` does."""
    if stored.id is None:
        raise ShippedDesignError(name=stored.design.name)
    delete_revised(session, BadgeDesignRow, stored.id, expected_revision)
    record(session, actor=actor, action="deleted", about=(_ABOUT, stored.id))


def _columns(design: Design) -> dict[str, Any]:
    return {"name": design.name, "name_key": folded(design.name), "body": design_as_text(design)}


def _taking_the_name(design: Design, write: Callable[[], object]) -> None:
    if folded(design.name) in {folded(one.design.name) for one in shipped_designs().values()}:
        raise DesignNameTakenError("name", name=design.name)
    try:
        write()
    except IntegrityError as error:
        raise DesignNameTakenError("name", name=design.name) from error


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return (before, after) of what differs, by its path, pictures as their size only."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    paths = dict.fromkeys((*old, *new))
    return {path: (old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)}


def _leaves(value: object, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [
            leaf
            for name, one in value.items()
            for leaf in _leaves(one, f"{path}.{name}" if path else str(name))
        ]
    if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        named = [(one.get("name", number), one) for number, one in enumerate(value, 1)]
        return [leaf for name, one in named for leaf in _leaves(one, f"{path}.{name}")]
    shown = f"{len(value)} characters" if isinstance(value, str) and len(value) > _SHOWN else value
    return [(path, shown)]
