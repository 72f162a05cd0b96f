"""The one base of every expected refusal, below all frameworks."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


def N_(sentence: str) -> str:  # noqa: N802 -- gettext's own name, which the catalogue reader looks for
    """Return the sentence itself, marked for translation at the edge."""
    return sentence


class DomainError(Exception):
    """An expected refusal. Subclasses say in their docstring when it happens.

    `sentence` is English with %(name)s places; `web` translates and fills it. `field` is the form field
    at fault, or None when no single field is. `status` is the HTTP status that `web.errors` answers, with `headers`.
    """

    sentence: ClassVar[str] = N_("That cannot be done.")
    status: ClassVar[int] = 422
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, field: str | None = None, **facts: object) -> None:
        super().__init__(self.sentence)
        self.field = field
        self.facts = facts

    def __str__(self) -> str:
        return self.sentence % self.facts


class NotFoundError(DomainError):
    """No such record, or not one that this person may know of."""

    sentence = N_("There is nothing at this address.")
    status = 404


class NoRoomError(DomainError):
    """The server's disk has no room for a file."""

    sentence = N_(
        "The conference office has no room for files at present. Nothing was half done: send it again in some minutes, or write to the organisers."
    )
    status = 503
    headers = MappingProxyType({"Retry-After": "60"})


class LimitedAccountError(DomainError):
    """An account that edits some tracks only would change something that is no session or talk."""

    sentence = N_("Your account edits only sessions and talks of its tracks. Ask an organiser for the rest.")
    status = 403


class StaleRevisionError(DomainError):
    """Somebody else saved the record after this form was opened.

    `theirs` holds the values now stored and `mine` those of this form, by field name, where they differ.
    """

    sentence = N_("Somebody else changed this while you were writing. Both values are shown below.")
    status = 409

    def __init__(
        self, theirs: dict[str, object] | None = None, mine: dict[str, object] | None = None
    ) -> None:
        super().__init__()
        self.theirs = theirs or {}
        self.mine = mine or {}


class RevisionMissingError(DomainError):
    """A write came without the revision that it saw."""

    sentence = N_(
        "This change did not say which version it was made from. Open the page again and repeat it."
    )
    status = 428


class StaleDeletionError(StaleRevisionError):
    """Somebody else saved the record after the page with the delete button was opened."""

    sentence = N_(
        "Somebody else changed this after you opened the page. Look at it again before you delete it."
    )
