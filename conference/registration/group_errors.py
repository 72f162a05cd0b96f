"""What groups and passing on refuse, each with the way out."""

from conference.core.errors import N_, DomainError


class GroupTooBigError(DomainError):
    """Fewer places are left than people are named, and nobody has said that the rest may wait."""

    sentence = N_("The group has %(count)s people. Places left: %(left)s. Choose below what is to happen.")
    status = 409

    def __init__(self, *, left: int, count: int) -> None:
        super().__init__(None, left=left, count=count)
        self.left = left


class EmptyGroupError(DomainError):
    """The form names nobody, and its sender does not take part."""

    sentence = N_("Name at least one person.")


class NamedTwiceError(DomainError):
    """Two rows of a group have the same address, or share the coordinator's and have the same name."""

    sentence = N_("This person is named twice. Each has an address of their own, or leaves it empty.")


class GroupFullError(DomainError):
    """One more was to be added to a group of 20."""

    sentence = N_("A group has at most %(size)s people. Who comes besides registers alone.")
    status = 409


class PassOnOverError(DomainError):
    """A place was to be passed on when the conference has begun."""

    sentence = N_("Places could be passed on until the conference began. Write to the organisers.")
    status = 409


class NotToPassOnError(DomainError):
    """Who waits, has ended, or was there already has no place to pass on; neither was the page still up to date."""

    sentence = N_(
        "Only a confirmed place can be passed on. Load the page again to see where this one stands."
    )
    status = 409


class SpeakersPlaceError(DomainError):
    """A speaker's place goes with the talk, so it is not passed on."""

    sentence = N_("A speaker's place cannot be passed on. Write to the organisers.")
    status = 409


class AddressNotForPlaceError(DomainError):
    """The new person's address cannot take the place, whatever the cause: it may hold a registration of its own.

    The sentence names no cause, so that it tells no more than that this address does not fit.
    """

    sentence = N_("This place cannot be passed on to this address. Enter another address of the person.")
    status = 409
