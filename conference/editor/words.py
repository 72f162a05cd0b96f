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
    # The state of saving, and of the network
    "saving": _l("Saving…"),
    "saved": _l("Saved"),
    "not_saved": _l("Not saved: {count}"),
    "unreachable": _l(
        "Not saved: the server cannot be reached. Your last edits are kept ({count}), and tried again in {seconds} s."
    ),
    "server_fails": _l(
        "Not saved: the server is in trouble. Your last edits are kept ({count}), and tried again in {seconds} s."
    ),
    "try_now": _l("Try now"),
    "offline": _l(
        "There is no connection. You can look, but not edit, until it is back. Nothing that you did is lost."
    ),
    "online": _l("The connection is back."),
    "stale_page": _l(
        "You are signed out, or this page was open too long. Load it again: what is not saved is kept."
    ),
    "load_again": _l("Load again"),
    "restored": _l("What was not saved before is being saved now."),
    "refused": _l("That was not done."),
    "understood": _l("Understood"),
    "viewer": _l("You may look at the schedule, not edit it."),
    # Two at once
    "both_changed": _l("“{title}” was changed by somebody else"),
    "both_text": _l("You both changed the same. Choose what is to stand."),
    "theirs": _l("Theirs"),
    "mine": _l("Yours"),
    "keep_theirs": _l("Keep theirs"),
    "put_mine": _l("Put mine"),
    "theirs_kept": _l("Theirs stays."),
    "none": _l("None"),
    "field_starts_at": _l("Start"),
    "field_room_id": _l("Room"),
    "field_duration_min": _l("Length"),
    "field_title": _l("Title"),
    "other_did": _l("{name}: {act}, {what}."),
    "somebody": _l("Somebody"),
    "also_here": _l("Also here: {names}"),
    "is_here": _l("{names} is here"),
    "you_elsewhere": _l("you, in another window"),
    # A session
    "tray": _l("Not scheduled"),
    "minutes": _l("{count} minutes"),
    "seats": _l("{count} seats"),
    "pinned": _l("Pinned"),
    "conflict": _l("{count} conflict"),
    "conflicts": _l("{count} conflicts"),
    "more_conflict": _l("{count} more conflict. The list of the programme has them all."),
    "more_conflicts": _l("{count} more conflicts. The list of the programme has them all."),
    "no_conflicts": _l(
        "No conflicts. What stands in each other's way appears here, with what would cure it."
    ),
    "warns": _l("Warns"),
    "blocks_publishing": _l("Blocks publishing"),
    "blocks_move": _l("Blocks the move"),
    "blocks_final": _l("Blocks a final version"),
    "free": _l("Free here."),
    # What is held
    "past": _l("This is before the present moment."),
    "picked": _l("You hold “{title}”."),
    "and_more": _l("{title} and {count} more"),
    "hold_keys": _l("Arrows move it, Enter drops it, Escape cancels."),
    "hold_pointer": _l("Let go to drop it, Escape cancels."),
    "dropped": _l("“{title}” now stands:"),
    "unmoved": _l("Nothing has changed."),
    "cancelled": _l("Cancelled. “{title}” is where it was."),
    "may_not": _l("“{title}” is where it was: {why}"),
    "pinned_stays": _l("“{title}” is pinned and stays where it is. Its form can unpin it."),
    "deleted_meanwhile": _l("Somebody has deleted what you held."),
    "chosen": _l("Chosen: {count}"),
    # Many at once
    "many_at_once": _l("Many at once"),
    "swap": _l("Swap"),
    "push": _l("Push what follows…"),
    "lengthen": _l("Lengthen for all…"),
    "edit_form": _l("Edit title, people and talks"),
    "what": _l("What"),
    "room": _l("Move all of a room"),
    "track": _l("Move all of a track"),
    "copy": _l("Copy a day's frame"),
    "to_room": _l("Into"),
    "same_room": _l("The same room"),
    "field_track": _l("Track"),
    "field_day": _l("Day"),
    "to_day": _l("Onto"),
    "later_minutes": _l("Minutes later; below 0 earlier"),
    "moves": _l("{count} sessions move."),
    "moves_one": _l("{count} session moves."),
    "adds": _l("{count} sessions are added."),
    "adds_one": _l("{count} session is added."),
    "do_it": _l("Do it"),
    "cancel": _l("Back"),
    # The head
    "undo": _l("Undo"),
    "redo": _l("Redo"),
    "undo_act": _l("Undo: {act}"),
    "redo_act": _l("Redo: {act}"),
    "done": _l("{act}: done."),
    "all_days": _l("All days"),
    "found": _l("{count} found"),
    "found_one": _l("{count} found"),
    "hour_72": _l("Small"),
    "hour_120": _l("Medium"),
    "hour_180": _l("Large"),
    "hour_300": _l("Very large"),
}


def act_words(act: Act) -> str:
    return str(ACT_WORDS[act])


def page_words() -> dict[str, str]:
    """Return the sentences of the page's scripts by their short names; places are {name}."""
    return {name: str(sentence) for name, sentence in _PAGE.items()}
