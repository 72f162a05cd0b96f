"""The office's own sheets: read, made, changed and deleted, and every sheet by its key."""

from dataclasses import asdict, fields

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import NotFoundError
from conference.core.ids import LabelSheetId
from conference.core.text import folded
from conference.db.base import db
from conference.db.revisions import delete_revised, revise
from conference.printing.errors import SheetNameTakenError, UnknownSheetError
from conference.printing.sheet_model import OwnSheet
from conference.printing.sheet_rules import OWN, SheetDetails, check_details, sheet_of
from conference.printing.sheets import SHEETS, Sheet
from conference.printing.tables import LabelSheetRow

_ABOUT = "label_sheet"


def own_sheets() -> list[OwnSheet]:
    """Return the office's own sheets by name. One statement."""
    rows = db.session.scalars(select(LabelSheetRow).order_by(LabelSheetRow.name_key))
    return [_own(row) for row in rows]


def get_own_sheet(sheet_id: LabelSheetId) -> OwnSheet:
    """Return the sheet; raises NotFoundError."""
    row = db.session.get(LabelSheetRow, sheet_id)
    if row is None:
        raise NotFoundError
    return _own(row)


def every_sheet() -> dict[str, Sheet]:
    """Return each sheet by its key, the shipped ones first. One statement."""
    return SHEETS | {one.sheet.key: one.sheet for one in own_sheets()}


def sheet_named(key: str) -> Sheet:
    """Return the sheet with this key. No statement for a shipped one. Raises UnknownSheetError."""
    if key in SHEETS:
        return SHEETS[key]
    digits = key.removeprefix(OWN)
    row = db.session.get(LabelSheetRow, int(digits)) if key != digits and _is_id(digits) else None
    if row is None:
        raise UnknownSheetError("sheet", name=key[:60], known=", ".join(every_sheet()))
    return _own(row).sheet


def _is_id(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= len(str(10**8))


def _own(row: LabelSheetRow) -> OwnSheet:
    details = SheetDetails(**{field.name: getattr(row, field.name) for field in fields(SheetDetails)})
    sheet_id = LabelSheetId(row.id)
    return OwnSheet(id=sheet_id, revision=row.revision, details=details, sheet=sheet_of(sheet_id, details))


def create_own_sheet(session: Session, details: SheetDetails, *, actor: Actor) -> LabelSheetId:
    """Add the sheet. Raises as `sheet_rules.check_details` does."""
    check_details(details)
    row = LabelSheetRow(**_columns(details))
    session.add(row)
    _flush(session, details)
    record(session, actor=actor, action="created", about=(_ABOUT, row.id))
    return LabelSheetId(row.id)


def edit_own_sheet(
    session: Session,
    sheet_id: LabelSheetId,
    expected_revision: int | None,
    details: SheetDetails,
    *,
    actor: Actor,
) -> None:
    """Write the sheet. Raises as `revise` and `sheet_rules.check_details` do."""
    check_details(details)
    row = session.get(LabelSheetRow, sheet_id)
    before = _columns(_own(row).details) if row else {}
    columns = _columns(details)
    try:
        revise(session, LabelSheetRow, sheet_id, expected_revision, columns)
    except IntegrityError as error:
        raise SheetNameTakenError("name", name=details.name) from error
    changes = {
        name: (before.get(name), value) for name, value in columns.items() if before.get(name) != value
    }
    record(session, actor=actor, action="changed", about=(_ABOUT, sheet_id), changes=changes)


def delete_own_sheet(
    session: Session, sheet_id: LabelSheetId, expected_revision: int | None, *, actor: Actor
) -> None:
    """Delete the sheet. Raises as `delete_revised` does."""
    delete_revised(session, LabelSheetRow, sheet_id, expected_revision)
    record(session, actor=actor, action="deleted", about=(_ABOUT, sheet_id))


def _columns(details: SheetDetails) -> dict[str, object]:
    return {**asdict(details), "name_key": folded(details.name)}


def _flush(session: Session, details: SheetDetails) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise SheetNameTakenError("name", name=details.name) from error
