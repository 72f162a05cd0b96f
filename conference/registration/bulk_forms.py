from collections.abc import Sequence

from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import Optional

from conference.core.ids import CategoryId
from conference.registration.model import Category
from conference.web.forms import AtMost, BaseForm, options
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import number_of

ACTS = ("tag", "untag", "approve", "category", "cancel")


class ManyForm(BaseForm):
    """Which of the buttons was pressed, what it needs, and how many the page said."""

    tag = StringField(_l("Tag"), [AtMost(40)])
    category = SelectField(_l("Category"), validate_choice=False)
    reason = StringField(_l("Reason, for the history"), [AtMost(200)])
    act = StringField()
    count = IntegerField(_l("How many"), [Optional()])

    def offer(self, kinds: Sequence[Category]) -> None:
        found = [(str(kind.id), kind.name) for kind in kinds if not kind.details.is_retired]
        self.category.choices = options([("", ""), *found])

    def category_id(self) -> CategoryId:
        return CategoryId(number_of(self.category.data) or 0)

    def check(self, matching: int, most: int) -> bool:
        """Return whether the act can begin, with the refusal in the form where it cannot."""
        if self.act.data not in ACTS:
            self.refuse(None, gettext("Press one of the buttons."))
        elif not matching:
            self.refuse(None, gettext("Nobody is chosen. Go back to the list and tick some."))
        elif matching > most:
            self.refuse(None, gettext("At most %(most)d at once. Narrow the filter.", most=most))
        elif self.count.data != matching:
            sentence = gettext(
                "The list has changed meanwhile: now it is %(count)d. Look, and press again.", count=matching
            )
            self.refuse(None, sentence)
        else:
            self._check_needs()
        return not self.failed

    def _check_needs(self) -> None:
        if self.act.data in {"tag", "untag"} and not self.tag.data:
            self.refuse("tag", gettext("Write the tag."))
        if self.act.data == "category" and not self.category.data:
            self.refuse("category", gettext("Choose the category."))
        if self.act.data == "cancel" and not self.reason.data:
            self.refuse("reason", gettext("Say why, for the history."))
