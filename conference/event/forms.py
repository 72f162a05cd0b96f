from dataclasses import fields
from datetime import date

from wtforms import BooleanField, DateField, EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import Regexp

from conference.accounts.forms import AddressShape
from conference.event.model import BookletPart, BookletTexts, EventDetails, OrganiserDetails, TrackDetails
from conference.web.forms import AtMost, Required, options
from conference.web.language import LANGUAGES
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm

COLOUR_NAMES = ((1, _l("Blue")), (2, _l("Orange")), (3, _l("Green")), (4, _l("Purple")), (5, _l("Olive")))
# Stands for a day that the form has refused already; types ask for one.
_ANY_DAY = date(2000, 1, 1)


class EventForm(RevisedForm):
    title = StringField(_l("Title"), [Required(_l("Enter the title of the conference.")), AtMost(200)])
    city = StringField(_l("City"), [Required(_l("Enter the city.")), AtMost(100)])
    venue = StringField(_l("Venue"), [AtMost(200)])
    first_day = DateField(_l("First day"), [Required(_l("Enter the first day as YYYY-MM-DD."))])
    last_day = DateField(_l("Last day"), [Required(_l("Enter the last day as YYYY-MM-DD."))])
    summary = TextAreaField(_l("What it is about"), [AtMost(4000)])
    contact_email = EmailField(_l("E-mail address for questions"), [AddressShape(), AtMost(254)])
    contact_phone = StringField(_l("Telephone on the days"), [AtMost(50)])
    sessions_may_lie_outside = BooleanField(_l("Change the days although sessions lie outside them"))

    def details(self) -> EventDetails:
        return EventDetails(
            title=self.title.data or "",
            city=self.city.data or "",
            venue=self.venue.data or "",
            first_day=self.first_day.data or _ANY_DAY,
            last_day=self.last_day.data or _ANY_DAY,
            summary=(self.summary.data or "").replace("\r\n", "\n"),
            contact_email=self.contact_email.data or "",
            contact_phone=self.contact_phone.data or "",
        )


class OrganiserForm(RevisedForm):
    name = StringField(_l("Name"), [Required(_l("Enter the organisation's name.")), AtMost(200)])
    short_name = StringField(_l("Short name"), [Required(_l("Enter a short name, as in GMS.")), AtMost(20)])
    country = StringField(
        _l("Country"), [Regexp(r"[A-Z]{2}\Z", message=_l("Enter the country's two letters, as in SE or DE."))]
    )
    privacy_contact = StringField(_l("Contact point for personal data"), [AtMost(254)])

    def details(self) -> OrganiserDetails:
        return OrganiserDetails(
            name=self.name.data or "",
            short_name=self.short_name.data or "",
            country=self.country.data or "",
            privacy_contact=self.privacy_contact.data or "",
        )


WORDS_AT_MOST, THANKS_AT_MOST = 4000, 2000
PART_WORDS = {
    BookletPart.WELCOME: _l("Welcome"),
    BookletPart.DIRECTIONS: _l("How to reach us"),
    BookletPart.ACKNOWLEDGEMENTS: _l("Acknowledgements"),
}


def _text_field(part: BookletPart, language: str) -> TextAreaField:
    most = THANKS_AT_MOST if part is BookletPart.ACKNOWLEDGEMENTS else WORDS_AT_MOST
    label = _l("%(part)s, %(language)s", part=PART_WORDS[part], language=LANGUAGES[language])
    return TextAreaField(label, [AtMost(most)])


class BookletForm(RevisedForm):
    """The texts of the programme booklet: a field for each part in each language."""

    welcome_en = _text_field(BookletPart.WELCOME, "en")
    welcome_sv = _text_field(BookletPart.WELCOME, "sv")
    welcome_de = _text_field(BookletPart.WELCOME, "de")
    directions_en = _text_field(BookletPart.DIRECTIONS, "en")
    directions_sv = _text_field(BookletPart.DIRECTIONS, "sv")
    directions_de = _text_field(BookletPart.DIRECTIONS, "de")
    acknowledgements_en = _text_field(BookletPart.ACKNOWLEDGEMENTS, "en")
    acknowledgements_sv = _text_field(BookletPart.ACKNOWLEDGEMENTS, "sv")
    acknowledgements_de = _text_field(BookletPart.ACKNOWLEDGEMENTS, "de")

    def texts(self) -> BookletTexts:
        typed = {
            field.name: (self[field.name].data or "").replace("\r\n", "\n") for field in fields(BookletTexts)
        }
        return BookletTexts(**typed)


class TrackForm(RevisedForm):
    name = StringField(_l("Name"), [Required(_l("Enter the track's name.")), AtMost(100)])
    colour = SelectField(_l("Colour"), coerce=int, choices=options(COLOUR_NAMES))

    def details(self) -> TrackDetails:
        return TrackDetails(name=self.name.data or "", colour=self.colour.data)


class DeleteForm(RevisedForm):
    """One button, and the revision of what it deletes."""
