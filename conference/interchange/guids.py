"""The ids by which other systems know our sessions, rooms and people. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

from conference.core.ids import PersonId, SessionId

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


def is_guid(text: str) -> bool:
    """Return whether C3VOC's schemas take the text as a guid."""
    return _UUID.fullmatch(text) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Guids:
    """Gives each record its guid: the one it came with where it was imported, else one made of its address (RFC 9562, 5.5).

    Made of the address, it is the same in every version and on every machine of this site, and no other site's.
    """

    base_url: str
    imported: Mapping[SessionId, str] = field(default_factory=dict)

    def session(self, session_id: SessionId) -> str:
        return self.imported.get(session_id) or self._made("programme/session", session_id)

    def person(self, person_id: PersonId) -> str:
        return self._made("speakers", person_id)

    def room(self, room_id: int) -> str:
        return self._made("programme/room", room_id)

    def _made(self, path: str, number: int) -> str:
        return str(uuid5(NAMESPACE_URL, f"{self.base_url.rstrip('/')}/{path}/{number}"))
