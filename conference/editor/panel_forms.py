"""What is typed in the editor's panel, checked as the forms check it: each fault with its field and its remedy."""

from dataclasses import replace

from werkzeug.datastructures import MultiDict
from wtforms import StringField

from conference.editor.errors import TypedError
from conference.editor.reading import Inline
from conference.programme.forms import SessionForm, TalkForm
from conference.programme.inline import EditSession, EditTalks, TalkLine
from conference.web.forms import BaseForm, page_token


class TitleForm(BaseForm):
    title = SessionForm.title


class LineForm(BaseForm):
    title = TalkForm.title
    duration_min = TalkForm.duration_min


def checked(edit: Inline) -> Inline:
    """Return the edit with its texts as they are kept. Raises TypedError."""
    if isinstance(edit, EditTalks):
        return replace(edit, talks=tuple(_line(number, one) for number, one in enumerate(edit.talks)))
    return _session(edit)


def _session(edit: EditSession) -> EditSession:
    if edit.title is None:
        return edit
    form = TitleForm(MultiDict({"csrf_token": page_token(), "title": edit.title}))
    _check(form, "")
    return replace(edit, title=_text(form.title))


def _line(number: int, line: TalkLine) -> TalkLine:
    typed = {"csrf_token": page_token(), "title": line.title, "duration_min": str(line.duration_min)}
    form = LineForm(MultiDict(typed))
    _check(form, f"talks.{number}.")
    return replace(line, title=_text(form.title))


def _check(form: BaseForm, prefix: str) -> None:
    if not form.validate():
        field, message = form.errors_by_field()[0]
        raise TypedError(f"{prefix}{field}", message)


def _text(field: object) -> str:
    assert isinstance(field, StringField)
    return str(field.data)
