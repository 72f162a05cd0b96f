"""The form of an extra, and the buttons that add or drop one."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional

from conference.core.ids import CategoryId
from conference.registration.category_forms import amount_text, an_amount, read_amount
from conference.registration.extra_model import ExtraDetails
from conference.registration.forms import ExtrasField
from conference.registration.model import Category
from conference.web.forms import AtMost, BaseForm, CheckboxesField, Required, options
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm

_TEXTS = ("name", "name_sv", "name_de", "description", "description_sv", "description_de")


class ExtraForm(RevisedForm):
    name = StringField(_l("Name"), [Required(_l("Enter a name for the extra.")), AtMost(100)])
    name_sv = StringField(_l("Name in Swedish"), [AtMost(100)])
    name_de = StringField(_l("Name in German"), [AtMost(100)])
    description = TextAreaField(_l("What it is"), [AtMost(1000)])
    description_sv = TextAreaField(_l("What it is, in Swedish"), [AtMost(1000)])
    description_de = TextAreaField(_l("What it is, in German"), [AtMost(1000)])
    seats = IntegerField(
        _l("Places"),
        [Optional(), NumberRange(0, 1_000_000, _l("Enter a whole number from 0 to 1000000, or nothing."))],
        render_kw={"inputmode": "numeric"},
    )
    fewer_are_meant = BooleanField(_l("Fewer places are meant: who is confirmed stays"))
    place = IntegerField(
        _l("Place in the form"),
        [Optional(), NumberRange(0, 1000, _l("Enter a whole number from 0 to 1000."))],
        render_kw={"inputmode": "numeric"},
    )
    categories = CheckboxesField(_l("Categories that may choose it"), validate_choice=False)
    included = CheckboxesField(_l("Categories that include it"), validate_choice=False)
    fee = StringField(_l("Fee"), [AtMost(10), an_amount], render_kw={"inputmode": "decimal"})
    currency = SelectField(_l("Currency"), choices=options((code, code) for code in ("EUR", "SEK")))

    @staticmethod
    def values_of(details: ExtraDetails, revision: int) -> dict[str, Any]:
        return asdict(details) | {
            "categories": [str(one) for one in sorted(details.categories)],
            "included": [str(one) for one in sorted(details.included)],
            "fee": amount_text(details.fee_minor),
            "revision": revision,
        }

    def offer_categories(self, categories: Iterable[Category]) -> None:
        """Let these be chosen from; one that is not among them any more counts as not chosen."""
        pairs = [(str(category.id), category.name) for category in categories]
        self.categories.choices = self.included.choices = options(pairs)

    def to_details(self, *, is_retired: bool = False) -> ExtraDetails:
        """Return the office's decisions; who includes it may have it, and whether it is retired is decided elsewhere."""
        known = {str(value) for value, *_ in self.categories.iter_choices()}
        included = self._chosen(self.included, known)
        return ExtraDetails(
            **{name: self[name].data or "" for name in _TEXTS},
            seats=self.seats.data,
            place=self.place.data or 0,
            categories=self._chosen(self.categories, known) | included,
            included=included,
            fee_minor=read_amount(self.fee.data) or 0,
            currency=self.currency.data,
            is_retired=is_retired,
        )

    @staticmethod
    def _chosen(field: CheckboxesField, known: set[str]) -> frozenset[CategoryId]:
        return frozenset(CategoryId(int(value)) for value in field.data or () if value in known)


class AddExtraForm(BaseForm):
    """One button: which extra, and whether it said "waiting list"."""

    extras = ExtrasField(_l("Extras"))
