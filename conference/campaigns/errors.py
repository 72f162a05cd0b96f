from conference.core.errors import N_, DomainError


class CampaignMovedOnError(DomainError):
    """Somebody pressed a button that does not fit where the campaign stands by now."""

    sentence = N_(
        "The state of this campaign is now “%(state)s”, where this cannot be done. Nothing was changed."
    )
    status = 409


class NobodyChosenError(DomainError):
    """Somebody starts a campaign, or looks at it, that goes to nobody."""

    sentence = N_(
        "This goes to nobody yet. Add an audience, or mend one: the page tells who is left out and why."
    )


class NoWordsError(DomainError):
    """Somebody starts a campaign without an English subject and text."""

    sentence = N_(
        "Write subject and text in English first: who reads another language gets them where that one is missing."
    )


class CountChangedError(DomainError):
    """More or fewer people are in the audience than the button said."""

    sentence = N_("The audience has changed meanwhile: now it is %(count)s. Look, and press again.")
    status = 409


class CampaignEditedError(DomainError):
    """Somebody else changed the campaign after the page with the button was opened."""

    sentence = N_("Somebody else changed this campaign meanwhile. Look at it as it is now, and press again.")
    status = 409


class TimeOverError(DomainError):
    """Somebody schedules a campaign for a time that is over."""

    sentence = N_("%(time)s is over. Give a later time, or start it now.")


class NoSuchTimeError(DomainError):
    """Somebody schedules a campaign for a time that the clocks skip."""

    sentence = N_("The clocks skip %(time)s in Stockholm that night. Give another time.")


class AudienceUnknownError(DomainError):
    """An audience names a filter, a stage or a thing that there is not."""

    sentence = N_("“%(what)s” cannot be read as an audience. %(remedy)s")


class AudienceMissingError(DomainError):
    """Somebody adds an audience without saying which."""

    sentence = N_("No audience was given. %(remedy)s")


class AudienceTwiceError(DomainError):
    """The campaign goes to this audience already."""

    sentence = N_("The campaign goes to this audience already.")


class HalfTextError(DomainError):
    """One language has a subject without a text, or a text without a subject."""

    sentence = N_(
        "Write subject and text in %(language)s, or neither: then its readers get the English ones."
    )
