"""What a mail's words and blocks are, and those that mails to all kinds of readers have. Pure."""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A word or two about the reader or the event; `is_text` where the value may have line ends of its own.

    `source` is our own expression over the mail's facts, as templates write them; what people typed is only its value.
    """

    name: str
    source: str
    hint: str
    is_text: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """What the mail's own template draws between its marks: a table, a button, or a sentence that depends on the case."""

    name: str
    hint: str
    is_needed: bool = False


@dataclass(frozen=True)
class Kind:
    """One mail. `specimen` names the maker of examples; `subject_if` is an expression over the facts.

    A changed subject is used where that expression is true, or where there is none; else the original says more.
    """

    name: str
    title: str
    when: str
    words: tuple[Word, ...]
    blocks: tuple[Block, ...]
    specimen: str = "registration"
    subject_if: str = ""
    # What the editor is told beside that.
    note: str = ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What may stand in braces in the text, in the order in which it is told."""
        return (*self.word_names, *(one.name for one in self.blocks))

    @cached_property
    def word_names(self) -> tuple[str, ...]:
        """What may stand in braces in the subject."""
        return tuple(one.name for one in self.words)

    @property
    def has_number(self) -> bool:
        """Whether an example can be asked for by the number of a registration."""
        return self.specimen in {"registration", "passed_on"}

    @cached_property
    def needed(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.blocks if one.is_needed)


EVENT = Word(name="event", source="event.title", hint="Title of the event")
CITY = Word(name="city", source="event.city", hint="City of the event")
LINK = Block(name="link", hint="The personal link: a button, in the text part its address", is_needed=True)
