"""The end of a run whose clock proved to be wrong: nothing that it landed counts."""

from collections.abc import Sequence
from datetime import datetime

from pipelines.http.hosts import HostStates
from warehouse.faults import Fault
from warehouse.landing import Zone
from warehouse.settings import SettingsError
from warehouse.withdrawn.names import take_back

REMEDY = "set the clock, or unset HEARTBEAT_NOW, and run it again"


class ClockError(SettingsError):
    """A clock too wrong to collect by; the message names both times and what to do."""

    fault = Fault.CLOCK


def settle_clock(hosts: HostStates, zone: Zone, landed: Sequence[str], now: datetime) -> None:
    """Takes back what a run landed before a host told that its clock is wrong. Raises ClockError."""
    if hosts.clock and hosts.clock.is_wrong:
        if landed:
            take_back(zone.files, zone.root, landed, now)
        raise ClockError(f"{hosts.clock.trouble}: nothing was landed; {REMEDY}")
