"""Figures of counts: how long a backlog lasts, changes closed by changes proposed, people behind half of answers."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from analytics.intermediate.people.rarefied_halves import PIECES, count_halves
from tests.coverage import product
from tests.coverage.case import Case
from tests.coverage.draws import Rng, draw_incidents
from tests.coverage.product import Interval

PILE, A_MONTH = 60, 20.0
PEOPLE = 1 / np.arange(3, 43)
"""How often each person answers: a few do much."""
STEADY = "months are assumed to vary by 30 %, which these do not; a year is too short to tell"
A_YEAR = "twelve months tell little of how much they vary: an assumption stands in, and Student's quantile is wide"
OF_ANY_HUNDRED = "the range is that of any hundred answers, not of the three hundred at hand: said in its caveats"


def list_counts() -> Iterator[Case]:
    """Lists all figures of counts."""
    weeks = PILE / (A_MONTH / 30 * 7)
    for variation, why in ((0.0, STEADY), (0.3, A_YEAR), (0.5, A_YEAR)):
        words = f"{A_MONTH:g} closings a month" + (f", varies by {variation:.0%}" if variation else "")
        runner = partial(run_backlogs, variation=variation)
        yield Case("weeks to close the backlog", words, weeks, runner, "", 4, why)
    for variation in (0.0, 0.5):
        words = "20 changes a month, half closed in 10 days" + (f", varies by {variation:.0%}" if variation else "")
        runner = partial(run_closures, variation=variation)
        before, why = ("92.2", "") if variation else ("98.5", STEADY)
        yield Case("changes closed by changes proposed", words, 0.8, runner, before, 8, why)
    yield Case(
        "people behind half of 100 answers", "300 answers of 40 people", find_half(), run_halves, "", 8, OF_ANY_HUNDRED
    )  # fmt: skip


def run_backlogs(rng: Rng, count: int, variation: float) -> list[Interval]:
    """Runs a backlog of known size, whose closings come at a rate that varies by month."""
    return product.read_backlogs(
        [(PILE, [day for day in draw_incidents(rng, 12, A_MONTH, 1.0, variation) if day < 360]) for _ in range(count)]
    )


def run_closures(rng: Rng, count: int, variation: float) -> list[Interval]:
    """Runs changes of which four fifths are closed, soon or late."""

    def draw_world() -> list[tuple[float, float | None]]:
        world: list[tuple[float, float | None]] = []
        for opened in draw_incidents(rng, 24, 20.0, 1.0, variation):
            left = opened - rng.exponential(10 / np.log(2))
            world.append((opened, float(left) if left > 0 and rng.random() < 0.8 else None))
        return world

    return product.read_closure_ratios([draw_world() for _ in range(count)])


def find_half() -> float:
    """Finds the middle number of people behind half of a hundred answers of the whole community."""
    drawn = np.random.default_rng(7).multinomial(PIECES, PEOPLE / PEOPLE.sum(), size=10_000)
    return float(np.median(count_halves(drawn)))


def run_halves(rng: Rng, count: int) -> list[Interval]:
    """Runs answers drawn from one community."""
    return product.read_halves([rng.multinomial(300, PEOPLE / PEOPLE.sum()).tolist() for _ in range(count)])
