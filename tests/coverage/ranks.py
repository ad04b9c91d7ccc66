"""How often what is said of sides and ranks is right; `python -m tests.coverage --only ranks` prints the table.

Worlds are drawn item by item. Families answer some share of what they are asked; questions are of three kinds, of which
each family gets its own mix; those of one week are answered alike (intraclass correlation .05). What our estimators say
is held against the truth that the world was drawn from.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from scipy import stats

from analytics.claims.item_readings import NO_READINGS
from analytics.claims.like_items import FamilyItems, compare_items, fit_pairs
from analytics.statistics.item_counts import Flags, Floats
from analytics.statistics.matching import compute_exchange_p
from analytics.statistics.meta_analysis import compare_sides
from analytics.statistics.ranking import Ranking, rank_shares
from tests.coverage.power import measure_detectable
from tests.tools.oracles import count_items

SEED = 20_261_126
ALIKE = 0.05
"""Intraclass correlation of the items of one week."""
KINDS = np.array([-0.08, 0.0, 0.08])
"""By how much a kind of question is answered more often."""
LIMITS = (0.12, 0.88)
"""Between these lie the families' true shares."""
Z = 1.96


@dataclass(frozen=True, slots=True)
class Sides:
    """Numbers of families, means, and standard deviations between the families, of the open and the other side."""

    counts: tuple[int, int]
    means: tuple[float, float]
    spreads: tuple[float, float]

    def __str__(self) -> str:
        open_count, other_count = self.counts
        gap = round(100 * (self.means[0] - self.means[1]))
        return f"{open_count} v {other_count}, sd {self.spreads[0]:g} v {self.spreads[1]:g}, Δ {gap} points"


@dataclass(frozen=True, slots=True)
class Line:
    """Line of the table: what was measured, where, in how many worlds, the share or number found, and what it should
    be."""

    what: str
    world: str
    worlds: int
    found: float
    unit: str
    wanted: str

    @property
    def explanation(self) -> str:
        """Returns why the line misses what is wanted; empty where it does not."""
        return next((why for what, why in EXPLAINED.items() if what in self.what and not self.is_met), "")

    @property
    def is_met(self) -> bool:
        """Tells whether what was found is what is wanted, as far as these worlds can tell."""
        least, most = WANTED_RANGES.get(self.wanted, (-math.inf, math.inf))
        error = 0.0 if self.unit == "points" else 200 * math.sqrt(max(0.0, self.found * (1 - self.found)) / self.worlds)
        return least - error <= 100 * self.found <= most + error


WANTED_RANGES = {
    "93 to 98": (93.0, 98.0), "at least 95": (95.0, 100.0), "at most 5": (-math.inf, 5.0), "about 5": (3.0, 7.0),
    "less than 1": (-1.0, 1.0), "75 to 85": (75.0, 85.0),
}  # fmt: skip
"""In percent or points; what is wanted in other words is no more than information."""
EXPLAINED = {
    "families in general": "few families of unlike spread tell little of all such families; decides nothing",
    "taken for one": "few families of very unlike spread; a second line that decides nothing",
    "exchanged": "families of unlike spread are no exchangeable families; a check that decides nothing",
}
"""Why a line misses its mark, by a part of its name."""

SIDES = (
    Sides((13, 8), (0.6, 0.5), (0.12, 0.12)),
    Sides((13, 8), (0.5, 0.5), (0.12, 0.12)),
    Sides((13, 8), (0.5, 0.5), (0.05, 0.2)),
    Sides((13, 3), (0.5, 0.5), (0.12, 0.12)),
    Sides((13, 3), (0.5, 0.5), (0.05, 0.25)),
)


def draw_items(levels: Floats, is_open: Flags, rng: np.random.Generator, alike: float = ALIKE) -> FamilyItems:
    """Draws the questions of some families whose true shares are known."""
    families, rows = len(levels), []
    for family in range(families):
        weeks = int(rng.integers(15, 41))
        mix = rng.dirichlet(np.full(len(KINDS), 3.0))
        items = rng.multinomial(rng.integers(2, 11, weeks), mix)
        # One place in the distribution for all items of a week: a good week is good for all kinds.
        place = np.repeat(rng.random(weeks), len(KINDS)).reshape(weeks, -1)
        means = np.broadcast_to(levels[family] + KINDS, items.shape)
        strength = 1 / alike - 1 if alike else 1e9
        yes = rng.binomial(items, stats.beta.ppf(place, means * strength, (1 - means) * strength))
        week, kind = np.nonzero(items)
        rows.append(
            np.stack([np.full(len(week), family), kind, 1000 * family + week, items[week, kind], yes[week, kind]])
        )
    family_of, stratum, cluster, counted, so = np.concatenate(rows, axis=1)
    counts = count_items(family_of, stratum, cluster, counted.astype(float), so.astype(float))
    names = tuple(f"f{number:02}" for number in range(families))
    return FamilyItems(names, is_open, counts, ("place",) * len(KINDS), NO_READINGS, 0.05)


def measure_sides(sides: Sides, worlds: int) -> Iterator[Line]:
    """Measures both intervals of the difference of the sides, and how often none is taken for one."""
    rng = np.random.default_rng(SEED)
    is_open = np.arange(sum(sides.counts)) < sides.counts[0]
    truth = _find_mean(sides.means[0], sides.spreads[0]) - _find_mean(sides.means[1], sides.spreads[1])
    held, false, exchanged, widths = np.zeros(2), np.zeros(2), 0, np.zeros(2)
    for _ in range(worlds):
        levels = np.clip(rng.normal(*(np.where(is_open, *pair) for pair in (sides.means, sides.spreads))), *LIMITS)
        compared = compare_items(draw_items(levels, is_open, rng))
        effects = compare_sides(compared.values, compared.variances, is_open, compared.freedoms, 1)
        assert effects.general is not None
        real = levels[is_open].mean() - levels[~is_open].mean()
        for number, (effect, true) in enumerate(((effects.these, real), (effects.general, truth))):
            held[number] += effect.low < true < effect.high
            widths[number] += effect.high - effect.low
            false[number] += effect.p_value < 0.05
        exchanged += compute_exchange_p(compared.values, is_open) < 0.05
    for number, name in enumerate(("these families", "families in general")):
        yield Line(f"difference of the sides, {name}", str(sides), worlds, held[number] / worlds, "% hold", "93 to 98")
        yield Line(f"mean width, {name}", str(sides), worlds, widths[number] / worlds, "points", "–")
    if abs(truth) < 0.01:
        yield Line("no difference in general taken for one", str(sides), worlds, false[1] / worlds, "%", "at most 5")
        yield Line("the same, families exchanged (check)", str(sides), worlds, exchanged / worlds, "%", "about 5")


@cache
def _find_mean(mean: float, spread: float) -> float:
    """Finds the mean of true shares that are kept within their limits."""
    return float(np.clip(stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000, mean, spread), *LIMITS).mean())


def _rank(levels: Floats, rng: np.random.Generator, alike: float) -> tuple[Ranking, Floats, Floats, Floats]:
    """Ranks families of a world; also their adjusted and their plain shares and the errors of the latter."""
    is_open = np.arange(len(levels)) < len(levels) / 2
    items = draw_items(levels, is_open, rng, alike)
    effects = fit_pairs(items)[0].effects
    counted = items.counts.sum_items(len(levels))
    plain = np.bincount(items.counts.family, items.counts.yes, len(levels)) / counted
    shares = effects.values - effects.values.mean() + plain.mean()
    ranking = rank_shares(shares, effects.variances, effects.freedoms, counted, True, rng)
    return ranking, shares, plain, np.sqrt(plain * (1 - plain) / counted)


def measure_ranks(spread: float, worlds: int, alike: float = ALIKE) -> Iterator[Line]:
    """Measures the figures, ranges and probabilities of 20 families, one half a side."""
    rng, sums = np.random.default_rng(SEED + 1), dict.fromkeys(NAMES, 0.0)
    for _ in range(worlds):
        levels = np.clip(rng.normal(0.55, spread, 20), *LIMITS)
        ranking, _, plain, errors = _rank(levels, rng, alike)
        own, first = int(plain.argmax()), int(ranking.ranks.argmin())
        places = 1 + (levels > levels[:, None]).sum(1)
        is_held = (ranking.rank_lows <= places) & (places <= ranking.rank_highs)
        found = (
            plain[own] - levels[own],
            abs(plain[own] - levels[own]) < Z * errors[own],
            ranking.values[first] - levels[first],
            ranking.lows[first] < levels[first] < ranking.highs[first],
            ((ranking.lows < levels) & (levels < ranking.highs)).mean(),
            is_held.all(),
            is_held.mean(),
            ranking.best_chances[first],
            places[first] == 1,
        )
        for name, number in zip(NAMES, found, strict=True):
            sums[name] += float(number) / worlds
    world = f"20 families, sd {spread:g}, alike by week {alike:g}"
    for name, unit, wanted in zip(NAMES, UNITS, WANTED, strict=True):
        yield Line(name, world, worlds, sums[name], unit, wanted)


NAMES = (
    "own figure of the family with the highest one, too high by",
    "its own interval",
    "pooled figure of the family with the highest one, too high by",
    "its pooled interval",
    "pooled intervals of all families",
    "ranges of ranks, all families at once",
    "range of one family's rank",
    "probability that the first is the best, on average",
    "the first is the best",
)
UNITS = ("points", "% hold", "points", "% hold", "% hold", "% hold", "% hold", "%", "%")
WANTED = ("–", "–", "less than 1", "93 to 98", "93 to 98", "at least 95", "at least 95", "as the next line", "–")


def measure_equals(worlds: int, alike: float = ALIKE) -> Iterator[Line]:
    """Measures how many boards show a difference where 20 families are equal."""
    rng, ranked, overlapping = np.random.default_rng(SEED + 2), 0, 0
    for _ in range(worlds):
        ranking, _, plain, errors = _rank(np.full(20, 0.55), rng, alike)
        ranked += bool((ranking.level_counts < 19).any())
        overlapping += bool((plain - Z * errors).max() > (plain + Z * errors).min())
    world = f"20 equal families, alike by week {alike:g}"
    yield Line("boards with a family that differs from another", world, worlds, ranked / worlds, "%", "at most 5")
    yield Line("the same by intervals that do not overlap", world, worlds, overlapping / worlds, "%", "–")


def measure_pairs(worlds: int) -> Iterator[Line]:
    """Measures the interval of the difference of two families among five."""
    rng, held = np.random.default_rng(SEED + 3), 0.0
    for _ in range(worlds):
        levels = rng.uniform(0.3, 0.8, 5)
        effects = fit_pairs(draw_items(levels, np.arange(5) < 3, rng))[0].effects
        reach = np.sqrt(effects.gap_variances[0, 1]) * stats.t.ppf(0.975, effects.freedoms[:2].sum())
        held += abs(effects.values[0] - effects.values[1] - (levels[0] - levels[1])) < reach
    yield Line(
        "difference of two families", "5 families, alike by week 0.05", worlds, held / worlds, "% hold", "93 to 98"
    )


def measure_told(worlds: int) -> Iterator[Line]:
    """Measures how often a test finds the difference that stands beside its claim as the one it could show."""
    world = "13 v 8, 40 to 600 threads, alike by week 0.05"
    name = "difference that these families could show, found by one test"
    yield Line(name, world, worlds, measure_detectable(worlds), "%", "75 to 85")


def measure(worlds: int) -> Iterator[Line]:
    """Measures everything; each line is known once its world has been drawn so often."""
    steps: list[Callable[[], Iterator[Line]]] = [
        partial(measure_pairs, 5 * worlds),
        *(partial(measure_sides, sides, 2 * worlds) for sides in SIDES),
        *(partial(measure_ranks, spread, worlds) for spread in (0.03, 0.05, 0.1)),
        *(partial(measure_equals, 2 * worlds, alike) for alike in (ALIKE, 0.0)),
        partial(measure_told, 2 * worlds),
    ]
    for step in steps:
        yield from step()
