from wtforms import BooleanField, StringField, SubmitField, TextAreaField

from conference.printing.other_model import MOST_CHARACTERS
from conference.web.forms import AtMost, BaseForm
from conference.web.language import lazy_gettext as _l


class OthersForm(BaseForm):
    """Whose badges without a registration are printed; `prints` is the button that prints, the other one checks."""

    speakers = BooleanField(_l("Speakers, chairs and panellists without a registration"))
    staff = BooleanField(_l("The office's staff"))
    lines = TextAreaField(_l("Exhibitors and others"), [AtMost(40_000)], render_kw={"rows": 8})
    word = StringField(
        _l("Word of lines that name none"), [AtMost(MOST_CHARACTERS["word"])], default="Exhibitor"
    )
    prints = SubmitField(_l("Print"))
