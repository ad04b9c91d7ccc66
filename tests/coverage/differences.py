"""Differences of two figures of one family: closed minus helped, newcomers minus others, people minus bots, and any two
that a page compares."""

from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np

from dashboards.words.gaps import measure_gap
from tests.analytics.engine.toy_shapes import figures
from tests.coverage import draws, product
from tests.coverage.case import Case
from tests.coverage.draws import Rng
from tests.coverage.product import Interval


def list_differences() -> Iterator[Case]:
    """Lists all differences."""
    for clusters, size, likeness in ((60, 1, 0.0), (12, 20, 0.05)):
        words = f"{clusters} independent" if size == 1 else f"{clusters} weeks of {size}, likeness {likeness:g}"
        runner = partial(run_gaps, sizes=(clusters, size, likeness))
        before = "94.5 to 94.8" if size == 1 else ""
        yield Case("closed minus helped", words, 0.55 - 0.35, runner, before, 4)
    for clusters, size, likeness in ((60, 1, 0.0), (12, 20, 0.05)):
        words = f"{clusters} each, independent" if size == 1 else f"{clusters} weeks of {size} each, {likeness:g} alike"
        runner = partial(run_newcomers, sizes=(clusters, size, likeness))
        yield Case("newcomers answered minus others", words, find_newcomers(), runner, "", 8)
    for clusters, size, likeness in ((100, 1, 0.0), (12, 20, 0.05)):
        words = "100 independent" if size == 1 else f"{clusters} weeks of {size}"
        runner = partial(run_bots, sizes=(clusters, size, likeness))
        yield Case("wait hidden by bots", f"{words}, a bot is first for a third", find_masked(), runner, "", 8)
    for clusters, size, likeness in ((40, 1, 0.0), (12, 20, 0.05)):
        words = "40 and 40 independent" if size == 1 else f"{clusters} weeks of {size} each, likeness {likeness:g}"
        runner = partial(run_pages, sizes=(clusters, size, likeness))
        yield Case("difference of two figures on a page", words, 0.2, runner, "", 4)


def run_gaps(rng: Rng, count: int, sizes: tuple[int, int, float]) -> list[Interval]:
    """Runs closed minus helped: who is helped is closed more often."""

    def draw_world() -> list[tuple[bool, bool, str]]:
        world: list[tuple[bool, bool, str]] = []
        for number, chance in enumerate(draws.draw_chances(rng, 0.55, sizes[2], sizes[0])):
            for _ in range(sizes[1]):
                is_closed = bool(rng.random() < chance)
                # 35 % are helped whatever the week: 50 % of the closed in the mean, and 17 % of the others.
                is_helped = bool(rng.random() < (0.5 if is_closed else (0.35 - 0.5 * 0.55) / 0.45))
                world.append((is_closed, is_helped, f"week {number}"))
        return world

    return product.read_gaps([draw_world() for _ in range(count)])


NEVER = (0.35, 0.2)
"""Of newcomers and of others."""


def find_newcomers() -> float:
    """Finds the true difference of the shares answered within a week."""
    return draws.find_wait_truth(NEVER[0], "168") - draws.find_wait_truth(NEVER[1], "168")


def run_newcomers(rng: Rng, count: int, sizes: tuple[int, int, float]) -> list[Interval]:
    """Runs newcomers minus people who asked before, in weeks of their own."""
    worlds = [tuple(draws.draw_waits(rng, *sizes, never) for never in NEVER) for _ in range(count)]
    return product.read_two_groups(worlds, ("newcomer", "known"), "newcomer_penalty_share")


def _draw_masked(rng: Rng, sizes: tuple[int, int, float]) -> tuple[tuple[list[tuple[float, bool]], list[str]], ...]:
    waits, names = draws.draw_waits(rng, *sizes, 0.25)
    anything = [(min(hours, 0.5), True) if rng.random() < 1 / 3 else (hours, is_end) for hours, is_end in waits]
    return (waits, names), (anything, names)


@cache
def find_masked() -> float:
    """Finds the true difference of the two medians from many waits."""
    # With a third at half an hour the median of the rest is their lower quarter.
    rng = np.random.default_rng(1)
    waits = np.exp(rng.normal(np.log(draws.MEDIAN_HOURS), draws.SPREAD, 4_000_000))
    quarter = float(np.quantile(waits, 0.25 / 0.75))
    return draws.find_wait_truth(0.25, "median") - quarter


def run_bots(rng: Rng, count: int, sizes: tuple[int, int, float]) -> list[Interval]:
    """Runs the wait for a person minus that for anything."""
    worlds = [_draw_masked(rng, sizes) for _ in range(count)]
    return product.read_two_groups(worlds, ("anyone", "anything"), "bot_masking_hours", are_the_same=True)


def run_pages(rng: Rng, count: int, sizes: tuple[int, int, float]) -> list[Interval]:
    """Runs the difference of the shares of two families as a page words it."""

    def read(share: float) -> list[dict[str, object]]:
        worlds = {f"w{number}": draws.draw_shares(rng, *sizes, share) for number in range(count)}
        rows = figures("share", worlds)
        return [rows[name] for name in worlds]

    measure: Callable[..., tuple[float | None, float, float]] = measure_gap
    gaps = [measure(first, second) for first, second in zip(read(0.6), read(0.4), strict=True)]
    return [(low, high) for _, low, high in gaps]
