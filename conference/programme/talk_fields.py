"""What a talk says beside title and abstract, as the office's form and the speaker's own ask it alike."""

from typing import Any

from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from conference.core.linkable import linkable_in
from conference.programme.authors import (
    AFFILIATION_CHARACTERS,
    KEYWORD_CHARACTERS,
    MOST_CO_AUTHORS,
    MOST_KEYWORDS,
    NAME_CHARACTERS,
    read_co_authors,
    read_keywords,
    written_co_authors,
    written_keywords,
)
from conference.programme.model import Level, Talk, TalkFacts
from conference.programme.words import LEVEL_WORDS
from conference.web.forms import AtMost, BaseForm, options
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l

_MOST_TYPED = 12_000


def _one_break(text: str | None) -> str | None:
    return text.replace("\r\n", "\n") if text else text


class TalkFactsForm(BaseForm):
    """Level, keywords and co-authors. The lines of co-authors are one text, which keeps their order without a script."""

    level = SelectField(
        _l("Level"), choices=options([("", _l("Not said")), *LEVEL_WORDS.items()]), default=""
    )
    keywords = StringField(_l("Keywords"), [AtMost(1000)], default="")
    co_authors = TextAreaField(_l("Co-authors"), [AtMost(_MOST_TYPED)], default="", filters=[_one_break])

    def validate_keywords(self, field: Field) -> None:
        found = read_keywords(field.data or "")
        if len(found) > MOST_KEYWORDS:
            raise ValidationError(
                gettext(
                    "These are %(count)s keywords; %(most)s fit. Take some out.",
                    count=len(found),
                    most=MOST_KEYWORDS,
                )
            )
        for word in found:
            if len(word) > KEYWORD_CHARACTERS:
                raise ValidationError(
                    gettext(
                        "The keyword “%(word)s” is longer than %(most)s characters. Shorten it, or put commas between keywords.",
                        word=f"{word[:30]}…",
                        most=KEYWORD_CHARACTERS,
                    )
                )

    def validate_co_authors(self, field: Field) -> None:
        found = read_co_authors(field.data or "")
        if len(found) > MOST_CO_AUTHORS:
            raise ValidationError(
                gettext(
                    "These are %(count)s co-authors; %(most)s fit. Take some out.",
                    count=len(found),
                    most=MOST_CO_AUTHORS,
                )
            )
        for number, one in enumerate(found, 1):
            _check_lengths(number, one.name, one.affiliation)
            found_link = linkable_in(one.name) or linkable_in(one.affiliation, is_organisation=True)
            if found_link:
                raise ValidationError(
                    gettext(
                        "Co-author %(number)s: “%(part)s” would become a link in mails. Leave web and e-mail addresses out; if this is no address, put a space after the dot.",
                        number=number,
                        part=found_link[:60],
                    )
                )

    @staticmethod
    def fact_values(talk: Talk) -> dict[str, Any]:
        """Return what is stored, by field name, as it is typed."""
        return {
            "level": talk.facts.level or "",
            "keywords": written_keywords(talk.facts.keywords),
            "co_authors": written_co_authors(talk.facts.co_authors),
        }

    def to_facts(self) -> TalkFacts:
        return TalkFacts(
            level=Level(self.level.data) if self.level.data else None,
            keywords=read_keywords(self.keywords.data or ""),
            co_authors=read_co_authors(self.co_authors.data or ""),
        )


def _check_lengths(number: int, name: str, affiliation: str) -> None:
    if not name:
        raise ValidationError(
            gettext(
                "Co-author %(number)s has no name. Write the name first, then a semicolon and the affiliation.",
                number=number,
            )
        )
    if len(name) > NAME_CHARACTERS:
        raise ValidationError(
            gettext(
                "The name of co-author %(number)s is longer than %(most)s characters. Put a semicolon after the name, and each co-author on a line of its own.",
                number=number,
                most=NAME_CHARACTERS,
            )
        )
    if len(affiliation) > AFFILIATION_CHARACTERS:
        raise ValidationError(
            gettext(
                "The affiliation of co-author %(number)s is longer than %(most)s characters. Shorten it.",
                number=number,
                most=AFFILIATION_CHARACTERS,
            )
        )
