"""Whom the invoice goes to, as one field of a form: asked where something costs something, and needed for what does."""

from dataclasses import asdict
from typing import Any

from wtforms import Field
from wtforms.utils import unset_value

from conference.core.ids import CategoryId, ExtraId
from conference.core.text import as_typed, control_characters
from conference.people.countries import countries, is_country
from conference.registration.addresses import read_address
from conference.registration.fee_queries import costs, fees_are_asked
from conference.registration.fee_rules import read_vat, vat_is_valid
from conference.registration.invoice_model import NO_INVOICE, InvoiceDetails
from conference.web.forms import OfField
from conference.web.language import gettext, language
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import number_of

# Each part with how much fits, in the order of the page.
LIMITS = {
    "name": 200,
    "address": 500,
    "postal_code": 20,
    "city": 100,
    "country": 2,
    "vat": 30,
    "reference": 100,
    "email": 254,
}
LABELS = {
    "invoice-name": _l("Organisation or person"),
    "invoice-address": _l("Street and number"),
    "invoice-postal_code": _l("Postcode"),
    "invoice-city": _l("Town"),
    "invoice-country": _l("Country of the invoice"),
    "invoice-vat": _l("VAT number"),
    "invoice-reference": _l("Your reference"),
    "invoice-email": _l("E-mail address for the invoice"),
}
REQUIRED = {
    "name": _l("Enter the organisation or person that the invoice goes to."),
    "address": _l("Enter street and number for the invoice."),
    "postal_code": _l("Enter the postcode for the invoice."),
    "city": _l("Enter the town for the invoice."),
    "country": _l("Choose the country for the invoice."),
}


class InvoiceField(Field):
    """Its parts are sent as `invoice-name` and so on. `data` is an InvoiceDetails, or None where nothing is asked.

    One field instead of eight, because each costs on the busiest page. `always` is for a form of its own.
    """

    part_labels = LABELS

    def __init__(self, *args: Any, always: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._always = always
        self.typed: dict[str, str] = {}

    @property
    def is_asked(self) -> bool:
        """Whether the page shows it: something costs something."""
        return self._always or fees_are_asked()

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Fill the field from what was sent, or else from a stored address."""
        del extra_filters
        self.process_errors: list[str] = []
        stored = data if isinstance(data, InvoiceDetails) else NO_INVOICE
        self.data = self.object_data = stored
        self.raw_data = None
        self.typed = asdict(stored)
        if formdata and (self._always or fees_are_asked(latest=True)):
            self.typed = {name: as_typed(formdata.get(f"invoice-{name}", "")) for name in LIMITS}

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        del extra_validators
        self.errors = ()
        if not (self._always or _chosen_costs(form)):
            self.data = None
            return True
        found = {f"invoice-{name}": [why] for name in LIMITS if (why := self._problem(name))}
        self.errors = found  # type: ignore[assignment]  # a field of several parts has errors by part, as FormField's
        as_kept = {"vat": read_vat(self.typed["vat"]), "email": read_address(self.typed["email"]) or ""}
        self.data = InvoiceDetails(**(self.typed | as_kept))
        return not found

    def _problem(self, name: str) -> str:
        text = self.typed[name]
        if not text:
            return str(REQUIRED.get(name, ""))
        if control_characters(text, allow="\r\n" if name == "address" else ""):
            return OfField(
                gettext(
                    "This text holds a character that cannot be printed. Delete it and type the text again."
                )
            )
        if len(text) > LIMITS[name]:
            return OfField(gettext("This text is too long. Shorten it."))
        return self._meaning(name, text)

    @staticmethod
    def _meaning(name: str, text: str) -> str:
        if name == "country" and not is_country(text):
            return gettext("Choose a country of the list.")
        if name == "vat" and not vat_is_valid(read_vat(text)):
            return gettext(
                "Enter the VAT number as two letters and what follows them, such as SE556677889901."
            )
        if name == "email" and read_address(text) is None:
            return gettext("Enter an e-mail address in the form name@hospital.example.")
        return ""

    def wrong(self, name: str) -> list[str]:
        return self.errors.get(f"invoice-{name}", []) if isinstance(self.errors, dict) else []

    @property
    def countries(self) -> tuple[tuple[str, str], ...]:
        return tuple(countries(language()))

    def in_words(self, value: Any) -> str:
        """Return the address on one line, for who is shown two values."""
        parts = asdict(value).values() if isinstance(value, InvoiceDetails) else ()
        return ", ".join(part for part in parts if part)


def _chosen_costs(form: Any) -> bool:
    if "category" not in form or not fees_are_asked(latest=True):
        return False
    extras = [ExtraId(one.extra_id) for one in form["extras"].wanted()] if "extras" in form else []
    return costs(CategoryId(number_of(form["category"].data) or 0), extras)
