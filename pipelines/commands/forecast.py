"""The forecast of a first run's cost: asks each source that can count about every channel never visited before."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import pipelines
from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting.access import find_refusal, list_hosts
from pipelines.collecting.meters import SourceMeter
from pipelines.collecting.people_key import open_people
from pipelines.collecting.queues import PARALLEL
from pipelines.collecting.run import Plan
from pipelines.contract import Forecast, Visit
from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.http.errors import SourceError, describe_error
from pipelines.http.hosts import HostStates
from warehouse.faults import LandingError, WarehouseError
from warehouse.landing import Zone, open_zone, read_newest_manifest
from warehouse.settings import Settings, SettingsError

REQUESTS = 3
"""Request budget for counting one channel."""
SECONDS = 10
"""Time limit for all counts together: collecting does not depend on them, so they must not delay it."""


@dataclass(frozen=True, slots=True)
class ExpectedChannel:
    """The forecast for one channel's first visit."""

    channel: Channel
    forecast: Forecast


def forecast_first_visits(
    plan: Plan,
    settings: Settings,
    on_trouble: Callable[[str], None] = lambda _: None,
    hosts: HostStates | None = None,
    meters: Mapping[str, SourceMeter] | None = None,
) -> list[ExpectedChannel]:
    """Returns a forecast for every unvisited channel whose source can count; channels that fail are left out.

    Whatever else goes wrong costs the forecast, never the run: `on_trouble` is told. Which hosts refuse the token is
    noted in `hosts`.
    """
    try:
        # A count waits less than a visit, so a host that is too slow for it is not closed to the run.
        expected, bugs = _count_channels(
            plan, settings, HostStates(refused=hosts.refused if hosts else {}), meters or {}
        )
    except (SettingsError, WarehouseError, LandingError):
        return []  # the run itself will report it
    except Exception as bug:
        on_trouble(f"no forecast of what this run costs: {describe_error(bug)}. Collecting goes on without it")
        return []
    if bugs:
        (channel_id, first), *others = sorted(bugs.items())
        who = f"{channel_id} and {len(others)} more cost" if others else f"{channel_id} costs"
        on_trouble(f"no forecast of what {who}: {describe_error(first)}. Collecting goes on without it")
    return expected


def _count_channels(
    plan: Plan, settings: Settings, hosts: HostStates, meters: Mapping[str, SourceMeter]
) -> tuple[list[ExpectedChannel], dict[str, Exception]]:
    """Counts the channels; returns those that could be counted, and the errors that no source raised, by channel."""
    zone = open_zone(settings.landing_url)
    people, tokens = open_people(settings), settings.get_tokens()
    bugs: dict[str, Exception] = {}

    def count_channel(channel: Channel) -> ExpectedChannel | None:
        count: Callable[[Visit], Forecast] = sources.load_source(channel.source).forecast
        agent, allowed, own = pipelines.user_agent(settings.contact), list_hosts(channel), settings.private_hosts
        with (
            _open_budget(channel, meters) as budget,
            Http(allowed, own, agent, budget, settings.clock, SECONDS, attempts=1, hosts=hosts) as http,
        ):
            visit = Visit(channel, {}, plan.since, settings.clock(), http, budget, people, tokens, agent)
            try:
                return ExpectedChannel(channel, count(visit))
            except SourceError:
                pass  # the visit itself will report the fault
            except Exception as bug:
                bugs[channel.id] = bug
        return None

    chosen = [channel for channel in plan.channels if _is_unvisited(channel, zone, settings, tokens)]
    pool = ThreadPoolExecutor(max(PARALLEL.values()))
    try:
        done, _ = wait([pool.submit(count_channel, channel) for channel in chosen], SECONDS)
        expected = [counted for future in done if (counted := future.result())]
        return sorted(expected, key=lambda counted: counted.channel.id), bugs
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _open_budget(channel: Channel, meters: Mapping[str, SourceMeter]) -> AbstractContextManager[Budget]:
    meter = meters.get(channel.source)
    return meter.measure_count(channel.id, REQUESTS) if meter else nullcontext(Budget(REQUESTS))


def _is_unvisited(channel: Channel, zone: Zone, settings: Settings, tokens: dict[str, str]) -> bool:
    may_be_asked = _can_count(channel, tokens) and not find_refusal(channel, settings)
    return may_be_asked and read_newest_manifest(zone, channel.id) is None


def _can_count(channel: Channel, tokens: dict[str, str]) -> bool:
    module = sources.load_source(channel.source)
    return hasattr(module, "forecast") and all(need in tokens for need in module.FORECAST_NEEDS)
