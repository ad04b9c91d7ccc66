"""Power of the board by simulation: how often it finds what is true of 13 open and 8 proprietary families.

A claim of four shares rests on families of 40 to 600 threads that stray by .12 around their side. The product's own
code compares the sides, places the interval, and decides the claim on a board with five others that come to nothing.
`python -m tests.coverage.power` prints the table.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.claims.deciding import JudgedTest, decide_claims
from analytics.claims.reader import RuleName
from analytics.claims.regions import place_effect
from analytics.statistics.meta_analysis import Effect, Flags, Floats, make_effect

SPREAD, MIDDLE, LEAST = 0.12, 0.6, 0.05
THREADS = (40, 601)
TESTS, OTHERS = 4, 5
WORLDS = 1000
SEED = 20_261_126
UNDECIDED = JudgedTest("undecided", 0.5, 0.5)
EFFECTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25)


@dataclass(frozen=True, slots=True)
class Setting:
    """A kind of world: how large the sides are, and in what sense the difference is true."""

    name: str
    is_realised: bool = True
    """True if these very families differ by so much; else they are drawn from sides whose means do."""
    likeness: float = 0.5
    """Correlation of what a family strays by in two tests."""
    design: float = 1.0
    """Threads that are worth one, because those of a week and channel are alike."""
    open_count: int = 13
    other_count: int = 8


SETTINGS = (
    Setting("these families differ by so much"),
    Setting("the same, tests that share nothing", likeness=0.0),
    Setting("the same, two threads worth one", design=2.0),
    Setting("families drawn from sides that differ by so much", is_realised=False),
    Setting("the same, families alike in all tests", is_realised=False, likeness=1.0),
    Setting("6 against 6 families that differ by so much", open_count=6, other_count=6),
)


def simulate_verdicts(setting: Setting, effect: float, worlds: int = WORLDS, seed: int = SEED) -> Counter[str]:
    """Counts the verdicts on a claim that says higher, over worlds in which the open side is higher by `effect`."""
    rng = np.random.default_rng([seed, round(effect * 1000)])
    return Counter(_judge_world(setting, effect, rng) for _ in range(worlds))


def _judge_world(setting: Setting, effect: float, rng: np.random.Generator) -> str:
    is_open = np.arange(setting.open_count + setting.other_count) < setting.open_count
    threads = np.maximum(5, rng.integers(*THREADS, len(is_open)) // setting.design)
    shared = rng.standard_normal(len(is_open))
    tests = [
        _run_test(_draw_shares(setting, effect, is_open, shared, rng), threads, is_open, rng) for _ in range(TESTS)
    ]
    board: dict[str, tuple[RuleName, list[JudgedTest]]] = {f"other-{n}": ("all", [UNDECIDED]) for n in range(OTHERS)}
    return decide_claims({**board, "claim": ("most", tests)})["claim"].verdict


def _draw_shares(setting: Setting, effect: float, is_open: Flags, shared: Floats, rng: np.random.Generator) -> Floats:
    """Draws the true shares of the families in one test."""
    own = rng.standard_normal(len(is_open))
    strays = SPREAD * (setting.likeness**0.5 * shared + (1 - setting.likeness) ** 0.5 * own)
    shares = np.clip(MIDDLE + np.where(is_open, effect, -effect) / 2 + strays, 0.02, 0.98)
    if setting.is_realised:
        excess = shares[is_open].mean() - shares[~is_open].mean() - effect
        shares = np.clip(shares - np.where(is_open, excess, -excess) / 2, 0.0, 1.0)
    drawn: Floats = shares
    return drawn


def _run_test(shares: Floats, threads: Floats, is_open: Flags, rng: np.random.Generator) -> JudgedTest:
    yes = rng.binomial(threads.astype(int), shares)
    careful = (yes + 1) / (threads + 2)
    region = place_effect(compare_these(yes / threads, careful * (1 - careful) / threads, is_open), LEAST, 1)
    return JudgedTest(region.word, region.p_supported, region.p_ruled_out, region.is_opposite)


def compare_these(values: Floats, variances: Floats, is_open: Flags) -> Effect:
    """Compares the sides as `compare_sides` does for these families, without the second estimand, which takes long."""
    weights = np.where(is_open, 1 / is_open.sum(), -1 / (~is_open).sum())
    return make_effect(float(weights @ values), float(weights**2 @ variances) ** 0.5, limit=1)


def render_table(worlds: int = WORLDS) -> Iterator[str]:
    """Renders how often the claim holds, is mixed, or is refuted, by the true difference."""
    yield "| worlds | verdict | " + " | ".join(f"{effect * 100:.0f} points" for effect in EFFECTS) + " |"
    yield "|---|---|" + "---|" * len(EFFECTS)
    for setting in SETTINGS:
        verdicts = [simulate_verdicts(setting, effect, worlds) for effect in EFFECTS]
        for word in ("holds", "mixed", "refuted"):
            shares = " | ".join(f"{100 * counted[word] / worlds:.0f} %" for counted in verdicts)
            yield f"| {setting.name} | {word} | {shares} |"


if __name__ == "__main__":
    for line in render_table():
        print(line, flush=True)
