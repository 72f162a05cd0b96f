from collections.abc import Iterable, Mapping, Sequence

from wtforms import BooleanField, FileField, SelectField, StringField

from conference.registration.importing_rows import FIELDS
from conference.registration.model import Category
from conference.web.forms import BaseForm, options
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l


class UploadForm(BaseForm):
    file = FileField(_l("CSV or XLSX file"))


class MappingForm(BaseForm):
    """Which column is which field; the names of those selects are read by `pairs`."""

    category = SelectField(_l("Category of rows that name none"), validate_choice=False)
    with_mail = BooleanField(_l("Send each newcomer the confirmation"))
    # The value of the button: check or import.
    step = StringField()

    def offer(self, kinds: Sequence[Category]) -> None:
        names = [(kind.name, kind.name) for kind in kinds]
        self.category.choices = options([("", gettext("None: each row names its own")), *names])


def pairs(
    sent: Mapping[str, str], headings: Sequence[str], fields: Iterable[str] = FIELDS
) -> tuple[tuple[str, str], ...]:
    """Return (heading, field) for each select; the heading is "" where no column is chosen."""
    found = ((sent.get(f"column-{name}", ""), name) for name in fields)
    return tuple((heading if heading in headings else "", name) for heading, name in found)
