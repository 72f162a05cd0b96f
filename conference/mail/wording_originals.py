"""What our templates say, as a wording that staff can start from: rendered with each placeholder as its own value.

So the original that is shown is what the template sends, and no second copy of the words exists. The facts are
stand-ins: whatever a template asks of one is another stand-in, and printed it is the placeholder declared for it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import current_app
from jinja2 import Environment, meta
from jinja2.filters import FILTERS

from conference.mail.marks import marking, stretches
from conference.mail.rules import one_line, tidy
from conference.mail.wording_drawing import content_of
from conference.mail.wording_model import KINDS, Wording
from conference.mail.wording_shapes import Kind
from conference.web.language import in_language

_ENVIRONMENT = "conference.mail_originals"
_SHARED = "mail/_"
_named: dict[str, frozenset[str]] = {}


class StandIn:
    """A fact of a mail, or something of it. `is_so` answers what a template asks of one that no placeholder names."""

    def __init__(self, path: str, placeholders: Mapping[str, str], *, is_so: bool) -> None:
        self._path = path
        self._placeholders = placeholders
        self._is_so = is_so

    def _below(self, path: str) -> "StandIn":
        return StandIn(path, self._placeholders, is_so=self._is_so)

    def __getattr__(self, name: str) -> "StandIn":
        if name.startswith("__"):
            raise AttributeError(name)
        return self._below(f"{self._path}.{name}")

    def __getitem__(self, key: object) -> "StandIn":
        return self._below(f"{self._path}.{key}")

    def __call__(self, *_arguments: object, **_named: object) -> "StandIn":
        return self

    def __iter__(self) -> Iterator["StandIn"]:
        yield self._below(f"{self._path}[]")

    def __str__(self) -> str:
        return f"{{{self._placeholders.get(self._path, self._path)}}}"

    def __bool__(self) -> bool:
        return self._path in self._placeholders or self._is_so

    def __hash__(self) -> int:
        return hash(self._path)

    def _answer(self, _other: object) -> bool:
        return self._is_so

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = _answer


def original(kind: Kind, language: str, *, is_so: bool = True) -> Wording:
    """Return subject and text as the templates have them, a placeholder for each value and for each block.

    `is_so` answers whatever the templates decide outside blocks; a test compares both answers, because a sentence
    that stands or falls by something that no placeholder names could not be shown truly.
    """
    environment = _environment()
    placeholders = {_path(word.source): word.name for word in kind.words}
    folder = f"mail/{kind.name}"
    with in_language(language):
        names = _facts_named(environment, kind)
        values = {name: StandIn(name, placeholders, is_so=is_so) for name in names}
        subject = one_line(environment.get_template(f"{folder}/subject.txt").render(values))
        with marking() as sign:
            marked = content_of(environment, f"{folder}/body.txt", values)
    words = [
        _around(one.text, f"{{{one.name}}}") if one.name else one.text for one in stretches(marked, sign)
    ]
    return Wording(subject=subject, text=tidy("".join(words)).strip())


def originals(language: str) -> dict[str, Wording]:
    return {name: original(kind, language) for name, kind in KINDS.items()}


def _path(source: str) -> str:
    """Return what an expression begins with: "registration.offered_until" of "registration.offered_until|date_time"."""
    found = re.match(r"[\w.]+", source)
    assert found is not None
    return found[0]


def _around(drawn: str, placeholder: str) -> str:
    """Return the placeholder with the block's own line ends around it, or on its own where it has nothing to say."""
    bare = drawn.strip()
    return drawn.replace(bare, placeholder) if bare else f"{placeholder}\n\n"


def _environment() -> Environment:
    """Return the mails' environment with filters that let stand-ins through. Made once an application."""
    kept: Environment | None = current_app.extensions.get(_ENVIRONMENT)
    if kept is None:
        kept = current_app.jinja_env.overlay()
        own = {name: made for name, made in kept.filters.items() if name not in FILTERS}
        kept.filters = kept.filters | {name: _passing(made) for name, made in own.items()}
        # Last, when it is whole: other threads take it from there.
        current_app.extensions[_ENVIRONMENT] = kept
    return kept


def _passing(made: Callable[..., Any]) -> Callable[..., Any]:
    def passed(value: Any, *arguments: Any, **named: Any) -> Any:
        return value if isinstance(value, StandIn) else made(value, *arguments, **named)

    return passed


def _facts_named(environment: Environment, kind: Kind) -> set[str]:
    """Return each name that the mail's templates, or what they share, take from the facts."""
    own = f"mail/{kind.name}/"
    wanted = environment.list_templates(filter_func=lambda name: name.startswith((own, _SHARED)))
    assert environment.loader is not None
    sources = (environment.loader.get_source(environment, name)[0] for name in wanted)
    return set[str]().union(*(_named_in(environment, source) for source in sources)) - set(
        environment.globals
    )


def _named_in(environment: Environment, source: str) -> frozenset[str]:
    """Return the names that one template takes from outside, found once a process for the same words.

    All that the mails share is read for each mail: parsed anew it would be most of the time of a page.
    """
    if source not in _named:
        _named[source] = frozenset(meta.find_undeclared_variables(environment.parse(source)))
    return _named[source]
