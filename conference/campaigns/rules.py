"""Who gets a campaign and who does not, and which words can be kept. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

from conference.campaigns.errors import HalfTextError, NoSuchTimeError, TimeOverError
from conference.campaigns.model import CampaignDetails, Candidate, Choice, Exclusion, Purpose
from conference.core.clock import STOCKHOLM
from conference.core.errors import DomainError
from conference.core.text import address_key
from conference.mail.rules import is_address
from conference.mail.wording_model import CAMPAIGN
from conference.mail.wording_rules import problems


def choose(
    candidates: Iterable[Candidate],
    purpose: Purpose,
    *,
    came_back: Collection[str],
    unsubscribed: Collection[str],
) -> Choice:
    """Return who gets the campaign: one mail a person and one an address, the first candidate of each.

    Who is left out is counted once, however many audiences or records name them, and not at all where they get it.

    `came_back` and `unsubscribed` are addresses as `address_key` writes them. News go to an address once, whoever
    shares it; what is about one's own registration goes to each place of a group, and to each speaker by name, as of
    two whose assistant reads their mails. A speaker at the address of a registration that gets it is taken for the
    same person.
    """
    chosen: list[Candidate] = []
    left_out: dict[int, Exclusion] = {}
    people: set[int] = set()
    keys: set[str] = set()
    wants_none = unsubscribed if purpose is Purpose.NEWS else frozenset()
    for one in _live_first(candidates):
        if one.person_id in people:
            continue
        key, reason = written_to(one, purpose), _why_not(one, came_back, wants_none)
        taken = {key, address_key(one.email)} if one.about[0] == "person" else {key}
        if reason is None and keys & taken:
            reason = Exclusion.DUPLICATE
        if reason is not None:
            left_out.setdefault(one.person_id, reason)
            continue
        people.add(one.person_id)
        keys.add(key)
        chosen.append(one)
    reasons = Counter(reason for person, reason in left_out.items() if person not in people)
    return Choice(chosen=tuple(chosen), left_out=dict(reasons))


def written_to(one: Candidate, purpose: Purpose) -> str:
    """Return what no two mails of a campaign may share."""
    return one.key if purpose is Purpose.OWN else address_key(one.email)


def _live_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return those that have not ended first, and registrations before speakers: they say more."""
    return sorted(candidates, key=lambda one: (one.has_ended, one.about[0] != "registration"))


def _why_not(one: Candidate, came_back: Collection[str], unsubscribed: Collection[str]) -> Exclusion | None:
    if one.is_erased:
        return Exclusion.ERASED
    if not is_address(one.email):
        return Exclusion.NO_ADDRESS
    if one.has_ended:
        return Exclusion.ENDED
    address = address_key(one.email)
    if address in came_back:
        return Exclusion.CAME_BACK
    return Exclusion.UNSUBSCRIBED if address in unsubscribed else None


def wrong_words(details: CampaignDetails, names: Collection[tuple[str, str]]) -> Iterator[DomainError]:
    """Yield each refusal of the words, its field as in "text_sv"; `names` are tags with each language's name."""
    for tag, name in names:
        wording = details.texts.get(tag)
        if wording is None:
            continue
        if not (wording.subject and wording.text):
            yield HalfTextError(f"{'text' if wording.subject else 'subject'}_{tag}", language=name)
        for problem in problems(CAMPAIGN, wording):
            problem.field = f"{problem.field}_{tag}"
            yield problem


def moment_of(local: datetime, now: datetime) -> datetime:
    """Return the moment of a time typed as Stockholm's, without a zone; of one that comes twice, the first.

    Raises TimeOverError, and NoSuchTimeError for one that the clocks skip in spring.
    """
    said = local.isoformat(" ", "minutes")
    try:
        moment = local.replace(tzinfo=STOCKHOLM).astimezone(UTC)
    except OverflowError as error:
        # The first hour of the year 1, which in UTC is before all years.
        raise TimeOverError("at", time=said) from error
    if moment.astimezone(STOCKHOLM).replace(tzinfo=None) != local:
        raise NoSuchTimeError("at", time=said)
    if moment <= now:
        raise TimeOverError("at", time=said)
    return moment
