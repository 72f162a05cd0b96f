"""What the editor's page says, in the reader's language: its scripts hold no words of their own."""

from conference.programme.history import Act
from conference.web.language import lazy_gettext as _l

ACT_WORDS = {
    Act.MOVE: _l("Move"),
    Act.RESIZE: _l("Change of length"),
    Act.UNSCHEDULE: _l("Taking off the schedule"),
    Act.SWAP: _l("Swap"),
    Act.SHIFT_ROOM: _l("Move of a room"),
    Act.SHIFT_TRACK: _l("Move of a track"),
    Act.PUSH: _l("Push"),
    Act.LENGTHEN_BREAK: _l("Longer break"),
    Act.COPY_FRAME: _l("Copy of a day's frame"),
    Act.EDIT: _l("Edit"),
    Act.TALKS: _l("Edit of talks"),
    Act.CREATE: _l("New session"),
    Act.DELETE: _l("Deletion"),
    Act.IMPORT: _l("Import"),
    Act.UNDO: _l("Undo"),
    Act.REDO: _l("Redo"),
}
_PAGE = {
    "saving": _l("Saving…"),
    "saved": _l("Saved"),
    "tray": _l("Not scheduled"),
}


def act_words(act: Act) -> str:
    return str(ACT_WORDS[act])


def page_words() -> dict[str, str]:
    """Return the sentences of the page's scripts by their short names; places are {name}."""
    return {name: str(sentence) for name, sentence in _PAGE.items()}
