"""Records every collect, load, build, publish and backup in the ledger of attempts, whichever way it ends."""

import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pipelines
from pipelines.catalog.faults import CatalogError
from pipelines.http.errors import classify_error, describe_error
from pipelines.text.values import hide_secrets
from warehouse.attempts.entries import (
    INTERRUPTED_WORDS,
    AttemptKind,
    AttemptState,
    Beginning,
    StreamEnd,
    judge_collect,
)
from warehouse.attempts.signals import describe_signal, find_signal
from warehouse.attempts.writer import AttemptWriter
from warehouse.durable import find_remedy
from warehouse.faults import Fault, LandingError, StoreError, WarehouseError, join_causes
from warehouse.lock import Locked
from warehouse.logs.log import log_event, name_run, open_log
from warehouse.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pipelines.catalog.entries import Channel
    from warehouse.manifest import Outcome

UNVISITED_STREAM = StreamEnd(state="failed", fault=Fault.INTERRUPTED, error=INTERRUPTED_WORDS)
REFUSALS = (CatalogError, Locked, SettingsError)
"""Errors that forbid a step before it begins."""


class AttemptRecord:
    """One attempt under way: what it says of itself is written when it ends, and of channels at once."""

    def __init__(self, settings: Settings, writer: AttemptWriter) -> None:
        self._settings, self._writer = settings, writer
        self.state, self.fault, self.cause, self.result = AttemptState.DONE, Fault.NONE, "", ""

    def add_channel(self, channel: "Channel", outcomes: "Mapping[str, Outcome]") -> None:
        """Adds what came of a channel; called from any thread."""
        ends = {
            name: StreamEnd(
                state=outcome.state,
                fault=outcome.fault,
                rows=outcome.rows,
                requests=outcome.requests,
                error=outcome.error,
            )
            for name, outcome in outcomes.items()
        }
        self._writer.add_channel(channel.id, ends)
        for name, end in ends.items():
            level = logging.INFO if end.has_come or not end.was_asked else logging.WARNING
            log_event(
                "channel visited", level, channel=channel.id, stream=name, state=end.state, rows=end.rows,
                requests=end.requests, fault=end.fault, why=_hide(end.error, self._settings),
            )  # fmt: skip

    def conclude_collect(self) -> AttemptState:
        """Concludes from what came of the channels how a collect ended; every planned one gets an outcome."""
        channels = self._writer.channels
        for channel, streams in self._writer.beginning.planned.items():
            if channel not in channels:
                self._writer.add_channel(channel, dict.fromkeys(streams, UNVISITED_STREAM))
        self.state = judge_collect(channels.values())
        whole = sum(all(end.has_come for end in ends.values() if end.was_asked) for ends in channels.values())
        self.result = f"{whole:,} of {len(self._writer.beginning.planned):,} channels came whole"
        missed = [end for ends in channels.values() for end in ends.values() if end.was_asked and not end.has_come]
        if missed:
            (fault, _), *_ = Counter(end.fault for end in missed).most_common(1)
            self.fault = Fault(fault)
            self.cause = join_causes(end.error for end in missed if end.fault == fault)
        return self.state

    def conclude_partly(self, fault: Fault, causes: Sequence[str]) -> None:
        """Concludes that something was excluded, for these reasons."""
        self.state, self.fault, self.cause = AttemptState.PARTIAL, fault, join_causes(causes)

    def fail(self, error: BaseException) -> None:
        """Concludes how an error, or a signal, ended it."""
        number = find_signal(error)
        # A signal may interrupt a library with an error of its own.
        if number or not isinstance(error, Exception):
            self.state, self.fault = AttemptState.INTERRUPTED, Fault.INTERRUPTED
            self.cause = describe_signal(number)
            return
        self.state = AttemptState.REFUSED if isinstance(error, REFUSALS) else AttemptState.FAILED
        self.fault, self.cause = classify_failure(error), describe_failure(error)

    def close(self) -> None:
        """Writes how it ended, in words without this home's place and without secrets."""
        cause = _hide(self.cause, self._settings)
        self._writer.close(self.state, self._settings.clock(), self.fault, cause, self.result)
        level = logging.INFO if self.state == AttemptState.DONE else logging.WARNING
        kind = self._writer.beginning.kind
        log_event("run ended", level, kind=kind, state=self.state, fault=self.fault, why=cause, result=self.result)


@contextmanager
def record_attempt(
    settings: Settings,
    kind: AttemptKind,
    channels: "Iterable[tuple[Channel, Sequence[str]]]" = (),
    about: str = "",
    is_full: bool = False,
) -> Iterator[AttemptRecord]:
    """Records an attempt from its beginning to its end; `channels` are those planned, with their streams."""
    writer = AttemptWriter(
        Beginning(
            kind=kind,
            about=about,
            is_full=is_full,
            version=pipelines.VERSION,
            pid=os.getpid(),
            started_at=settings.clock(),
            planned={channel.id: list(streams) for channel, streams in channels},
        )
    )
    open_log(settings.home, settings.list_secrets())
    writer.open(settings.home)
    record = AttemptRecord(settings, writer)
    with name_run(writer.name):
        log_event("run begun", kind=kind, about=about, planned=len(writer.beginning.planned))
        try:
            yield record
        except BaseException as error:
            record.fail(error)
            raise
        finally:
            record.close()


def record_refusal(settings: Settings, kind: AttemptKind, error: CatalogError) -> None:
    """Records that an attempt could not begin, as the catalog cannot be read."""
    try:
        with record_attempt(settings, kind):
            raise error
    except CatalogError:
        return


def classify_failure(error: Exception) -> Fault:
    """Classifies what ended a step."""
    if isinstance(error, Locked):
        return Fault.LOCKED
    if isinstance(error, CatalogError):
        return Fault.MISCONFIGURED
    if isinstance(error, (SettingsError, WarehouseError)):
        return error.fault
    if isinstance(error, LandingError):
        return Fault.UNREACHABLE if isinstance(error, StoreError) else Fault.DAMAGED
    return Fault.DISK if isinstance(error, OSError) else classify_error(error)


def describe_failure(error: Exception) -> str:
    """Describes what ended a step: in its own words if they are meant for the operator, else by its place."""
    if number := find_signal(error):
        return describe_signal(number)
    if isinstance(error, OSError) and classify_error(error) is Fault.DISK:
        return f"{error}; {find_remedy(error)}"
    if isinstance(error, (*REFUSALS, LandingError, OSError, WarehouseError)):
        return str(error)
    return describe_error(error)


def _hide(text: str, settings: Settings) -> str:
    """Leaves out the path of this home and every secret of the settings."""
    text = hide_secrets(text, settings.list_secrets())
    for place in (str(settings.home.absolute()), str(settings.home)):
        # A relative home may be a word of any sentence.
        text = text.replace(place, "HEARTBEAT_HOME") if "/" in place else text
    return text
