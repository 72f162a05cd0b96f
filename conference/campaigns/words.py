"""Campaigns as the office reads them; states with the theme's class of their colour."""

from conference.campaigns.model import CampaignState, Exclusion, Purpose
from conference.web.language import lazy_gettext as _l

STATE_WORDS = {
    CampaignState.DRAFT: (_l("Draft"), "soft"),
    CampaignState.SCHEDULED: (_l("Scheduled"), "warn"),
    CampaignState.SENDING: (_l("Sending"), "good"),
    CampaignState.PAUSED: (_l("Paused"), "warn"),
    CampaignState.DONE: (_l("Done"), "good"),
    CampaignState.CANCELLED: (_l("Cancelled"), "error"),
}
PURPOSE_WORDS = {
    Purpose.OWN: _l("About the reader's own registration or part"),
    Purpose.NEWS: _l("News"),
}
EXCLUSION_WORDS = {
    Exclusion.ERASED: _l("Their data was erased"),
    Exclusion.NO_ADDRESS: _l("They gave no address"),
    Exclusion.ENDED: _l("They withdrew, declined or were cancelled"),
    Exclusion.CAME_BACK: _l("Mails to the address came back"),
    Exclusion.UNSUBSCRIBED: _l("They want no more news"),
    Exclusion.DUPLICATE: _l("Another record with the same address gets it"),
}
