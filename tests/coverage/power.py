"""Power of the board by simulation: how often it finds what is true of 13 open and 8 proprietary families.

A claim of four shares rests on families of 40 to 600 threads that stray by .12 around their side. The product's own
code compares the sides, places the interval, and decides the claim on a board with five others that come to nothing.
"""

from collections import Counter

import numpy as np

from analytics.claims.deciding import JudgedTest, count_needed, decide_claims
from analytics.claims.reader import RULE, RuleName
from analytics.claims.regions import compute_detectable_effect, place_effect
from analytics.statistics.effects import Effect
from analytics.statistics.family_effects import fit_families
from analytics.statistics.meta_analysis import Flags, Floats, compare_these
from tests.coverage.draws import draw_chances
from tests.tools.items import count_items

SPREAD, MIDDLE, LEAST = 0.12, 0.6, 0.05
THREADS = (40, 601)
REAL: Floats = np.array(
    [2700, 1900, 1300, 950, 670, 470, 330, 230, 165, 115, 80, 57, 40, 12_000, 6_000, 5_000, 600, 300, 150, 60, 30],
    float,
)
"""Threads as real projects have them: 13 open families, and 8 proprietary ones."""
WEEKS = 52
TESTS, OTHERS = 4, 5
SEED = 20_261_126
UNDECIDED = JudgedTest("undecided", 0.5, 0.5)
OPEN_COUNT, OTHER_COUNT = 13, 8
IS_OPEN: Flags = np.arange(OPEN_COUNT + OTHER_COUNT) < OPEN_COUNT
LIKENESS = 0.5
"""Correlation of what a family strays by in two tests."""
WEEK_LIKENESS = 0.05
"""Correlation of two threads of a week."""


def simulate_verdicts(effect: float, worlds: int, sizes: Floats | None = None) -> Counter[str]:
    """Counts the verdicts on a claim that says higher, over worlds in which the open side is higher by `effect`; the
    threads of families are drawn unless their `sizes` are given, and then come in weeks that are alike."""
    rng = np.random.default_rng([SEED, round(effect * 1000)])
    return Counter(_judge_world(effect, rng, sizes) for _ in range(worlds))


def _judge_world(effect: float, rng: np.random.Generator, sizes: Floats | None) -> str:
    threads, shared = _draw_threads(rng) if sizes is None else sizes, rng.standard_normal(len(IS_OPEN))
    draw = _draw_effect if sizes is None else _draw_weekly_effect
    tests = [_judge_effect(draw(effect, threads, shared, rng)) for _ in range(TESTS)]
    board: dict[str, tuple[RuleName, list[JudgedTest]]] = {f"other-{n}": ("all", [UNDECIDED]) for n in range(OTHERS)}
    return decide_claims({**board, "claim": ("most", tests)})["claim"].verdict


def _draw_threads(rng: np.random.Generator) -> Floats:
    threads: Floats = rng.integers(*THREADS, len(IS_OPEN)).astype(float)
    return threads


def _draw_effect(effect: float, threads: Floats, shared: Floats, rng: np.random.Generator) -> Effect:
    shares = _draw_shares(effect, shared, rng)
    yes = rng.binomial(threads.astype(int), shares)
    careful = (yes + 1) / (threads + 2)
    return compare_these(yes / threads, careful * (1 - careful) / threads, IS_OPEN, limit=1)


def _draw_shares(effect: float, shared: Floats, rng: np.random.Generator) -> Floats:
    """Draws the true shares of families whose sides differ by `effect`."""
    own = rng.standard_normal(len(shared))
    strays = SPREAD * (LIKENESS**0.5 * shared + (1 - LIKENESS) ** 0.5 * own)
    shares = np.clip(MIDDLE + np.where(IS_OPEN, effect, -effect) / 2 + strays, 0.02, 0.98)
    excess = shares[IS_OPEN].mean() - shares[~IS_OPEN].mean() - effect
    drawn: Floats = np.clip(shares - np.where(IS_OPEN, excess, -excess) / 2, 0.0, 1.0)
    return drawn


def _draw_weekly_effect(effect: float, threads: Floats, shared: Floats, rng: np.random.Generator) -> Effect:
    """Draws threads by week, and compares the families by the product's own fit."""
    shares, families = _draw_shares(effect, shared, rng), len(threads)
    items = np.stack([rng.multinomial(int(count), np.full(WEEKS, 1 / WEEKS)) for count in threads])
    chances = np.stack([draw_chances(rng, float(np.clip(share, 0.01, 0.99)), WEEK_LIKENESS, WEEKS) for share in shares])
    family, week = np.nonzero(items)
    counted, yes = items[family, week], rng.binomial(items, chances)[family, week]
    counts = count_items(family, np.zeros_like(family), week, counted.astype(float), yes.astype(float))
    fitted = fit_families(counts, families)
    return compare_these(fitted.values, fitted.variances, IS_OPEN, fitted.freedoms, 1)


def _judge_effect(effect: Effect) -> JudgedTest:
    region = place_effect(effect, LEAST, 1)
    return JudgedTest(region.word, region.p_supported, region.p_ruled_out, region.is_opposite)


def measure_detectable(worlds: int) -> float:
    """Measures how often one test finds the difference that the board says these families could show.

    The board reads it off the errors of the families at hand: each world here tells its own, and is then drawn again
    with that difference as the truth.
    """
    rng, found = np.random.default_rng(SEED), 0
    tail = RULE.level / 2 / (OTHERS + 1) / (TESTS - count_needed("most", TESTS)[0] + 1)
    for _ in range(worlds):
        threads, shared = _draw_threads(rng), rng.standard_normal(len(IS_OPEN))
        stated = compute_detectable_effect(_draw_weekly_effect(0.1, threads, shared, rng), LEAST, tail, RULE.power)
        region = place_effect(_draw_weekly_effect(stated, threads, shared, rng), LEAST, 1)
        found += region.p_supported < tail
    return found / worlds
