"""What is refused about fees, each with the way out."""

from conference.core.errors import N_, DomainError


class FeeFixedError(DomainError):
    """The fee of a category or an extra that somebody has was to be changed, which would change what they agreed to."""

    sentence = N_(
        "%(name)s has people who agreed to this fee, so it stays. Copy it, set the fee of the copy, and retire this one."
    )
    status = 409


class OneCurrencyError(DomainError):
    """Two fees of one conference would be in two currencies."""

    sentence = N_("All fees are in one currency, which is %(currency)s now. Choose it here too.")
    status = 409


class InvoicePaidError(DomainError):
    """The invoice's address was to be changed after it was paid."""

    sentence = N_("This invoice is paid, so its address stays. Write to the organisers if it is wrong.")
    status = 409


class NothingDueError(DomainError):
    """A payment was noted in full for somebody who owes nothing."""

    sentence = N_("Nothing is due for this registration. Note the amount that came on its own page.")
    status = 409


class PaidAlreadyError(DomainError):
    """A payment was noted for a registration that has one."""

    sentence = N_("A payment is noted already. Change it on the registration's own page.")
    status = 409


class PaymentsRefusedError(DomainError):
    """Some rows of a file of payments do not fit, so that none is noted."""

    sentence = N_(
        "Nothing was noted: %(count)s rows do not fit, the first in line %(line)s. Correct the file, or leave them out."
    )
    status = 409
