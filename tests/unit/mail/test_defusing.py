"""No mail holds a text that came from a person and that a mail program would turn into a link."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from conference.accounts.model import StaffMember
from conference.core.linkable import JOINER
from conference.mail.defusing import OwnWords, defused_facts
from conference.mail.rendering import Rendered, render
from conference.mail.wording_model import KINDS, Wording
from conference.people.model import PersonDetails
from conference.registration.group_model import Member
from conference.registration.invitation_model import InvitationDetails
from conference.speakers.model import OwnPart
from conference.speakers.slots import Moved, Slot, SlotChanges
from conference.web.language import in_language
from tests.factories.every_mail import WITHOUT_LINK, WORDINGS, drawn, facts_of, kinds

# Stands in every address that the tests let people type, and nowhere else.
MARK = "zzq"
LINKED = re.compile(r"\w://|www\.|mailto:[^\s\u2060]|[^\s\u2060]@\S|[^\W\u2060]\.[^\W\d_]{2}", re.IGNORECASE)
TYPED = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "You won at ", "Åsa ", "(", '<a href="', "[claim](", "x"]),
    st.sampled_from(
        [
            f"https://{MARK}.example/prize",
            f"HTTP://{MARK}.zip",
            f"//{MARK}.example",
            f"www.{MARK}.a",
            f"{MARK}.com",
            f"a.{MARK}.se/x",
            f"bo@{MARK}.example",
            f"mailto:{MARK}",
            f"{MARK}。com",
        ]
    ),
    st.sampled_from(["", ".", ")", '">x</a>', " now", "/"]),
)


# The fields that people fill themselves, one by one.
_FILLED: dict[type, tuple[str, ...]] = {
    PersonDetails: (
        "title",
        "given_name",
        "family_name",
        "letters",
        "badge_name",
        "affiliation",
        "affiliation_short",
    ),
    Member: ("name",),
    StaffMember: ("name",),
    InvitationDetails: ("title", "given_name", "family_name", "affiliation"),
    OwnPart: ("talk",),
    Slot: ("title",),
}
_HOLDING: dict[type, tuple[str, ...]] = {Moved: ("old", "new"), SlotChanges: ("added", "moved", "cancelled")}


def typed_into(value: Any, text: str) -> Any:
    """Return the fact with the text in every field that people fill themselves."""
    if isinstance(value, tuple):
        return tuple(typed_into(one, text) for one in value)
    if filled := _FILLED.get(type(value)):
        return replace(value, **dict.fromkeys(filled, text))
    inner = _HOLDING.get(type(value), ())
    return (
        replace(value, **{name: typed_into(getattr(value, name), text) for name in inner}) if inner else value
    )


def typed_facts(kind: str, text: str) -> Mapping[str, object]:
    facts = {name: typed_into(fact, text) for name, fact in facts_of(kind).items()}
    if "changes" in facts and isinstance(facts["changes"], list):
        facts["changes"] = [(label, text) for label, _ in facts["changes"]]
    return facts


def links_in(mail: Rendered) -> list[str]:
    """Return the words of the mail, in whichever part, that hold what people typed and would become links."""
    words = f"{mail.subject} {mail.text} {unescape(mail.html)}".split()
    return [word for word in words if MARK in word.lower() and LINKED.search(word)]


PERSONAL = [kind for kind in kinds() if kind != "message"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(PERSONAL), text=TYPED)
def test_no_mail_links_what_people_typed(app: Flask, kind: str, text: str) -> None:
    with app.app_context(), in_language("en"):
        mail = render(
            kind,
            typed_facts(kind, text),
            with_link=kind not in WITHOUT_LINK,
            wording=WORDINGS.get(kind),
            is_news=kind in WORDINGS,
        )
    assert links_in(mail) == []
    assert MARK in mail.text


def test_no_changed_wording_links_it_either(app: Flask) -> None:
    found = []
    for kind, known in KINDS.items():
        names = [word.name for word in known.words] + [block.name for block in known.blocks]
        named = "\n\n".join(f"{{{name}}}" for name in names)
        wording = Wording(subject="News", text=named)
        for text in (f"https://{MARK}.example/x", f"bo@{MARK}.example", f"www.{MARK}.example"):
            with app.app_context(), in_language("en"):
                facts = typed_facts(kind, text)
                mail = render(kind, facts, with_link=kind not in WITHOUT_LINK, wording=wording)
            found += [(kind, word) for word in links_in(mail)]
            assert MARK in mail.text
    assert found == []


def test_our_own_addresses_and_links_stay_whole(app: Flask) -> None:
    mails = {kind: drawn(app, kind, "sv") for kind in kinds()}
    assert [kind for kind, mail in mails.items() if JOINER in mail.subject + mail.text + mail.html] == []


def test_a_fact_that_nobody_foresaw_is_defused_however_deep_it_lies() -> None:
    facts: dict[str, object] = {
        "brand_new": {"list": [("a.evil", {"deeper": "https://evil.example"})], "email": "bo@lab.example"},
        "drawn": Markup("<a href='https://ours.example'>"),
        "own": OwnWords("https://ours.example"),
        "reason": "See https://ours.example",
        "count": 3,
    }
    assert defused_facts(facts) == facts | {
        "brand_new": {
            "list": [(f"a{JOINER}.evil", {"deeper": f"https:{JOINER}//evil{JOINER}.example"})],
            "email": "bo@lab.example",
        }
    }


def test_a_record_without_links_is_not_copied() -> None:
    person = PersonDetails(given_name="A.B.", email="bo@lab.example")
    assert defused_facts({"person": person})["person"] is person
