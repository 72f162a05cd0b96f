"""A file that was found and is deleted before it is opened."""

from collections.abc import Iterator
from contextlib import contextmanager

from conference.core.errors import NotFoundError


@contextmanager
def still_there() -> Iterator[None]:
    """Raise NotFoundError where a file is gone when it is opened, as a moment later it would not have been found.

    A second press of a button, another tab or the sweep of yesterday's files may delete it in between.
    """
    try:
        yield
    except FileNotFoundError:
        raise NotFoundError from None
