"""Runs that a worker prints: in files of 500, stopped, done twice and noted once, and printed again."""

import io
import re
import zipfile
from html import unescape

import pytest
from flask.testing import FlaskClient

from conference.core.ids import JobId
from conference.db.base import db
from conference.jobs.errors import LeaseLostError
from conference.jobs.model import JobState
from conference.jobs.queries import get_job
from conference.jobs.service import jobs
from conference.printing.papers import KIND, make_badges
from conference.printing.runs import runs
from conference.printing.splitting import ascii_name
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.paper import text_of
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of
from tests.web.printing.test_runs import press

NAMES = ("Åberg", "Björk", "Çelik", "Đorđević", "van der Berg-Stübben")


@pytest.fixture
def desk(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Let two badges be a file, and more than three too many for a page."""
    for place in ("routes", "papers"):
        monkeypatch.setattr(f"conference.printing.{place}.AT_ONCE", 3)
    for place in ("splitting", "paper_routes"):
        monkeypatch.setattr(f"conference.printing.{place}.IN_A_FILE", 2)
    sign_in(client, Role.DESK)
    category = make_category("Guest")
    for number, name in enumerate(NAMES):
        register_attendee(category, given_name="Ada", family_name=name, email=f"{number}@x.example")
    return client


def ask(client: FlaskClient, query: str = "") -> tuple[str, JobId]:
    page = client.get("/staff/badges" + query).text
    found = re.findall(r'action="(/staff/badges/paper[^"]*)"', page)
    address = next(one for one in found if ("split" in one) == ("split" in query))
    sent = client.post(unescape(address), data={"csrf_token": token_of(client, "/staff/badges")})
    db.session.rollback()
    return sent.location, JobId(int(sent.location.rsplit("/", 1)[1]))


def work() -> None:
    for one in jobs.claim("worker"):
        jobs.run(one, "worker")


def test_files_of_so_many_say_who_is_in_them(desk: FlaskClient) -> None:
    paper, _ = ask(desk, "?sheet=l4785&split=1")
    work()
    assert "5 badges are set, in 3 files of 500" in desk.get(paper).text
    answer = desk.get(f"{paper}.pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=badges-l4785.zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.namelist() == [
            "badges-001-Bjork-Celik.pdf",
            "badges-002-Dordevic-VanDerBergStubben.pdf",
            "badges-003-Aberg.pdf",
        ]
        assert "Björk" in text_of(packed.read("badges-001-Bjork-Celik.pdf"))
    assert [run.count for run in runs()] == [5]
    assert "label 2." in desk.get("/staff/registrations/1/badge").text, "the last file has one badge"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Åberg", "Aberg"),
        ("O'Brien", "OBrien"),
        ("Straße", "Strasse"),
        ("李", ""),
        ("../../etc", "Etc"),
        ("x" * 90, "X" + "x" * 19),
    ],
)
def test_names_in_file_names_are_ascii(name: str, shown: str) -> None:
    assert ascii_name(name) == shown


def test_a_job_done_twice_is_noted_once_and_draws_the_same_people(desk: FlaskClient) -> None:
    _, job_id = ask(desk, "?which=new")
    (claimed,) = jobs.claim("dead")
    assert claimed == job_id
    for _ in range(2):  # as after a worker that was killed once it had noted its run
        name = make_badges(get_job(job_id, KIND), lambda *_: None)
        db.session.rollback()
        assert name.endswith(".pdf")
        assert [run.count for run in runs()] == [5]
    work()


def test_what_is_stopped_is_not_noted(desk: FlaskClient) -> None:
    paper, job_id = ask(desk)
    assert "Stop" in desk.get(paper).text
    press(desk, paper, f"{paper}/stop")
    assert "It was stopped" in desk.get(paper).text
    work()
    assert (get_job(job_id, KIND).state, runs()) == (JobState.CANCELLED, [])
    token = {"csrf_token": token_of(desk, "/staff/badges")}
    again = desk.post(f"{paper}/stop", data=token)
    assert "there was nothing to stop" in desk.get(again.location).text
    assert desk.post(f"{paper}/stop").status_code == 400


def test_a_job_stopped_while_it_is_made_ends(desk: FlaskClient) -> None:
    paper, job_id = ask(desk)
    (claimed,) = jobs.claim("worker")
    press(desk, paper, f"{paper}/stop")
    jobs.run(claimed, "worker")
    assert (get_job(job_id, KIND).state, runs()) == (JobState.CANCELLED, [])


def test_a_run_noted_before_the_stop_is_taken_back(desk: FlaskClient) -> None:
    paper, job_id = ask(desk)
    (claimed,) = jobs.claim("worker")
    make_badges(get_job(job_id, KIND), lambda *_: None)
    assert len(runs()) == 1
    press(desk, paper, f"{paper}/stop")
    assert (claimed, runs()) == (job_id, [])


def test_thousands_are_printed_again_by_a_worker(desk: FlaskClient) -> None:
    ask(desk)
    work()
    (run,) = runs()
    file = desk.get(f"/staff/badges/runs/{run.id}.pdf")
    assert "press Print again" in desk.get(file.location).text
    paper = press(desk, "/staff/badges/runs", f"/staff/badges/runs/{run.id}/again").location
    work()
    assert "Åberg" in text_of(desk.get(f"{paper}.pdf").data)
    assert [one.id for one in runs()] == [run.id], "the same print"


def test_a_small_run_is_printed_again_at_once(desk: FlaskClient) -> None:
    press(desk, "/staff/registrations/1/badge", "/staff/registrations/1/badge")
    (run,) = runs()
    token = {"csrf_token": token_of(desk, "/staff/badges")}
    answer = desk.post(f"/staff/badges/runs/{run.id}/again", data=token)
    assert (answer.status_code, answer.location) == (303, f"/staff/badges/runs/{run.id}.pdf")


def test_the_next_free_label_moves_on_and_a_full_sheet_begins_anew(desk: FlaskClient) -> None:
    def label() -> str:
        found = re.search(r"label (\d+)\.", desk.get("/staff/registrations/1/badge").text)
        assert found is not None
        return found.group(1)

    press(desk, "/staff/badges?sheet=l7418&text=Berg&begin_at=5", "/staff/badges/paper")
    labels = [label()]
    for _ in range(3):
        press(desk, "/staff/registrations/1/badge", "/staff/registrations/1/badge")
        labels.append(label())
    assert labels == ["7", "8", "1", "2"]


def test_the_device_goes_on_behind_a_job_s_last_label(desk: FlaskClient) -> None:
    paper, _ = ask(desk, "?sheet=l4785&begin_at=3")
    work()
    desk.get(f"{paper}.pdf")
    assert "label 8." in desk.get("/staff/registrations/1/badge").text


def test_a_maker_that_lost_its_job_says_so(desk: FlaskClient) -> None:
    _, job_id = ask(desk)

    def lost(_done: int, _total: int) -> None:
        raise LeaseLostError

    with pytest.raises(LeaseLostError):
        make_badges(get_job(job_id, KIND), lost)
    assert runs() == []
