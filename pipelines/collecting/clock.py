"""Refuses a run whose machine has the wrong time, by what hosts state in their answers."""

from collections.abc import Iterable
from contextlib import suppress

from pipelines.catalog.entries import Channel
from pipelines.collecting.queues import find_host
from pipelines.http.clock import ClockWatch
from pipelines.http.hosts import HostStates
from warehouse.faults import Fault
from warehouse.manifest import Outcome
from warehouse.settings import SettingsError

REMEDY = "set the clock, or unset HEARTBEAT_NOW, and run it again"


class ClockError(SettingsError):
    """A clock too wrong to collect by; the message names both times and what to do."""

    fault = Fault.CLOCK


def is_doubted(clock: ClockWatch, channel: Channel) -> bool:
    """Tells whether a channel is not visited as this machine's clock may be wrong: several hosts stated another time,
    or its own, and none the same."""
    if clock.is_wrong and not clock.is_settled:
        with suppress(Exception):  # of a source that cannot be loaded, its visit tells
            return find_host(channel).lower() in clock.odd_hosts
    return clock.is_settled


def take_left_out(left_out: list[Channel], clock: ClockWatch) -> list[Channel]:
    """Takes the channels that were left out while the clock was in doubt, once it proved to be right."""
    if clock.is_wrong:
        return []
    taken = list(left_out)
    left_out.clear()
    return taken


def void_outcomes(outcomes: Iterable[Outcome], clock: ClockWatch) -> None:
    """Makes outcomes say that nothing was kept, as no host had stated this machine's time by then."""
    for outcome in outcomes:
        if outcome.state != "failed":
            outcome.state, outcome.rows, outcome.fault = "failed", 0, Fault.CLOCK
            outcome.error = f"nothing is kept under a wrong clock: {clock.trouble}"


def refuse_wrong_clock(hosts: HostStates) -> None:
    """Ends a run that learned that this machine's clock is wrong. Raises ClockError."""
    if hosts.clock and hosts.clock.is_wrong:
        raise ClockError(f"{hosts.clock.trouble}: nothing was landed from then on; {REMEDY}")
