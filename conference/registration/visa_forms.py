from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from conference.core.clock import clock
from conference.people.countries import countries
from conference.registration.visa_model import CONSENT, Passport
from conference.web.forms import AtMost, BaseForm, Required, options
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm


class VisaForm(BaseForm):
    """What the passport says; the consent is unticked at first."""

    name = StringField(
        _l("Name as in the passport"), [Required(_l("Enter your name as your passport has it.")), AtMost(200)]
    )
    nationality = SelectField(
        _l("Nationality"),
        [Required(_l("Choose the country that issued your passport."))],
        choices=lambda: options([("", ""), *countries()]),
    )
    born_on = DateField(_l("Date of birth"), [InputRequired(_l("Enter your date of birth."))])
    number = StringField(
        _l("Passport number"),
        [Required(_l("Enter the number of your passport.")), AtMost(30)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    consent = BooleanField(
        _l(CONSENT), [InputRequired(_l("Without your consent the letter cannot be written."))]
    )

    def validate_born_on(self, field: DateField) -> None:
        if field.data and field.data >= clock.now().date():
            raise ValidationError(str(_l("Your date of birth is in the past.")))

    def to_passport(self) -> Passport:
        assert self.born_on.data is not None
        return Passport(
            name=self.name.data or "",
            nationality=self.nationality.data or "",
            born_on=self.born_on.data,
            number=(self.number.data or "").upper(),
        )


class VisaDecisionForm(RevisedForm):
    """The office's answer; the reason is for a refusal."""

    reason = TextAreaField(_l("Reason, if you decline"), [AtMost(500)])
