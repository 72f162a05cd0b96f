import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from conference.accounts.letters import mail_link, mail_reset
from conference.accounts.queries import get_member
from conference.audit.model import BY_SYSTEM, by_staff
from conference.audit.queries import history_of
from conference.core.clock import clock, real_now
from conference.core.errors import RevisionMissingError, StaleRevisionError
from conference.db.base import db
from conference.db.work import counted_statements, transact, unit_of_work
from conference.mail.errors import UnknownPlaceholderError
from conference.mail.rendering import Rendered, render
from conference.mail.specimens import specimen_of
from conference.mail.tables import OutboxRow, WordingRow
from conference.mail.wording_model import FIXED, KINDS, UNTOUCHED, Wording
from conference.mail.wording_originals import original
from conference.mail.wording_queries import find_stored, find_wording
from conference.mail.wording_rules import problems
from conference.mail.wording_service import drawn, present, restore_original
from conference.mail.wording_shapes import Kind
from conference.registration import service
from conference.web.access import Role
from conference.web.language import LANGUAGES, in_language
from tests.factories.accounts import make_member
from tests.factories.mail import words_of_html
from tests.factories.registration import a_form, make_category, register_attendee
from tests.factories.wordings import CHANGED, change, make_everybody

FOLDER = Path(__file__).parents[3] / "templates" / "mail"
HOSTILE = "{user.__class__} {{7*7}} {x} {link} %(name)s [a](http://b.example) <a href='https://c.example'>&amp;</a> https://d.example"
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def test_each_mail_has_its_placeholders_declared() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    missing = folders - set(KINDS) - FIXED
    assert not missing, f"declare placeholders in conference/mail/wording_model.py for: {sorted(missing)}"
    assert set(KINDS) | FIXED == folders


@each_kind
@pytest.mark.parametrize("tag", LANGUAGES)
def test_an_original_can_be_kept_and_shows_all_that_its_template_says(
    app: Flask, kind: Kind, tag: str
) -> None:
    shown, otherwise = original(kind, tag), original(kind, tag, is_so=False)
    assert [str(problem) for problem in problems(kind, shown)] == []
    told = "a sentence depends on what no placeholder names: put mark() around it, or declare the word"
    assert shown.text == otherwise.text, told
    assert shown.subject == otherwise.subject or kind.subject_if, told


@each_kind
def test_an_original_drawn_as_a_wording_is_the_mail_itself(app: Flask, kind: Kind) -> None:
    make_everybody()
    for tag in LANGUAGES:
        specimen = specimen_of(kind, "", tag)
        has_link = specimen.link is not None
        with in_language(tag):
            mail = render(kind.name, specimen.facts, with_link=has_link)
            drawn_mail = render(kind.name, specimen.facts, with_link=has_link, wording=original(kind, tag))
        assert _without_slot(drawn_mail) == _without_slot(mail), tag


def _without_slot(made: Rendered) -> tuple[str, list[str], list[str]]:
    text, html = (part.replace(made.slot, "LINK") if made.slot else part for part in (made.text, made.html))
    return made.subject, text.split(), words_of_html(html)


def _mail(kind: str = "confirmation") -> OutboxRow:
    db.session.rollback()
    found = db.session.scalars(
        select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id.desc())
    ).first()
    assert found is not None
    return found


def test_a_registration_gets_the_changed_words(app: Flask) -> None:
    change()
    register_attendee(make_category(), title="Dr.")
    mail = _mail()
    assert mail.subject == "Welcome Åsa to Cutting Edge Implementation of Precision Medicine in Europe"
    assert mail.text.startswith("Hello Dr. Åsa Lindström,\n\nyou are in.\nName: Dr. Åsa Lindström\n")
    assert f"\n\nView, change or withdraw:\n{mail.link_slot}\n\n--\n" in mail.text
    html = re.sub(r' style="[^"]*"', "", mail.html)
    assert "<p>Hello Dr. Åsa Lindström,</p>" in html
    assert '<p>See <a href="https://www.example.org/travel">https://www.example.org/travel</a>.</p>' in html
    assert f'href="{mail.link_slot}"' in mail.html
    assert [order["kind"] for order in mail.attachments] == ["ticket", "calendar"]


@pytest.mark.parametrize("kind", ["password_reset", "staff_invitation"])
def test_staff_get_the_changed_words_and_never_without_the_link(app: Flask, kind: str) -> None:
    words = Wording(subject="Hello {name}", text="For {account} as {role}, until {time}:\n\n{link}")
    bare = replace(words, text="For {account}.")
    assert [str(one) for one in problems(KINDS[kind], bare)] == [
        "Without {link} the reader could not go on. Put it back where it is to stand."
    ]
    change(kind, wording=words)
    member = get_member(make_member(Role.ORGANISER))
    db.session.rollback()
    if kind == "password_reset":
        transact(lambda session: mail_reset(session, member, now=real_now()))
    else:
        transact(lambda session: mail_link(session, member.id, actor=BY_SYSTEM))
    mail = _mail(kind)
    assert mail.subject == "Hello Test organiser"
    assert mail.text.startswith("For organiser@staff.example as Organiser, until ")
    assert mail.link_slot in mail.text


def test_the_words_of_another_language_stay_the_original(app: Flask) -> None:
    change(language="sv")
    register_attendee(make_category())
    assert _mail().subject.startswith("You are registered: ")


@pytest.mark.parametrize(
    "name", [HOSTILE, "Anna\r\nBcc: all@x.example\r\n\r\nhttps://e.example", "{facts}", "{{name}}"]
)
def test_a_value_stays_literal_everywhere(app: Flask, name: str) -> None:
    make_everybody()
    facts = dict(specimen_of(KINDS["declined"], "", "en").facts)
    facts["reason"] = name
    person = type("Anybody", (), {"full_name": name, "given_name": name, "family_name": "", "name": name})
    words = Wording(subject="To {given_name}", text="Dear {name},\n\nbecause: {reason}\n\n{link}")
    made = render("declined", facts | {"person": person}, with_link=True, wording=words)
    shown = " ".join(name.split())
    assert made.subject == f"To {shown}"
    assert f"Dear {shown},\n" in made.text
    assert made.text.count(made.slot) == 1
    assert words_of_html(made.html)[: len(shown.split()) + 1] == ["Dear", *f"{shown},".split()]
    assert re.findall(r'href="([^"]*)"', made.html) == [made.slot]
    assert re.findall(r"<a\b[^>]*>", made.html)[1:] == []


def test_a_link_that_touches_a_placeholder_stays_words(app: Flask) -> None:
    make_everybody()
    facts = specimen_of(KINDS["lost_link"], "", "en").facts
    text = "https://a.example/{number} {number}https://b.example (https://c.example/x?y=1&z=2).\n\n{link}"
    made = render("lost_link", facts, with_link=True, wording=Wording(subject="x", text=text))
    links = re.findall(r'<a href="([^"]*)" style="color:#0b3d91">', made.html)
    assert links == ["https://c.example/x?y=1&amp;z=2"]


def test_a_paragraph_about_what_the_reader_has_not_is_left_out(app: Flask) -> None:
    change(
        wording=Wording(
            subject="{fee} for {event}", text="One.\n\nFee: {fee}.\n  \n{ended_number} ended.\n\n{link}"
        )
    )
    register_attendee(make_category())
    mail = _mail()
    # A subject cannot be left out: the original takes its place.
    assert mail.subject.startswith("You are registered: ")
    assert mail.text.startswith("One.\n\nView, change or withdraw:")
    register_attendee(make_category("Paying", fee_minor=1000, currency="EUR"), email="b@x.example")
    mail = _mail()
    assert mail.subject.startswith("EUR 10 for ") or mail.subject.startswith("10")
    assert "Fee: " in mail.text
    assert "ended" not in mail.text


def test_a_condition_of_the_subject_leaves_it_to_the_original(app: Flask) -> None:
    make_everybody()
    kind = KINDS["speaker_reminder"]
    facts = dict(specimen_of(kind, "", "en").facts)
    words = Wording(subject="Soon: {first_due}", text="{link}")
    soon = facts | {"today": facts["first_due"]}
    late = facts | {"first_due": date(2022, 1, 1)}
    assert render(kind.name, soon, with_link=True, wording=words).subject.startswith("Soon: ")
    assert render(kind.name, late, with_link=True, wording=words).subject.startswith("Overdue: ")


def test_a_changed_wording_costs_a_registration_no_statement(app: Flask) -> None:
    category = make_category()
    counts = []
    for number in range(3):
        register_attendee(category, email=f"warm{number}@x.example")
        form = a_form(category, email=f"a{number}@x.example")
        with counted_statements() as statements, unit_of_work() as session:
            service.register(session, form, now=clock.now())
        counts.append(len(statements))
        if number == 1:
            change()
    assert len(set(counts)) == 1
    assert _mail().subject.startswith("Welcome")


def test_each_change_is_told_with_who_and_when(app: Flask) -> None:
    kind, who = KINDS["confirmation"], make_member(Role.ORGANISER)
    first = original(kind, "en")
    change()
    stored = find_stored("confirmation", "en")
    assert stored is not None
    assert (stored.wording, stored.revision, stored.changed_by) == (CHANGED, 2, who)
    assert abs(stored.changed_at - clock.now()) < timedelta(minutes=1)
    transact(lambda session: restore_original(session, kind, "en", 2, actor=by_staff(who), now=clock.now()))
    db.session.rollback()
    assert find_wording("confirmation", "en") is None
    assert present(kind, "en") == (first, 3)
    told = [
        (entry.actor.id, entry.action, dict(entry.changes)) for entry in history_of("mail_wording", stored.id)
    ]
    there = {"subject": (first.subject, CHANGED.subject), "text": (first.text, CHANGED.text)}
    back = {name: (new, old) for name, (old, new) in there.items()}
    assert told == [(who, "original restored", back), (who, "changed", there)]


def test_saving_the_original_keeps_nothing(app: Flask) -> None:
    change(wording=original(KINDS["confirmation"], "en"))
    assert db.session.scalar(select(func.count()).select_from(WordingRow)) == 0
    change()
    change(wording=original(KINDS["confirmation"], "en"), revision=2)
    assert find_wording("confirmation", "en") is None


def test_a_second_editor_is_refused_whatever_the_first_did(app: Flask) -> None:
    kind, who, other = KINDS["confirmation"], make_member(Role.ORGANISER), Wording(subject="B", text="{link}")
    change()
    with pytest.raises(StaleRevisionError):
        change(wording=other)
    transact(lambda session: restore_original(session, kind, "en", 2, actor=by_staff(who), now=clock.now()))
    change(wording=other, revision=3)
    for revision in (UNTOUCHED, 2, 3):
        with pytest.raises(StaleRevisionError):
            change(revision=revision)
    with pytest.raises(RevisionMissingError):
        change(revision=None)
    assert find_wording("confirmation", "en") == other


def test_the_service_refuses_what_the_form_did_not_see(app: Flask) -> None:
    with pytest.raises(UnknownPlaceholderError):
        change(wording=Wording(subject="x", text="{link} {secret}"))


def test_a_wording_that_names_what_is_gone_gives_way_to_the_original(app: Flask) -> None:
    change()
    transact(lambda session: setattr(session.scalars(select(WordingRow)).one(), "text", "{gone} {link}"))
    db.session.rollback()
    stored = find_stored("confirmation", "en")
    assert stored is not None
    assert not stored.fits
    register_attendee(make_category())
    assert _mail().subject.startswith("You are registered: ")


@each_kind
def test_an_example_writes_nothing(app: Flask, kind: Kind) -> None:
    make_everybody()
    before = db.session.scalar(select(func.count()).select_from(OutboxRow))
    with counted_statements() as statements:
        specimen = specimen_of(kind, "", "de")
        made = drawn(kind, original(kind, "de"), specimen, "de")
    assert [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert db.session.scalar(select(func.count()).select_from(OutboxRow)) == before
    assert made.slot == ""
    assert ("(personal link)" in made.text) == (specimen.link is not None)
