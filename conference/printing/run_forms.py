from conference.web.saving import RevisedForm


class LostForm(RevisedForm):
    """The button of a lost badge, and the revision of the registration that was seen."""
