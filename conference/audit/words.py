"""What a history says of who acted and what was done, for the records of several rooms."""

from conference.web.language import lazy_gettext as _l

# Who acted, where it was no member of staff who still has an account.
ACTOR_WORDS = {
    "form": _l("The public form"),
    "link": _l("The person, by link"),
    "system": _l("The computer"),
    "staff": _l("A former member of staff"),
}

ACTION_WORDS = {
    "accepted": _l("Accepted the offered place"),
    "admitted over the limit": _l("Admitted over the limit"),
    "answers changed": _l("Answers changed"),
    "approved": _l("Approved"),
    "brought back": _l("Offered again"),
    "cancelled": _l("Cancelled"),
    "changed": _l("Changed"),
    "confirmation sent again": _l("Confirmation sent again"),
    "confirmed": _l("Confirmed as a speaker"),
    "created": _l("Added"),
    "erased": _l("Data erased"),
    "erasure asked": _l("Asked to be erased"),
    "declined": _l("Declined"),
    "deleted": _l("Deleted"),
    "extra added": _l("Extra added"),
    "extra dropped": _l("Extra dropped"),
    "extra place": _l("Moved up from an extra's waiting list"),
    "interests disclosed": _l("Disclosed interests"),
    "link mailed": _l("Speaker's link mailed"),
    "link renewed": _l("Speaker's link renewed"),
    "merged": _l("Merged with another record"),
    "message written": _l("Mail of the office written"),
    "moved": _l("Moved"),
    "moved in the form": _l("Moved in the form"),
    "offer lapsed": _l("Offer lapsed"),
    "offered": _l("Place offered"),
    "part declined": _l("Declined the part"),
    "portrait removed": _l("Portrait removed"),
    "portrait saved": _l("Portrait saved"),
    "profile saved": _l("Saved the profile"),
    "promoted": _l("Moved up from the waiting list"),
    "registered": _l("Registered"),
    "retired": _l("Retired"),
    "restored": _l("Brought back"),
    "sensitive answers seen": _l("Sensitive answers seen"),
    "reminded": _l("Speaker reminded"),
    "talks changed": _l("Talks changed"),
    "times changed": _l("Changed the times when they cannot"),
    "withdrawn": _l("Withdrawn"),
}
