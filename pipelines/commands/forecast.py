"""What a first run will cost, told before it starts by the sources that can count: a question a channel that was never visited."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import pipelines
from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting.run import PARALLEL, Plan, host_of, hosts_of, people_key, refusal, tokens_of
from pipelines.contract import Forecast, Visit
from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.http.errors import SourceError, Unreachable
from pipelines.people import People
from warehouse.landing import newest, open_zone
from warehouse.settings import Settings

REQUESTS = 3
"""What the count of one channel may cost."""
SECONDS = 10
"""How long all counts together may take: they are a courtesy, and what they would count is collected all the same."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What one channel will bring on its first visit."""

    channel: Channel
    forecast: Forecast


def forecast(todo: Plan, settings: Settings) -> list[Expected]:
    """Of every channel of the plan that was never visited and whose source can count; what cannot be asked is left out."""
    zone, unreachable = open_zone(settings.landing_url), set[str]()
    people, tokens = People(people_key(settings)), tokens_of(settings)

    def ask(channel: Channel) -> Expected | None:
        count: Callable[[Visit], Forecast] = sources.load_source(channel.source).forecast
        if host_of(channel) in unreachable:
            return None
        budget, agent = Budget(REQUESTS), pipelines.user_agent(settings.contact)
        with Http(
            hosts_of(channel), settings.private_hosts, agent, budget, settings.clock, SECONDS, attempts=1
        ) as http:
            visit = Visit(channel, {}, todo.since, settings.clock(), http, budget, people, tokens, agent)
            try:
                return Expected(channel, count(visit))
            except Unreachable:
                unreachable.add(host_of(channel))
            except SourceError:
                pass  # the visit itself will say what is wrong
        return None

    chosen = [
        one
        for one in todo.channels
        if _can_count(one, tokens) and not refusal(one, settings) and newest(zone, one.id) is None
    ]
    pool = ThreadPoolExecutor(max(PARALLEL.values()))
    try:
        done, _ = wait([pool.submit(ask, channel) for channel in chosen], SECONDS)
        found = [one for one in (future.result() for future in done) if one]
        return sorted(found, key=lambda one: one.channel.id)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _can_count(channel: Channel, tokens: dict[str, str]) -> bool:
    module = sources.load_source(channel.source)
    return hasattr(module, "forecast") and all(need in tokens for need in module.FORECAST_NEEDS)
