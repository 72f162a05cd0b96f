"""A whole name taken apart into given and family name, where a file has it in one piece. Pure."""

from conference.core.text import as_typed
from conference.people.model import PersonDetails

MOST = 120


def details_of_name(name: str) -> PersonDetails:
    """Return a person of the name, exactly as it is written when both parts are put together again.

    The family name is the last word, with the particles in small letters before it ("van der Berg"); a name of one
    word, or of signs without a space, is a given name. No rule knows every name: the office corrects what is wrong.
    """
    words = as_typed(name).split()
    at = len(words) - 1
    while at > 1 and words[at - 1][:1].islower():
        at -= 1
    if len(words) < 2:  # noqa: PLR2004 -- one word alone
        return PersonDetails(given_name=" ".join(words)[:MOST])
    return PersonDetails(given_name=" ".join(words[:at])[:MOST], family_name=" ".join(words[at:])[:MOST])
