"""What this room needs of the rooms above it; `app.py` fills these."""

from collections.abc import Callable

from conference.web.registry import Registry

# Each draws a JPEG or PNG anew, without what it said beside its pixels, or raises a DomainError that says what is wrong.
picture_cleaners: Registry[Callable[[bytes], bytes]] = Registry("cleaner of pictures")
