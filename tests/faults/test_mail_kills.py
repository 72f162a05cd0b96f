"""50 rounds of `python -m tests.faults mail`, 25 on each database."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.faults.mail import LEASE_S, MAILS_A_ROUND

ROOT = Path(__file__).parents[2]
ROUNDS = 25


def faults(*arguments: str) -> subprocess.CompletedProcess[str]:
    kept = "CONFERENCE_TEST_DATABASE_URL"
    clean = {
        name: value
        for name, value in os.environ.items()
        if name == kept or not name.startswith("CONFERENCE_")
    }
    command = [sys.executable, "-m", "tests.faults", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=300, check=False
    )


def test_a_worker_killed_at_any_instant_loses_no_mail() -> None:
    answer = faults("mail", "--rounds", str(ROUNDS))
    assert answer.returncode == 0, answer.stderr
    figures = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [one["database"] for one in figures] == ["sqlite", "postgresql"]
    for one in figures:
        mails = ROUNDS * MAILS_A_ROUND
        assert (one["enqueued"], one["delivered"], one["lost"]) == (mails, mails, 0), one
        assert one["doubled"] == one["doubled_after_data"], one
        # The lease, and some time for a worker to begin on a busy machine.
        assert one["longest_wait_s"] < LEASE_S + 20, one


def test_an_unknown_trial_is_one_sentence() -> None:
    answer = faults("nothing")
    usage = "Usage: python -m tests.faults {mail,broker,backup,app,migrations,disk} [--help]\n"
    assert (answer.returncode, answer.stdout, answer.stderr) == (2, "", usage)
