"""The public papers of a new version, drawn by a worker before anybody asks for them."""

import time
from functools import partial

from conference.db.base import db
from conference.printing.kept_papers import forget, kept, key_of
from conference.printing.programme_papers import public_makers
from conference.programme.queries import PublicState, programme_of, public_state
from conference.web.language import LANGUAGES, in_language

# Own choice: long enough to cost nothing, and sooner than the first reader of a mail about a version.
LOOKS_EACH_S = 5


class PapersToDraw:
    """What is public as a worker sees it: a state whose papers this process has not drawn yet, or that none is public.

    Needs no lease: of two workers both find the files that the first has written.
    """

    def __init__(self, looks_each_s: float = LOOKS_EACH_S) -> None:
        self._looks_each_s = looks_each_s
        # A process that has just begun has something better to do.
        self._looked_at = time.monotonic()
        self._drawn: PublicState | bool | None = False

    def claim(self, owner: str) -> list[int]:  # noqa: ARG002 -- the signature is JobSource's
        if time.monotonic() < self._looked_at + self._looks_each_s:
            return []
        self._looked_at = time.monotonic()
        return [] if public_state() == self._drawn else [1]

    def run(self, job_id: int, owner: str) -> None:  # noqa: ARG002 -- the signature is JobSource's
        db.session.rollback()
        state = public_state()
        if state is None:
            forget()
        else:
            draw_ahead(state)
        self._drawn = state

    def give_back(self, owner: str) -> int:  # noqa: ARG002 -- the signature is LongSource's
        """Return 0: nothing is held. That it is here gives the source a thread of its own, beside the mails."""
        return 0


def draw_ahead(state: PublicState) -> None:
    """Write every public paper of the state that is not there yet, in each language."""
    programme = programme_of(state)
    for tag in LANGUAGES:
        with in_language(tag):
            for name, draw in public_makers(programme).items():
                kept(key_of(state, name, tag), partial(draw, programme))


papers_to_draw = PapersToDraw()
