"""Child processes that stop with their parent: on Ctrl-C, on SIGTERM and, on Linux, when the parent is killed; and the
interrupt that no library can swallow."""

import contextlib
import ctypes
import functools
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from warehouse.attempts.signals import note_signal
from warehouse.logs.log import log_event
from warehouse.settings import SettingsError

GRACE_SECONDS = 10.0
WATCH_SECONDS = 1.0
AGAIN_SECONDS = 5.0
"""Delay before a block that ignored an interrupt is interrupted again."""
SCHEDULE = "HEARTBEAT_SCHEDULE_PID"
"""Variable with the process of a schedule, in the environment of the runs that it starts."""
_PR_SET_PDEATHSIG = 1
# Looked up here: between fork and exec a lock of another thread may be held for ever, so it is only called there.
_prctl = ctypes.CDLL(None).prctl if sys.platform.startswith("linux") else None


def end_with_parent(parent: int) -> None:
    """Has the system send this process SIGTERM when its parent dies, and sends it if that has died already (Linux only;
    a no-op elsewhere)."""
    if _prctl:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)


def end_with_schedule() -> None:
    """Lets a run that a schedule started end with it; does nothing elsewhere.

    Else a killed schedule's runs go on beside those of the next. A run whose visits wait for slow hosts takes no notice
    of a signal: it is killed after the grace period, which costs it what had not landed.
    """
    if schedule := os.environ.get(SCHEDULE):
        threading.Thread(target=_end_after, args=(int(schedule),), daemon=True).start()
        end_with_parent(int(schedule))


def _end_after(schedule: int) -> None:
    """Kills this process once the schedule has been gone for the grace period."""
    while os.getppid() == schedule:
        time.sleep(WATCH_SECONDS)
    time.sleep(GRACE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def open_child(
    command: Sequence[str], environment: Mapping[str, str], output: int | None = None
) -> subprocess.Popen[bytes]:
    """Starts a process in its own group that stops with this one; its output goes where ours does, or elsewhere."""
    return subprocess.Popen(
        list(command), env=dict(environment), stdin=subprocess.DEVNULL, stdout=output,
        stderr=subprocess.STDOUT if output else None, start_new_session=True,
        preexec_fn=functools.partial(_begin_child, os.getpid()),
    )  # fmt: skip


def _begin_child(parent: int) -> None:
    # Until exec the handlers of the parent are those of the child.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent(parent)


def start_child(command: Sequence[str], environment: Mapping[str, str], name: str) -> subprocess.Popen[bytes]:
    """Starts a process in its own group that stops with this one; its output goes to the log, line by line."""
    child = open_child(command, environment, subprocess.PIPE)
    threading.Thread(target=_log_output, args=(child, name), name=f"output of {name}", daemon=True).start()
    return child


def _log_output(child: subprocess.Popen[bytes], name: str) -> None:
    if child.stdout:
        for line in child.stdout:
            if text := line.decode("utf-8", "replace").rstrip():
                log_event("output", child=name, message=text)


def stop_children(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Stops the children and all their descendants: SIGTERM first, SIGKILL after the grace period."""
    for child in children:
        _signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
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


def refuse_taken_port(port: int, name: str) -> None:
    """Raises SettingsError, with the setting that names another one, for a port on which somebody listens."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise SettingsError(f"port {port} is in use; free it or set {name}")


def wait_for_answer(port: int, path: str, child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Waits until the child answers a request; False if it exits or times out."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and child.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
                return True
        except OSError:
            time.sleep(0.1)
    return False


@contextmanager
def handle_interrupts() -> Iterator[None]:
    """Raises KeyboardInterrupt within the block on Ctrl-C and on SIGTERM, and again until the block has ended."""
    # A shell that starts this process in the background makes it ignore SIGINT.
    for number in (signal.SIGINT, signal.SIGTERM, *_list_alarms()):
        signal.signal(number, _raise_interrupt)
    try:
        yield
    finally:
        if _list_alarms():
            signal.setitimer(signal.ITIMER_REAL, 0)


def _list_alarms() -> list[signal.Signals]:
    return [signal.SIGALRM] if hasattr(signal, "SIGALRM") else []


def _raise_interrupt(number: int, frame: FrameType | None) -> None:
    note_signal(number)
    # A loop that is torn down reports its own cancelled tasks as errors.
    logging.getLogger("asyncio").disabled = True
    # Hooks of a fork, finalizers and libraries that clean up swallow the exception; the timer raises it again.
    if _list_alarms():
        signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
    raise KeyboardInterrupt
