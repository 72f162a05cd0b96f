"""The filters of a page as its address says them."""

from flask import request

from conference.programme.guide import Filters

FILTERS = ("track", "kind", "room")
_LONGEST = 20


def asked_filters() -> Filters:
    """Return the filters of the address; a value that is longer than any of ours fits nothing."""
    track, kind, room = (request.args.get(name, "")[:_LONGEST] for name in FILTERS)
    return Filters(track=track, kind=kind, room=room)
