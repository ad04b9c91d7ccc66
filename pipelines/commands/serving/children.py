"""Child processes that stop with their parent: on Ctrl-C, on SIGTERM and, on Linux, when the parent is killed."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence

from warehouse.logs.log import log_event

GRACE_SECONDS = 10.0
WATCH_SECONDS = 1.0
SCHEDULE = "HEARTBEAT_SCHEDULE_PID"
"""Variable with the process of a schedule, in the environment of the runs that it starts."""
_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Has the system send this process SIGTERM when its parent dies (Linux only; a no-op elsewhere)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def end_with_schedule() -> None:
    """Lets a run that a schedule started end with it, also if that has died already; does nothing elsewhere.

    Else a killed schedule's runs go on beside those of the next. One whose visits wait for slow hosts takes no notice
    of a signal: it is killed after the grace period, which costs it what had not landed.
    """
    if schedule := os.environ.get(SCHEDULE):
        end_with_parent()
        threading.Thread(target=_end_after, args=(int(schedule),), daemon=True).start()
        if os.getppid() != int(schedule):
            os.kill(os.getpid(), signal.SIGTERM)


def _end_after(schedule: int) -> None:
    """Kills this process once the schedule has been gone for the grace period."""
    while os.getppid() == schedule:
        time.sleep(WATCH_SECONDS)
    time.sleep(GRACE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def start_child(command: Sequence[str], environment: Mapping[str, str], name: str) -> subprocess.Popen[bytes]:
    """Starts a process in its own group that stops with this one; its output goes to the log, line by line."""
    child = subprocess.Popen(
        list(command), env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=end_with_parent,
    )  # fmt: skip
    threading.Thread(target=_log_output, args=(child, name), name=f"output of {name}", daemon=True).start()
    return child


def _log_output(child: subprocess.Popen[bytes], name: str) -> None:
    if child.stdout:
        for line in child.stdout:
            if text := line.decode("utf-8", "replace").rstrip():
                log_event("output", child=name, message=text)


def stop_children(children: Sequence[subprocess.Popen[bytes]], grace_seconds: float = GRACE_SECONDS) -> None:
    """Stops the children and all their descendants: SIGTERM first, SIGKILL after the grace period."""
    for child in children:
        _signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
    for child in children:
        _signal_group(child, signal.SIGKILL)
        child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):
        # The whole group has exited already.
        return


def is_port_free(port: int) -> bool:
    """True when nothing listens on this loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def wait_for_port(port: int, child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Waits until the child listens on the port; False if it exits or times out."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and child.poll() is None:
        if not is_port_free(port):
            return True
        time.sleep(0.1)
    return False
