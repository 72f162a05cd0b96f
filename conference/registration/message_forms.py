import re
import secrets

from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import Optional

from conference.registration.message_rules import PLACEHOLDERS, has_link, unknown_names
from conference.registration.message_service import AT_ONCE, Message
from conference.web.forms import AtMost, BaseForm, Required
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)


class MessageForm(BaseForm):
    """A mail to many: what it says, how many the button said, and which of two buttons was pressed."""

    subject = StringField(_l("Subject"), [Required(_l("Write the subject.")), AtMost(150)])
    text = TextAreaField(_l("Text"), [Required(_l("Write the text.")), AtMost(10_000)])
    count = IntegerField(_l("How many"), [Optional()])
    key = HiddenField()
    # The value of the button: preview or send.
    act = StringField()

    def sheet_key(self) -> str:
        """Return the sheet's key, a new one for a new sheet."""
        if not _KEY.fullmatch(self.key.data or ""):
            self.key.data = secrets.token_urlsafe(24)
        return str(self.key.data)

    def message(self) -> Message:
        return Message(key=self.sheet_key(), subject=self.subject.data or "", text=self.text.data or "")

    def check(self, readers: int) -> bool:
        """Return whether the mail can be shown or sent, with the refusal in the form where it cannot."""
        for name in ("subject", "text"):
            self._check_braces(name)
        if has_link(self.subject.data or ""):
            self.refuse("subject", gettext("{link} stands in the text only. Take it out of the subject."))
        if not readers:
            self.refuse(
                None, gettext("Nobody who is chosen has an address. Go back to the list and tick some.")
            )
        elif readers > AT_ONCE:
            self.refuse(None, gettext("At most %(most)d at once. Narrow the filter.", most=AT_ONCE))
        elif self.act.data == "send" and self.count.data != readers:
            sentence = gettext("The list has changed meanwhile: now it is %(count)d. Look, and press again.")
            self.refuse(None, sentence % {"count": readers})
        return not self.failed

    def _check_braces(self, name: str) -> None:
        wrong = unknown_names(self[name].data or "")
        if wrong:
            sentence = gettext("There is no placeholder %(wrong)s. There are: %(known)s.")
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            self.refuse(name, sentence % {"wrong": f"{{{wrong[0]}}}", "known": known})
