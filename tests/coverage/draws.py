"""Worlds whose truth is known: items in clusters, waits, runs of incidents and announcements, drawn from a seed."""

import math
from collections.abc import Iterator
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

Rng = np.random.Generator
Row = dict[str, Any]
Floats = npt.NDArray[np.float64]
FOLLOWED_HOURS = (800.0, 4000.0)
"""Between these the last visit comes."""
MEDIAN_HOURS, SPREAD = 40.0, 1.2
"""Of the waits of those who are answered: log-normal."""
SLOW_HOURS, SLOW_SPREAD, YOUNG_HOURS = 60.0, 1.5, 900.0
"""The same if one in twenty waits for more than a month; and how long the oldest thread is watched."""


def draw_chances(rng: Rng, share: float, likeness: float, clusters: int) -> Floats:
    """The chance in each cluster, so that two of its items correlate by `likeness` (beta-binomial)."""
    if not likeness:
        return np.full(clusters, share)
    scale = (1 - likeness) / likeness
    return rng.beta(share * scale, (1 - share) * scale, clusters)


def draw_shares(
    rng: Rng, clusters: int, size: int, likeness: float, share: float, name: str = "cluster_id"
) -> list[Row]:
    """Draws yes-or-no items, `size` in each cluster; items have no cluster if the size is 1."""
    return [
        {"is_yes": bool(rng.random() < chance)} | ({name: f"{name} {number}"} if size > 1 else {})
        for number, chance in enumerate(draw_chances(rng, share, likeness, clusters))
        for _ in range(size)
    ]


def draw_neighbours(rng: Rng, weeks: int, correlation: float) -> Floats:
    """A number between 0 and 1 for each week, uniform, of which those of neighbouring weeks correlate."""
    state, numbers = rng.standard_normal(), []
    for _ in range(weeks):
        numbers.append(NormalDist().cdf(state))
        state = correlation * state + math.sqrt(1 - correlation**2) * rng.standard_normal()
    return np.array(numbers)


def draw_unseen(rng: Rng, items: int, share: float, unseen: float) -> list[Row]:
    """Items of which some that are so could not be seen: `unseen` of all."""
    rows = draw_shares(rng, items, 1, 0, share)
    for row in rows:
        if row["is_yes"] and rng.random() < unseen / share:
            row.update(is_yes=None, is_unseen=True)
    return rows


def read_by_rule(
    rng: Rng, rows: list[Row], labels: int, share: float, rule: tuple[float, float]
) -> tuple[list[Row], tuple[float, float]]:
    """Reads items by a rule of such sensitivity and specificity, and as many labelled ones; half a mistake among these
    is the least that is allowed for, as `reading_errors` has it."""

    def read(true: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        return rng.random(len(true)) < np.where(true, rule[0], 1 - rule[1])

    labelled = rng.random(labels) < share
    gaps = labelled.astype(float) - read(labelled)
    least = 0.5 / labels * (1 - 0.5 / labels)
    found = read(np.array([row["is_yes"] for row in rows]))
    return (
        [row | {"is_yes": bool(yes)} for row, yes in zip(rows, found, strict=True)],
        (float(gaps.mean()), max(float(gaps.var(ddof=1)), least) / labels),
    )


def draw_waits(
    rng: Rng, clusters: int, size: int, likeness: float, never: float
) -> tuple[list[tuple[float, bool]], list[str]]:
    """Waits for an answer that some never get, with the cluster of each: a bad week leaves more alone, and is slow."""
    waits, names = [], []
    chances = draw_chances(rng, never, likeness, clusters)
    for number, chance in enumerate(chances):
        pace = MEDIAN_HOURS * np.exp(rng.normal(0, SPREAD * np.sqrt(likeness)))
        for _ in range(size):
            hours = np.inf if rng.random() < chance else pace * np.exp(rng.normal(0, SPREAD * np.sqrt(1 - likeness)))
            until = rng.uniform(*FOLLOWED_HOURS)
            waits.append((round(float(min(hours, until)), 6), bool(hours <= until)))
            names.append(f"week {number}")
    return waits, names


def draw_young_waits(rng: Rng, items: int) -> tuple[list[tuple[float, bool]], list[str]]:
    """Waits of threads that come evenly over the time before the last visit: most are watched for less than a month."""
    waits, untils = SLOW_HOURS * np.exp(rng.normal(0, SLOW_SPREAD, items)), rng.uniform(0, YOUNG_HOURS, items)
    pairs = [(round(float(min(pair)), 6), bool(pair[0] <= pair[1])) for pair in zip(waits, untils, strict=True)]
    return pairs, [f"thread {number}" for number in range(items)]


def draw_endings(
    rng: Rng, clusters: int, size: int, likeness: float, share: float
) -> tuple[list[tuple[float, str | None]], list[str]]:
    """Threads that are resolved (`share` of them, more in some weeks), closed as duplicates, or stay open."""
    ends: list[tuple[float, str | None]] = []
    names = []
    for number, chance in enumerate(draw_chances(rng, share, likeness, clusters)):
        for _ in range(size):
            way = "resolved" if rng.random() < chance else "duplicate" if rng.random() < 0.3 else None
            hours, until = float(rng.exponential(200)), float(rng.uniform(*FOLLOWED_HOURS))
            ends.append((round(min(hours, until), 6), way) if way and hours <= until else (until, None))
            names.append(f"week {number}")
    return ends, names


def draw_batches(rng: Rng, batches: int, size: int) -> list[Row]:
    """Days of notice of models that announcements end together: those of one announcement are the same."""
    return [
        {"amount": days} | ({"cluster_id": f"announcement {number}"} if size > 1 else {})
        for number, days in enumerate(np.round(rng.lognormal(np.log(120), 0.6, batches), 6).tolist())
        for _ in range(size)
    ]


def draw_incidents(rng: Rng, months: int, a_month: float, run: float = 1.0, variation: float = 0.0) -> Iterator[float]:
    """Days before the last visit on which incidents began: in runs of a mean size within an hour, or at a rate that is
    another each month."""
    for month in range(months):
        mean = a_month * (rng.gamma(variation**-2, variation**2) if variation else 1.0)
        for start in rng.uniform(30 * month, 30 * (month + 1), rng.poisson(mean / run)):
            yield from start + rng.uniform(0, 1 / 24, rng.geometric(1 / run))


@cache
def find_wait_truth(never: float, statistic: str) -> float:
    """Finds the true figure of all waits: log-normal for those who are answered."""
    waits = NormalDist(math.log(MEDIAN_HOURS), SPREAD)
    if statistic == "median":
        return math.exp(waits.inv_cdf(0.5 / (1 - never)))
    return (1 - never) * waits.cdf(math.log(float(statistic)))
