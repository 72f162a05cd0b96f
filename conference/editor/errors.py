from conference.core.errors import N_, DomainError


class UnreadableError(DomainError):
    """The editor sent what cannot be read. `field` tells where."""

    sentence = N_("The editor sent “%(value)s” as “%(name)s”, which is not %(wanted)s. Load the page again.")
    status = 400

    def __init__(self, name: str, value: object, wanted: str) -> None:
        super().__init__(name, name=name, value=str(value)[:80], wanted=wanted)


class StaleTokenError(DomainError):
    """The page was open too long, or belongs to another browser session."""

    sentence = N_("This page was open too long. What you changed last is not saved: load the page again.")
    status = 403
