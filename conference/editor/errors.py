from conference.core.errors import N_, DomainError


class UnreadableError(DomainError):
    """The editor sent what cannot be read. `field` tells where."""

    sentence = N_("The editor sent “%(value)s” as “%(name)s”, which is not %(wanted)s. Load the page again.")
    status = 400

    def __init__(self, name: str, value: object, wanted: str) -> None:
        super().__init__(name, name=name, value=str(value)[:80], wanted=wanted)


class TypedError(DomainError):
    """What was typed in the panel does not fit its field; `text` is the form's own refusal, in the reader's language."""

    sentence = "%(text)s"
    status = 400

    def __init__(self, field: str, text: str) -> None:
        super().__init__(field, text=text)


class StaleTokenError(DomainError):
    """The page was open too long, or belongs to another browser session."""

    sentence = N_("This page was open too long. What you changed last is not saved: load the page again.")
    status = 403
