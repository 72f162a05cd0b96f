"""Designs of the office's own: kept with their revisions, copied, exported and imported, and chosen for sheets."""

import json
from pathlib import Path

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.errors import RevisionMissingError, StaleRevisionError
from conference.core.ids import BadgeDesignId, QuestionId, RegistrationId, SessionId
from conference.db.work import counted_statements, transact
from conference.printing.choice import Choice, choice_of
from conference.printing.commands import badges as badges_command
from conference.printing.commands import designs
from conference.printing.design_facts import facts_for
from conference.printing.design_pictures import with_picture
from conference.printing.design_schema import design_as_json
from conference.printing.designs import (
    StoredDesign,
    checked_design,
    copy_design,
    delete_design,
    design_for,
    design_named,
    every_design,
    export_design,
    import_design,
    own_designs,
    save_design,
    use_design,
    use_of,
)
from conference.printing.errors import (
    DesignFaultsError,
    DesignNameTakenError,
    DesignSizeError,
    ShippedDesignError,
    UnknownDesignError,
)
from conference.printing.picking import Picking
from conference.printing.service import badges, badges_to_file, people_to_print
from conference.printing.sheets import A6, A7, SHEETS
from conference.registration.filters import ListFilters
from conference.registration.question_answers import write_new
from conference.registration.question_model import AnswerSheet, Given, Kind, Option
from tests.factories.extras import add, make_extra
from tests.factories.paper import text_of
from tests.factories.pictures import a_picture
from tests.factories.programme import at, make_room, make_session, publish_now
from tests.factories.questions import make_question
from tests.factories.registration import make_category, register_attendee

pytestmark = pytest.mark.usefixtures("app")


def copied(key: str = "a7", name: str = "Our A7") -> StoredDesign:
    made = transact(lambda session: copy_design(session, key, name, actor=BY_SYSTEM))
    return design_named(f"own-{made}")


def saved(stored: StoredDesign, revision: int | None, **changed: object) -> StoredDesign:
    design = checked_design({**design_as_json(stored.design), **changed})
    transact(lambda session: save_design(session, stored.id, revision, design, actor=BY_SYSTEM))
    return design_named(stored.key)


def test_a_copy_is_the_office_s_own_and_can_be_changed() -> None:
    stored = copied()
    assert (stored.is_own, stored.revision, stored.design.name) == (True, 1, "Our A7")
    after = saved(stored, 1, about="With our colours", colours={"roles": {"Speaker": "#111111"}})
    assert (after.revision, after.design.about) == (2, "With our colours")
    assert [one.key for one in every_design()] == ["a7", "a6", "card", "roll", stored.key]
    entry = history_of("badge_design", int(stored.id or 0))[0]
    assert (entry.action, entry.fields) == ("changed", ("about", "colours.roles.Speaker"))


def test_of_two_who_save_the_second_is_refused() -> None:
    stored = copied()
    saved(stored, 1, about="First")
    with pytest.raises(StaleRevisionError):
        saved(stored, 1, about="Second")
    with pytest.raises(RevisionMissingError):
        saved(stored, None, about="Third")
    assert design_named(stored.key).design.about == "First"


@pytest.mark.parametrize("name", ["Our A7", "our  a7", "A7, name across"])
def test_a_name_is_given_once(name: str) -> None:
    copied()
    with pytest.raises(DesignNameTakenError):
        copied(name=name)
    other = copied(name="Another")
    with pytest.raises(DesignNameTakenError):
        saved(other, 1, name=name)


def test_shipped_designs_stay_as_they_are() -> None:
    with pytest.raises(ShippedDesignError, match="Make a copy"):
        saved(design_named("a7"), 1)
    with pytest.raises(ShippedDesignError):
        transact(lambda session: delete_design(session, design_named("a7"), 1, actor=BY_SYSTEM))


@pytest.mark.parametrize("key", ["", "a8", "own-", "own-1", "own-²", "own-99999999999", "../a7"])
def test_a_design_that_is_not_there_is_told(key: str) -> None:
    with pytest.raises(UnknownDesignError, match=r"There are: a7, a6, card, roll\."):
        design_named(key)


def test_a_design_goes_to_a_file_and_comes_back_under_another_name() -> None:
    stored = copied()
    pictured = with_picture(stored.design, "logo", a_picture("PNG", size=(200, 100)))
    transact(lambda session: save_design(session, stored.id, 1, pictured, actor=BY_SYSTEM))
    value = json.loads(export_design(stored.key))
    text = json.dumps({**value, "name": "From elsewhere"})
    made = transact(lambda session: import_design(session, text, actor=BY_SYSTEM))
    again = design_named(f"own-{made}").design
    assert design_as_json(again) == {**design_as_json(pictured), "name": "From elsewhere"}
    with pytest.raises(DesignNameTakenError):
        transact(lambda session: import_design(session, export_design(stored.key), actor=BY_SYSTEM))


def test_a_file_with_faults_adds_nothing() -> None:
    value = json.loads(export_design("a7"))
    value["front"][1]["place"]["bottom_mm"] = 400
    with pytest.raises(DesignFaultsError):
        transact(lambda session: import_design(session, json.dumps(value), actor=BY_SYSTEM))
    assert own_designs() == []


def choose(sheet_key: str, key: str, revision: int | None = None) -> None:
    sheet = SHEETS[sheet_key]
    transact(lambda session: use_design(session, sheet, key, revision, actor=BY_SYSTEM))


def test_a_sheet_is_printed_in_the_design_chosen_for_it() -> None:
    stored = copied()
    assert design_for(A7).key == "a7"
    choose("a7", stored.key)
    assert (design_for(A7).key, use_of(A7)) == (stored.key, (stored.key, 1))
    choose("a7", "", 1)
    assert (design_for(A7).key, use_of(A7)) == ("a7", ("", 2))
    for outdated in (1, None):
        with pytest.raises(StaleRevisionError):
            choose("a7", stored.key, outdated)
    with pytest.raises(DesignSizeError):
        choose("a6", stored.key)
    with pytest.raises(UnknownDesignError):
        choose("a6", "own-99")


def test_a_choice_that_can_be_no_more_counts_as_none() -> None:
    stored = copied()
    choose("a7", stored.key)
    labels = {"least_width_mm": 80, "most_width_mm": 90, "least_height_mm": 62, "most_height_mm": 70}
    saved(stored, 1, labels=labels)
    assert design_for(A7).key == "a7"
    transact(lambda session: delete_design(session, stored, 2, actor=BY_SYSTEM))
    assert design_for(A7).key == "a7"


def test_a_run_says_its_design_and_is_refused_for_one_that_does_not_fit() -> None:
    stored = copied()
    choice = choice_of({"sheet": "a7", "design": stored.key})
    assert (choice.refusal, choice.as_query()) == (None, {"sheet": "a7", "design": stored.key})
    assert choice.design is stored.design
    for key in ("a6", "own-99"):
        refused = choice_of({"sheet": "a7", "design": key}).refusal
        assert refused is not None
        assert refused.field == "design"


def printed(choice: Choice) -> str:
    return text_of(badges(people_to_print(ListFilters(), Picking()), choice).pdf)


def test_badges_come_out_in_the_design_with_its_facts() -> None:
    register_attendee(
        make_category("Guest"), title="Prof.", given_name="Åsa", letters="MD", email="a@x.example"
    )
    value = design_as_json(copied().design)
    for part in value["front"][1]["names"]:
        part["is_shown"] = True
    stored = own_designs()[0]
    transact(lambda session: save_design(session, stored.id, 1, checked_design(value), actor=BY_SYSTEM))
    assert "Prof." not in printed(choice_of({"sheet": "a7"}))
    text = printed(choice_of({"sheet": "a7", "design": stored.key}))
    assert [one for one in ("Prof.", "Åsa", "MD") if one not in text] == []


def answer(registration_id: RegistrationId, question_id: QuestionId, value: str) -> None:
    sheet = AnswerSheet(given=(Given(question_id=question_id, value=value),))
    transact(lambda session: write_new(session, registration_id, sheet, clock.now()))


@pytest.mark.parametrize(("is_sensitive", "shown"), [(False, {"she/her", "they/them"}), (True, set())])
def test_pronouns_are_the_answer_to_the_office_s_question_unless_it_is_sensitive(
    *, is_sensitive: bool, shown: set[str]
) -> None:
    options = (Option(key="s", label="she/her"), Option(key="h", label="he/him"))
    listed = make_question("Pronouns", Kind.ONE_OF, options=options, is_sensitive=is_sensitive)
    category = make_category("Guest")
    for number, value in enumerate(("s", "they/them"), 1):
        answer(register_attendee(category, email=f"{number}@x.example"), listed, value)
    value_of = design_as_json(copied().design)
    for part in value_of["front"][1]["details"]:
        part["is_shown"] = True
    stored = own_designs()[0]
    transact(lambda session: save_design(session, stored.id, 1, checked_design(value_of), actor=BY_SYSTEM))
    text = printed(choice_of({"sheet": "a7", "design": stored.key}))
    assert {one for one in ("she/her", "he/him", "they/them") if one in text} == shown


@pytest.mark.parametrize("count", [1, 3])
def test_a_back_with_programme_and_extras_asks_as_much_for_one_as_for_many(app: Flask, count: int) -> None:
    category = make_category("Guest")
    extra = make_extra("Dinner", category)
    session_id = make_session("Opening", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    for number in range(count):
        add(register_attendee(category, email=f"{number}@x.example"), extra)
    choice = choice_of({"sheet": "a6", "sides": "long"})
    people = people_to_print(ListFilters(), Picking())
    with counted_statements() as statements:
        pdf = badges(people, choice).pdf
    assert len([one for one in statements if one.lstrip().upper().startswith("SELECT")]) <= 12
    text = text_of(pdf)
    assert text.count("Dinner") == count
    assert "Opening" in text
    assert SessionId(session_id) in facts_for(design_named("a6").design).sessions


def test_the_command_line_lists_exports_checks_and_imports(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    told = runner.invoke(designs, ["list"])
    assert told.output.splitlines()[0] == "a7\tA7, name across\tlabels from 70 × 62 to 430 × 111 mm"
    file = tmp_path / "ours.json"
    assert runner.invoke(designs, ["export", "a7", "--out", str(file)]).exit_code == 0
    value = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**value, "name": "Ours"}), "utf-8")
    assert runner.invoke(designs, ["check", str(file)]).output == "Ours: can be printed.\n"
    added = runner.invoke(designs, ["import", str(file)])
    assert added.output == f"{own_designs()[0].key}\n"
    twice = runner.invoke(designs, ["import", str(file), "--name", "Theirs"])
    assert (twice.exit_code, [one.design.name for one in own_designs()]) == (0, ["Ours", "Theirs"])
    register_attendee(make_category("Guest"), given_name="Åsa", email="a@x.example")
    out = tmp_path / "badges.pdf"
    done = runner.invoke(badges_command, ["--out", str(out), "--design", added.output.strip()])
    assert (done.exit_code, "Åsa" in text_of(out.read_bytes())) == (0, True)
    value["front"][0]["kind"] = "video"
    file.write_text(json.dumps(value), "utf-8")
    bad = runner.invoke(designs, ["check", str(file)])
    assert (bad.exit_code, "Element “logo”, kind: “video” cannot be." in bad.output) == (2, True)


def test_a_run_in_a_design_that_does_not_fit_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "badges.pdf"
    with pytest.raises(DesignSizeError, match="is for labels from"):
        badges_to_file(out, choice_of({"sheet": "a7", "design": "a6"}))
    assert not out.exists()
    assert BadgeDesignId(1) not in {one.id for one in own_designs()}
    assert A6.key == "a6"
