"""What the ledger says of one attempt: how it began, what came of each channel, how it ended.

One file per attempt, a line of JSON for each of these; a process that dies leaves the lines that it wrote.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from warehouse.faults import Fault

BY_CHOICE = frozenset({Fault.CREDENTIALS, Fault.TERMS})
"""Why a stream was not asked for that its operator may choose."""
INTERRUPTED_WORDS = "the run ended before this channel did"


class AttemptKind(StrEnum):
    """The steps that the ledger records."""

    COLLECT = "collect"
    LOAD = "load"
    BUILD = "build"
    PUBLISH = "publish"
    BACKUP = "backup"
    TIDY = "tidy"
    FORGET = "forget"


class AttemptState(StrEnum):
    """How an attempt ended, or that it goes on."""

    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    """Some of what was planned came, and some did not."""
    NOTHING = "nothing came"
    FAILED = "failed"
    REFUSED = "refused"
    """It could not begin: a setting, the catalog or another process forbade it."""
    INTERRUPTED = "interrupted"
    DIED = "died"
    """Its process ended without a word: killed, crashed, or the machine went down."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Beginning(_Line):
    """The first line: what is attempted, by which process."""

    event: Literal["begun"] = "begun"
    kind: AttemptKind
    about: str = ""
    """What sets it apart from others of its kind: the target of a public copy, or the folder of a backup."""
    version: str
    pid: int
    started_at: AwareDatetime
    is_full: bool = False
    """For a build: whether everything is built again."""
    planned: dict[str, list[str]] = Field(default_factory=dict)
    """For a collect: the streams of each planned channel."""


class StreamEnd(_Line):
    """What came of one stream of a channel."""

    state: str
    """complete | unchanged | partial | failed | skipped"""
    fault: str = Fault.NONE
    rows: int = 0
    requests: int = 0
    error: str = ""

    @property
    def has_come(self) -> bool:
        """True when the source gave what this visit asked for; a spent budget resumes by itself."""
        return self.state in ("complete", "unchanged") or (self.state == "partial" and self.fault == Fault.BUDGET)

    @property
    def was_asked(self) -> bool:
        """False for a stream excluded for a token or a consent that the operator did not give, or left to another run
        that was visiting it."""
        return not (self.state == "skipped" and self.fault in (*BY_CHOICE, Fault.LOCKED))


class ChannelEnd(_Line):
    """A line for each channel that was visited to its end."""

    event: Literal["channel"] = "channel"
    channel: str
    streams: dict[str, StreamEnd]


class Ending(_Line):
    """The last line: how it ended."""

    event: Literal["ended"] = "ended"
    state: AttemptState
    ended_at: AwareDatetime
    fault: str = Fault.NONE
    cause: str = ""
    """Why, in one line without secrets."""
    result: str = ""
    """What came of it, in one line."""


@dataclass(slots=True)
class Attempt:
    """One attempt, read back."""

    number: int
    beginning: Beginning
    channels: dict[str, dict[str, StreamEnd]] = field(default_factory=dict)
    ending: Ending | None = None
    is_running: bool = False

    @property
    def state(self) -> AttemptState:
        """How it ended; one without an ending either runs or died."""
        if self.ending is not None:
            return self.ending.state
        return AttemptState.RUNNING if self.is_running else AttemptState.DIED

    def list_outcomes(self) -> dict[str, dict[str, StreamEnd]]:
        """Lists an outcome for every planned channel and stream, also for those that its end forestalled."""
        if self.is_running:
            return dict(self.channels)
        ending = self.ending
        fault = ending.fault if ending and ending.fault != Fault.NONE else Fault.INTERRUPTED
        missing = StreamEnd(state="failed", fault=fault, error=(ending and ending.cause) or INTERRUPTED_WORDS)
        planned = {
            channel: dict.fromkeys(streams or ["all"], missing) for channel, streams in self.beginning.planned.items()
        }
        return planned | self.channels

    def list_unvisited(self) -> list[str]:
        """Lists the planned channels that its end forestalled."""
        return [] if self.is_running else sorted(self.beginning.planned.keys() - self.channels.keys())


def has_answered(streams: Mapping[str, StreamEnd]) -> bool:
    """Returns whether a channel gave anything usable. An empty list beside one that failed is no answer: a source that
    may lack a list looks the same when it is refused. Neither is what is unchanged without having been asked."""
    asked = [end for end in streams.values() if end.was_asked]
    has_given = any(end.rows or (end.state == "unchanged" and end.requests) for end in asked)
    return has_given or (bool(asked) and all(end.state == "complete" for end in asked))


def judge_collect(channels: Iterable[Mapping[str, StreamEnd]]) -> AttemptState:
    """Judges a collect by what came of its channels; what the operator chose not to ask does not count."""
    ends = list(channels)
    if all(end.has_come for streams in ends for end in streams.values() if end.was_asked):
        return AttemptState.DONE
    return AttemptState.PARTIAL if any(has_answered(streams) for streams in ends) else AttemptState.NOTHING
