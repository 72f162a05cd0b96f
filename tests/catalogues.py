"""Keep the catalogues: `python -m tests.catalogues update` takes over what pages, mails and errors say now.

What belongs in them is what attendees, speakers and readers of the public pages see; pages of the office stay English.
`is_office` draws that line by the path of a file. A sentence that both sides use is the attendee's too.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from conference.programme.errors import NothingPublishedError, NotSentToPrintError

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "conference" / "translations"
LANGUAGES = ("sv", "de")
_KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
# Rooms, files and templates that only staff, or people at the command line, ever read.
_OFFICE = re.compile(
    r"""
    conference/(accounts/(?!words)|(api|audit|campaigns|demo|db|editor|jobs|planner)/)
    | conference/(cli|serve|config)\.py
    | conference/event/(forms|room_forms|errors|rules)\.py
    | conference/registration/(routes|came_back|approving|many|listing|filters|tagging|commands)\.py
    | conference/registration/(extra|question|bulk|invitation|code|invitee_import)_(forms|routes|service)\.py
    | conference/registration/(inviting\w*|invitations|access_codes)\.py
    | conference/registration/(desk|message|tag|payment)_\w+\.py
    | conference/\w+/specimens\.py
    | templates/registration/_import\.html
    | templates/interchange/_plan\.html
    | conference/registration/fee_(forms|routes)\.py
    | conference/privacy/(model|errors|record|commands|retention)\.py
    | conference/mail/(?!rules|rendering|linked_)
    | conference/people/(?!countries|words|rules)
    | conference/interchange/(?!news|public_routes)
    | conference/programme/(?!words|public_routes|calendar|listing|blueprint|talk_fields|mark_|since_print|change_lines)
    | conference/printing/(?!tickets|ticket_layout|signs|binding|front_pages|\w+_pages|disclosers|grid_page|programme\.|changes_paper|day_plan|pocket_card)
    | conference/speakers/(?!own_|forms|errors|letters|words|pictures|portraits|slot_calendar|slide_routes|slide_forms)
    | conference/\w+/(\w+_)?(staff|office|category|admission|place|import|export|list|figure)\w*_?(routes|forms|service|queries)?\.py
    | templates/(accounts|api|campaigns|demo|printing|people)/
    | templates/(\w+/)?_?office\w*\.html
    | templates/_macros/(history|stale|filters|mail|registrations|wording)\.html
    """,
    re.VERBOSE,
)
# Sentences of the office's files that readers of the public pages meet too.
_READERS_TOO = (
    ("conference/programme/errors.py", NothingPublishedError.sentence),
    ("conference/programme/errors.py", NotSentToPrintError.sentence),
)


def is_office(path: str, text: str) -> bool:
    """Return whether only staff read what the file says: by its path, or because it is a page in the office's frame."""
    return bool(_OFFICE.match(path)) or ("templates/" in path and '{% extends "office.html" %}' in text)


def _sources() -> Iterator[tuple[str, str, bytes]]:
    """Yield each file of the attendee's side: its path, babel's name of its kind, and its contents."""
    for folder, kinds in (
        ("conference", {".py": "python"}),
        ("templates", dict.fromkeys((".html", ".txt"), "jinja2")),
    ):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in kinds:
                path, contents = file.relative_to(ROOT).as_posix(), file.read_bytes()
                if not is_office(path, contents.decode()):
                    yield path, kinds[file.suffix], contents


def template() -> Catalog:
    """Return every sentence of the attendee's side, and the files it stands in."""
    found = Catalog(charset="utf-8")
    for path, kind, contents in _sources():
        for _, words, comments, context in extract(
            kind, BytesIO(contents), _KEYWORDS, ["i18n:"], {"silent": "false"}
        ):
            found.add(words, locations=[(path, 0)], auto_comments=comments, context=context)
    for path, sentence in _READERS_TOO:
        found.add(sentence, locations=[(path, 0)])
    return found


def stored(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str, now: Catalog) -> Catalog:
    """Return the language's catalogue with the sentences of now: known ones keep their words, nothing is guessed."""
    before = stored(language) if (FOLDER / f"{language}.po").is_file() else Catalog(locale=language)
    after = Catalog(
        locale=language,
        charset="utf-8",
        header_comment="# The attendee's side. Kept by: python -m tests.catalogues update",
    )
    for message in now:
        if message.id:
            known = before.get(message.id)
            words = known.string if known else ""
            files = sorted({place for place, _ in message.locations})
            after.add(message.id, words, locations=[(path, 0) for path in files], flags=message.flags)
    return after


def unfinished(catalogue: Catalog) -> list[str]:
    """Return the sentences without words in this language."""
    return [str(message.id) for message in catalogue if message.id and not _is_said(message)]


def _is_said(message: Message) -> bool:
    words = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(words) and all(words)


def as_text(catalogue: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, catalogue, width=118, sort_output=True, omit_header=False, include_lineno=False)
    # With the dates each run would be a change of the header, and with the version each release of Babel.
    return re.sub(rb'"(POT-Creation-Date|PO-Revision-Date|Generated-By):.*\n', b"", file.getvalue())


def update() -> int:
    now = template()
    missing = 0
    FOLDER.mkdir(exist_ok=True)
    for language in LANGUAGES:
        catalogue = merged(language, now)
        (FOLDER / f"{language}.po").write_bytes(as_text(catalogue))
        for sentence in unfinished(catalogue):
            missing += 1
            print(f"{language}: {sentence}")
    return missing


if __name__ == "__main__":
    if sys.argv[1:] != ["update"]:
        sys.exit("python -m tests.catalogues update")
    sys.exit(f"{missing} sentences have no words yet." if (missing := update()) else 0)
