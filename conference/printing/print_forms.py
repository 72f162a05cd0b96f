"""The forms of the programme's print page: what the printer is told, and the mark of a version that was sent."""

from wtforms import HiddenField, StringField

from conference.core.text import as_typed
from conference.printing.job_sheet import MOST_WORDS, Order
from conference.web.forms import AtMost, BaseForm
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm

_MOST_COPIES = 1_000_000


class PrinterForm(BaseForm):
    """What is ordered. It changes nothing, so it is sent as an address."""

    class Meta(BaseForm.Meta):
        csrf = False

    copies = StringField(_l("Copies"), [AtMost(12)])
    paper = StringField(_l("Paper"), [AtMost(MOST_WORDS)])
    binding = StringField(_l("Binding"), [AtMost(MOST_WORDS)])

    def order(self) -> Order | None:
        """Return what was typed; None, with the refusal in the form, for copies that are no number."""
        typed = as_typed(self.copies.data or "")
        copies = (
            int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(_MOST_COPIES)) else 0
        )
        if typed and not 1 <= copies <= _MOST_COPIES:
            said = gettext(
                "“%(typed)s” cannot be: enter a number of copies from 1 to %(most)s.",
                typed=typed,
                most=_MOST_COPIES,
            )
            self.refuse("copies", said)
            return None
        return Order(
            copies=copies or None,
            paper=as_typed(self.paper.data or ""),
            binding=as_typed(self.binding.data or ""),
        )


class SentForm(BaseForm):
    """The button that marks a version: `number` says which one."""

    number = HiddenField()


class BackForm(RevisedForm):
    """The button that takes the mark back."""

    number = HiddenField()
