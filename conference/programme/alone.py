"""Conflicts that a session has by itself, wherever it stands. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator

from conference.core.ids import SessionId
from conference.programme.conflicts import (
    ChairMissing,
    Conflict,
    IndustryUnmarked,
    SponsorInTitle,
    TalksTooLong,
)
from conference.programme.facts import CheckSettings, name_key
from conference.programme.model import AT_ONCE, INDUSTRIAL, ROOMLESS, Kind, PartRole, Session
from conference.programme.severity import ConflictKind, Severity

# Own choice: where people sit before somebody who speaks, somebody leads.
LED = frozenset({Kind.PLENARY, Kind.PARALLEL, Kind.PANEL, Kind.INDUSTRY})
LEADS = frozenset({PartRole.CHAIR, PartRole.MODERATOR})
# Coffee and an evening may be paid for, and be named after who pays: they are no science.
_NO_SCIENCE = INDUSTRIAL | ROOMLESS
Named = dict[SessionId, list[tuple[str, str]]]


def fixed(
    session: Session, settings: CheckSettings, wanted: Collection[ConflictKind], *, is_container: bool
) -> Iterator[Conflict]:
    """Yield what a session has by itself, titles apart. A container is led inside, and not asked for a chair."""
    if ConflictKind.TALKS_TOO_LONG in wanted and session.talks and session.kind not in AT_ONCE:
        over_min = sum(talk.duration_min for talk in session.talks) - session.duration_min
        if over_min > 0:
            severity = settings.severity(ConflictKind.TALKS_TOO_LONG)
            yield TalksTooLong(severity=severity, session=session, over_min=over_min)
    if (
        ConflictKind.CHAIR_MISSING in wanted
        and session.kind in LED
        and not is_container
        and not _is_led(session)
    ):
        yield ChairMissing(severity=settings.severity(ConflictKind.CHAIR_MISSING), session=session)
    if ConflictKind.INDUSTRY_UNMARKED in wanted and session.sponsor and session.kind not in _NO_SCIENCE:
        severity = settings.severity(ConflictKind.INDUSTRY_UNMARKED)
        yield IndustryUnmarked(severity=severity, session=session, sponsor=session.sponsor)


def _is_led(session: Session) -> bool:
    return any(part.role in LEADS for part in session.people)


def named_sponsors(sessions: Iterable[Session], sponsors: Iterable[str]) -> Named:
    """Return (title, sponsor) of each title of science that names a sponsor, by session.

    Sponsors are those given and those who pay for a session. Names count as whole words, in any case.
    """
    every = list(sessions)
    names = {name_key(name): name for name in [*sponsors, *(one.sponsor for one in every)] if name.strip()}
    science = [one for one in every if one.kind not in _NO_SCIENCE]
    # One search over all titles tells as a rule that nobody is named; only then is each title looked at.
    whole = " ".join(title for one in science for title in titles_of(one)).casefold()
    there = {key: name for key, name in names.items() if key in whole}
    found: Named = {}
    for key, name in there.items():
        pattern = re.compile(rf"(?<!\w){re.escape(key)}(?!\w)")
        for one in science:
            hits = [(title, name) for title in titles_of(one) if pattern.search(name_key(title))]
            if hits:
                found.setdefault(one.id, []).extend(hits)
    return found


def titles_of(session: Session) -> list[str]:
    return [session.title, *(talk.title for talk in session.talks)]


def sponsored(session: Session, named: Named, severity: Severity) -> Iterator[SponsorInTitle]:
    for title, sponsor in named.get(session.id, ()):
        yield SponsorInTitle(severity=severity, session=session, title=title, sponsor=sponsor)
