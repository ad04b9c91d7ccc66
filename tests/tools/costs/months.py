"""A month of a fleet after a year of collecting: its runs, what they read, the room it takes and the CPU it uses."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.catalog.entries import Channel
from tests.tools.costs.fleets import DAYS, Fleet, count_runs, count_visits
from tests.tools.costs.visits import GUESSED, MEASURED, VisitCost, cost_models, cost_repository, cost_visit
from warehouse.publish import KEEP

FIRST_DAYS = 730.0
"""How far back a first visit reads."""
MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthCost:
    """What a month of a fleet costs."""

    visits: dict[str, float]
    """By source."""
    runs: dict[str, float]
    """By source; each is followed by a build."""
    by_source: dict[str, VisitCost]
    first: VisitCost
    """Of GitHub's first visits, at the beginning."""
    entries: float
    """Families and hosts, for each of which all figures are made."""

    @property
    def total(self) -> VisitCost:
        """Of all sources together."""
        return add_costs(self.by_source.values())

    @property
    def held(self) -> VisitCost:
        """All that was read by the end of the year."""
        return self.total.times(MONTHS).plus(self.first)

    @property
    def builds(self) -> float:
        """One after each run, and one each night."""
        return sum(self.runs.values()) + DAYS

    @property
    def collect_seconds(self) -> float:
        """CPU of all runs, without their builds."""
        own = MEASURED["collect_cpu_a_run"] + MEASURED["orchestration_cpu_a_run"]
        read = self.total
        return float(
            self.builds * own
            + read.requests * MEASURED["collect_cpu_a_request"]
            + read.rows / 1e3 * MEASURED["collect_cpu_a_thousand_rows"]
        )

    @property
    def build_seconds(self) -> float:
        """CPU of all builds, with what is published after each."""
        return self.builds * cost_build(self.entries, self.held.thread_rows)

    @property
    def landed_bytes(self) -> float:
        """What lands in the month."""
        files = sum(count * MEASURED["bytes_a_visit"][source] for source, count in self.visits.items())
        return float(files + self.total.rows * MEASURED["bytes_a_row"])

    @property
    def home_bytes(self) -> float:
        """All that is kept after the year: what landed, the warehouse, and the published versions."""
        held = self.held
        landed = MONTHS * self.landed_bytes + self.first.rows * MEASURED["bytes_a_row"]
        figures = MEASURED["warehouse_bytes"] + held.thread_rows * MEASURED["warehouse_bytes_a_thread_row"]
        warehouse = figures + held.rows * MEASURED["warehouse_bytes_a_row"]
        return float(landed + warehouse + KEEP * figures * MEASURED["published_share"])


def cost_month(fleet: Fleet) -> MonthCost:
    """Estimates a month of a fleet."""
    by_source, visits = dict.fromkeys(fleet.sources, VisitCost()), dict.fromkeys(fleet.sources, 0.0)
    for channel, count in fleet.channels:
        made = count * count_visits(channel)
        by_source[channel.source] = by_source[channel.source].plus(cost_visit(channel).times(made))
        visits[channel.source] += made
    if fleet.listed_models:
        hub = cost_models(fleet.listed_models, fleet.tracked_models).times(DAYS)
        by_source["huggingface"] = by_source["huggingface"].plus(hub)
    runs = {source: count_runs(fleet.list_channels(source)) for source in fleet.sources}
    first = add_costs(
        _cost_first_visit(channel).times(count) for channel, count in fleet.channels if channel.source == "github"
    )
    return MonthCost(visits, runs, by_source, first, fleet.entries)


def cost_build(entries: float, thread_rows: float) -> float:
    """Estimates the CPU seconds of building and publishing so many families and hosts, and rows of threads."""
    few = min(thread_rows, MEASURED["build_rows_measured"])
    return float(
        MEASURED["build_cpu_a_run"]
        + MEASURED["publish_cpu_a_run"]
        + entries * MEASURED["build_cpu_a_family"]
        + few / 1e3 * MEASURED["build_cpu_a_thousand_rows"]
        + (thread_rows - few) / 1e6 * MEASURED["build_cpu_a_million_rows"]
    )


def _cost_first_visit(channel: Channel) -> VisitCost:
    return cost_repository(FIRST_DAYS, GUESSED["threads_a_day"][channel.role] * GUESSED["new_share"], new_share=1.0)


def add_costs(costs: Iterable[VisitCost]) -> VisitCost:
    """Adds costs up."""
    whole = VisitCost()
    for cost in costs:
        whole = whole.plus(cost)
    return whole
