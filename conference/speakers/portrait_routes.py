"""A speaker's portrait: sent by the personal link, shown to them and to the office."""

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from conference.audit.model import BY_LINK
from conference.core.errors import DomainError, NotFoundError
from conference.core.ids import PersonId
from conference.db.work import transact
from conference.speakers.errors import PictureKindError, PictureTooLargeError
from conference.speakers.forms import PortraitForm
from conference.speakers.links import speaker_by_link
from conference.speakers.pictures import MOST_BYTES, make_portrait
from conference.speakers.portraits import find_keys, read_portrait, remove_portrait, save_portrait
from conference.speakers.publishing import ADDRESS, read_public_portrait
from conference.web.access import by_link, public, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done

Answer = str | AnyResponse | tuple[str, int]
_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
# The picture, and a little for the rest of the form.
_MOST_POSTED = MOST_BYTES + 100_000


def add_portrait_routes(blueprint: Blueprint) -> None:
    own = "/speaker/<token>/portrait"
    blueprint.add_url_rule(own, "own_portrait", own_portrait, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{own}/remove", "own_remove_portrait", own_remove_portrait, methods=["POST"])
    blueprint.add_url_rule(f"{ADDRESS}<key>", "public_portrait", public_portrait)
    blueprint.add_url_rule(f"{own}.<ending>", "own_portrait_file", own_portrait_file)
    blueprint.add_url_rule(
        "/staff/speakers/<int:person_id>/portrait.<ending>", "portrait_file", portrait_file
    )


@by_link
def own_portrait(token: str) -> Answer:
    person = speaker_by_link(token)
    if request.method != "POST":
        return _page(token, person.id, PortraitForm(formdata=None))
    # For this address alone; before anything of the body is read.
    request.max_content_length = _MOST_POSTED
    try:
        form = PortraitForm(request.form)
    except RequestEntityTooLarge:
        form = PortraitForm(formdata=None)
        form.refuse("picture", sentence_of(PictureTooLargeError()))
        return _page(token, person.id, form), PictureTooLargeError.status
    if not form.validate():
        return _page(token, person.id, form), 400
    try:
        portrait = make_portrait(_sent(), form.crop())
        save_portrait(person.id, portrait, actor=BY_LINK)
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _page(token, person.id, form), error.status
    return done(url_for("speakers.own_portrait", token=token), gettext("Your portrait is saved."))


def _sent() -> bytes:
    """Return the file's bytes. Raises PictureKindError without one, PictureTooLargeError."""
    if "picture" not in request.files:
        raise PictureKindError("picture")
    data = request.files["picture"].stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise PictureTooLargeError("picture")
    return data


def _page(token: str, person_id: PersonId, form: PortraitForm) -> str:
    keys = find_keys(person_id)
    return render_template("speakers/own_portrait.html", form=form, token=token, key=keys.get("webp", ""))


@by_link
def own_remove_portrait(token: str) -> Answer:
    person, button = speaker_by_link(token), PlainButtonForm(request.form)
    if not button.validate():
        form = PortraitForm(formdata=None)
        form.form_errors.extend(message for _, message in button.errors_by_field())
        return _page(token, person.id, form), 400
    transact(lambda session: remove_portrait(session, person.id, actor=BY_LINK))
    return done(url_for("speakers.own_portrait", token=token), gettext("Your portrait is removed."))


@by_link
def own_portrait_file(token: str, ending: str) -> AnyResponse:
    return _file(speaker_by_link(token).id, ending)


@staff()
def portrait_file(person_id: int, ending: str) -> AnyResponse:
    return _file(PersonId(person_id), ending)


@public
def public_portrait(key: str) -> AnyResponse:
    """Answer a portrait while its owner lets it be shown. Caches ask each time, so that a choice taken back counts."""
    answer = _picture(read_public_portrait(key), key.rpartition(".")[2])
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.set_etag(key)
    return answer.make_conditional(request)


def _file(person_id: PersonId, ending: str) -> AnyResponse:
    if ending not in _TYPES:
        raise NotFoundError
    return _picture(read_portrait(person_id, ending), ending)


def _picture(data: bytes, ending: str) -> Response:
    """Answer the picture under a fixed type and name; nothing of what was sent decides either."""
    answer = Response(data, mimetype=_TYPES[ending])
    answer.headers["Content-Disposition"] = f"inline; filename=portrait.{ending}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
