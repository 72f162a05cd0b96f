"""The office's form of a code: shape only, and parsed into what was decided."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional, ValidationError

from conference.core.clock import STOCKHOLM
from conference.core.ids import CategoryId
from conference.registration.access_codes import MIN_LENGTH, code_key
from conference.registration.category_forms import a_moment, read_moment
from conference.registration.invitation_forms import offer_categories
from conference.registration.invitation_model import CodeDetails
from conference.registration.model import Access, Category
from conference.web.forms import AtMost, Required
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import number_of
from conference.web.saving import RevisedForm


class CodeForm(RevisedForm):
    words = StringField(
        _l("Code"),
        [Required(_l("Enter the code, or keep the one that was made.")), AtMost(60)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    category = SelectField(
        _l("Category"), [Required(_l("Choose the category that it opens."))], validate_choice=False
    )
    uses_allowed = IntegerField(
        _l("How often it can be used"),
        [Optional(), NumberRange(0, 1_000_000, _l("Enter a whole number from 0 to 1000000, or nothing."))],
        render_kw={"inputmode": "numeric"},
    )
    opens_at = StringField(_l("Valid from"), [AtMost(16), a_moment])
    expires_at = StringField(_l("Valid until"), [AtMost(16), a_moment])
    skips_approval = BooleanField(_l("Needs no approval"))
    note = TextAreaField(_l("Note for the office"), [AtMost(500)])

    def validate_words(self, field: Field) -> None:
        if field.data and len(code_key(field.data)) < MIN_LENGTH:
            raise ValidationError(
                gettext("Codes shorter than %(count)s letters or digits are soon guessed. Enter a longer one.", count=MIN_LENGTH)
            )  # fmt: skip

    def validate_expires_at(self, field: Field) -> None:
        opens, ends = read_moment(self.opens_at.data), read_moment(field.data)
        if opens is not None and ends is not None and ends <= opens:
            raise ValidationError(gettext("It ends before it begins. Enter a later time, or nothing."))

    @staticmethod
    def values_of(details: CodeDetails, revision: int) -> dict[str, Any]:
        times = {
            name: f"{moment.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}" if moment else ""
            for name, moment in (("opens_at", details.opens_at), ("expires_at", details.expires_at))
        }
        names = ("words", "note", "uses_allowed", "skips_approval")
        return {name: getattr(details, name) for name in names} | times | {
            "category": str(details.category_id),
            "revision": revision,
        }  # fmt: skip

    def offer(self, kinds: Sequence[Category]) -> None:
        """Let those categories be chosen that ask for a code."""
        coded = [kind for kind in kinds if kind.details.access is Access.CODE]
        offer_categories(self.category, coded, none=gettext("Choose one"))

    def to_details(self, *, is_retired: bool = False) -> CodeDetails:
        """Return the office's decisions; whether the code is retired is decided elsewhere."""
        return CodeDetails(
            category_id=CategoryId(number_of(self.category.data) or 0),
            words=self.words.data or "",
            note=self.note.data or "",
            uses_allowed=self.uses_allowed.data,
            opens_at=read_moment(self.opens_at.data),
            expires_at=read_moment(self.expires_at.data),
            skips_approval=bool(self.skips_approval.data),
            is_retired=is_retired,
        )
