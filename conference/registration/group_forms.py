"""The forms of groups: the coordinator once, and a row for each person."""

import re
import secrets
from collections.abc import Iterator
from typing import Any

from wtforms import BooleanField, EmailField, FieldList, FormField, HiddenField, StringField
from wtforms.validators import Optional

from conference.core.ids import CategoryId, RegistrationId
from conference.registration.forms import EmailAddress, PersonForm, email_field, profession_field
from conference.registration.group_model import GROUP_SIZE, NamedPerson, PassOn, RegisterGroup
from conference.web.forms import AtMost, BaseForm, NoLink, Required, in_summary
from conference.web.language import gettext, language
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import RevisionField, number_of

_FORM_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_LEFT = re.compile(r"\d{1,6}", re.ASCII)
FIRST_ROWS, MORE_ROWS = 3, 5


class MemberForm(BaseForm):
    """One person of a group. A row with nothing typed in it is no person, and is not checked."""

    class Meta(BaseForm.Meta):
        csrf = False

    given_name = StringField(_l("Given name"), [Required(_l("Enter the given name.")), AtMost(120), NoLink()])
    family_name = StringField(_l("Family name"), [AtMost(120), NoLink()])
    email = StringField(
        _l("E-mail address"),
        [Optional(), AtMost(254), EmailAddress()],
        render_kw={"type": "email", "inputmode": "email", "spellcheck": "false"},
    )
    profession = profession_field()
    no_photographs = BooleanField(_l("Please do not photograph this person"))

    @property
    def is_blank(self) -> bool:
        return not any(field.data for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        return self.is_blank or bool(super().validate(extra_validators))

    def to_person(self, row: int) -> NamedPerson:
        return NamedPerson(
            row=row,
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            email=self.email.data or "",
            profession=self.profession.data or "",
            no_photographs=bool(self.no_photographs.data),
        )


class Rows(FieldList):  # type: ignore[type-arg]  # generic in the stubs only
    """Rows by their number on the page; a number beyond the last is not looked at."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for index in range(GROUP_SIZE):
            if any(name.startswith(f"{prefix}-{index}-") for name in formdata):
                yield index


class GroupForm(PersonForm):
    """The public form of a group. `form_key` makes a repeat of the same sheet harmless."""

    email = email_field()
    takes_part = BooleanField(_l("I take part myself"))
    category = StringField(_l("Category"), [Required(_l("Choose how your group takes part.")), AtMost(9)])
    people = Rows(FormField(MemberForm), min_entries=FIRST_ROWS, max_entries=GROUP_SIZE)
    form_key = HiddenField()
    # How many places the page named beside the button "the rest waits".
    accepts_left = HiddenField()

    def key(self) -> str:
        """Return the sheet's key, a new one for a new sheet."""
        if not _FORM_KEY.fullmatch(self.form_key.data or ""):
            self.form_key.data = secrets.token_urlsafe(24)
        return str(self.form_key.data)

    def add_rows(self) -> None:
        for _ in range(min(MORE_ROWS, GROUP_SIZE - len(self.people.entries))):
            self.people.append_entry()

    def to_command(self) -> RegisterGroup:
        rows = [row.form for row in self.people.entries]
        left = self.accepts_left.data or ""
        return RegisterGroup(
            form_key=self.key(),
            category_id=CategoryId(number_of(self.category.data) or 0),
            coordinator=self.details(self.email.data or ""),
            takes_part=bool(self.takes_part.data),
            people=tuple(row.to_person(number) for number, row in enumerate(rows) if not row.is_blank),
            accepts_left=int(left) if _LEFT.fullmatch(left) else None,
            language=language(),
        )

    def refuse(self, field: str | None, message: str) -> None:
        """Show a refusal at its field, which may be one of a row."""
        for row in self.people.entries:
            for one in row.form:
                if one.id == field:
                    one.errors = [*one.errors, message]
                    return
        super().refuse(field, message)

    @property
    def failed(self) -> bool:
        return bool(self.errors_by_field())

    def errors_by_field(self) -> list[tuple[str | None, str]]:
        """Return each error with its field; one of a row begins with the row's number."""
        found = [error for error in super().errors_by_field() if error[0] != "people"]
        return found + [
            (
                field.id,
                gettext("Person %(number)s: %(message)s", number=number, message=in_summary(field, message)),
            )
            for number, row in enumerate(self.people.entries, 1)
            for field in row.form
            for message in field.errors
        ]


class AddMemberForm(MemberForm):
    """One more person for a group, on its page."""

    class Meta(BaseForm.Meta):
        csrf = True

    may_wait = BooleanField(_l("Put the person on the waiting list if no place is left"))

    def validate(self, extra_validators: Any = None) -> bool:
        # Here an empty row is a mistake.
        return bool(BaseForm.validate(self, extra_validators))


class PassOnForm(PersonForm):
    """The person who takes over a place. `version` is the link version that the form was opened with."""

    email = email_field()
    profession = profession_field()
    version = RevisionField(_l("Version"), [Optional()])

    def to_command(self, registration_id: RegistrationId, coordinator_email: str) -> PassOn:
        """Return the command; `coordinator_email` stands in where a group's form leaves the address empty."""
        return PassOn(
            registration_id=registration_id,
            person=self.details(self.email.data or coordinator_email),
            profession=self.profession.data or "",
            seen_version=self.version.data,
            reason=self["reason"].data or "" if "reason" in self else "",
        )


class GroupPassOnForm(PassOnForm):
    """The coordinator's form: whoever has no address of their own shares the coordinator's."""

    email = EmailField(
        _l("E-mail address"),
        [Optional(), AtMost(254), EmailAddress()],
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"},
    )


class OfficePassOnForm(PassOnForm):
    """The office says why."""

    reason = StringField(
        _l("Reason, for the history"), [Required(_l("Say why, for the history.")), AtMost(200)]
    )
