from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.validators import Optional, ValidationError

from conference.accounts.errors import AddressShapeError
from conference.accounts.model import PASSWORD_MAX
from conference.accounts.rules import check_address
from conference.accounts.words import ROLE_WORDS
from conference.web.access import Role
from conference.web.errors import sentence_of
from conference.web.forms import AtMost, BaseForm, CheckboxesField, Required, options
from conference.web.language import FALLBACK, LANGUAGES
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import RevisionField
from conference.web.saving import RevisedForm

ROLE_NAMES: dict[Role, Any] = {
    Role.ORGANISER: _l("Organiser: may do everything"),
    Role.PROGRAMME: _l("Programme: edits the programme, people, rooms and tracks"),
    Role.DESK: _l("Desk: registrations and badges"),
    Role.VIEWER: _l("Viewer: reads"),
}


def _language() -> SelectField:
    return SelectField(_l("Language of the mails"), choices=options(LANGUAGES.items()), default=FALLBACK)


class SignInForm(BaseForm):
    email = EmailField(_l("E-mail address"), [Required(_l("Enter your e-mail address.")), AtMost(254)])
    password = PasswordField(_l("Password"), [Required(_l("Enter your password.")), AtMost(PASSWORD_MAX)])
    next = HiddenField()


class SecondStepForm(BaseForm):
    code = StringField(
        _l("Code"), [Required(_l("Type the code of the app, or a recovery code.")), AtMost(40)]
    )
    next = HiddenField()


class PasskeyForm(BaseForm):
    """What a browser says of a passkey; the script fills it in."""

    credential = HiddenField(validators=[Required(_l("The browser gave no passkey. Try again."))])
    next = HiddenField()


class ConfirmForm(BaseForm):
    """What proves who sends a form that waits: one of the three, by what guards the account.

    It has no token of its own: that of the form that waits was compared before anything is asked.
    """

    class Meta(BaseForm.Meta):
        csrf = False

    code = StringField(_l("Code"), [AtMost(40)])
    password = PasswordField(_l("Password"), [AtMost(PASSWORD_MAX)])
    credential = HiddenField()


class NewPasskeyForm(BaseForm):
    name = StringField(
        _l("Name of the passkey"),
        [Required(_l("Enter a name that you will know it by, as in Work laptop.")), AtMost(60)],
    )
    credential = HiddenField()

    def validate_credential(self, field: Field) -> None:
        """Refuse a form without a passkey, unless the name is missing: then the browser was not asked for one yet."""
        if not field.data and not self.name.errors:
            raise ValidationError(
                _l("The browser gave no passkey. Press the button and follow what it says.")
            )


class AuthenticatorForm(BaseForm):
    code = StringField(
        _l("Code that the app shows"), [Required(_l("Type the six digits that the app shows.")), AtMost(20)]
    )
    setup = HiddenField()


class DeskForm(BaseForm):
    code = StringField(
        _l("Code of the day"), [Required(_l("Type the code that an organiser gave you.")), AtMost(20)]
    )
    name = StringField(
        _l("Your name"), [Required(_l("Enter your name: what you do is noted under it.")), AtMost(60)]
    )


class DeskCodeForm(BaseForm):
    label = StringField(
        _l("Where it is for"), [Required(_l("Enter where the code is used, as in Entrance.")), AtMost(40)]
    )
    day = SelectField(_l("Day"), choices=options((("today", _l("Today")), ("tomorrow", _l("Tomorrow")))))


class ForgottenForm(BaseForm):
    email = EmailField(_l("E-mail address"), [Required(_l("Enter your e-mail address.")), AtMost(254)])


class LinkForm(BaseForm):
    password = PasswordField(_l("New password"), [AtMost(PASSWORD_MAX)])
    repeated = PasswordField(_l("The same password again"), [AtMost(PASSWORD_MAX)])


class ResetForm(LinkForm):
    """As LinkForm, for who asked for a link to set a password: without one it leads nowhere."""

    password = PasswordField(
        _l("New password"), [Required(_l("Enter a new password.")), AtMost(PASSWORD_MAX)]
    )
    repeated = PasswordField(
        _l("The same password again"), [Required(_l("Repeat the new password.")), AtMost(PASSWORD_MAX)]
    )


class PasswordForm(BaseForm):
    present = PasswordField(_l("Present password"), [AtMost(PASSWORD_MAX)])
    password = PasswordField(
        _l("New password"), [Required(_l("Enter a new password.")), AtMost(PASSWORD_MAX)]
    )
    repeated = PasswordField(
        _l("The same password again"), [Required(_l("Repeat the new password.")), AtMost(PASSWORD_MAX)]
    )


class InviteForm(BaseForm):
    email = EmailField(
        _l("E-mail address"), [Required(_l("Enter the person's e-mail address.")), AtMost(254)]
    )
    name = StringField(_l("Name"), [AtMost(120)])
    # None is chosen before: whoever overlooks the field would make an organiser.
    role = SelectField(
        _l("Role"),
        [Required(_l("Choose what the person may do."))],
        choices=options([("", _l("Choose a role")), *ROLE_NAMES.items()]),
    )
    language = _language()


class SeenForm(BaseForm):
    """One button, and the revision of the account that was seen."""

    revision = RevisionField(validators=[Optional()])


class LimitForm(BaseForm):
    """Which tracks programme staff may edit. The choices are put in by the page."""

    is_limited = BooleanField(_l("Edits only sessions and talks of these tracks"))
    tracks = CheckboxesField(_l("Tracks"), [Optional()], choices=[], coerce=int)
    revision = RevisionField(validators=[Optional()])


class NameForm(RevisedForm):
    name = StringField(_l("Name"), [AtMost(120)])


class RoleForm(NameForm):
    role = SelectField(_l("Role"), choices=options(ROLE_WORDS.items()))
    language = _language()


class AddressShape:
    """Refuses a text that can be no e-mail address; an empty one is for `Required` to judge."""

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 -- the signature is WTForms'
        if field.data:
            try:
                check_address(field.data)
            except AddressShapeError as error:
                raise ValidationError(sentence_of(error)) from None
