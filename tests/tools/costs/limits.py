"""The limits that a fleet meets, and how much of each it takes."""

from typing import Any, NamedTuple

from pipelines.collecting.limits import read_budget_limits
from pipelines.http.budget import DEFAULT_REQUESTS
from pipelines.sources.github.client import MUST_REMAIN
from pipelines.sources.stackexchange.client import LEAST_SHARE
from tests.tools.costs.fleets import ASSUMED, DAYS, HOURS, Fleet
from tests.tools.costs.months import MonthCost
from tests.tools.costs.visits import MEASURED, VisitCost, cost_models, cost_visit
from warehouse.settings import TOKENS, Settings

PUBLISHED: dict[str, Any] = ASSUMED["limits"]
FIVE_MINUTES, MINUTES = 24 * 12, 24 * 60
"""Of a day."""


class TakenShare(NamedTuple):
    """How much of a limit is taken, as a share of what it allows."""

    limit: str
    share: float
    lifted_by: str


def find_shares(fleet: Fleet, month: MonthCost) -> list[TakenShare]:
    """Finds how much of each limit a fleet takes, the most first."""
    found = [*_take_github(month), *_take_others(month), *_take_budgets(fleet, month), *_take_machine(fleet, month)]
    return sorted(found, key=lambda one: -one.share)


def _take_github(month: MonthCost) -> list[TakenShare]:
    """A run lies within one hour."""
    run = month.by_source["github"].times(1 / month.runs["github"])
    usable = 1 - MUST_REMAIN
    return [
        TakenShare("GitHub's points an hour", run.points / PUBLISHED["github_points_an_hour"] / usable,
                   "a run spread over hours; a GitHub App (up to 12,500)"),
        TakenShare("GitHub's requests an hour", run.charged / PUBLISHED["github_requests_an_hour"],
                   "a run spread over hours; a GitHub App (up to 12,500)"),
    ]  # fmt: skip


def _take_others(month: MonthCost) -> list[TakenShare]:
    """Of what is asked evenly over a day."""
    day = {source: cost.requests / DAYS for source, cost in month.by_source.items()}
    hub, exchange = PUBLISHED["hub_requests_in_five_minutes"], PUBLISHED["stackexchange_requests_a_day"]
    return [
        TakenShare("what Reddit answers in a day", day["reddit"] / MINUTES / PUBLISHED["reddit_requests_a_minute"],
                   "a contract"),
        *(TakenShare(f"what the Hub answers in a day {token}", day["huggingface"] / FIVE_MINUTES / most,
                     "a larger plan (2,500 to 10,000), or the table of all models that others publish daily")
          for token, most in hub.items()),
        *(TakenShare(f"Stack Exchange's requests a day {key}", day["stackexchange"] / most / (1 - LEAST_SHARE),
                     "a key") for key, most in exchange.items()),
    ]  # fmt: skip


def _take_budgets(fleet: Fleet, month: MonthCost) -> list[TakenShare]:
    values: dict[str, Any] = dict.fromkeys(TOKENS, "sample")
    budgets = read_budget_limits(Settings(**values, _env_file=None))
    # All models of the Hub would be one channel, as an organisation's are.
    visits: list[VisitCost] = [cost_models(fleet.listed_models, fleet.tracked_models)]
    visits += [cost_visit(channel) for channel, _ in fleet.channels]
    largest = max(visit.requests for visit in visits)
    days = {source: cost.requests / DAYS / (budgets[source].day.requests or float("inf"))
            for source, cost in month.by_source.items()}  # fmt: skip
    source = max(days, key=lambda one: days[one])
    return [
        TakenShare("our budget of a channel and run", largest / DEFAULT_REQUESTS, "`--budget`"),
        TakenShare(f"our budget of a day ({source})", days[source], "`HEARTBEAT_BUDGETS`"),
    ]


def _take_machine(fleet: Fleet, month: MonthCost) -> list[TakenShare]:
    seconds, disk, memory = (
        month.collect_seconds + month.build_seconds, PUBLISHED["disk_gigabytes"], PUBLISHED["memory_gigabytes"]
    )  # fmt: skip
    listed = fleet.listed_models * MEASURED["bytes_a_listed_model"] / 1e9
    return [
        TakenShare("the hours of one core", seconds / 3600 / HOURS, "one build for several runs; incremental figures"),
        TakenShare(f"{disk} GB of disk, after a year", month.home_bytes / 1e9 / disk, "rows of what changed only"),
        TakenShare(f"{memory} GB of memory for one list", listed / memory, "a list that lands page by page"),
    ]
