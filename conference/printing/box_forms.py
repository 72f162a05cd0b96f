from typing import Any

from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired

from conference.core.errors import N_
from conference.printing.box_service import BoxSetting
from conference.printing.boxes import MOST_BOXES
from conference.web.forms import AtMost, options
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm

ORDERS = {
    "sv": N_("Swedish: Å, Ä and Ö after Z"),
    "de": N_("German: Ä, Ö and Ü as A, O and U"),
    "en": N_("English"),
}


class BoxesForm(RevisedForm):
    count = IntegerField(
        _l("Boxes on the desk"),
        [InputRequired(_l("Enter a number of boxes, from 1 to %(most)s.", most=MOST_BOXES))],
        render_kw={"inputmode": "numeric"},
    )
    starts = StringField(_l("First letters of the boxes"), [AtMost(200)])
    language = SelectField(_l("Order of names"), choices=lambda: options(list(ORDERS.items())))

    @staticmethod
    def values_of(setting: BoxSetting) -> dict[str, Any]:
        return {
            "count": setting.count,
            "starts": " ".join(setting.starts),
            "language": setting.language,
            "revision": setting.revision,
        }

    def to_setting(self) -> BoxSetting:
        return BoxSetting(
            count=self.count.data or 0,
            starts=tuple((self.starts.data or "").replace(",", " ").split()),
            language=self.language.data or "",
        )
