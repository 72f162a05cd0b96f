"""The form of a category: shape only, and parsed into what the office decided."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, ValidationError

from conference.core.clock import STOCKHOLM
from conference.registration.model import ACCESS_WORDS, Access, CategoryDetails
from conference.web.forms import AtMost, CheckboxesField, Required, options
from conference.web.language import gettext, long_date
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", re.ASCII)


def read_moment(typed: str | None) -> datetime | None:
    """Return "2022-09-01 12:00", Stockholm time, as a moment; None for nothing and for what is no time."""
    if not typed or not _MOMENT.fullmatch(typed):
        return None
    try:
        return datetime.strptime(typed, "%Y-%m-%d %H:%M").replace(tzinfo=STOCKHOLM)
    except ValueError:
        return None


def a_moment(form: Form, field: Field) -> None:  # noqa: ARG001 -- the signature is WTForms'
    if field.data and read_moment(field.data) is None:
        raise ValidationError(gettext("Enter day and time in the form 2022-09-01 12:00."))


def read_amount(typed: str | None) -> int | None:
    """Return "12.50" or "12,50" as hundredths, 0 for nothing, None for what is no amount up to 1,000,000."""
    if not typed:
        return 0
    found = re.fullmatch(r"(\d{1,6})(?:[.,](\d{1,2}))?", typed, re.ASCII)
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None


def an_amount(form: Form, field: Field) -> None:  # noqa: ARG001 -- the signature is WTForms'
    if read_amount(field.data) is None:
        raise ValidationError(gettext("Enter an amount in the form 120 or 120.50, or nothing if it is free."))


class CategoryForm(RevisedForm):
    name = StringField(_l("Name"), [Required(_l("Enter a name for the category.")), AtMost(100)])
    name_sv = StringField(_l("Name in Swedish"), [AtMost(100)])
    name_de = StringField(_l("Name in German"), [AtMost(100)])
    description = TextAreaField(_l("Who it is for"), [AtMost(1000)])
    description_sv = TextAreaField(_l("Who it is for, in Swedish"), [AtMost(1000)])
    description_de = TextAreaField(_l("Who it is for, in German"), [AtMost(1000)])
    access = RadioField(
        _l("Who may register"),
        [Required(_l("Say who may register."))],
        choices=options((access.value, _l(words)) for access, words in ACCESS_WORDS.items()),
    )
    needs_approval = BooleanField(_l("Each registration waits for the organisers' approval"))
    # Plain text: the browser's own field shows 12 hours where its language does.
    opens_at = StringField(_l("Opens"), [AtMost(16), a_moment])
    closes_at = StringField(_l("Closes"), [AtMost(16), a_moment])
    days = CheckboxesField(_l("Days it includes"), validate_choice=False)
    fee = StringField(_l("Fee"), [AtMost(10), an_amount], render_kw={"inputmode": "decimal"})
    offered_days: Sequence[str] = ()
    currency = SelectField(_l("Currency"), choices=options((code, code) for code in ("EUR", "SEK")))
    seats = IntegerField(
        _l("Places"),
        [Optional(), NumberRange(0, 1_000_000, _l("Enter a whole number from 0 to 1000000, or nothing."))],
        render_kw={"inputmode": "numeric"},
    )
    place = IntegerField(
        _l("Place in the form"),
        [Optional(), NumberRange(0, 1000, _l("Enter a whole number from 0 to 1000."))],
        render_kw={"inputmode": "numeric"},
    )
    fewer_are_meant = BooleanField(_l("Fewer places are meant: who is confirmed stays"))
    is_for_speakers = BooleanField(_l("For speakers who confirm by their link"))
    badge_word = StringField(
        _l("Word on the badge"), [Required(_l("Enter the word that the badge shows.")), AtMost(30)]
    )
    badge_colour = SelectField(
        _l("Colour of the badge's band"), choices=options((str(n), str(n)) for n in range(1, 7))
    )

    @staticmethod
    def values_of(details: CategoryDetails, revision: int) -> dict[str, Any]:
        return asdict(details) | {
            "badge_colour": str(details.badge_colour),
            "access": details.access.value,
            "opens_at": _moment_text(details.opens_at),
            "closes_at": _moment_text(details.closes_at),
            "days": details.days.split(),
            "fee": amount_text(details.fee_minor),
            "revision": revision,
        }

    def offer_days(self, days: Sequence[date]) -> None:
        """Let the days of the event be chosen from; one that is not among them any more counts as not chosen."""
        self.offered_days = [day.isoformat() for day in days]
        self.days.choices = options((day.isoformat(), long_date(day)) for day in days)

    def validate_closes_at(self, field: Field) -> None:
        opens, closes = read_moment(self.opens_at.data), read_moment(field.data)
        if opens is not None and closes is not None and closes <= opens:
            raise ValidationError(gettext("It closes before it opens. Enter a later time, or nothing."))

    def to_details(self, *, is_retired: bool = False) -> CategoryDetails:
        """Return the office's decisions; whether the category is retired is decided elsewhere."""
        texts = (
            "name",
            "name_sv",
            "name_de",
            "description",
            "description_sv",
            "description_de",
            "badge_word",
        )
        return CategoryDetails(
            **{name: self[name].data or "" for name in texts},
            seats=self.seats.data,
            place=self.place.data or 0,
            access=Access(self.access.data),
            needs_approval=bool(self.needs_approval.data),
            opens_at=read_moment(self.opens_at.data),
            closes_at=read_moment(self.closes_at.data),
            days=" ".join(day for day in self.offered_days if day in (self.days.data or ())),
            fee_minor=read_amount(self.fee.data) or 0,
            currency=self.currency.data,
            is_for_speakers=bool(self.is_for_speakers.data),
            is_retired=is_retired,
            badge_colour=int(self.badge_colour.data),
        )


def _moment_text(moment: datetime | None) -> str:
    return moment.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M") if moment else ""


def amount_text(minor: int) -> str:
    """Return hundredths as "120.50", "120" without cents, "" for nothing."""
    if not minor:
        return ""
    return f"{minor // 100}.{minor % 100:02}" if minor % 100 else str(minor // 100)
