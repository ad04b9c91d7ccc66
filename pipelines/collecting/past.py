"""Judges this machine's clock before a run: by when the last one was, and by the time that hosts state."""

from contextlib import suppress

from pipelines.catalog.entries import Channel
from pipelines.collecting.access import list_hosts, user_agent_for
from pipelines.collecting.clock import REMEDY, ClockError
from pipelines.collecting.queues import find_host
from pipelines.collecting.run import Plan
from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.http.clock import TOLERANCE, ClockWatch, format_minute
from pipelines.http.errors import SourceError
from pipelines.http.hosts import HostStates
from warehouse.landing import list_visits, open_zone
from warehouse.settings import Settings
from warehouse.withdrawn.names import take_back

MOST_ASKED = 5
"""Hosts asked for the time, at most, where the last run seems to lie in the future."""
SECONDS = 10


def check_clock(plan: Plan, settings: Settings) -> list[str]:
    """Checks before a run that no landed visit lies in the future; returns the files that it took back.

    Where one does, hosts are asked who is right: visits under a clock that was ahead are taken back. Raises ClockError
    if it is this machine's clock that is wrong, or if no host tells.
    """
    zone, now = open_zone(settings.landing_url), settings.clock()
    visits = list_visits(zone)
    ahead = [path for path, started_at in visits.items() if started_at > now + TOLERANCE]
    if not ahead:
        return []
    clock = _ask_for_time(plan.channels, settings)
    if not clock.is_vouched:
        last = format_minute(max(visits.values()))
        alone = f"this machine's clock says {format_minute(now)}, and no host could be asked for the time"
        what = clock.trouble or alone
        raise ClockError(f"the last run was at {last}, but {what}: nothing is collected; {REMEDY}")
    take_back(zone.files, zone.root, ahead, now)
    return ahead


def _ask_for_time(channels: tuple[Channel, ...], settings: Settings) -> ClockWatch:
    """Asks the hosts of some channels, one by one, until one has stated the time."""
    clock = ClockWatch()
    for host, channel in list({find_host(channel): channel for channel in channels}.items())[:MOST_ASKED]:
        agent, hosts = user_agent_for(channel, settings), HostStates(clock=clock)
        with (
            suppress(SourceError),
            Http(
                list_hosts(channel), settings.private_hosts, agent, Budget(1), settings.clock, SECONDS, attempts=1,
                hosts=hosts,
            ) as http,
        ):  # fmt: skip
            http.get(channel.base_url or f"https://{host}/")
        if clock.is_vouched or clock.trouble:
            break
    return clock
