"""Faults at a step of a process: `python -m tests.faults.injection FAULT MODULE:NAME N COMMAND …` runs the command
line, which meets the fault at the nth call of a function, before that does anything."""

import errno
import importlib
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

Act = Callable[[], object]


class Ended(BaseException):
    """A process of which only this thread is real ended here."""


def _raise(error: BaseException) -> Act:
    def act() -> None:
        raise error

    return act


@contextmanager
def limit_files(largest: int) -> Iterator[None]:
    """Lets no file of this process grow beyond so many bytes, as on a full disk: each write is refused by the system
    itself, and Python ignores the signal that comes with that."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def _signal(number: signal.Signals) -> Act:
    return lambda: os.kill(os.getpid(), number)


FAULTS: dict[str, Act] = {
    "kill": _signal(signal.SIGKILL),
    "terminate": _signal(signal.SIGTERM),
    "interrupt": _signal(signal.SIGINT),
    "hang up": _signal(signal.SIGHUP),
    "ENOSPC": _raise(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))),
    "EIO": _raise(OSError(errno.EIO, os.strerror(errno.EIO))),
    "EROFS": _raise(OSError(errno.EROFS, os.strerror(errno.EROFS))),
    "engine": _raise(duckdb.IOException("IO Error: could not write: No space left on device")),
    "engine memory": _raise(duckdb.OutOfMemoryException("Out of Memory Error: could not allocate")),
    "no memory": _raise(MemoryError()),
}
"""What may befall a process, by its name."""


@contextmanager
def meet_fault(place: str, number: int, act: Act) -> Iterator[list[int]]:
    """Lets `number - 1` calls of a function through, and lets the fault befall the next; gives the calls so far."""
    module_name, _, name = place.partition(":")
    owner: Any = importlib.import_module(module_name)
    for part in name.split(".")[:-1]:
        owner = getattr(owner, part)
    real: Callable[..., Any] = getattr(owner, name.split(".")[-1])
    calls: list[int] = []

    def meeting(*values: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) == number:
            act()
        return real(*values, **named)

    setattr(owner, name.split(".")[-1], meeting)
    try:
        yield calls
    finally:
        setattr(owner, name.split(".")[-1], real)


def _mark_and(act: Act) -> Act:
    """Leaves a file where the environment names one, so that the test knows that the command got there."""

    def marking() -> None:
        if mark := os.environ.get("FAULT_MARK"):
            open(mark, "w", encoding="ascii").close()
        act()

    return marking


if __name__ == "__main__":
    sys.argv, (fault, place, number) = ["heartbeat", *sys.argv[4:]], sys.argv[1:4]
    with meet_fault(place, int(number), _mark_and(FAULTS[fault])):
        from pipelines.cli import run

        run()
