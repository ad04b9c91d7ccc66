"""Runs a target on one input: what it raises beyond its own errors is a finding, and so is what takes too long."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

from tests.fuzzing.inputs import Grammar

MOST_SECONDS = 3.0
"""CPU seconds that any input may take; the slowest honest ones take a tenth of that."""


class TooSlow(BaseException):
    """A target took longer than `MOST_SECONDS`; none of its own guards may catch this."""


@dataclass(frozen=True, slots=True)
class Target:
    """One reader of strangers' text."""

    read: Callable[[str], object]
    grammar: Grammar
    refusals: tuple[type[Exception], ...] = ()
    """Errors by which it refuses an input in words."""


def run_target(target: Target, text: str, seconds: float = MOST_SECONDS) -> None:
    """Runs a target on an input; raises what is a finding."""
    with _limit_cpu(seconds), suppress(*target.refusals):
        target.read(text)


@contextmanager
def _limit_cpu(seconds: float) -> Iterator[None]:
    """Raises TooSlow after the limit. CPU time, since a busy machine makes nothing of ours slower."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds} s of CPU")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
