"""How far our estimators are from independent ones on random data: `python -m tests.tools.oracles` prints the table.

Each case is a data set of its own, drawn from a seed. A hole on one side alone counts as an infinite difference.
"""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from itertools import product

import numpy as np
from scipy.stats import t, ttest_ind
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from analytics.estimates.rate_limits import find_limits
from analytics.statistics.family_effects import fit_families
from analytics.statistics.item_counts import AnswererProducts, Floats, ItemCounts, Whole
from analytics.statistics.matching import adjust_by_holm, compute_exchange_p
from analytics.statistics.meta_analysis import (
    average_families,
    compare_sides,
    estimate_tau_squared,
    solve_paule_mandel,
)
from analytics.statistics.ranking import draw_reach
from analytics.statistics.student import compute_student_quantile
from tests.analytics.engine.toy_shapes import figures
from tests.tools import reckonings as others
from tests.worlds.rows import NOW, Row, Rows, cut, found, found_curves, measure, time_durations
from tests.worlds.thread_cells import OLD, SOLVED, closed

Pair = tuple[float | None, float | None]
"""Ours and theirs."""
SEED = 20_261_124
SURVIVING: dict[str, str] = {"family_id": "", "channel_role": "all", "window": "all"}
CAUSES = ("resolved", "duplicate", "bot_closed")
BANDS = ("value", "low", "high")


@dataclass(slots=True)
class Agreement:
    """One estimator against one oracle; `tolerance` is what the difference must not exceed, in `unit`."""

    estimator: str
    oracle: str
    unit: str = "share"
    tolerance: float = 1e-9
    cases: int = 0
    difference: float = 0.0

    def take(self, pairs: Iterable[Pair]) -> None:
        """One more case, with all its numbers."""
        self.cases += 1
        self.difference = max([self.difference, *(_apart(ours, theirs) for ours, theirs in pairs)])


def _apart(ours: float | None, theirs: float | None) -> float:
    if ours is None or theirs is None:
        return 0.0 if ours is theirs else math.inf
    return abs(float(ours) - float(theirs))


def _durations(of: random.Random) -> list[float]:
    """In whole hours with many ties, or fine ones up to twelve weeks."""
    is_tied = of.random() < 0.5
    return [float(of.randint(0, 12)) if is_tied else round(of.uniform(0, 2000), 3) for _ in range(of.randint(1, 60))]


def waits(of: random.Random) -> list[Agreement]:
    """Curves, errors, bands, quantiles, restricted means and the medians of those answered alone."""
    share, error, band, ends, mean, naive = rows = [
        Agreement("Kaplan-Meier share still waiting", "statsmodels SurvfuncRight"),
        Agreement("Greenwood's error of it", "statsmodels SurvfuncRight"),
        Agreement("Log-log bands of it", "from statsmodels' error, by the formula"),
        Agreement("Median and 80th percentile of waits, with intervals", "statsmodels quantile_ci", "hours"),
        Agreement("Restricted mean over 7 days, with its interval (of 10 or more)", "numpy and scipy", "hours", 1e-2),
        Agreement("Median of the answered alone", "numpy.median", "hours"),
    ]
    samples = {
        f"f{number}": [(hours, of.random() < rate) for hours in _durations(of)]
        for number, rate in enumerate((0.1, 0.5, 0.9) * 30)
    }
    connection = time_durations(samples)
    for family, sample in samples.items():
        theirs, key = others.kaplan_meier(sample), SURVIVING | {"family_id": family}
        curve = [row for row in found_curves(connection, "survival_curves", **key) if row["n_events_here"]]
        curve.sort(key=lambda row: row["at_hours"])
        points = list(zip(curve, theirs.surv_prob, theirs.surv_prob_se, strict=True))
        share.take((row["survival_share"], its) for row, its, _ in points)
        error.take((row["survival_error"], others.or_none(its)) for row, _, its in points)
        band.take(
            pair
            for row, its, spread in points
            for pair in zip(cut(row, "survival_low", "survival_high"), others.log_log_band(its, spread), strict=True)
        )
        summary = {row["statistic"]: row for row in found(connection, "survival_summary", **key)}
        for statistic, level in (("median", 0.5), ("p80", 0.8)):
            ends.take(zip(cut(summary[statistic], *BANDS), others.quantile(sample, level), strict=True))
        if len(sample) > 9:
            mean.take(zip(cut(summary["rmst_7d"], *BANDS), others.restricted_mean(sample, 168), strict=True))
        naive.take([(summary["answered_only_median"]["value"], others.median_of_ended(sample))])
    return rows


def competing_ends(of: random.Random) -> list[Agreement]:
    """Incidence by way of ending, and its error."""
    share, error = rows = [
        Agreement("Aalen-Johansen incidence by way of ending", "statsmodels CumIncidenceRight"),
        Agreement("Its error (where any still wait)", "statsmodels CumIncidenceRight"),
    ]
    samples = {f"f{number}": [(hours, of.choice((*CAUSES, None))) for hours in _durations(of)] for number in range(60)}
    connection = time_durations(samples, "resolution", "all")
    for family, sample in samples.items():
        theirs = others.incidences(sample, CAUSES)
        curves = found_curves(connection, "competing_curves", **SURVIVING | {"family_id": family})
        ours = {
            (row["cause"], row["at_hours"]): row for row in curves if row["n_events_here"] and row["cause"] in CAUSES
        }
        share.take((row["incidence_share"], theirs[key][0]) for key, row in ours.items())
        error.take((row["incidence_error"], theirs[key][1]) for key, row in ours.items() if theirs[key][1] is not None)
    return rows


def shapes(of: random.Random) -> list[Agreement]:
    """What the shapes put around items: Wilson's interval, and the middle with the interval of its order."""
    wilson, middle, places = rows = [
        Agreement("Share with Wilson's interval", "statsmodels proportion_confint"),
        Agreement("Median of amounts", "numpy.median", "items"),
        Agreement("Ends of its interval, as places in the order", "scipy mstats.median_cihs", "places", 0.2),
    ]
    rates = {f"f{number}": of.random() for number in range(60)}
    shares: dict[str, list[Row]] = {
        family: [{"is_yes": of.random() < rate} for _ in range(of.randint(20, 90))] for family, rate in rates.items()
    }
    for family, figure in figures("share", shares).items():
        n, yes = len(shares[family]), sum(item["is_yes"] for item in shares[family])
        wilson.take(zip(cut(figure, *BANDS), (yes / n, *proportion_confint(yes, n, method="wilson")), strict=True))
    ranks = {f"f{number}": of.sample(range(1, 21 + number), 20 + number) for number in range(60)}
    amounts: dict[str, list[Row]] = {family: [{"amount": float(rank)} for rank in its] for family, its in ranks.items()}
    for family, figure in figures("median", amounts).items():
        middle.take([(figure["value"], float(np.median(ranks[family])))])
        places.take(zip(cut(figure, "low", "high"), others.median_places(len(ranks[family])), strict=True))
    return rows


def counts(of: random.Random) -> list[Agreement]:
    """Limits of counts, and the fewest people who did half of the work."""
    limits = Agreement("Limits of a Poisson count (0 to 5000)", "scipy gamma.sf and brentq", "events", 1e-6)
    for count in (0, 1, 2, *(of.randint(3, 5000) for _ in range(197))):
        for part in (0.5, 1.0):
            limits.take(zip(find_limits(count, 0.025, part), others.poisson_limits(count, part), strict=True))
    fewest = Agreement("Absence factor, of half and of four fifths", "every group of people tried", "people")
    works = {f"f{number}": [of.randint(1, 9) for _ in range(of.randint(1, 9))] for number in range(40)}
    world = Rows()
    for family, its in works.items():
        channel = world.channel(world.family(family))
        for person, number in enumerate(its):
            for piece in range(number):
                _commit(world, channel, family, f"{family}-{person}", piece)
    for row in found(measure(world), "absence_factors", work="commits", channel_role="all", window="all"):
        share = {"half": Fraction(1, 2), "four_fifths": Fraction(4, 5)}[row["statistic"]]
        fewest.take([(row["people_count"], others.fewest(works[row["family_id"]], share))])
    return [limits, fewest]


def _commit(world: Rows, channel: str, family: str, person: str, piece: int) -> None:
    world.add(
        "commits", commit_id=f"{person}-{piece}", channel_id=channel, channel_role="sdk", family_id=family,
        actor_id=person,
        author_role="outsider", committed_at=NOW - timedelta(days=3), is_merge=False, seen_at=NOW,
    )  # fmt: skip


def uptimes(of: random.Random) -> list[Agreement]:
    """Of overlapping incidents, outages and lesser ones, in windows that cut some of them."""
    up = Agreement("Uptime, overlapping incidents once, four weights", "counted hour by hour")
    world, told = Rows(), {}
    for number in range(20):
        family = f"f{number}"
        page = world.page(world.family(family))
        told[family] = [
            (of.randint(1, 400 * 24), of.randint(1, 200), of.choice((1, 3))) for _ in range(of.randint(1, 30))
        ]
        told[family] = [(ago, min(hours, ago), severity) for ago, hours, severity in told[family]]
        for ago, hours, severity in told[family]:
            world.incident(page, NOW - timedelta(hours=ago), hours, severity)
    weights = {
        "weighted": {1: 0.3, 3: 1.0}, "any_severity": {1: 1.0, 3: 1.0}, "partial_or_worse": {1: 0.0, 3: 1.0},
        "statuspage_formula": {1: 0.0, 3: 1.0},
    }  # fmt: skip
    for row in found(measure(world), "uptime_share", channel_kind="status", channel_role="all", segment="all"):
        if row["statistic"] in weights:
            days = {"30d": 30, "90d": 90, "365d": 365, "all": 400}[row["window"]]
            up.take([(row["value"], others.uptime(told[row["family_id"]], 24 * days, weights[row["statistic"]]))])
    return [up]


def gaps(of: random.Random) -> list[Agreement]:
    """Closed less helped, of the same threads."""
    gap = Agreement("Closure gap: paired difference, Agresti and Min", "mean and variance of the weighted pairs")
    world, threads = Rows(), {}
    for number in range(20):
        family, rates = f"f{number}", (of.random(), of.random())
        world.family(family)
        threads[family] = [(of.random() < rates[0], of.random() < rates[1]) for _ in range(of.randint(20, 40))]
        for is_closed, is_helped in threads[family]:
            replies = [(5.0, "staff"), (9.0, "asker", SOLVED)] if is_helped else []
            # Each in a channel of its own, since threads of one channel and week are alike.
            world.thread(world.channel(family), replies, age_hours=OLD, **(closed(9) if is_closed else {}))
    for row in found(
        measure(world), "closure_gap_share", channel_kind="tracker", channel_role="all", segment="all", window="all"
    ):
        gap.take(zip(cut(row, *BANDS), others.paired_gap(threads[row["family_id"]]), strict=True))
    return [gap]


def matched(of: random.Random) -> list[Agreement]:
    """Families within strata of like cases."""
    value, several, spread = rows = [
        Agreement("Two families in strata", "Mantel and Haenszel, statsmodels effectsize_2proportions"),
        Agreement("Five families in strata", "statsmodels OLS"),
        Agreement("Their variances, on average of ten pairs", "statsmodels OLS, HC1 or clustered", "times", 0.1),
    ]
    for _ in range(200):
        sizes = [(of.randint(1, 300), of.randint(1, 300)) for _ in range(of.randint(1, 8))]
        tables = [(_some(of, n), n, _some(of, m), m) for n, m in sizes]
        a, n, c, m = np.array(tables, dtype=float).T
        strata = np.tile(np.arange(len(a)), 2)
        counts = count_items(
            np.repeat([0, 1], len(a)), strata, np.arange(2 * len(a)), np.concatenate([n, m]), np.concatenate([a, c])
        )
        gap = fit_families(counts, 2).values
        value.take([(float(gap[0] - gap[1]), others.risk_difference(tables))])
    pairs = np.triu_indices(5, 1)
    for number in range(20):
        counts = draw_items(number, alike=0.6 * (number % 2))
        columns = (counts.family, counts.stratum, counts.cluster)
        effects = fit_families(counts, 5)
        values, loose = others.least_squares_gaps(columns, counts.yes, 5, 8, "HC1")
        _, tight = others.least_squares_gaps(columns, counts.yes, 5, 8, "cluster")
        spread.take([(float((effects.gap_variances[pairs] / np.maximum(loose, tight)[pairs]).mean()), 1.0)])
        several.take(zip((effects.values - effects.values[0]).tolist(), values.tolist(), strict=True))
    return rows


def draw_items(seed: int, families: int = 5, alike: float = 0.0) -> ItemCounts:
    """600 items of families in eight strata and 30 weeks each; those of a week are alike by a share `alike`."""
    rng = np.random.default_rng(seed)
    family, stratum, week = rng.integers(0, families, 600), rng.integers(0, 8, 600), rng.integers(0, 30, 600)
    cluster = family * 30 + week
    chance = 0.2 + 0.06 * family + 0.04 * stratum
    shared = rng.random(30 * families)[cluster] < chance
    is_yes = np.where(rng.random(600) < alike, shared, rng.random(600) < chance)
    return count_items(family, stratum, cluster, np.ones(600), is_yes.astype(float))


def count_items(
    family: Whole,
    stratum: Whole,
    cluster: Whole,
    items: Floats,
    yes: Floats,
    unseen: Floats | None = None,
    reading: Whole | None = None,
    answerer: Whole | None = None,
) -> ItemCounts:
    """Items that were all seen, are read without an error and are alike by their cluster only, where nothing else is
    given."""
    unseen = np.zeros(len(family)) if unseen is None else unseen
    reading = np.full(len(family), -1) if reading is None else reading
    counts = ItemCounts(family, stratum, cluster, items, yes, unseen, reading)
    return counts if answerer is None else name_answerers(counts, answerer)


def name_answerers(counts: ItemCounts, answerer: Whole) -> ItemCounts:
    """The same items, of which those of one person are alike."""
    sums: dict[tuple[int, int], dict[int, tuple[float, float]]] = {}
    columns = (counts.family, answerer, counts.stratum, counts.items, counts.yes)
    for family, person, stratum, items, yes in zip(*(column.tolist() for column in columns), strict=True):
        groups = sums.setdefault((family, person), {})
        before = groups.get(stratum, (0, 0))
        groups[stratum] = (before[0] + items, before[1] + yes)
    pairs = [
        (family, first, second, n * m, yes * m, yes * so)
        for (family, _), groups in sums.items()
        for (first, (n, yes)), (second, (m, so)) in product(groups.items(), repeat=2)
    ]
    table = np.array(pairs, dtype=float).T
    family, first, second = table[:3].astype(np.int64)
    has_person = np.ones(len(pairs), dtype=bool)
    return replace(counts, answers=AnswererProducts(family, first, second, table[3], table[4], table[5], has_person))


def _some(of: random.Random, n: int) -> int:
    """Of so many: about two fifths."""
    return sum(of.random() < 0.4 for _ in range(n))


def pooled(of: random.Random) -> list[Agreement]:
    """Models over families."""
    tau_squared, restricted, mean, error, general = rows = [
        Agreement("Variance between families, Paule and Mandel", "statsmodels combine_effects", tolerance=1e-6),
        Agreement("Variance between families, REML", "scipy minimize_scalar", tolerance=1e-6),
        Agreement("Mean of families", "statsmodels combine_effects"),
        Agreement("Its error by Knapp and Hartung", "statsmodels combine_effects"),
        Agreement("Sides, families in general: p", "scipy ttest_ind (Welch), fewer degrees of freedom", tolerance=1e-3),
    ]
    rng = np.random.default_rng(of.randrange(2**32))
    for number in range(40):
        variances = rng.uniform(0.0005, 0.01, 12)
        values = rng.normal(0.5, 0.15 * (number % 4) / 3, 12) + rng.normal(0, np.sqrt(variances))
        theirs = others.random_effects(values, variances)
        tau_squared.take([(solve_paule_mandel(values, variances), theirs[0])])
        restricted.take([(estimate_tau_squared(values, variances), others.restricted_tau_squared(values, variances))])
        ours = average_families(values, variances, theirs[0])
        mean.take([(ours[0], theirs[1])])
        error.take([(ours[1], theirs[2])])
        sides = compare_sides(values, np.full(12, 1e-9), np.arange(12) < 7)
        welch = ttest_ind(values[:7], values[7:], equal_var=False)
        fewer = 2 * t.sf(abs(welch.statistic), (welch.df + 4) / 2)
        general.take([(sides.general.p_value if sides.general else None, float(fewer))])
    return rows


def exchanges(of: random.Random) -> list[Agreement]:
    """Exchanged families, Student's quantile and the correction for many comparisons."""
    exchanged, student, adjusted = rows = [
        Agreement("Open against proprietary: p by exchanging families", "scipy permutation_test (exact)"),
        Agreement("Student's quantile", "scipy t.ppf"),
        Agreement("Holm's correction", "statsmodels multipletests"),
    ]
    for number in range(24):
        values = np.array([of.random() for _ in range(of.randint(6, 9))])
        is_open = np.arange(len(values)) < 3
        exchanged.take([(compute_exchange_p(values, is_open), others.exchange_p(values[is_open], values[~is_open]))])
        p_values = [of.random() ** 3 for _ in range(of.randint(1, 40))]
        adjusted.take(zip(adjust_by_holm(np.array(p_values)), multipletests(p_values, method="holm")[1], strict=True))
        student.take([(compute_student_quantile(number / 2 + 1), float(t.ppf(0.975, number / 2 + 1)))])
    return rows


def ranks(of: random.Random) -> list[Agreement]:
    """How far apart families must be for their ranks to differ, all pairs taken together."""
    reach = Agreement("Widest difference of equal families", "scipy studentized_range", "errors", 0.08)
    for families in range(2, 22):
        found = draw_reach(np.full(families, 0.01), np.random.default_rng(of.randrange(2**32)))
        reach.take([(found, others.widest_gap(families))])
    return [reach]


COMPARISONS: tuple[Callable[[random.Random], list[Agreement]], ...] = (
    waits, competing_ends, shapes, counts, uptimes, gaps, matched, pooled, exchanges, ranks,
)  # fmt: skip


def as_text(rows: Iterable[Agreement]) -> str:
    """The table in Markdown."""
    head = ["| Estimator of ours | Held against | Cases | Largest difference | Allowed |", "|---|---|---:|---:|---:|"]
    lines = (
        (one.estimator, one.oracle, one.cases, f"{one.difference:.1e} {one.unit}", f"{one.tolerance:.0e}")
        for one in rows
    )
    return "\n".join([*head, *("| " + " | ".join(map(str, line)) + " |" for line in lines)])


if __name__ == "__main__":
    print(as_text(row for compare in COMPARISONS for row in compare(random.Random(SEED))))
