from datetime import date, datetime

from flask import Blueprint

from conference.core.clock import STOCKHOLM
from conference.programme.conflict_words import CONFLICT_WORDS, SEVERITY_WORDS, cure, told
from conference.programme.telling_words import TOLD_WORDS
from conference.programme.version_pages import zone_fault
from conference.programme.words import (
    FIELD_WORDS,
    KIND_WORDS,
    LEVEL_WORDS,
    ROLE_PLURALS,
    ROLE_WORDS,
)
from conference.web.access import may
from conference.web.language import chosen
from conference.web.zones import OFFERED, zone_told

blueprint = Blueprint("programme", __name__)


@blueprint.app_template_filter()
def stockholm_day(moment: datetime) -> date:
    """Return the day on which the moment falls in Stockholm."""
    return moment.astimezone(STOCKHOLM).date()


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
        "zone_told": zone_told,
        "zone_fault": zone_fault,
        "chosen_language": chosen,
        "zones_offered": OFFERED,
        "told": told,
        "cure": cure,
        "may": may,
    }
