"""A speaker's slides, by the personal link: one form for everybody, and pieces for browsers that run our script.

A piece is small, so that a request ends soon: no thread of the server waits for 200 MB, and a break costs one piece.
"""

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from conference.audit.model import BY_LINK
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import PersonId
from conference.core.text import file_name
from conference.db.work import transact
from conference.people.model import Person
from conference.programme.model import Talk
from conference.speakers import slide_files, slides
from conference.speakers.errors import PieceTooLargeError, SlidesKindError, SlidesTooLargeError
from conference.speakers.links import person_by_link
from conference.speakers.own_talks import own_talk
from conference.speakers.slide_files import PIECE_BYTES, Announced, Placed
from conference.speakers.slide_forms import SlidesForm
from conference.speakers.slide_kinds import MOST_BYTES
from conference.speakers.slides import Slides
from conference.web.access import by_link
from conference.web.errors import sentence_of
from conference.web.forms import BaseForm, PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.store_answers import stored_answer

Answer = str | AnyResponse | tuple[str, int]
Told = Response | tuple[Response, int]
# The file, and a little for the rest of the form.
MOST_POSTED = MOST_BYTES + 100_000
_TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def add_slide_routes(blueprint: Blueprint) -> None:
    own = "/speaker/<token>/talks/<int:talk_id>/slides"
    blueprint.add_url_rule(own, "own_slides", own_slides, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{own}/file", "own_slides_file", own_slides_file)
    blueprint.add_url_rule(f"{own}/remove", "own_remove_slides", own_remove_slides, methods=["POST"])
    uploads = f"{own}/uploads"
    blueprint.add_url_rule(uploads, "own_slides_begin", own_slides_begin, methods=["POST"])
    blueprint.add_url_rule(f"{uploads}/<upload>", "own_slides_piece", own_slides_piece, methods=["POST"])
    blueprint.add_url_rule(
        f"{uploads}/<upload>/finish", "own_slides_finish", own_slides_finish, methods=["POST"]
    )


def _own(token: str, talk_id: int) -> tuple[Person, Talk]:
    person = person_by_link(token)
    return person, own_talk(person.id, talk_id)


def _page(token: str, person_id: PersonId, talk: Talk, form: BaseForm) -> str:
    return render_template(
        "speakers/own_slides.html",
        form=form,
        token=token,
        talk=talk,
        slides=slides.find_slides(talk.id),
        upload=slide_files.find_upload(person_id, talk.id),
        most_bytes=MOST_BYTES,
    )


@by_link
def own_slides(token: str, talk_id: int) -> Answer:
    person, talk = _own(token, talk_id)
    if request.method != "POST":
        return _page(token, person.id, talk, SlidesForm(formdata=None))
    # For this address alone, before anything of the body is read; what is large goes to the disk as it comes.
    request.max_content_length = MOST_POSTED
    try:
        slide_files.check_room(min(request.content_length or 0, MOST_BYTES))
        with slide_files.room_on_disk():
            form = SlidesForm(request.form)
    except (RequestEntityTooLarge, DomainError) as error:
        refusal = error if isinstance(error, DomainError) else SlidesTooLargeError("slides")
        return _refused(token, person, talk, SlidesForm(formdata=None), refusal)
    if not form.validate():
        return _page(token, person.id, talk, form), 400
    try:
        sent = _sent()
        _keep(person, talk, slide_files.receive(sent.stream, sent.filename or ""))
    except DomainError as error:
        return _refused(token, person, talk, form, error)
    return _kept(token, talk)


def _sent() -> FileStorage:
    """Return the file of the form; raises SlidesKindError where none was chosen."""
    sent = request.files.get("slides")
    if sent is None or not sent.filename:
        raise SlidesKindError("slides")
    return sent


def _keep(person: Person, talk: Talk, placed: Placed) -> None:
    slides.keep_slides(person.id, talk.id, placed, actor=BY_LINK, now=clock.now())


def _kept(token: str, talk: Talk) -> AnyResponse:
    page = url_for("speakers.own_slides", token=token, talk_id=talk.id)
    return done(page, gettext("Your slides are kept."))


def _refused(token: str, person: Person, talk: Talk, form: BaseForm, error: DomainError) -> tuple[str, int]:
    form.refuse(error.field, sentence_of(error))
    return _page(token, person.id, talk, form), error.status


@by_link
def own_remove_slides(token: str, talk_id: int) -> Answer:
    person, talk = _own(token, talk_id)
    button = PlainButtonForm(request.form)
    if not button.validate():
        form = SlidesForm(formdata=None)
        form.form_errors.extend(message for _, message in button.errors_by_field())
        return _page(token, person.id, talk, form), 400
    transact(lambda session: slides.remove_slides(session, person.id, talk.id, actor=BY_LINK))
    page = url_for("speakers.own_slides", token=token, talk_id=talk_id)
    return done(page, gettext("Your slides are removed."))


@by_link
def own_slides_file(token: str, talk_id: int) -> Response:
    _own(token, talk_id)
    return attachment(slides.get_slides(talk_id))


def attachment(found: Slides, name: str = "") -> Response:
    """Answer a file of slides to be saved, never to be shown in a page of ours."""
    filename = f"{name}.{found.kind}" if name else found.name
    return stored_answer(slide_files.name_of(found.key), _TYPES[found.kind], filename)


@by_link
def own_slides_begin(token: str, talk_id: int) -> Told:
    """Answer where to go on with the file that the browser names: its upload's key, and how much of it is here."""
    person, talk = _own(token, talk_id)
    if not PlainButtonForm(request.form).validate():
        return _too_old()
    announced = Announced(
        name=file_name(request.form.get("name", ""), most=slide_files.MOST_NAME),
        size_bytes=request.form.get("size", 0, type=int),
        modified_ms=request.form.get("modified", 0, type=int),
    )
    try:
        upload = slide_files.begin(person.id, talk.id, announced)
    except DomainError as error:
        return _told(error)
    return jsonify(upload=upload.key, have=upload.have_bytes, piece=PIECE_BYTES)


@by_link
def own_slides_piece(token: str, talk_id: int, upload: str) -> Told:
    """Take a piece that begins at ?offset= and answer how much is here: what the browser goes on from."""
    person, talk = _own(token, talk_id)
    # The body is the piece itself, so the token comes in a header, which no other site can set.
    if not PlainButtonForm(MultiDict({"csrf_token": request.headers.get("X-CSRF-Token", "")})).validate():
        return _too_old()
    request.max_content_length = PIECE_BYTES + 1
    try:
        offset = max(request.args.get("offset", 0, type=int), 0)
        have = slide_files.append(person.id, talk.id, upload, offset, request.stream)
    except RequestEntityTooLarge:
        return _told(PieceTooLargeError())
    except DomainError as error:
        return _told(error)
    return jsonify(have=have)


@by_link
def own_slides_finish(token: str, talk_id: int, upload: str) -> Told:
    """Check the whole file, keep it, and answer which page says so."""
    person, talk = _own(token, talk_id)
    if not PlainButtonForm(request.form).validate():
        return _too_old()
    try:
        _keep(person, talk, slide_files.finish(person.id, talk.id, upload))
    except DomainError as error:
        return _told(error)
    return jsonify(page=_kept(token, talk).location)


def _told(error: DomainError) -> Told:
    """Answer a refusal to the script, which shows its sentence and goes on from `have` where there is one."""
    return jsonify(error=sentence_of(error), have=error.facts.get("have")), error.status


def _too_old() -> Told:
    error = gettext("This page was open too long. Load it again and choose the same file: sending goes on.")
    return jsonify(error=error, have=None), 400
