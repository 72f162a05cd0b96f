"""Schedules as CSV and XLSX: which column is which, and what is refused in which line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from conference.core.errors import DomainError
from conference.interchange import errors
from conference.interchange.model import ReadPerson, ReadSession
from conference.interchange.reading_tables import headings_of, read_schedule_table
from conference.programme.model import Kind
from conference.web.import_errors import ColumnMissingError, ColumnUnknownError, NoRowsError

HEAD = "Id,Title,Start,Duration,Room,Track,Kind,People,Abstract\n"
ROW = 'a1,Opening,2022-09-22 09:30,45,Aula,Rare diseases,Keynote,"Åsa Lind; Bo Ek;","All\nof it"\n'
WHOLE = ReadSession(
    key="a1",
    line=2,
    title="Opening",
    kind=Kind.PLENARY,
    abstract="All\nof it",
    track="Rare diseases",
    room="Aula",
    start=datetime(2022, 9, 22, 7, 30, tzinfo=UTC),
    duration_min=45,
    people=(ReadPerson(key="~asa lind", name="Åsa Lind"), ReadPerson(key="~bo ek", name="Bo Ek")),
)


def written(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_is_a_session(tmp_path: Path) -> None:
    read = read_schedule_table(written(tmp_path, HEAD + ROW), source="My List.csv")
    assert (read.sessions, read.source, read.rooms) == ((WHOLE,), "my-list-csv", ("Aula",))


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD.strip().split(","))
    start = datetime(2022, 9, 22, 9, 30)  # noqa: DTZ001 -- workbooks know no offsets
    sheet.append(
        ["a1", "Opening", start, 45, "Aula", "Rare diseases", "Keynote", "Åsa Lind; Bo Ek", "All\nof it"]
    )
    book.save(tmp_path / "table.xlsx")
    assert read_schedule_table(tmp_path / "table.xlsx").sessions == (WHOLE,)


@pytest.mark.parametrize(
    "text",
    [
        "Day;Begin;End;Name\n2022-09-22;09:30;10:15;A\n",
        "Tag\tBeginn\tEnde\tTitel\n2022-09-22\t9:30\t10:15\tA\n",
        "Title,Start,End\nA,2022-09-22T09:30:00+02:00,2022-09-22T10:15:00+02:00\n",
        "Title,Start,Duration\nA,2022-09-22 09:30,0:45\n",
    ],
)
def test_times_may_be_written_in_several_ways(tmp_path: Path, text: str) -> None:
    (only,) = read_schedule_table(written(tmp_path, text)).sessions
    assert (only.title, only.start, only.duration_min) == ("A", WHOLE.start, 45)
    # What has no column is not said.
    assert (only.kind, only.abstract, only.people) == (None, None, None)


def test_an_end_past_midnight_is_on_the_next_day(tmp_path: Path) -> None:
    (only,) = read_schedule_table(
        written(tmp_path, "Title,Day,Start,End\nParty,2022-09-22,22:00,01:30\n")
    ).sessions
    assert only.duration_min == 210


def test_the_mapping_goes_before_the_guess(tmp_path: Path) -> None:
    path = written(tmp_path, "Title,Headline,Start,Duration,Room\nA,B,2022-09-22 09:30,45,Aula\n")
    assert headings_of(path) == ["Title", "Headline", "Start", "Duration", "Room"]
    (only,) = read_schedule_table(path, [("Headline", "title"), ("", "room")]).sessions
    assert (only.title, only.room) == ("B", "")


def test_rows_without_an_id_are_known_by_their_title(tmp_path: Path) -> None:
    text = "Title,Start,Duration\nTour,2022-09-22 09:30,45\nTour,2022-09-22 14:00,45\n"
    assert [one.key for one in read_schedule_table(written(tmp_path, text)).sessions] == ["~tour", "~tour#2"]


def test_times_are_of_the_zone_that_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "Title,Start,Duration\nA,2022-09-22 09:30,45\n")
    assert read_schedule_table(path, zone="Europe/Helsinki").sessions[0].start.hour == 6


@pytest.mark.parametrize(
    ("text", "kind", "facts"),
    [
        ("Title,Room\nA,B\n", ColumnMissingError, {"fields": "Start, Duration"}),
        ("Room,Start,End\nA,09:00,10:00\n", ColumnMissingError, {"fields": "Title"}),
        ("Title,Start,Duration\n", NoRowsError, {}),
        (HEAD + ROW + ROW, errors.RepeatedIdError, {"line": 4, "key": "a1", "first": 2}),
        ("Title,Start,Duration\nA,09:30,45\n", errors.ValueMissingError, {"line": 2, "name": "date"}),
        ("Title,Day,Start,Duration\nA,22/9,09:30,45\n", errors.ValueRefusedError,
         {"line": 2, "name": "date", "value": "22/9", "example": "2022-09-22"}),
        ("Title,Start,Duration\n\nA,2022-09-22 09:30,1500\n", errors.DurationRefusedError, {"line": 3, "minutes": 1500}),
        ("Title,Start,Duration\n,2022-09-22 09:30,45\n", errors.ValueMissingError, {"line": 2, "name": "title"}),
    ],
)  # fmt: skip
def test_a_table_is_refused_with_its_line(
    tmp_path: Path, text: str, kind: type[DomainError], facts: dict[str, object]
) -> None:
    with pytest.raises(kind) as refusal:
        read_schedule_table(written(tmp_path, text))
    assert refusal.value.facts == facts


def test_a_mapping_of_what_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ColumnUnknownError, match="There is no column called Other"):
        read_schedule_table(written(tmp_path, HEAD + ROW), [("Other", "title")])
