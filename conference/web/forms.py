"""The base of every form: CSRF by session, text kept as typed, errors that name the remedy."""

import secrets
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from flask import session
from markupsafe import Markup
from wtforms import Field, Form, HiddenField, PasswordField, SelectMultipleField, StringField, TextAreaField
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.form import BaseForm as BaseWtForm
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from conference.core.linkable import linkable_in
from conference.core.text import as_typed, control_characters
from conference.web.language import gettext, language
from conference.web.security_log import tell

_SESSION_KEY = "csrf"
# How much of a refused text its refusal repeats.
_SHOWN = 60


def page_token() -> str:
    """Return this browser session's token, for buttons that are forms by themselves."""
    if _SESSION_KEY not in session:
        session[_SESSION_KEY] = secrets.token_urlsafe(24)
    return str(session[_SESSION_KEY])


class StaleTokenError(ValidationError):
    """The form was open too long, or belongs to another browser session."""


class SessionToken(CSRF):
    """One random token a browser session, compared in constant time.

    WTForms' own SessionCSRF signs a deadline into each form; here the session cookie's own life is the
    deadline, so that two tabs and the back key keep working.
    """

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:  # noqa: ARG002 -- the signature is WTForms'
        return page_token()

    def validate_csrf_token(self, form: BaseWtForm, field: CSRFTokenField) -> None:  # noqa: ARG002 -- the signature is WTForms'
        expected = session.get(_SESSION_KEY, "")
        if not expected or not secrets.compare_digest(str(field.data or ""), expected):
            tell("form without its token")
            raise StaleTokenError(
                gettext("This page was open too long. What you typed is still here: send it again.")
            )


class BaseForm(Form):
    """Shape only; meaning is for the rules. `errors_by_field()` feeds the summary on top of the page."""

    class Meta:
        csrf = True
        csrf_class = SessionToken
        csrf_field_name = "csrf_token"

        def bind_field(self, form: Form, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Give each text field the filter and the check that every text needs."""
            field: Field = unbound_field.bind(form=form, **options)
            if isinstance(field, StringField) and not isinstance(field, (HiddenField, CSRFTokenField)):
                # A password is compared as it was typed, blanks around it included (NIST SP 800-63B, 3.1.1.2: NFC at most).
                clean = _composed if isinstance(field, PasswordField) else _clean
                field.filters = [*field.filters, clean]
                # An empty optional field stops its chain of validators, so this check goes before.
                plain = _LINES if isinstance(field, TextAreaField) else _LINE
                field.validators = [plain, *field.validators]
            return field

    def refuse(self, field: str | None, message: str) -> None:
        """Show a rule's refusal at its field, or on top when it belongs to none."""
        if field is not None and field in self:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)

    @property
    def failed(self) -> bool:
        return any(field.errors for field in self) or bool(self.form_errors)

    def errors_by_field(self) -> list[tuple[str | None, str]]:
        """Return (field id, or None for the whole form; message), in the order of the fields."""
        whole: list[tuple[str | None, str]] = [(None, str(message)) for message in self.form_errors]
        for field in self:
            if isinstance(field.errors, dict):  # of several parts: by the part's own id
                whole += [
                    (part, in_summary(field, message, part))
                    for part, found in field.errors.items()
                    for message in found
                ]
                continue
            target = None if isinstance(field, CSRFTokenField) else field.id
            whole += [(target, in_summary(field, message)) for message in _flat(field.errors)]
        return whole


class OfField(str):
    """A sentence that names no field: it stands below the field's label. The summary on top puts the label before it."""

    __slots__ = ()


def in_summary(field: Field, message: object, part: str = "") -> str:
    """Return the message as it reads away from its field. A field of several parts has `part_labels`, by the part's id."""
    if not isinstance(message, OfField):
        return str(message)
    label = str(getattr(field, "part_labels", {}).get(part) or field.label.text)
    return f"{label}{'' if label.endswith(('?', '.', ':')) else ':'} {message}"


def _clean(text: Any) -> Any:
    return as_typed(text) if isinstance(text, str) else text


def _composed(text: Any) -> Any:
    return unicodedata.normalize("NFC", text) if isinstance(text, str) else text


def _flat(errors: Iterable[Any]) -> list[str]:
    if isinstance(errors, dict):
        return [message for group in errors.values() for message in _flat(group)]
    return [error if isinstance(error, str) else str(error) for error in errors]


class PlainText:
    """Refuses control characters, and names the first one."""

    def __init__(self, *, multiline: bool) -> None:
        self._allow = "\n\r\t" if multiline else ""

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 -- the signature is WTForms'
        found = control_characters(field.data or "", allow=self._allow)
        if found:
            raise ValidationError(
                OfField(
                    gettext(
                        "This text holds a character that cannot be printed (%(code)s). Delete it and type the text again.",
                        code=found[0],
                    )
                )
            )


_LINE, _LINES = PlainText(multiline=False), PlainText(multiline=True)


class Required(InputRequired):
    """Refuses an empty field with a sentence of its own: `Required(_l("Enter your family name."))`."""

    def __init__(self, remedy: Any) -> None:
        super().__init__(message=remedy)

    def __call__(self, form: BaseWtForm, field: Field) -> None:
        super().__call__(form, field)
        if isinstance(field.data, str) and not field.data:
            field.errors = []
            raise ValidationError(str(self.message))


class AtMost:
    """Refuses more characters than fit, counted after cleaning, and says how many there are."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags = {"maxlength": limit}

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 -- the signature is WTForms'
        length = len(field.data or "")
        if length > self.limit:
            raise ValidationError(
                OfField(
                    gettext(
                        "This text has %(length)d characters; %(limit)d fit. Shorten it.",
                        length=length,
                        limit=self.limit,
                    )
                )
            )


class NoLink:
    """Refuses a name that a mail program could turn into a link, as names go into mails to addresses nobody has confirmed.

    Set `is_organisation` for affiliations, which may read "X @ Y". An affiliation that is itself a host name, as
    "skr.se", is refused too: nobody can tell it from the address of a trap, and with a space it reads as well.
    """

    def __init__(self, *, is_organisation: bool = False) -> None:
        self._is_organisation = is_organisation

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 -- the signature is WTForms'
        found = linkable_in(field.data or "", is_organisation=self._is_organisation)
        if found:
            raise ValidationError(
                gettext(
                    "%(field)s: “%(part)s” would become a link in mails. Leave web and e-mail addresses out; if this is no address, put a space after the dot.",
                    field=field.label.text,
                    part=found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…",
                )
            )


class BlankParts:
    """Draws parts of a form that are the same for everybody while nothing is filled in, once a process and language.

    Used in templates as {% call part("names") %}…{% endcall %}. What is inside may depend on the form's class and
    the language only: no value, no error, no token. A filled form is drawn by `drawn`.
    """

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], Markup] = {}

    def has(self, *names: str) -> bool:
        """Return whether these parts are drawn in the reader's language."""
        return all((name, language()) in self._made for name in names)

    def kept(self, name: str, caller: Callable[[], Markup]) -> Markup:
        key = (name, language())
        if key not in self._made:
            self._made[key] = caller()
        return self._made[key]

    @staticmethod
    def drawn(name: str, caller: Callable[[], Markup]) -> Markup:
        del name
        return caller()


class CheckboxesField(SelectMultipleField):
    """Several of a list, each with a box of its own: works without a script and without a held key."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def in_words(self, value: Any) -> str:
        """Return the labels of what is chosen, for who is shown two values."""
        names = {str(choice[0]): str(choice[1]) for choice in self.iter_choices()}
        return ", ".join(names.get(str(chosen), str(chosen)) for chosen in value or ())


class PlainButtonForm(BaseForm):
    """A form of one button: nothing but the token."""


def options(pairs: Iterable[tuple[Any, Any]]) -> Any:
    """Return a select field's choices from (value, label) pairs; WTForms 3.3's stubs do not know SelectChoice yet."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]
