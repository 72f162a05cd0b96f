"""A design as a form has it: with its pictures taken in, checked as a whole, each fault at its field."""

import base64
from io import BytesIO

from flask import request

from conference.core.errors import DomainError, NotFoundError
from conference.printing.design_forms import DesignForm
from conference.printing.design_model import Design, Fault
from conference.printing.design_pictures import clean_picture
from conference.printing.design_schema import design_as_json
from conference.printing.design_slots import Role, Slot, changed, field_of, slots_of
from conference.printing.designs import checked_design
from conference.printing.errors import DesignFaultsError
from conference.speakers.pictures import MOST_BYTES
from conference.web.errors import sentence_of
from conference.web.language import gettext
from conference.web.still_there import still_there
from conference.web.uploads import keep_upload, upload_path


def edited(form: DesignForm, stored: Design, roles: tuple[Role, ...]) -> Design | None:
    """Return the design with what was sent, or None where it cannot be printed, with the reason at the form's fields."""
    pictures = {name: base64.b64encode(data).decode("ascii") for name, data in stored.pictures.items()}
    pictures |= _pictures(form, stored)
    for slot in _with_pictures(stored):
        if form[f"{slot.id}_remove"].data:
            pictures.pop(slot.picture, None)
            _hide(form, slot)
    if form.failed:
        return None
    values = {field.name: field.data for field in form}
    value = changed(design_as_json(stored), stored, values, roles) | {"pictures": pictures}
    try:
        return checked_design(value)
    except DesignFaultsError as error:
        told = {
            (field_of(fault, stored, roles), _sentence(fault)): None
            for fault in error.faults
            if isinstance(fault, Fault)
        }
        for field, sentence in told:
            form.refuse(field, sentence)
        return None


def _sentence(fault: Fault) -> str:
    """Return the fault for who can switch elements on and off, but moves none: the same for each size of label."""
    if fault.field != "place":
        return str(fault)
    return gettext(
        "“%(name)s” cannot stand here: it is %(value)s. Switch one of them off.",
        name=fault.element,
        value=fault.value.partition(", on a label")[0],
    )


def _with_pictures(design: Design) -> list[Slot]:
    return [slot for slot in slots_of(design) if slot.picture]


def _hide(form: DesignForm, slot: Slot) -> None:
    form[f"{slot.id}_kept"].data = ""
    form[f"{slot.id}_remove"].data = False
    if slot.is_optional:
        form[f"{slot.id}_shown"].data = False


def _pictures(form: DesignForm, design: Design) -> dict[str, str]:
    """Return in base64 the pictures that were sent, now or with the form as it was sent before."""
    found: dict[str, str] = {}
    for slot in _with_pictures(design):
        try:
            data = _sent(form, slot)
        except DomainError as error:
            form.refuse(f"{slot.id}_file", sentence_of(error))
            continue
        if data:
            found[slot.picture] = base64.b64encode(data).decode("ascii")
    return found


def _sent(form: DesignForm, slot: Slot) -> bytes:
    """Return the picture cleaned, b"" where none was sent. It is kept for a day, so that a page sent again has it still."""
    file, kept = request.files.get(f"{slot.id}_file"), form[f"{slot.id}_kept"]
    if file is not None and file.filename:
        clean = clean_picture(file.stream.read(MOST_BYTES + 1))
        kept.data = keep_upload(BytesIO(clean))
        if slot.is_optional:
            form[f"{slot.id}_shown"].data = True
        return clean
    if not kept.data:
        return b""
    try:
        with still_there():
            return clean_picture(upload_path(kept.data).read_bytes())
    except NotFoundError:
        kept.data = ""
        form.refuse(
            f"{slot.id}_file", gettext("The picture was kept for a day and is gone: choose its file again.")
        )
        return b""


def picture_address(design: Design, slot: Slot) -> str:
    """Return the slot's picture as an address that holds it whole, "" where it has none yet."""
    data = design.pictures.get(slot.picture)
    return f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}" if data else ""
