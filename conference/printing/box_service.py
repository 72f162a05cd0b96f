"""The boxes as the office set them, or four that are parted evenly."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.db.base import db
from conference.db.revisions import revise
from conference.db.standing import renew_token
from conference.printing.boxes import Boxes, boxes_beginning, check_count, even_boxes
from conference.printing.picking import LANGUAGE
from conference.printing.tables import BadgeBoxesRow
from conference.registration.queries import badged_sort_names

COUNT = 4
_ABOUT = ("badge_boxes", 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxSetting:
    """`starts` empty: parted evenly into `count`."""

    count: int = COUNT
    starts: tuple[str, ...] = ()
    language: str = LANGUAGE
    revision: int = 1


def box_setting(session: Session | None = None) -> BoxSetting:
    """Return what the office set. One statement."""
    row = (session or db.session).get_one(BadgeBoxesRow, 1, populate_existing=True)
    return BoxSetting(
        count=row.count, starts=tuple(row.starts.split()), language=row.language, revision=row.revision
    )


def order_language() -> str:
    """Return the language in whose order boxes, lists and the index stand. One statement."""
    return box_setting().language


def boxes() -> Boxes:
    """Return the desk's boxes. At most two statements."""
    return boxes_of(box_setting())


def boxes_of(setting: BoxSetting) -> Boxes:
    """Return the boxes of a setting; raises BoxCountError, BoxStartsError."""
    if setting.starts:
        return boxes_beginning(setting.starts, setting.language)
    return even_boxes(badged_sort_names(), setting.count, setting.language)


def set_boxes(session: Session, setting: BoxSetting, expected_revision: int | None, *, actor: Actor) -> None:
    """Write the setting. Raises as `revise` does, and BoxCountError or BoxStartsError for one that cannot be."""
    check_count(setting.count)
    if setting.starts:
        boxes_beginning(setting.starts, setting.language)
    values = {"count": setting.count, "starts": " ".join(setting.starts), "language": setting.language}
    before = box_setting(session)
    revise(session, BadgeBoxesRow, 1, expected_revision, values)
    was = {"count": before.count, "starts": " ".join(before.starts), "language": before.language}
    changes = {name: (was[name], value) for name, value in values.items() if was[name] != value}
    if "language" in changes:
        renew_token(session)  # public pages show the index in this order
    record(session, actor=actor, action="changed", about=_ABOUT, changes=changes)
