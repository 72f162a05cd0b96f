from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.widgets import TextInput

from conference.mail.wording_model import SUBJECT_AT_MOST, TEXT_AT_MOST, Wording
from conference.mail.wording_rules import problems
from conference.mail.wording_shapes import Kind
from conference.web.errors import sentence_of
from conference.web.forms import AtMost, Required
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm


class LineField(TextAreaField):
    """A field of one line that takes what was sent with line ends, so that the refusal can say so."""

    widget = TextInput()


def _with_plain_ends(text: Any) -> Any:
    """Return what a browser sends with its line ends as they are stored and compared."""
    return "\n".join(text.splitlines()) if isinstance(text, str) else text


class WordingForm(RevisedForm):
    """The words of one mail in one language, and with whose facts they are to be seen."""

    subject = LineField(_l("Subject"), [Required(_l("Write the subject.")), AtMost(SUBJECT_AT_MOST)])
    text = TextAreaField(
        _l("Text"),
        [Required(_l("Write the text.")), AtMost(TEXT_AT_MOST)],
        filters=[_with_plain_ends],
    )
    number = StringField(_l("Number of a registration"), [AtMost(20)])
    # The value of the button: save, preview or test.
    act = StringField()

    def wording(self) -> Wording:
        return Wording(subject=self.subject.data or "", text=self.text.data or "")

    def check(self, kind: Kind) -> bool:
        """Return whether the words can be kept, with each refusal in the form where they cannot."""
        if self.validate():
            for problem in problems(kind, self.wording()):
                self.refuse(problem.field, sentence_of(problem))
        return not self.failed
