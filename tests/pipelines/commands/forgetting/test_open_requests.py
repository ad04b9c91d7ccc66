"""A request to forget that is not done is said by `status`, `doctor`, the page and the alerts, and names nobody."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.pipelines.commands.conftest import NOW, Run, open_page

LOGIN = "zyxa-canary-77"
SAID, RESUME = "a request to forget is not done", "`heartbeat forget --resume`: it completes it, and needs no name"
pytestmark = pytest.mark.slow


@pytest.fixture
def killed(published: Path) -> Path:
    """A home in which a real `heartbeat forget` was killed before it searched what is left."""
    place = "pipelines.commands.forgetting.forgetting:search_home"
    words = [sys.executable, "-m", "tests.faults.injection", "kill", place, "1", "forget", f"github:{LOGIN}"]
    done = subprocess.run(words, cwd=ROOT, env=os.environ, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return published


def test_a_killed_request_is_said_everywhere_until_it_is_resumed_without_the_name(killed: Path, heartbeat: Run) -> None:
    """By the exit code, too, and with the command that completes it."""
    code, said = heartbeat("status")
    assert code == 1 and SAID in said and RESUME in said and "was killed or crashed" in said, said
    code, report = heartbeat("doctor", "--offline", "--json")
    (check,) = [one for one in json.loads(report)["checks"] if one["name"] == "forget"]
    assert code == 1 and check["state"] == "wrong" and check["words"].startswith(SAID) and RESUME in check["words"]
    page = open_page()
    assert "A request to forget is not done" in page and RESUME in page
    code, alerted = heartbeat("alerts", "--dry-run")
    assert code == 1 and SAID in alerted
    assert LOGIN not in said + report + page + alerted

    code, said = heartbeat("forget", "--resume")
    assert code == 0 and "nothing of it is there" in said, said
    assert "not done" not in heartbeat("forget", "--list")[1]
    for words in (("status",), ("doctor", "--offline", "--all"), ("alerts", "--dry-run")):
        assert SAID not in heartbeat(*words)[1]
    assert SAID not in open_page().lower() and "no request is open" in heartbeat("forget", "--resume")[1]


def test_a_home_whose_ledger_knows_of_no_run_says_what_its_list_knows(
    killed: Path, heartbeat: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was restored, or that shares its landing zone with the machine where the run was killed."""
    shutil.rmtree(killed / "attempts")
    assert SAID not in heartbeat("status")[1]  # another machine may be at work on it
    monkeypatch.setenv("HEARTBEAT_NOW", (NOW + timedelta(hours=2)).isoformat())
    code, said = heartbeat("status")
    assert code == 1 and SAID in said and "no run of this home is at work on it" in said, said
    assert heartbeat("doctor", "--offline")[0] == 1 and "A request to forget is not done" in open_page()
