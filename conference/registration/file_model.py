"""A file that answers a question: how it is named in the answer, and what the person is told where it will not do."""

import re
from dataclasses import dataclass

from conference.core.errors import N_

MOST_BYTES = 5_000_000
_FORM = re.compile(r"([0-9a-f]{32}\.(?:pdf|jpg|png)) ([1-9][0-9]{0,8}) (.{1,120})", re.ASCII | re.DOTALL)

TOO_LARGE = N_("This file is larger than 5 MB. Send a smaller one.")
EMPTY = N_("This file is empty. Choose it again.")
WRONG_KIND = N_(
    "This file is neither a PDF nor a picture (JPEG or PNG). Save it as one of these and send that."
)
BROKEN_PDF = N_("This PDF is cut off or damaged. Save it anew and send that.")
NO_ROOM = N_(
    "Files cannot be kept at the moment. Send the form without the file, or try again in some hours."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFile:
    """`key` is random and ends in what the content is; `name` is the person's own, for reading only."""

    key: str
    size_bytes: int
    name: str

    def as_value(self) -> str:
        """Return what stands as the answer. `file_of` reads it."""
        return f"{self.key} {self.size_bytes} {self.name}"


def file_of(value: object) -> KeptFile | None:
    """Return the file that an answer names, or None where it is none."""
    found = _FORM.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else KeptFile(key=found[1], size_bytes=int(found[2]), name=found[3])
