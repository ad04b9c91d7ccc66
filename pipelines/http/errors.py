"""Errors, grouped by what can be done about them.

SourceError
├── Retriable      the same request may work later (5xx, timeout, reset)
│   └── Throttled      rate limited for longer than a run waits
├── Fatal          will not work until something is changed (bad token, rejected host, changed format)
│   └── Denied         401 or 403: an invalid token, or no permission
│       └── TokenRefused   401 although a token was sent: it would be refused everywhere
├── Gone           the item no longer exists (404, 410, 451)
├── WrongClock     this machine's clock is not that of the hosts: nothing may be kept
├── Unreachable    no connection at all (DNS, refused, no route)
└── BudgetSpent    the run's request budget or the source's rate limit is used up: a stop, not a failure
    ├── TimeSpent      the time that a channel may take without a page is over
    ├── AllowanceSpent the source's rate limit is used up, for all of its channels
    ├── TokenWanted    what may be asked without a token is used up: a token, or time, lets it go on
    └── ShareSpent     only this stream's share is used up; it resumes with what the others leave

Each class has a default `Fault`; if one remedy covers several causes, the raiser names the cause.
"""

import errno
import os
import traceback
from pathlib import Path

from warehouse.durable import REMEDIES, find_remedy
from warehouse.faults import Fault

DISK_ERRORS = frozenset(REMEDIES) - {errno.ENOTDIR, errno.EEXIST, errno.ENOMEM}
"""Error numbers of a disk that cannot be written to."""


class SourceError(Exception):
    """A failure of a source; the message says what happened and what to do, and never contains a secret."""

    fault: Fault = Fault.UNKNOWN
    """The cause, recorded with the visit's outcome so that no code has to parse the message."""
    word: str = ""
    """The upstream's own word for a refusal (`not_logged_in`); `html` for an HTML page."""

    def __init__(self, message: str, fault: Fault | None = None) -> None:
        super().__init__(message)
        self.fault = fault or self.fault


class Retriable(SourceError):
    """A failure after which the same request may work later."""

    fault = Fault.INCOMPLETE


class Throttled(Retriable):
    """A rate limit that lasts longer than a run waits."""

    fault = Fault.THROTTLED


class Fatal(SourceError):
    """A failure that persists until something is changed."""

    fault = Fault.UNEXPECTED_SHAPE


class Denied(Fatal):
    """A refusal to read with the current token, or without one."""

    fault = Fault.DENIED


class TokenRefused(Denied):
    """A refusal of the token that was sent, which every other channel of the source would meet as well."""


class Gone(SourceError):
    """A requested item that no longer exists."""

    fault = Fault.GONE


class Unreachable(SourceError):
    """A failure to connect."""

    fault = Fault.UNREACHABLE


class WrongClock(SourceError):
    """A clock of this machine that differs from the hosts' by more than a figure can bear."""

    fault = Fault.CLOCK


class BudgetSpent(SourceError):
    """An exhausted request budget or rate limit; what was collected so far is kept."""

    fault = Fault.BUDGET


class TimeSpent(BudgetSpent):
    """The end of the time that a channel may take without bringing a page; what was collected so far is kept."""

    fault = Fault.TIMED_OUT


class AllowanceSpent(BudgetSpent):
    """An exhausted rate limit of the source, which affects all of its channels."""

    fault = Fault.THROTTLED


class TokenWanted(BudgetSpent):
    """A request that was not sent, since it would exceed what the source answers without a token."""

    fault = Fault.CREDENTIALS


class ShareSpent(BudgetSpent):
    """An exhausted share of the channel's budget, which affects one stream."""


def describe_bug(bug: Exception) -> str:
    """Describes where a bug occurred."""
    # The exception's own text is excluded: it may quote collected data.
    frame = traceback.extract_tb(bug.__traceback__)[-1]
    return f"{type(bug).__name__} at {Path(frame.filename).name}:{frame.lineno}: a bug in Heartbeat; please report it"


def describe_error(error: Exception) -> str:
    """Describes an exception: what the source, the disk or the store said, or where a bug occurred."""
    if isinstance(error, SourceError) or _is_of_store(error):
        return str(error)
    if isinstance(error, OSError) and classify_error(error) is Fault.DISK:
        reason = os.strerror(error.errno or errno.EIO)
        return f"this machine could not write: {reason}; {find_remedy(error)}"
    return describe_bug(error)


def classify_error(error: Exception) -> Fault:
    """Classifies an exception: of a source, of the disk, of the store of what is landed, or a bug."""
    if isinstance(error, SourceError):
        return error.fault
    if _is_of_store(error):
        return Fault.UNREACHABLE
    return Fault.DISK if isinstance(error, OSError) and error.errno in DISK_ERRORS else Fault.INTERNAL


def _is_of_store(error: Exception) -> bool:
    # Late: it brings PyArrow, which no help of a command needs.
    from warehouse.faults import StoreError

    return isinstance(error, StoreError)
