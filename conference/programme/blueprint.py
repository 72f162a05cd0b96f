from flask import Blueprint

from conference.programme.conflict_words import CONFLICT_WORDS, SEVERITY_WORDS, cure, told
from conference.programme.telling_words import TOLD_WORDS
from conference.programme.words import (
    FIELD_WORDS,
    KIND_WORDS,
    LEVEL_WORDS,
    ROLE_PLURALS,
    ROLE_WORDS,
)
from conference.web.access import may

blueprint = Blueprint("programme", __name__)


@blueprint.context_processor
def words() -> dict[str, object]:
    return {
        "kind_words": KIND_WORDS,
        "level_words": LEVEL_WORDS,
        "role_words": ROLE_WORDS,
        "role_plurals": ROLE_PLURALS,
        "told_words": TOLD_WORDS,
        "field_words": FIELD_WORDS,
        "conflict_words": CONFLICT_WORDS,
        "severity_words": SEVERITY_WORDS,
        "told": told,
        "cure": cure,
        "may": may,
    }
