from flask import Blueprint

from conference.programme.words import FIELD_WORDS, KIND_WORDS
from conference.web.access import may

blueprint = Blueprint("interchange", __name__)


@blueprint.context_processor
def words() -> dict[str, object]:
    return {"kind_words": KIND_WORDS, "field_words": FIELD_WORDS, "may": may}
