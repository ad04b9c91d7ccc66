"""What a schedule starts ends with it, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.slow
RUN = """
import os, signal, sys, time
from pipelines.commands.serving import children
time.sleep(float(sys.argv[1]))
if sys.argv[2] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    children.GRACE_SECONDS = 0.5
children.end_with_schedule()
print(os.getpid(), flush=True)
time.sleep(60)
"""
SCHEDULE = """
import os, subprocess, sys
os.environ["HEARTBEAT_SCHEDULE_PID"] = str(os.getpid())
print(subprocess.Popen([sys.executable, "-c", *sys.argv[1:]]).pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process that its parent died")
@pytest.mark.parametrize(
    ("late_seconds", "hearing"),
    [(0, "hears"), (1, "hears"), (0, "deaf")],
    ids=["the run is under way", "the run has hardly begun", "the run waits for slow hosts"],
)
def test_a_run_of_a_killed_schedule_ends_with_it(late_seconds: int, hearing: str) -> None:
    """One went on for 80 seconds beside the next schedule."""
    with subprocess.Popen(
        [sys.executable, "-c", SCHEDULE, RUN, str(late_seconds), hearing], cwd=ROOT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as schedule:  # fmt: skip
        assert schedule.stdout
        run = int(schedule.stdout.readline())
        if not late_seconds:
            assert int(schedule.stdout.readline()) == run
        schedule.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while _is_alive(run) and time.monotonic() < until:
        time.sleep(0.05)

    assert not _is_alive(run)


def _is_alive(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
