from wtforms import StringField
from wtforms.validators import Optional

from conference.web.forms import AtMost, BaseForm
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l


class TagForm(BaseForm):
    """One tag, its new name, how many registrations the page said have it, and which button was pressed."""

    tag = StringField(_l("Tag"), [AtMost(40)])
    name = StringField(_l("New name"), [AtMost(40)])
    # The value of the button: rename or remove.
    act = StringField(validators=[Optional()])

    def check(self) -> bool:
        """Return whether there is something to do, with the refusal in the form where there is not."""
        if self.act.data not in {"rename", "remove"}:
            self.refuse(None, gettext("Press one of the buttons."))
        elif self.act.data == "rename" and not self.name.data:
            self.refuse(None, gettext("Write the new name of %(tag)s.", tag=self.tag.data))
        return not self.failed
