"""Ctrl-C and SIGTERM as one interrupt that no library can swallow."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from warehouse.attempts.signals import note_signal

AGAIN_SECONDS = 5.0
"""Delay before a block that ignored an interrupt is interrupted again."""


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
    # Hooks of a fork, finalizers and libraries that clean up swallow the exception; the timer raises it again.
    if _list_alarms():
        signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
    raise KeyboardInterrupt
