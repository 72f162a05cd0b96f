"""`conference import schedule`, `conference export schedule` and `conference conflicts`, as somebody types them."""

import io
import json
import re
from pathlib import Path

import icalendar
import jsonschema
import pytest
import xmlschema
from click.testing import CliRunner, Result
from flask import Flask
from openpyxl import load_workbook

from conference.cli import main
from conference.db.base import db
from conference.db.work import transact
from conference.people.queries import count_people
from conference.programme.queries import draft
from tests.factories.programme import at, make_person, make_room, make_session, part, publish_now
from tests.factories.schedules import document, event
from tests.factories.shared_data import shared_file


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.setattr("conference.cli._command_app", lambda: app)
    return Run()


class Run:
    def __call__(self, *arguments: str) -> Result:
        db.session.remove()
        answer = CliRunner().invoke(main, list(arguments))
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        db.session.remove()
        return answer


def written(folder: Path, content: bytes, name: str = "schedule.xml") -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def titles() -> list[str]:
    return [one.title for one in transact(draft).sessions]


def test_a_dry_run_tells_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, document(event(1, persons={"5": "Bo Ek"}), event(2, start="11:00", room="Saal")))
    answer = run("import", "schedule", path, "--dry-run")
    assert (answer.exit_code, answer.output) == (
        0,
        (
            "+ 2022-09-22 09:30, Aula: Talk 1\n+ 2022-09-22 11:00, Saal: Talk 2\n"
            "Added: 2, changed: 0, removed: 0, unchanged: 0; new rooms: 2, tracks: 0, people: 1.\n"
            "Nothing was written.\n"
        ),
    )
    assert (titles(), count_people()) == ([], 0)


def test_a_file_is_imported_changed_and_told_as_json(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, document(event(1), event(2, start="09:45")))
    answer = run("import", "schedule", path)
    told = r"Imported\. Conflicts in the draft: [1-9]\d* \(`conference conflicts` lists them\)\."
    assert re.fullmatch(told, answer.output.splitlines()[-1])
    path = written(tmp_path, document(event(1, title="New"), event(3, start="11:00")))
    told = json.loads(run("import", "schedule", path, "--json").output)
    assert told["counts"] == {"additions": 1, "changes": 1, "removals": 1, "unchanged": 0}
    assert (told["imported"], told["source"]) == (True, "schedule")
    assert [one for one in told["conflicts"] if one["blocking"]] == []
    change, gone = told["changes"][0], told["removals"][0]
    assert (change["line"], change["id"], change["title"], change["fields"]) == (5, "1", "New", ["title"])
    assert gone["title"] == "Talk 2"
    assert titles() == ["New", "Talk 3"]
    again = json.loads(run("import", "schedule", path, "--json").output)
    assert again["counts"] == {"additions": 0, "changes": 0, "removals": 0, "unchanged": 2}


def test_what_is_missing_is_kept_when_asked(run: Run, tmp_path: Path) -> None:
    run("import", "schedule", written(tmp_path, document(event(1), event(2, start="11:00"))))
    answer = run("import", "schedule", written(tmp_path, document(event(1))), "--keep")
    assert "= Talk 2 (no longer in the file, kept)" in answer.output
    assert titles() == ["Talk 1", "Talk 2"]


def test_a_name_of_two_people_is_asked_about(run: Run, tmp_path: Path) -> None:
    first, second = make_person("Bo", "Ek"), make_person("Bo", "Ek")
    path = written(tmp_path, document(event(1, persons={"5": "Bo Ek"})))
    dry = run("import", "schedule", path, "--dry-run")
    question = f'? Bo Ek: say --person "Bo Ek={first}" or --person "Bo Ek={second}", or --person "Bo Ek=new"'
    assert (dry.exit_code, question in dry.output) == (1, True)
    told = json.loads(run("import", "schedule", path, "--dry-run", "--json").output)
    assert told["questions"] == [
        {"name": "Bo Ek", "id": "5", "doubt": "ambiguous", "answered": False, "people": [first, second], "sessions": ["Talk 1"]}
    ]  # fmt: skip
    refused = run("import", "schedule", path)
    assert (refused.exit_code, "Several people have these names: Bo Ek (1 in all)." in refused.output) == (
        2,
        True,
    )
    run("import", "schedule", path, "--person", f"Bo Ek={second}")
    assert [one.person_id for one in transact(draft).sessions[0].people] == [second]


@pytest.mark.parametrize("answer", ["Bo Ek=99", "Nobody=new", "Bo Ek=him"])
def test_an_answer_about_nobody_is_refused(run: Run, tmp_path: Path, answer: str) -> None:
    path = written(tmp_path, document(event(1, persons={"5": "Bo Ek"})))
    told = run("import", "schedule", path, "--person", answer)
    assert (told.exit_code, f"The answer “{answer}” names nobody." in told.output) == (2, True)
    assert titles() == []


def test_other_days_need_a_word(run: Run, tmp_path: Path) -> None:
    make_session("Here", room_id=make_room("Annexe"), start=at("15:00"))
    path = written(tmp_path, document(event(1), day='date="2024-02-03"'))
    refused = run("import", "schedule", path)
    assert (refused.exit_code, "said by --shift-to DATE." in refused.output) == (2, True)
    assert run("import", "schedule", path, "--shift-to", "2022-09-23").exit_code == 0
    assert titles() == ["Here", "Talk 1"]
    assert run("import", "schedule", path, "--shift-to", "soon").exit_code == 2


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (document(event(duration="25:00")), "a.xml", "Line 5: a session of 1500 minutes."),
        (b"<schedule>\n<a>", "a.xml", "Line 2: the file is broken here (no element found)."),
        (b"Title,Start,Duration\n<<<<<<< HEAD\nA,2022-09-22 09:30,45\n", "a.csv", "Line 2: git left marks"),
        (b"\0\1\2\3", "a.bin", "cannot be read as CSV or XLSX"),
        (b" " * 10_000_001, "a.xml", "larger than 10 MB"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(
    run: Run, tmp_path: Path, content: bytes, name: str, said: str
) -> None:
    answer = run("import", "schedule", written(tmp_path, content, name))
    assert (answer.exit_code, said in answer.output, "Traceback" in answer.output) == (2, True, False)


def test_a_table_is_imported_with_its_columns_and_updates(run: Run, tmp_path: Path) -> None:
    text = "Headline,When,Minutes,Speaker\nOpening,2022-09-22 09:30,45,Åsa Lind\n"
    path = written(tmp_path, text.encode(), "list.csv")
    refused = run("import", "schedule", path)
    assert (refused.exit_code, "No column holds: Title, Start." in refused.output) == (2, True)
    mapping = ("--map", "Headline=title", "--map", "When=start")
    assert run("import", "schedule", path, *mapping).exit_code == 0
    path = written(tmp_path, text.replace("45", "60").encode(), "list.csv")
    told = json.loads(run("import", "schedule", path, *mapping, "--json").output)
    assert [one["fields"] for one in told["changes"]] == [["duration_min"]]
    assert run("import", "schedule", path, "--map", "nonsense").exit_code == 2


def test_the_zone_and_the_source_may_be_said(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, document(event(1)))
    told = json.loads(
        run("import", "schedule", path, "--zone", "Europe/Helsinki", "--source", "My Own", "--json").output
    )
    assert (told["zone"], told["source"], told["additions"][0]["start"]) == (
        "Europe/Helsinki", "my-own", "2022-09-22T08:30:00+02:00",
    )  # fmt: skip
    assert run("import", "schedule", path, "--zone", "Mars/Base").exit_code == 2


def test_conflicts_are_told_in_lines_and_as_json(run: Run) -> None:
    assert run("conflicts").output == "Conflicts: 0, of which 0 block a publication.\n"
    aula, person = make_room("Aula"), make_person("Bo", "Ek")
    make_session("A", room_id=aula, start=at("09:30"), people=[part(person)])
    make_session("B", room_id=aula, start=at("10:15"), people=[part(person)])
    answer = run("conflicts")
    where = "“A” (2022-09-22 09:30, Aula) and “B” (2022-09-22 10:15, Aula)"
    assert answer.exit_code == 1
    lines = answer.output.splitlines()
    assert re.fullmatch(r"Conflicts: \d+, of which \d+ block a publication\.", lines[-1])
    assert sorted(line for line in lines if "room taken" in line or "person twice" in line) == [
        f"Blocks: person twice, Bo Ek, 15 minutes: {where}",
        f"Blocks: room taken, Aula, 15 minutes: {where}",
    ]
    told = json.loads(run("conflicts", "--json").output)
    assert told["blocking"] == sum(one["blocking"] for one in told["conflicts"]) >= 2
    by_kind = {one["kind"]: one for one in told["conflicts"]}
    assert (by_kind["room taken"]["room"], by_kind["room taken"]["overlap_min"]) == ("Aula", 15)
    assert by_kind["person twice"]["sessions"][1]["start"] == "2022-09-22T10:15:00+02:00"


def test_fosdem_goes_through_the_commands_and_out_again(run: Run, tmp_path: Path) -> None:
    """Its conflicts keep it from being published, so the draft is exported; and a second import changes nothing."""
    told = json.loads(
        run("import", "schedule", str(shared_file("fosdem-2024-anonymised.xml")), "--json").output
    )
    assert (told["counts"]["additions"], told["days"]) == (674, ["2024-02-03", "2024-02-04"])
    conflicts = json.loads(run("conflicts", "--json").output)
    assert conflicts["conflicts"] == told["conflicts"]
    assert conflicts["blocking"] > 0
    for name in ("xml", "json"):
        assert (
            run("export", "schedule", "--format", name, "--draft", "--out", str(tmp_path / name)).exit_code
            == 0
        )
    xsd = xmlschema.XMLSchema(str(shared_file("c3voc/schedule.xml.xsd")))
    assert [str(error) for error in xsd.iter_errors(io.BytesIO((tmp_path / "xml").read_bytes()))] == []
    schema = json.loads(shared_file("c3voc/schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(
        json.loads((tmp_path / "json").read_text(encoding="utf-8")),
        schema,
        format_checker=jsonschema.FormatChecker(),
    )
    for path in (tmp_path / "xml", tmp_path / "json", shared_file("fosdem-2024-anonymised.xml")):
        again = json.loads(run("import", "schedule", str(path), "--json").output)
        assert again["counts"] == {"additions": 0, "changes": 0, "removals": 0, "unchanged": 674}, path
        assert again["new_people"] == []


@pytest.mark.parametrize("name", ["ics", "xml", "json", "xcal", "csv", "xlsx", "data"])
def test_a_version_is_exported_in_each_form(run: Run, tmp_path: Path, name: str) -> None:
    out = tmp_path / f"out.{name}"
    command = ("export", "schedule", "--format", name, "--out", str(out))
    refused = run(*command)
    assert (refused.exit_code, "not published yet" in refused.output, out.exists()) == (2, True, False)
    make_session("First", room_id=make_room("Aula"), start=at("09:30"))
    publish_now()
    make_session("Second", room_id=make_room("Aula"), start=at("13:30"))
    answer = run(*command)
    assert (answer.exit_code, answer.output) == (0, f"{out}\n")
    only = _said(name, out.read_bytes())
    assert ("First" in only, "Second" in only) == (True, False)
    assert run(*command, "--draft").exit_code == 0
    assert "Second" in _said(name, out.read_bytes())
    publish_now()
    run(*command, "--version", "1")
    assert "Second" not in _said(name, out.read_bytes())
    assert run(*command, "--version", "9").exit_code == 2
    assert run(*command, "--version", "1", "--draft").exit_code == 2


def _said(name: str, content: bytes) -> str:
    if name == "xlsx":
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        return str([[cell.value for cell in row] for row in sheet.iter_rows()])
    if name == "ics":
        return str([str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(content).walk("VEVENT")])
    return content.decode()
