"""Power of the board by simulation: how often it finds what is true of 13 open and 8 proprietary families.

A claim of four shares rests on families of 40 to 600 threads that stray by .12 around their side. The product's own
code compares the sides, places the interval, and decides the claim on a board with five others that come to nothing.
`python -m tests.coverage --only power` prints the table.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.claims.deciding import JudgedTest, count_needed, decide_claims
from analytics.claims.reader import RULE, RuleName
from analytics.claims.regions import compute_detectable_effect, place_effect
from analytics.statistics.effects import Effect
from analytics.statistics.family_effects import fit_families
from analytics.statistics.meta_analysis import Flags, Floats, compare_these
from tests.coverage.draws import draw_chances
from tests.tools.oracles import count_items

SPREAD, MIDDLE, LEAST = 0.12, 0.6, 0.05
THREADS = (40, 601)
WEEKS = 52
TESTS, OTHERS = 4, 5
WORLDS = 1000
SEED = 20_261_126
UNDECIDED = JudgedTest("undecided", 0.5, 0.5)
EFFECTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25)


@dataclass(frozen=True, slots=True)
class Setting:
    """A kind of world: how large the sides are, and in what sense the difference is true."""

    name: str
    explanation: str = ""
    """What it takes to find ten points in 60 of 100 worlds, where that is not found."""
    is_realised: bool = True
    """True if these very families differ by so much; else they are drawn from sides whose means do."""
    likeness: float = 0.5
    """Correlation of what a family strays by in two tests."""
    design: float = 1.0
    """Threads that are worth one, because those of a week and channel are alike."""
    week_likeness: float = 0.0
    """Correlation of two threads of a week: then threads are drawn by week, and the product's clustered variance is
    taken for each family."""
    factor: float = 1.0
    """How many times as many threads each family has."""
    open_count: int = 13
    other_count: int = 8

    @property
    def is_open(self) -> Flags:
        """Returns which of the families are open."""
        flags: Flags = np.arange(self.open_count + self.other_count) < self.open_count
        return flags


SETTINGS = (
    Setting("these families differ by so much"),
    Setting("the same, tests that share nothing", likeness=0.0),
    Setting(
        "the same, threads of a week alike by 0.05", week_likeness=0.05,
        explanation="intervals are a tenth wider: it takes a quarter more threads, see the next line",
    ),
    Setting("the same, threads of a week alike by 0.05, 50 to 750 threads a family", week_likeness=0.05, factor=1.25),
    Setting(
        "the same, two threads worth one", design=2.0,
        explanation="the interval alone reaches as far as ten points are from the smallest effect that matters: it "
        "takes twice the threads, see the next line",
    ),
    Setting("the same, two threads worth one, 80 to 1,200 threads a family", design=2.0, factor=2.0),
    Setting(
        "families drawn from sides that differ by so much", is_realised=False,
        explanation="the families at hand differ by less than ten points in half of these worlds, which is what the "
        "board reports; more threads help as far as the next line",
    ),
    Setting("families drawn from such sides, a thousand times the threads", is_realised=False, factor=1000.0),
    Setting(
        "families drawn from such sides, alike in all tests", is_realised=False, likeness=1.0,
        explanation="as where families are drawn: half of these worlds differ by less",
    ),
    Setting(
        "6 against 6 families that differ by so much", open_count=6, other_count=6,
        explanation="fewer families are less certain together: half as many threads again find it in 53 of 100",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PowerLine:
    """Line of the table: the verdicts on the claim in one setting with one true difference."""

    setting: Setting
    effect: float
    worlds: int
    verdicts: Counter[str]


def simulate_verdicts(setting: Setting, effect: float, worlds: int = WORLDS) -> Counter[str]:
    """Counts the verdicts on a claim that says higher, over worlds in which the open side is higher by `effect`."""
    rng = np.random.default_rng([SEED, round(effect * 1000)])
    return Counter(_judge_world(setting, effect, rng) for _ in range(worlds))


def _judge_world(setting: Setting, effect: float, rng: np.random.Generator) -> str:
    threads = _draw_threads(setting, rng)
    shared = rng.standard_normal(len(threads))
    tests = [_judge_effect(_draw_effect(setting, effect, threads, shared, rng)) for _ in range(TESTS)]
    board: dict[str, tuple[RuleName, list[JudgedTest]]] = {f"other-{n}": ("all", [UNDECIDED]) for n in range(OTHERS)}
    return decide_claims({**board, "claim": ("most", tests)})["claim"].verdict


def _draw_threads(setting: Setting, rng: np.random.Generator) -> Floats:
    drawn = rng.integers(*THREADS, len(setting.is_open)) * setting.factor // setting.design
    threads: Floats = np.maximum(5, drawn).astype(float)
    return threads


def _draw_effect(setting: Setting, effect: float, threads: Floats, shared: Floats, rng: np.random.Generator) -> Effect:
    shares = _draw_shares(setting, effect, shared, rng)
    if setting.week_likeness:
        return _fit_weeks(shares, threads, setting, rng)
    yes = rng.binomial(threads.astype(int), shares)
    careful = (yes + 1) / (threads + 2)
    return compare_these(yes / threads, careful * (1 - careful) / threads, setting.is_open, limit=1)


def _draw_shares(setting: Setting, effect: float, shared: Floats, rng: np.random.Generator) -> Floats:
    """Draws the true shares of the families in one test."""
    is_open, own = setting.is_open, rng.standard_normal(len(shared))
    strays = SPREAD * (setting.likeness**0.5 * shared + (1 - setting.likeness) ** 0.5 * own)
    shares = np.clip(MIDDLE + np.where(is_open, effect, -effect) / 2 + strays, 0.02, 0.98)
    if setting.is_realised:
        excess = shares[is_open].mean() - shares[~is_open].mean() - effect
        shares = np.clip(shares - np.where(is_open, excess, -excess) / 2, 0.0, 1.0)
    drawn: Floats = shares
    return drawn


def _fit_weeks(shares: Floats, threads: Floats, setting: Setting, rng: np.random.Generator) -> Effect:
    """Draws threads by week, and compares the families by the product's own fit."""
    families = len(shares)
    items = np.stack([rng.multinomial(int(count), np.full(WEEKS, 1 / WEEKS)) for count in threads])
    chances = np.stack([draw_chances(rng, float(np.clip(share, 0.01, 0.99)), setting.week_likeness, WEEKS)
                        for share in shares])  # fmt: skip
    family, week = np.nonzero(items)
    counted, yes = items[family, week], rng.binomial(items, chances)[family, week]
    counts = count_items(family, np.zeros_like(family), family * WEEKS + week, counted.astype(float), yes.astype(float))
    fitted = fit_families(counts, families)
    return compare_these(fitted.values, fitted.variances, setting.is_open, fitted.freedoms, 1)


def _judge_effect(effect: Effect) -> JudgedTest:
    region = place_effect(effect, LEAST, 1)
    return JudgedTest(region.word, region.p_supported, region.p_ruled_out, region.is_opposite)


def measure_power(worlds: int = WORLDS) -> Iterator[PowerLine]:
    """Measures how often the claim holds, is mixed, or is refuted, by setting and true difference."""
    for setting in SETTINGS:
        count = max(50, worlds // 2 if setting.week_likeness else worlds)
        for effect in EFFECTS:
            yield PowerLine(setting, effect, count, simulate_verdicts(setting, effect, count))


def measure_detectable(worlds: int, setting: Setting = SETTINGS[2]) -> float:
    """Measures how often one test finds the difference that the board says these families could show.

    The board reads it off the errors of the families at hand: each world here tells its own, and is then drawn anew
    with that difference as the truth.
    """
    rng, found = np.random.default_rng(SEED), 0
    tail = RULE.level / 2 / (OTHERS + 1) / (TESTS - count_needed("most", TESTS)[0] + 1)
    for _ in range(worlds):
        threads, shared = _draw_threads(setting, rng), rng.standard_normal(len(setting.is_open))
        told = compute_detectable_effect(_draw_effect(setting, 0.1, threads, shared, rng), LEAST, tail, RULE.power)
        region = place_effect(_draw_effect(setting, told, threads, shared, rng), LEAST, 1)
        found += region.p_supported < tail
    return found / worlds
