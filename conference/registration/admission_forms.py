from wtforms import RadioField, StringField

from conference.registration.model import Registration
from conference.web.forms import AtMost, BaseForm, CheckboxesField, Required, options
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l


class AdmitForm(BaseForm):
    how = RadioField(
        _l("Which place"),
        [Required(_l("Say which place it is."))],
        choices=options(
            [
                ("free", _l("A free place of the category")),
                ("over", _l("One over the limit, counted apart")),
            ]
        ),
    )
    reason = StringField(_l("Reason, for the history"), [AtMost(200)])


class ApprovalForm(BaseForm):
    """Many at once: who is ticked, and which of two buttons was pressed."""

    chosen = CheckboxesField(_l("Registrations"), validate_choice=False)
    reason = StringField(_l("Reason, which the mail tells"), [AtMost(500)])
    # The value of the button.
    answer = StringField()

    def ids(self, among: list[Registration]) -> list[Registration]:
        """Return those ticked who still wait for approval; who was answered meanwhile is not among them."""
        ticked = set(self.chosen.data or ())
        return [one for one in among if str(one.id) in ticked]

    def check(self, chosen: list[Registration]) -> bool:
        """Return whether there is something to do, with the refusal in the form where there is not."""
        if not chosen:
            self.refuse("chosen", gettext("Tick those whom the answer is for."))
        elif self.answer.data not in {"approve", "decline"}:
            self.refuse(None, gettext("Press one of the two buttons."))
        elif self.answer.data == "decline" and not self.reason.data:
            self.refuse("reason", gettext("Say why. The mail tells it."))
        return not self.failed
