"""What visits cost: requests, points and rows of each source, by its page sizes, its things and what is assumed."""

import math
from dataclasses import dataclass
from typing import Any

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.sources.github.issue_reader import ISSUES
from pipelines.sources.github.pull_reader import PULLS
from tests.tools.costs.fleets import ASSUMED
from tests.upstream.sites.hub import MOST_AT_ONCE

FREE_THINGS = {"gaps"}
"""Things of a repository that ask nothing while no number is missing."""
COMMITS_A_PAGE = 100
SNAPSHOTS_A_DAY = 2
"""Rows of a repository each day, whatever happens: itself and its community's profile."""
MEASURED: dict[str, Any] = ASSUMED["measured"] | ASSUMED["measured_before"]
GUESSED: dict[str, Any] = ASSUMED["assumed"]


@dataclass(frozen=True, slots=True)
class VisitCost:
    """What visits cost their upstream, and bring."""

    requests: float = 0.0
    charged: float = 0.0
    """Those of GitHub's REST that are not answered with 304."""
    points: float = 0.0
    """GitHub's."""
    rows: float = 0.0
    thread_rows: float = 0.0
    """Those of new threads and replies; the others repeat or count something."""

    def times(self, count: float) -> "VisitCost":
        """The cost of so many."""
        return VisitCost(*(count * getattr(self, name) for name in self.__slots__))

    def plus(self, other: "VisitCost") -> "VisitCost":
        """The cost of both."""
        return VisitCost(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def cost_visit(channel: Channel) -> VisitCost:
    """Estimates what one visit of a channel costs, in the midst of its life."""
    if channel.source == "github":
        return cost_repository(channel.cadence_hours / 24, GUESSED["threads_a_day"][channel.role])
    threads = cost_threads(GUESSED["threads_a_visit"].get(channel.source, 0.0))
    if channel.source == "huggingface":
        return cost_models(GUESSED["models_an_organisation"], len(channel.models)).plus(threads)
    requests, rows = (MEASURED[name][channel.source] for name in ("requests_a_visit", "rows_a_visit"))
    if channel.source == "stackexchange":  # which answers a hundred questions with their answers at once
        requests -= threads.requests
    return VisitCost(requests, rows=rows).plus(threads)


def cost_threads(count: float) -> VisitCost:
    """The cost of threads that are read one by one."""
    rows = count * GUESSED["rows_a_thread"]
    return VisitCost(count, rows=rows, thread_rows=rows * GUESSED["new_share"])


def cost_repository(days: float, threads_a_day: float, new_share: float = GUESSED["new_share"]) -> VisitCost:
    """The cost of a repository not visited for so long: a probe a thing, and pages where something changed.

    Half of its threads are issues, half pull requests. Discussions are asked for by a query, which costs its point
    though nothing changed. The repository itself always has, be it a star.
    """
    threads = threads_a_day * days
    probes = len(sources.get_streams("github").keys() - FREE_THINGS)
    issues, pulls = (count_pages(threads / 2, query.most) for query in (ISSUES, PULLS))
    commits = threads * GUESSED["commits_a_thread"]
    comparisons, talk = count_pages(commits, COMMITS_A_PAGE), threads / 2 * (1 + GUESSED["rows_a_thread"])
    return VisitCost(
        probes + issues + pulls + comparisons, 1 + 2 * (1 - math.exp(-threads)) + comparisons, 1 + issues + pulls,
        talk + commits + SNAPSHOTS_A_DAY * days, talk * new_share,
    )  # fmt: skip


def count_pages(items: float, most: int) -> float:
    """Counts pages on the average: one if anything is there, which is left to chance, and more where it is much."""
    return 1 - math.exp(-items) + items / most


def cost_models(listed: int, tracked: int) -> VisitCost:
    """The cost of one day of the Hub: pages of the list; of tracked models each one and its discussions."""
    rows = listed + tracked * GUESSED["rows_a_tracked_model"]
    return VisitCost(math.ceil(listed / MOST_AT_ONCE) + 2 * tracked, rows=rows)
