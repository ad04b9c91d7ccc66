"""Power of the board by simulation, at sizes of real projects: `python -m tests.coverage.power` prints the table.

A claim of four shares rests on 13 open families of 2,700 down to 40 threads and 8 proprietary ones of 12,000 down to
30, which stray by .12 around their side, in weeks that are alike. The product's own code fits the families, compares
the sides, places the interval, and decides the claim on a board with five others that come to nothing.
"""

from collections import Counter

import numpy as np

from analytics.claims.judging import (
    JudgedTest,
    compute_detectable_effect,
    count_needed,
    decide_claims,
    place_effect,
    share_chances,
)
from analytics.claims.reader import RuleName
from analytics.statistics.effects import Effect
from analytics.statistics.family_effects import fit_families
from analytics.statistics.survival import Flags, Floats
from tests.coverage.draws import draw_chances
from tests.tools.items import count_items, weigh_sides

SPREAD, MIDDLE, LEAST = 0.12, 0.6, 0.05
OPEN = (2700, 1900, 1300, 950, 670, 470, 330, 230, 165, 115, 80, 57, 40)
OTHER = (12_000, 6_000, 5_000, 600, 300, 150, 60, 30)
SIZES = np.array([*OPEN, *OTHER])
IS_OPEN: Flags = np.arange(len(SIZES)) < len(OPEN)
WEEKS, WEEK_LIKENESS = 52, 0.05
"""The likeness is the correlation of two threads of a week."""
TESTS, OTHERS = 4, 5
LIKENESS = 0.5
"""Correlation of what a family strays by in two tests."""
SEED = 20_261_126
UNDECIDED = JudgedTest("undecided", 0.5, 0.5)


def simulate_verdicts(effect: float, worlds: int) -> Counter[str]:
    """Counts the verdicts on a claim that says higher, over worlds in which the open side is higher by `effect`."""
    rng = np.random.default_rng([SEED, round(effect * 1000)])
    return Counter(judge_world(draw_world(effect, rng)) for _ in range(worlds))


def draw_world(effect: float, rng: np.random.Generator) -> list[Effect]:
    """Draws the tests of a claim: the same families, each with shares of its own."""
    shared = rng.standard_normal(len(SIZES))
    return [_draw_effect(effect, shared, rng) for _ in range(TESTS)]


def judge_world(effects: list[Effect]) -> str:
    """Decides the claim by its tests."""
    rules: dict[str, RuleName] = {f"other-{n}": "all" for n in range(OTHERS)}
    tests = [(name, UNDECIDED) for name in rules]
    tests += [("claim", place_effect(effect, LEAST, 1)) for effect in effects]
    return decide_claims({**rules, "claim": "most"}, tests)["claim"].verdict


def state_detectable(effect: Effect) -> float:
    """States the true effect that is found, as the board does."""
    tail, power = share_chances(OTHERS + 1, count_needed("most", TESTS)[0], TESTS, TESTS)
    return compute_detectable_effect(effect, LEAST, tail, power)


def _draw_shares(effect: float, shared: Floats, rng: np.random.Generator) -> Floats:
    """Draws the true shares of families whose sides differ by `effect`."""
    own = rng.standard_normal(len(shared))
    strays = SPREAD * (LIKENESS**0.5 * shared + (1 - LIKENESS) ** 0.5 * own)
    shares = np.clip(MIDDLE + np.where(IS_OPEN, effect, -effect) / 2 + strays, 0.02, 0.98)
    excess = shares[IS_OPEN].mean() - shares[~IS_OPEN].mean() - effect
    drawn: Floats = np.clip(shares - np.where(IS_OPEN, excess, -excess) / 2, 0.01, 0.99)
    return drawn


def _draw_effect(effect: float, shared: Floats, rng: np.random.Generator) -> Effect:
    """Draws threads by week, and compares the families by the product's own fit."""
    shares = _draw_shares(effect, shared, rng)
    items = np.stack([rng.multinomial(count, np.full(WEEKS, 1 / WEEKS)) for count in SIZES])
    chances = np.stack([draw_chances(rng, share, WEEK_LIKENESS, WEEKS) for share in shares.tolist()])
    family, week = np.nonzero(items)
    counted, yes = items[family, week], rng.binomial(items, chances)[family, week]
    counts = count_items(family, np.zeros_like(family), week, counted.astype(float), yes.astype(float))
    return fit_families(counts, len(SIZES)).compare(weigh_sides(IS_OPEN), 1)


if __name__ == "__main__":
    for points in (0, 5, 10, 15, 20, 25):
        print(points, dict(simulate_verdicts(points / 100, 300)), flush=True)
