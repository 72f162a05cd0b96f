from pathlib import Path


class RunningError(Exception):
    """A command of the operator cannot be carried out. Its text says what is wrong and what to do; nothing was changed."""


def no_room(folder: Path) -> RunningError:
    """Return the refusal for a disk that became full on the way."""
    return RunningError(
        f"The disk of {folder} became full: make room there, or name another folder, and begin again. "
        "What was written of it is deleted."
    )
