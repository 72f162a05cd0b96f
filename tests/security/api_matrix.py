"""Who may use which endpoint of the API and of its tokens: part of the table in test_access_matrix.py."""

from conference.api.model import Scope
from conference.web.access import Role

ANYONE = "anyone"
ORGANISER = frozenset({Role.ORGANISER})
# A program with a token that has one of these scopes; no browser, whoever is signed in.
READS_REGISTRATIONS = frozenset({Scope.READ, Scope.LIST})

OF_THE_API: dict[str, str | frozenset[Role] | frozenset[Scope]] = {
    "api.openapi": ANYONE,
    "api.documentation": ANYONE,
    "api.event": ANYONE,
    "api.versions": ANYONE,
    "api.version": ANYONE,
    "api.sessions": ANYONE,
    "api.session": ANYONE,
    "api.talks": ANYONE,
    "api.talk": ANYONE,
    "api.speakers": ANYONE,
    "api.speaker": ANYONE,
    "api.rooms": ANYONE,
    "api.room": ANYONE,
    "api.tracks": ANYONE,
    "api.track": ANYONE,
    "api.registrations": READS_REGISTRATIONS,
    "api.registration": READS_REGISTRATIONS,
    "api.tokens": ORGANISER,
    "api.token": ORGANISER,
    "api.revoke": ORGANISER,
}
