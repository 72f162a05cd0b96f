"""The desk's boxes: how the alphabet is parted, how many badges each holds, and their labels on paper."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from conference.audit.model import by_staff
from conference.event.queries import get_event
from conference.printing import signs
from conference.printing.answers import pdf_answer
from conference.printing.box_forms import BoxesForm
from conference.printing.box_service import box_setting, boxes, set_boxes
from conference.registration.queries import badged_sort_names
from conference.web.access import Role, get_principal, staff
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Refusal, save

Answer = str | BaseResponse | tuple[str, int]


def add_box_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/boxes", "boxes", boxes_page, methods=["GET", "POST"])
    blueprint.add_url_rule("/staff/boxes.pdf", "box_labels", box_labels)


@staff(Role.DESK)
def boxes_page() -> Answer:
    """Set how the alphabet is parted into the desk's boxes."""
    if request.method != "POST":
        return _page(BoxesForm(formdata=None, data=_stored()))
    form, actor = BoxesForm(request.form), by_staff(get_principal().id)
    if not form.validate():
        return _page(form), 400
    setting, seen = form.to_setting(), form.revision.data
    refused = save(form, lambda session: set_boxes(session, setting, seen, actor=actor), _stored)
    if refused is not None:
        return _page(form, refused), refused.status
    return done(url_for("printing.boxes"), gettext("The boxes are saved. Print their labels."))


def _stored() -> dict[str, Any]:
    return BoxesForm.values_of(box_setting())


def _page(form: BoxesForm, refused: Refusal | None = None) -> str:
    its_boxes = boxes()
    counts = [0] * len(its_boxes.starts)
    for name in badged_sort_names():
        counts[its_boxes.place_of(name)] += 1
    return render_template(
        "printing/boxes.html",
        form=form,
        lines=list(zip(its_boxes.labels, counts, strict=True)),
        differences=refused.differences if refused else (),
    )


@staff(Role.DESK)
def box_labels() -> Response:
    """A page on its side for each box, to stand on it."""
    return pdf_answer(signs.box_labels(boxes().labels, get_event()), "boxes.pdf")
