"""What a scanner at the desk sends: whose code it is, and whether it is still the one that opens doors."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from conference.core.ids import CROCKFORD, RegistrationId, read_code
from conference.db.base import db
from conference.registration.entry import BADGE_CODE_LENGTH
from conference.registration.tables import RegistrationRow, ReplacedCodeRow

# What scanners put around a code: a symbology identifier as "]Q1" (ISO/IEC 15424), the stars of Code 39, and keys.
_AIM = re.compile(r"^\][A-Za-z][0-9]")
_CODE = re.compile(f"[{CROCKFORD}]{{{BADGE_CODE_LENGTH}}}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scanned:
    """Whose code was scanned. `replaced_at`: since when it is dead, None while it is the registration's own."""

    registration_id: RegistrationId
    replaced_at: datetime | None = None


def scanned_code(typed: str) -> str:
    """Return the code that was scanned or typed, "" where the text is no whole code.

    Read are either case, lines broken anywhere, the stars and the prefix that scanners add, and O, I and L as the
    digits that they are taken for.
    """
    visible = "".join(character for character in typed if character.isprintable() or character.isspace())
    bare = _AIM.sub("", visible.strip()).strip("* \t\r\n;,.")
    code = read_code(bare)
    return code if _CODE.fullmatch(code) else ""


def find_scanned(typed: str) -> Scanned | None:
    """Return whose code the text is, None for no code or one of nobody. At most two statements."""
    code = scanned_code(typed)
    if not code:
        return None
    present = db.session.scalar(select(RegistrationRow.id).where(RegistrationRow.badge_code == code))
    if present is not None:
        return Scanned(registration_id=RegistrationId(present))
    dead = db.session.get(ReplacedCodeRow, code)
    if dead is None:
        return None
    return Scanned(registration_id=RegistrationId(dead.registration_id), replaced_at=dead.replaced_at)
