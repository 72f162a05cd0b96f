"""`schedule.xml` in every dialect that is about: frab, Pentabarf (FOSDEM), pretalx, C3VOC. Pure, and linear in its size.

The standard library's expat reads it as a stream of elements. A document type is refused at its first character, so
that no entity of the file's own is ever defined, let alone expanded or fetched.
"""

from datetime import datetime
from xml.parsers import expat

from conference.interchange.errors import (
    DeclarationError,
    MalformedError,
    ScheduleUnreadableError,
    TooDeepError,
    TooManyError,
)
from conference.interchange.reading_values import (
    MAX_SESSIONS,
    MOST_PEOPLE,
    RawDay,
    RawEvent,
    RawFrame,
    read_date,
    too_large,
)

MOST_DEEP = 30
# In one event, with those whose names are empty or stand there twice.
MOST_NAMED = 10 * MOST_PEOPLE
# Whose children are fields.
_PARENTS = frozenset({"event", "persons", "conference"})


def read_xml(content: bytes) -> tuple[RawFrame, list[RawEvent]]:
    """Return what the document says.

    Raises DeclarationError, MalformedError, TooDeepError, ValueRefusedError for a day without a date, and
    ScheduleUnreadableError where the root is no schedule.
    """
    reading = _Elements()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = lambda name, attributes: reading.begin(
        name, attributes, parser.CurrentLineNumber
    )
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text

    def refuse(*_declared: object) -> int:
        raise DeclarationError(line=parser.CurrentLineNumber)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        # In one piece: older versions of expat begin a long token anew with each piece, which is quadratic.
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise MalformedError(line=error.lineno, reason=expat.errors.messages[error.code]) from None
    except (LookupError, ValueError) as error:  # an encoding that Python does not know
        raise MalformedError(line=1, reason=str(error)[:100]) from None
    return reading.frame, reading.events


class _Elements:
    """Keeps the path of open elements, and gathers the text of those that are a field of something."""

    def __init__(self) -> None:
        self.frame, self.events = RawFrame(), list[RawEvent]()
        self._path: list[str] = []
        self._parts: list[str] = []
        self._day: RawDay | None = None
        self._room = ""
        self._event: RawEvent | None = None
        self._person = ""

    def begin(self, name: str, attributes: dict[str, str], line: int) -> None:
        if not self._path and name != "schedule":
            raise ScheduleUnreadableError
        self._path.append(name)
        if len(self._path) > MOST_DEEP:
            raise TooDeepError(line=line, most=MOST_DEEP)
        if self._path[-2:-1] and self._path[-2] in _PARENTS:
            self._parts = []
        if name == "event" and self._event is None:
            self._begin_event(attributes, line)
        elif name == "person" and self._event is not None:
            self._person = next(
                (attributes[key] for key in ("guid", "id", "code") if attributes.get(key)), ""
            )
        elif name == "persons" and self._event is not None:
            self._event.persons = self._event.persons or []
        elif name == "day" and self._event is None:
            self._begin_day(attributes, line)
        elif name == "room" and self._event is None:
            self._room = attributes.get("name", "")
            self.frame.rooms.append((line, self._room))

    def _begin_day(self, attributes: dict[str, str], line: int) -> None:
        day = read_date(attributes.get("date", ""), line)
        self.frame.days.append(day)
        self._day, self._room = RawDay(date=day, begins=day_begins(attributes.get("start", ""))), ""

    def _begin_event(self, attributes: dict[str, str], line: int) -> None:
        if len(self.events) >= MAX_SESSIONS:
            raise too_large()
        fields: dict[str, str] = {key: attributes[key] for key in ("guid", "id") if key in attributes}
        self._event = RawEvent(line=line, fields=fields, persons=None, day=self._day)
        if self._room:
            fields["room"] = self._room

    def text(self, data: str) -> None:
        self._parts.append(data)

    def end(self, name: str) -> None:
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        if name != "event" and parent not in _PARENTS:
            return  # markup inside a field, whose words belong to the field
        text, self._parts = "".join(self._parts), []
        if self._event is None:
            if parent == "conference":
                self.frame.fields.setdefault(name, text)
            return
        if name == "event":
            self.events.append(self._event)
            self._event = None
        elif parent == "persons" and name == "person":
            assert self._event.persons is not None  # its parent was begun
            self._event.persons.append((self._person, text))
            if len(self._event.persons) > MOST_NAMED:
                raise TooManyError(count=len(self._event.persons), name="persons", limit=MOST_PEOPLE)
        elif parent == "event" and name != "persons" and (text.strip() or name not in self._event.fields):
            self._event.fields[name] = text


def day_begins(text: str) -> datetime | None:
    """Return when a day's first session may start, where the file says so with an offset; else None."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
