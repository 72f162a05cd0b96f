"""What programs are refused, each with the way out. They read English; `field` names the parameter at fault."""

from conference.core.errors import N_, DomainError

REALM = 'Bearer realm="conference"'


class NoTokenError(DomainError):
    """The request carries no token, or one in a form that is none."""

    sentence = N_(
        "This needs a token. Send it as “Authorization: Bearer cfo_…”; an organiser makes one under Accounts, API tokens."
    )
    status = 401

    def __init__(self) -> None:
        super().__init__()
        self.headers = {"WWW-Authenticate": REALM}


class DeadTokenError(DomainError):
    """The token never existed, was revoked, is over, or who made it is no organiser any more: told alike."""

    sentence = N_(
        "This token does not count: it is unknown, revoked or over, or who made it is no organiser any more. Ask an organiser for a new one."
    )
    status = 401

    def __init__(self) -> None:
        super().__init__()
        self.headers = {"WWW-Authenticate": f'{REALM}, error="invalid_token"'}


class ScopeMissingError(DomainError):
    """The token counts, and not for this."""

    sentence = N_(
        "This token has not the scope %(scope)s. Ask an organiser for one that has: the scopes of a token never change."
    )
    status = 403

    def __init__(self, scope: str) -> None:
        super().__init__(scope=scope)
        self.headers = {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{scope}"'}


class TooManyRequestsError(DomainError):
    """A token was used more often within a minute than it may be."""

    sentence = N_("A token may be used %(most)s times a minute. Go on in %(seconds)s seconds.")
    status = 429

    def __init__(self, most: int, seconds: int) -> None:
        super().__init__(most=most, seconds=seconds)
        self.headers = {"Retry-After": str(seconds)}


class NotAcceptableError(DomainError):
    """The request's Accept leaves JSON out, and nothing else is answered."""

    sentence = N_("This answers application/json. Let Accept name it, or send no Accept at all.")
    status = 406


class ParameterError(DomainError):
    """Of the refusals of a parameter: each names it, what is wrong with its value, and what would be right."""

    status = 400


class UnknownParameterError(ParameterError):
    """The query holds a parameter that the address does not have: ignored, it might have been a filter."""

    sentence = N_("There is no parameter “%(name)s” here. Take it out, or write one of: %(known)s.")


class RepeatedParameterError(ParameterError):
    """A parameter that takes one value stands in the query more than once."""

    sentence = N_("The parameter “%(name)s” stands here %(count)s times. Send it once.")


class ValueRefusedError(ParameterError):
    """A value has not the form of its parameter."""

    sentence = N_("The parameter “%(name)s” is “%(value)s”. It must be %(wanted)s.")


class CursorRefusedError(ParameterError):
    """The cursor was not made here, was altered, or belongs to another address or other filters."""

    sentence = N_(
        "The parameter “cursor” is none that this address gave for these filters. Follow “next” as it stands, or leave it out to begin again."
    )


class CursorOldError(ParameterError):
    """A list of the programme was begun in a version that is no longer the published one."""

    sentence = N_(
        "The parameter “cursor” belongs to an earlier version: the programme was published anew meanwhile. Leave it out to begin again."
    )


class ScopeChoiceError(DomainError):
    """A token is to be made without a scope that there is."""

    sentence = N_("Choose what the token may read.")


class ExpiryPastError(DomainError):
    """A token is to be made that is over already, or lasts longer than ten years."""

    sentence = N_("Choose a day from today on, at most ten years ahead, or leave the field empty.")
