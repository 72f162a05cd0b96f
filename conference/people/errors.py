from typing import ClassVar

from conference.core.errors import N_, DomainError


class AddressHeldError(DomainError):
    """The office would change the address of a person who is registered under it."""

    sentence = N_(
        "This person is registered under %(address)s. Change the address on the registration's page: "
        "a new personal link is then mailed to it."
    )
    status: ClassVar[int] = 409


class SamePersonError(DomainError):
    """A record would be merged with itself."""

    sentence = N_("This is the same record. Choose another one to merge with it.")
    status: ClassVar[int] = 409


class NamelessError(DomainError):
    """A person would have neither a given nor a family name."""

    sentence = N_("Enter a given name, or a family name where there is only one.")
