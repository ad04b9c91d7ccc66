"""How often each kind of published interval holds the truth in drawn worlds: the product's own shapes and estimates run
on items that come in weeks, incidents in runs, notices in announcements, and replies that are missing."""

import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product as product_of
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pytest

from analytics.statistics.effects import Estimates
from analytics.statistics.rarefaction import PIECES, count_halves
from tests.coverage import draws, product
from tests.coverage.draws import Rng
from tests.coverage.product import Interval
from tests.coverage.years import NEVER, Years
from tests.tools.items import weigh_sides

pytestmark = pytest.mark.slow
SEED = 20_261_126
WORLDS = 120
NARROW = 0.9
"""Of 120 intervals that hold the truth in 95 of 100, fewer than this do so once in fifty times at most."""
FAR = 0.85
"""The same of intervals that hold it in 90 of 100, which is what is promised of weeks that are very alike."""
WEEKS, MONTHS = (12, 20, 0.05), 12
"""Clusters, their size, and how alike their items are."""
SIDE = (0.05, 0.3, 0.6)
"""The shares whom each family of a side never answers."""
SHARES = 1 / np.arange(3, 43) / np.sum(1 / np.arange(3, 43))
"""How often each of 40 people answers: a few do much."""
NEIGHBOURS = (0.0, 0.5, 0.8)
"""How far a week correlates with the one before."""
HABIT = 0.1
"""How far the share of one person, who gives half of the answers, strays from that of all others."""


@dataclass(frozen=True, slots=True)
class Case:
    """One interval in one kind of world; `run` gives the intervals of so many drawn worlds."""

    truth: float
    run: Callable[[Rng, int], list[Interval]]
    least: float = NARROW
    """The smallest share of worlds whose interval holds the truth; 0 if none is promised."""


def run_shares(
    rng: Rng, count: int, sizes: tuple[int, int, float], share: float, name: str = "cluster_id"
) -> list[Interval]:
    """Runs shares of items in weeks, or by answerer."""
    worlds = [draws.draw_shares(rng, *sizes, share, name) for _ in range(count)]
    return product.read_items("share", worlds)


def run_unseen(rng: Rng, count: int) -> list[Interval]:
    """Runs shares of items of which three in a hundred were not seen, all of them a yes."""
    return product.read_items("share", [draws.draw_unseen(rng, 200, 0.3, 0.03) for _ in range(count)])


def run_readings(rng: Rng, count: int) -> list[Interval]:
    """Runs shares that a rule reads and labels put right."""
    worlds = [draws.draw_shares(rng, 200, 1, 0, 0.2) for _ in range(count)]
    return product.read_rectified([draws.read_by_rule(rng, rows, 132, 0.2, (0.7, 0.86)) for rows in worlds])


def run_medians(rng: Rng, count: int, batches: int, size: int) -> list[Interval]:
    """Runs medians of notice, of models that announcements end together."""
    return product.read_items("median", [draws.draw_batches(rng, batches, size) for _ in range(count)])


def run_waits(rng: Rng, count: int, never: float, statistic: str) -> list[Interval]:
    """Runs waits, some of which are censored."""
    return product.read_waits([draws.draw_waits(rng, *WEEKS, never) for _ in range(count)], statistic)


def run_side_waits(rng: Rng, count: int) -> list[Interval]:
    """Runs waits of a side of families that leave very different shares alone."""
    worlds = [[draws.draw_waits(rng, *WEEKS, never) for never in SIDE] for _ in range(count)]
    return product.read_side_waits(worlds, 168.0)


def run_young_waits(rng: Rng, count: int) -> list[Interval]:
    """Runs shares by a month where few threads are watched for so long."""
    return product.read_waits([draws.draw_young_waits(rng, 100) for _ in range(count)], "720")


def run_endings(rng: Rng, count: int) -> list[Interval]:
    """Runs threads that end in one way or another."""
    return product.read_endings([draws.draw_endings(rng, *WEEKS, 0.4) for _ in range(count)], 720.0)


def run_rates(rng: Rng, count: int, a_month: float, size: float, variation: float) -> list[Interval]:
    """Runs incidents that come one by one, in runs, or at a rate that varies by month."""
    worlds = [[*draws.draw_incidents(rng, MONTHS, a_month, size, variation)] for _ in range(count)]
    return product.read_rates([[day for day in world if day < 30 * MONTHS] for world in worlds], 30.0 * MONTHS)


def run_gaps(rng: Rng, count: int) -> list[Interval]:
    """Runs closed minus helped: 55 % are closed, and 35 % helped, half of the closed and some of the others."""
    others = (0.35 - 0.5 * 0.55) / 0.45

    def draw_world() -> list[tuple[bool, bool, str]]:
        world: list[tuple[bool, bool, str]] = []
        for number, chance in enumerate(draws.draw_chances(rng, 0.55, WEEKS[2], WEEKS[0])):
            closed = rng.random(WEEKS[1]) < chance
            helped = rng.random(WEEKS[1]) < np.where(closed, 0.5, others)
            world += [(bool(one), bool(other), f"week {number}") for one, other in zip(closed, helped, strict=True)]
        return world

    return product.read_gaps([draw_world() for _ in range(count)])


def run_newcomers(rng: Rng, count: int) -> list[Interval]:
    """Runs newcomers minus people who asked before."""
    return product.read_newcomers(
        [(draws.draw_waits(rng, *WEEKS, NEVER[0]), draws.draw_waits(rng, *WEEKS, NEVER[1])) for _ in range(count)]
    )


def _draw_weeks(rng: Rng) -> npt.NDArray[np.int64]:
    """Draws how many answers each person gives in 12 weeks; in each others are busy."""
    return rng.multinomial(25, rng.dirichlet(SHARES * (1 / 0.05 - 1), size=12))


def run_halves(rng: Rng, count: int) -> list[Interval]:
    """Runs the people behind half of a hundred answers."""
    return product.read_halves([_draw_weeks(rng).tolist() for _ in range(count)])


def find_half() -> float:
    """Finds the mean number of people behind half of a hundred answers of many such windows."""
    rng = np.random.default_rng(7)
    windows = [np.sum(_draw_weeks(rng), axis=0) for _ in range(2000)]
    drawn = [rng.multivariate_hypergeometric(window, PIECES) for window in windows]
    return float(np.mean(count_halves(np.array([np.repeat(np.arange(len(SHARES)), counts) for counts in drawn]))))


def run_sides(rng: Rng, count: int, spreads: tuple[float, float]) -> list[Interval]:
    """Runs differences of 13 open and 8 other families, as far as they miss that of these very families."""
    intervals: list[Interval] = []
    is_open = np.arange(21) < 13
    for _ in range(count):
        errors = np.sqrt(0.24 / rng.integers(40, 600, 21))
        true = rng.normal(0.6, np.where(is_open, *spreads))
        drawn = Estimates(true + rng.normal(0, errors), np.diag(errors**2)[None], np.full(21, np.inf))
        these = drawn.compare(weigh_sides(is_open))
        shift = float(true[is_open].mean() - true[~is_open].mean())
        intervals.append((these.low - shift, these.high - shift))
    return intervals


def run_years(
    rng: Rng, count: int, read: Callable[[Years], list[Interval]], correlation: float, habit: float = 0.0
) -> list[Interval]:
    """Runs years in which weeks resemble their neighbours, and perhaps one person gives half of the answers."""
    return read(Years(rng, count, correlation, habit))


MONTH_SHARE = NormalDist(math.log(draws.SLOW_HOURS), draws.SLOW_SPREAD).cdf(math.log(720))
PENALTY = draws.find_wait_truth(NEVER[0], "168") - draws.find_wait_truth(NEVER[1], "168")
YEARS: tuple[tuple[str, float, Callable[[Years], list[Interval]], float], ...] = (
    ("share", 0.3, Years.read_shares, NARROW),
    ("median", 120.0, Years.read_medians, NARROW),
    ("share answered in a week", draws.find_wait_truth(0.25, "168"), partial(Years.read_waits, statistic="168"), 0.0),
    ("median wait", draws.find_wait_truth(0.25, "median"), partial(Years.read_waits, statistic="median"), 0.0),
    ("share resolved", 0.4 * (1 - math.exp(-720 / 200)), Years.read_endings, 0.0),
    ("closed by proposed changes", 0.8, Years.read_closures, 0.0),
    ("closed minus helped", 0.55 - 0.35, Years.read_gaps, 0.0),
    ("newcomers minus others", PENALTY, Years.read_newcomers, NARROW),
    ("pair", 0.1, Years.read_pairs, NARROW),
    ("people behind half", 0.0, Years.read_halves, 0.0),
    ("rate", 30 / 7, Years.read_rates, 0.0),
)
"""The truth, how it is read, and the least share of worlds it must cover if one person gives half: 0 if the interval
does not count as chance who answers. Incidents are nobody's."""


def list_years() -> Iterator[tuple[str, Case]]:
    """Lists each interval where weeks resemble their neighbours, without the person and with."""
    for (name, truth, read, with_person), one in product_of(YEARS, NEIGHBOURS):
        run, least = partial(run_years, read=read, correlation=one), FAR if one == NEIGHBOURS[-1] else NARROW
        yield f"{name}, weeks alike by {one}", Case(truth, run, least)
        if name != "rate":
            habit = partial(run, habit=HABIT)
            yield f"{name}, one person gives half, weeks alike by {one}", Case(truth, habit, min(least, with_person))


CASES = {
    **dict(list_years()),
    "share, 60 independent": Case(0.1, partial(run_shares, sizes=(60, 1, 0), share=0.1)),
    "share, 20 weeks of 8": Case(0.1, partial(run_shares, sizes=(20, 8, 0.1), share=0.1)),
    "share, 12 answerers of 20": Case(0.3, partial(run_shares, sizes=WEEKS, share=0.3, name="person_id")),
    "share, 3 % unseen": Case(0.3, run_unseen),
    "share put right by labels": Case(0.2, run_readings),
    "median, 20 announcements of 2": Case(120.0, partial(run_medians, batches=20, size=2)),
    "share answered in a week": Case(
        draws.find_wait_truth(0.25, "168"), partial(run_waits, never=0.25, statistic="168")
    ),
    "mean of a side answered in a week": Case(
        float(np.mean([draws.find_wait_truth(never, "168") for never in SIDE])), run_side_waits
    ),
    "share answered in a month": Case(MONTH_SHARE, run_young_waits),
    "median wait": Case(draws.find_wait_truth(0.25, "median"), partial(run_waits, never=0.25, statistic="median")),
    "share resolved": Case(0.4 * (1 - math.exp(-720 / 200)), run_endings),
    "rate, few": Case(0.5, partial(run_rates, a_month=0.5, size=1.0, variation=0.0)),
    "rate, in runs": Case(2.0, partial(run_rates, a_month=2.0, size=2.5, variation=0.0)),
    "rate, varying": Case(6.0, partial(run_rates, a_month=6.0, size=1.0, variation=0.5)),
    "closed minus helped": Case(0.55 - 0.35, run_gaps),
    "newcomers minus others": Case(PENALTY, run_newcomers),
    "sides, alike": Case(0.0, partial(run_sides, spreads=(0.12, 0.12))),
    "sides, unlike": Case(0.0, partial(run_sides, spreads=(0.05, 0.2))),
}


def check(truth: float, intervals: list[Interval], least: float = NARROW) -> None:
    """An interval for independent items holds the truth in 66 to 88 of 100 worlds whose items are alike."""
    shown = [interval for interval in intervals if interval is not None]

    assert len(shown) > WORLDS / 2
    assert sum(_holds(interval, truth) for interval in shown) >= least * len(shown)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.least])
def test_intervals_hold_the_truth(name: str) -> None:
    case, rng = CASES[name], np.random.default_rng([SEED, zlib.crc32(name.encode())])
    check(case.truth, case.run(rng, WORLDS), case.least)


def test_intervals_hold_the_people_behind_half_of_a_hundred_answers() -> None:
    """Of a community in which others are busy in each week."""
    check(find_half(), run_halves(np.random.default_rng(SEED), WORLDS))


def _holds(interval: tuple[float | None, float | None], truth: float) -> bool:
    low, high = interval
    return (low is None or low <= truth + 1e-9) and (high is None or truth - 1e-9 <= high)


def test_a_few_announcements_seldom_give_an_interval() -> None:
    """24 models in six announcements are no 24 cases: what interval there is holds the truth."""
    intervals = run_medians(np.random.default_rng(SEED), 50, batches=6, size=4)
    shown = [interval for interval in intervals if interval is not None and None not in interval]

    assert len(shown) < 15
    assert sum(_holds(interval, 120.0) for interval in shown) >= NARROW * len(shown)
