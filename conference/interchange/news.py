"""What each version changed, as a feed that feed readers look at: RSS 2.0."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from conference.interchange.edition import Edition, document_of
from conference.programme.changes import MOVES, Change, ChangeKind
from conference.programme.model import Session
from conference.programme.words import CHANGE_WORDS
from conference.web.exporting import without_what_xml_cannot_hold as as_xml
from conference.web.language import gettext, language, long_date, time_span

# Readers keep what they have seen; a feed of everything would grow with each version.
MOST_ITEMS = 100
_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionNews:
    """A version with what it changed; `changes` is None for the first one, in which everything was new.

    `is_back`: it is public again, after a later one was withdrawn, and the changes are those to what readers saw last.
    """

    number: int
    published_at: datetime
    changes: Sequence[Change] | None
    is_back: bool = False

    @property
    def key(self) -> str:
        """What names the version's items; once it is public again, others than those that readers have."""
        return f"version {self.number}" + (
            f" again {self.published_at:%Y%m%dT%H%M%SZ}" if self.is_back else ""
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Item:
    key: str
    title: str
    text: str
    link: str
    at: datetime


def feed(edition: Edition, news: Iterable[VersionNews]) -> bytes:
    """Return the feed in the reader's language, newest version first, at most 100 items."""
    ET.register_namespace("atom", _ATOM)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    title = gettext("Changes of the programme: %(title)s", title=edition.event.title)
    for name, text in (
        ("title", title),
        ("link", f"{edition.site}/programme"),
        ("description", gettext("What was added, moved and cancelled, version by version.")),
        ("language", language()),
        ("lastBuildDate", format_datetime(edition.made_at)),
    ):
        _add(channel, name, text)
    address = f"{edition.site}/programme.rss"
    ET.SubElement(channel, f"{{{_ATOM}}}link", href=address, rel="self", type="application/rss+xml")
    items = [item for version in news for item in _items(edition, version)]
    for item in items[:MOST_ITEMS]:
        element = ET.SubElement(channel, "item")
        _add(element, "title", item.title)
        _add(element, "link", item.link)
        _add(element, "description", item.text)
        _add(element, "pubDate", format_datetime(item.at))
        ET.SubElement(element, "guid", isPermaLink="false").text = item.key
    return document_of(root)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = as_xml(text)


def _items(edition: Edition, version: VersionNews) -> Iterator[_Item]:
    if version.changes is None:
        yield _Item(
            key=f"{edition.site}/programme version {version.number}",
            title=gettext("The programme is published"),
            text=gettext("Version %(number)s is the first one.", number=version.number),
            link=f"{edition.site}/programme",
            at=version.published_at,
        )
        return
    by_session: dict[int, list[Change]] = {}
    for change in version.changes:
        if change.session is not None:
            by_session.setdefault(change.session.id, []).append(change)
    for number, changes in by_session.items():
        yield _item(edition, version, number, changes)


def _item(edition: Edition, version: VersionNews, number: int, changes: list[Change]) -> _Item:
    session = changes[0].session
    assert session is not None  # such changes were left out
    is_gone = changes[0].kind is ChangeKind.CANCELLED
    kinds = ", ".join(str(CHANGE_WORDS[change.kind]) for change in changes)
    return _Item(
        key=f"{edition.site}/programme/session/{number} {version.key}",
        title=f"{kinds}: {session.title}",
        text=_text(changes),
        link=f"{edition.site}/programme" if is_gone else edition.page(number),
        at=version.published_at,
    )


def _text(changes: list[Change]) -> str:
    """Return where and when it is, and was where that is another place."""
    first = changes[0]
    moved = next((one for one in changes if one.kind in MOVES), None)
    if moved and moved.old and moved.new:
        return gettext("Before: %(before)s. Now: %(now)s.", before=_place(moved.old), now=_place(moved.new))
    if first.kind is ChangeKind.CANCELLED and first.old:
        return gettext("It would have been: %(before)s.", before=_place(first.old))
    assert first.session is not None  # such changes were left out
    return _place(first.session)


def _place(session: Session) -> str:
    if session.span is None or session.day is None:
        return ""
    parts = [long_date(session.day), time_span(session.span), session.room.name if session.room else ""]
    return ", ".join(part for part in parts if part)
