"""The form of a badge design, made for the design at hand: a field for each thing that staff may change in it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from wtforms import (
    BooleanField,
    Field,
    FileField,
    Form,
    HiddenField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import Optional

from conference.printing.design_model import Design
from conference.printing.design_slots import COLOURS, FIELD_WORDS, Role, Slot, role_id, slots_of
from conference.printing.sheets import Sheet
from conference.web.forms import AtMost, BaseForm, Required, options
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm

NAME_MOST, ABOUT_MOST, WORDS_MOST = 60, 300, 200
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.ASCII)


def as_colour(typed: object) -> object:
    """Return a colour as "#rrggbb" where it is written as one in any usual way, else what was typed."""
    text = typed.strip().lower() if isinstance(typed, str) else ""
    found = _HEX.fullmatch(text)
    if found is None:
        return typed
    digits = found[1] if len(found[1]) == len("rrggbb") else "".join(2 * one for one in found[1])
    return f"#{digits}"


class IsColour:
    """Refuses what is no colour, and says how one is written."""

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 -- the signature is WTForms'
        if not re.fullmatch("#[0-9a-f]{6}", field.data or ""):
            raise ValidationError(
                gettext(
                    "“%(typed)s” is no colour. Enter # and six digits or letters from a to f, such as #0b3d91.",
                    typed=(field.data or "")[:20],
                )
            )


class ColourField(StringField):
    """A colour as "#rrggbb"; `is_optional`: empty means that of the role's category."""

    def __init__(self, label: Any, *, is_optional: bool = False, **other: Any) -> None:
        needed = [Optional()] if is_optional else [Required(_l("Enter a colour, such as #0b3d91."))]
        super().__init__(label, [*needed, IsColour()], filters=[as_colour], **other)


class DesignForm(RevisedForm):
    """What every design's form has; `on` and `as_role` say how it is seen and are not stored."""

    name = StringField(_l("Name"), [Required(_l("Enter a name for the design.")), AtMost(NAME_MOST)])
    about = StringField(_l("What it is for"), [AtMost(ABOUT_MOST)])
    on = SelectField(_l("Seen on"), validate_choice=False)
    as_role = SelectField(_l("Seen as"), validate_choice=False)


def form_for(
    design: Design, roles: Sequence[Role], sheets: Iterable[Sheet], formdata: Any = None, **values: Any
) -> DesignForm:
    """Return the design's form, filled with what was sent or with these values."""
    fields: dict[str, Any] = {f"colour_{name}": ColourField(_l(word)) for name, word in COLOURS.items()}
    fields |= {role_id(word): ColourField(word, is_optional=True) for word, _ in roles}
    for slot in slots_of(design):
        fields |= _fields_of(slot)
    made = cast("type[DesignForm]", type("FormOfDesign", (DesignForm,), fields))(formdata, data=values)
    made.on.choices = options((one.key, gettext(one.name)) for one in sheets)
    made.as_role.choices = options((word, word) for word, _ in roles)
    return made


def _fields_of(slot: Slot) -> dict[str, Any]:
    name = slot.name
    fields: dict[str, Any] = {}
    if slot.is_optional:
        fields["shown"] = BooleanField(_l("Show “%(name)s”", name=name))
    if slot.fields:
        choices = options((one, _l(FIELD_WORDS[one])) for one in slot.fields)
        fields["field"] = SelectField(_l("What stands at “%(name)s”", name=name), choices=choices)
    if slot.has_words:
        fields["words"] = StringField(_l("Words at “%(name)s”", name=name), [AtMost(WORDS_MOST)])
    if slot.picture:
        fields["file"] = FileField(_l("Picture for “%(name)s”", name=name))
        fields["kept"] = HiddenField()
        fields["remove"] = BooleanField(_l("Take the picture out"))
    return {f"{slot.id}_{key}": one for key, one in fields.items()}


class CopyForm(BaseForm):
    key = HiddenField()
    name = StringField(
        _l("Name of the copy"), [Required(_l("Enter a name for the copy.")), AtMost(NAME_MOST)]
    )


class ImportForm(BaseForm):
    file = FileField(_l("File of a design"))
    name = StringField(_l("Name, in place of the file's own"), [AtMost(NAME_MOST)])


class UseForm(RevisedForm):
    sheet = HiddenField()
    design = SelectField(_l("Design"), validate_choice=False)


class DeleteDesignForm(RevisedForm):
    """One button, and the revision of what was seen."""
