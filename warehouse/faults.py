"""The closed vocabulary of faults of a visit or another step, shared by landed files, the ledgers and every page."""

from collections.abc import Iterable
from enum import StrEnum

NOT_ASKED = "not asked again in this run: "
"""Comes before the error that an earlier request of the same run met."""


class Fault(StrEnum):
    """The cause of a visit or another step that failed, ended early or left something out."""

    NONE = "none"
    BUDGET = "budget spent"
    """The run's request budget is used up."""
    THROTTLED = "throttled"
    """The source's rate limit is used up."""
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed out"
    SERVER_ERROR = "server error"
    INCOMPLETE = "incomplete answer"
    """The answer was truncated, or a list looped back to itself."""
    EMPTY = "empty answer"
    UNEXPECTED_SHAPE = "unexpected shape"
    """The answer has a format that the collector cannot read."""
    DENIED = "denied"
    """401, 403, or the source's own equivalent."""
    CREDENTIALS = "credentials missing"
    ROBOTS = "robots.txt"
    TERMS = "terms not accepted"
    GONE = "gone"
    MISCONFIGURED = "misconfigured"
    """The catalog or a setting is invalid for this source."""
    CLOCK = "wrong clock"
    """This machine's clock is not that of the hosts: nothing is kept."""
    VISITED_TOO_RARELY = "visited too rarely"
    """The source's list ended before the newest item of the last visit."""
    HELD_BACK = "held back"
    """So much changed at once that a second visit must confirm it."""
    ITEMS_SKIPPED = "items skipped"
    INTERRUPTED = "interrupted"
    """The run ended before the visit did; landed rows are kept."""
    DISK = "disk"
    """This machine could not write the rows."""
    LOCKED = "locked"
    """Another process was at work on the same home."""
    DAMAGED = "damaged"
    """A file of this home is damaged or of another version."""
    STILL_KEPT = "still kept"
    """A request to forget did not reach all places."""
    INTERNAL = "internal error"
    """A bug in Heartbeat."""
    UNKNOWN = "unknown"
    """Landed by a version that did not record causes."""


class LandingError(Exception):
    """An unusable landed file or landing zone; the message names it and what to do."""


class ZoneError(LandingError):
    """What is no single file's fault: nothing may be landed beside it, loaded or skipped because of it."""


class StoreError(ZoneError):
    """An object store that cannot be used, or not now; the message names its address, without credentials."""


class WarehouseError(Exception):
    """An unusable warehouse; the message names the file and what to do."""

    def __init__(self, message: str, fault: Fault = Fault.DAMAGED) -> None:
        super().__init__(message)
        self.fault = fault


def find_cause(error: str) -> str:
    """Finds the error that a request met, even if a later one was not sent because of it."""
    return error.rpartition(NOT_ASKED)[2]


def join_causes(errors: Iterable[str]) -> str:
    """Joins errors into words that blame none for all: the first cause, and how many others there are; empty without
    any."""
    first, *others = dict.fromkeys(find_cause(error) for error in errors if error) or [""]
    return first + (f"; and {len(others):,} more" if others else "")
