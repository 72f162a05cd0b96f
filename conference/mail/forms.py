from wtforms import StringField

from conference.mail.composing import wire_address
from conference.mail.rules import is_address
from conference.web.forms import AtMost, BaseForm, Required
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l


class ResendForm(BaseForm):
    """The address that a mail is written to anew."""

    email = StringField(_l("E-mail address"), [Required(_l("Enter the corrected address.")), AtMost(254)])

    def check(self, earlier: str) -> bool:
        """Return whether it is another address than the earlier one, with the refusal in the form where it is not."""
        typed = self.email.data or ""
        if not _can_be_written_to(typed):
            self.refuse("email", gettext("This is no e-mail address. Write one, as in asa@clinic.example."))
        elif typed.lower() == earlier.lower():
            self.refuse(
                "email",
                gettext(
                    "The mail went to this address already. Correct it, or send the mail again as it is."
                ),
            )
        return not self.failed


def _can_be_written_to(typed: str) -> bool:
    try:
        return is_address(typed) and bool(wire_address(typed))
    except ValueError:
        return False
