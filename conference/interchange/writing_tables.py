"""The schedule as a table, a session a row, with headings that the import knows again. Pure."""

from collections.abc import Iterator

from conference.interchange.edition import Edition, local, people_of, talks_told
from conference.web.exporting import Cell

HEADINGS = (
    "Id",
    "Title",
    "Start",
    "End",
    "Duration",
    "Room",
    "Track",
    "Kind",
    "People",
    "Abstract",
    "Talks",
    "Address",
)


def rows_of(edition: Edition) -> Iterator[tuple[Cell, ...]]:
    """Yield the headings, then each session by time. Times are Stockholm's, the duration is in minutes."""
    yield HEADINGS
    for session in edition.sessions:
        assert session.span is not None  # what has no time is in no schedule
        yield (
            edition.guids.session(session.id),
            session.title,
            local(session.span.start).replace(tzinfo=None),
            local(session.span.end).replace(tzinfo=None),
            session.duration_min,
            session.room.name if session.room else "",
            session.track.name if session.track else "",
            session.kind.value,
            "; ".join(part.name for part in people_of(session)),
            session.abstract,
            talks_told(session),
            edition.page(session.id),
        )
