"""Differences of two figures of one family: closed minus helped, newcomers minus others, and any two that a page
compares."""

from collections.abc import Callable, Iterator
from functools import partial

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


def run_pages(rng: Rng, count: int, sizes: tuple[int, int, float]) -> list[Interval]:
    """Runs the difference of the shares of two families as a page words it."""

    def read(share: float) -> list[dict[str, object]]:
        worlds = {f"w{number}": draws.draw_shares(rng, *sizes, share) for number in range(count)}
        rows = figures("share", worlds)
        return [rows[name] for name in worlds]

    measure: Callable[..., tuple[float | None, float, float]] = measure_gap
    gaps = [measure(first, second) for first, second in zip(read(0.6), read(0.4), strict=True)]
    return [(low, high) for _, low, high in gaps]
