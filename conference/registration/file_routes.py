"""A file that answers a question, for its person and for the office: always as a download, never shown in place."""

from flask import Blueprint, Response, url_for

from conference.audit.looks import Look, note_look
from conference.core.errors import NotFoundError
from conference.core.ids import RegistrationId
from conference.registration.file_model import KeptFile, file_of
from conference.registration.file_store import name_of
from conference.registration.links import registration_by_link
from conference.registration.queries import get_registration
from conference.registration.question_queries import answers_of
from conference.web.access import Role, by_link, staff
from conference.web.store_answers import stored_answer

_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


def add_file_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/r/<token>/files/<int:question_id>", "own_file", own_file)
    blueprint.add_url_rule(
        "/staff/registrations/<int:registration_id>/files/<int:question_id>", "office_file", office_file
    )


@by_link
def own_file(token: str, question_id: int) -> Response:
    return _answer(_file(registration_by_link(token).id, question_id, for_staff=False))


@staff(Role.DESK)
def office_file(registration_id: int, question_id: int) -> Response:
    known = get_registration(RegistrationId(registration_id))
    file = _file(known.id, question_id, for_staff=True)
    note_look(Look.ANSWER_FILE, ("registration", known.id), which=f"question {question_id}")
    return _answer(file)


def _file(registration_id: RegistrationId, question_id: int, *, for_staff: bool) -> KeptFile:
    """Return the file that answers the question; raises NotFoundError, to the person for staff's own questions too."""
    for one in answers_of(registration_id):
        file = file_of(one.value)
        if one.question.id == question_id and file and (for_staff or not one.question.details.for_staff):
            return file
    raise NotFoundError


def _answer(file: KeptFile) -> Response:
    """Answer the content under a type of ours; the person's own name of it is only ever a name."""
    return stored_answer(name_of(file), _TYPES[file.key.rpartition(".")[2]], file.name)


def own_address(token: str, question_id: int) -> str:
    return url_for("registration.own_file", token=token, question_id=question_id)


def office_address(registration_id: int, question_id: int) -> str:
    return url_for("registration.office_file", registration_id=registration_id, question_id=question_id)
