"""How far our estimators are from independent ones on random data: `python -m tests.tools.oracles` prints the table.

Each case is a data set of its own, drawn from a seed. A hole on one side alone counts as an infinite difference.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

import numpy as np
from scipy.stats import norm, t
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from analytics.estimates.poisson_limits import find_lower_limit, find_upper_limit
from analytics.statistics.matching import (
    Pairs,
    adjust_by_holm,
    compare_pair,
    compare_sides,
    compare_with_level,
    match_families,
)
from analytics.statistics.resampling import compute_rank_ranges, draw_shares
from analytics.statistics.student import compute_student_quantile
from tests.analytics.engine.toy_shapes import figures
from tests.tools import reckonings as others
from tests.worlds.rows import NOW, Row, Rows, cut, found, measure, time_durations
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


def _durations(of: random.Random, size: int = 60) -> list[float]:
    """In whole hours with many ties, or fine ones up to twelve weeks."""
    is_tied = of.random() < 0.5
    return [float(of.randint(0, 12)) if is_tied else round(of.uniform(0, 2000), 3) for _ in range(of.randint(1, size))]


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
        curve = [row for row in found(connection, "survival_curves", **key) if row["n_events_here"]]
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
            ends.take(zip(cut(summary[statistic], *BANDS), others.quantile(theirs, level), strict=True))
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
        curves = found(connection, "competing_curves", **SURVIVING | {"family_id": family})
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
        Agreement("Ends of its interval, as places in the order", "scipy quantile_test (exact binomial)", "places", 1),
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
    """Exact limits of counts, and the fewest people who did half of the work."""
    limits = Agreement("Exact limits of a Poisson count (0 to 5000)", "scipy chi2.ppf", "events", 1e-6)
    for count in (0, 1, 2, *(of.randint(3, 5000) for _ in range(197))):
        limits.take(
            zip((find_lower_limit(count, 0.025), find_upper_limit(count, 0.025)), others.garwood(count), strict=True)
        )
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
    up = Agreement("Uptime, overlapping incidents once, three weights", "counted hour by hour")
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
    weights = {"weighted": {1: 0.3, 3: 1.0}, "any_severity": {1: 1.0, 3: 1.0}, "partial_or_worse": {1: 0.0, 3: 1.0}}
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
        channel = world.channel(world.family(family))
        threads[family] = [(of.random() < rates[0], of.random() < rates[1]) for _ in range(of.randint(20, 40))]
        for is_closed, is_helped in threads[family]:
            replies = [(5.0, "staff"), (9.0, "asker", SOLVED)] if is_helped else []
            world.thread(channel, replies, age_hours=OLD, **(closed(9) if is_closed else {}))
    for row in found(
        measure(world), "closure_gap_share", channel_kind="tracker", channel_role="all", segment="all", window="all"
    ):
        gap.take(zip(cut(row, *BANDS), others.paired_gap(threads[row["family_id"]]), strict=True))
    return [gap]


def matched(of: random.Random) -> list[Agreement]:
    """Two families within groups of like cases."""
    value, variance, p_value, near = rows = [
        Agreement("Matched risk difference, Mantel and Haenszel", "statsmodels effectsize_2proportions"),
        Agreement("Its variance (Sato, Greenland and Robins)", "metafor's sums in exact fractions"),
        Agreement("Its two-sided p", "scipy norm.sf"),
        Agreement(
            "The same, where groups are large", "statsmodels StratifiedTable, test of no difference", tolerance=0.03
        ),
    ]
    for number in range(200):
        low, high = (1, 40) if number % 2 else (100, 300)
        sizes = [(of.randint(low, high), of.randint(low, high)) for _ in range(of.randint(1, 8))]
        tables = [(_some(of, n), n, _some(of, m), m) for n, m in sizes]
        a, n, c, m = np.array(tables, dtype=float).T
        pairs = match_families(np.stack([a, c], 1), np.stack([n, m], 1), np.ones(2))
        difference, its = float(pairs.differences[0, 1]), float(pairs.variances[0, 1])
        value.take([(difference, others.risk_difference(tables))])
        variance.take([(its, others.risk_variance(tables))])
        if its > 0:
            p_value.take([(compare_pair(difference, its).p_value, 2 * norm.sf(abs(difference) / math.sqrt(its)))])
        if number % 2 == 0:
            near.take([(compare_pair(difference, its).p_value, others.common_odds_p(tables))])
    return rows


def _some(of: random.Random, n: int) -> int:
    """Of so many: about two fifths."""
    return sum(of.random() < 0.4 for _ in range(n))


def exchanges(of: random.Random) -> list[Agreement]:
    """Sides, levels, Student's quantile and the correction for many comparisons."""
    exchanged, signed, student, adjusted = rows = [
        Agreement("Open against proprietary: p by exchanging families", "scipy permutation_test (exact)"),
        Agreement("Against a level: p by drawing signs", "scipy permutation_test (exact)"),
        Agreement("Student's quantile, relative", "scipy t.ppf", "share", 1e-9),
        Agreement("Holm's correction", "statsmodels multipletests"),
    ]
    for number in range(24):
        values = np.array([round(of.random(), 3 if number % 2 else 1) for _ in range(of.randint(6, 9))])
        is_open = np.arange(len(values)) < 3
        differences = values[:, None] - values[None, :]
        np.fill_diagonal(differences, np.nan)
        effect = compare_sides(Pairs(differences, np.zeros_like(differences)), is_open)
        exchanged.take([(effect.p_value if effect else None, others.exchange_p(values[is_open], values[~is_open]))])
        signed.take([(compare_with_level(values, np.zeros(len(values)), 0.5).p_value, others.sign_p(values - 0.5))])
        p_values = [of.random() ** 3 for _ in range(of.randint(1, 40))]
        adjusted.take(zip(adjust_by_holm(np.array(p_values)), multipletests(p_values, method="holm")[1], strict=True))
        student.take([(compute_student_quantile(number + 1) / float(t.ppf(0.975, number + 1)), 1.0)])
    return rows


def ranks(of: random.Random) -> list[Agreement]:
    """Ranges of ranks, of the same draws and of threads drawn one by one."""
    same, plain, ends = rows = [
        Agreement("Ranges of ranks, of given draws", "scipy rankdata, numpy quantile", "places"),
        Agreement("Ranges of ranks, drawn by kinds", "threads drawn one by one", "places", 1),
        Agreement("Ends of the drawn shares (2.5 % and 97.5 %)", "threads drawn one by one", "share", 0.03),
    ]
    rng, draws = np.random.default_rng(of.randrange(2**32)), 4000
    for _ in range(20):
        threads = [
            [(size, size * (of.random() < rate)) for size in of.choices((1, 2, 3), k=60)]
            for rate in (0.2, 0.3, 0.5, 0.8)
        ]
        kinds = [np.array([(*kind, number) for kind, number in sorted(Counter(its).items())]) for its in threads]
        fast = np.stack([draw_shares([its], rng, draws) for its in kinds])
        slow = np.stack([others.drawn_one_by_one(its, rng, draws) for its in threads])
        values = np.array([sum(yes for _, yes in its) / sum(items for items, _ in its) for its in threads])
        ours, wide = compute_rank_ranges(values, fast, is_higher_better=True), others.rank_range(slow)
        same.take(_places(ours[:, 1:].tolist(), others.rank_range(fast)))
        plain.take(_places(ours[:, 1:].tolist(), wide))
        ends.take(
            _places(
                np.quantile(fast, [0.025, 0.975], axis=1).tolist(), np.quantile(slow, [0.025, 0.975], axis=1).tolist()
            )
        )
    return rows


def _places(ours: list[list[float]], theirs: Iterable[Iterable[float]]) -> Iterator[Pair]:
    for mine, its in zip(ours, theirs, strict=True):
        yield from zip(mine, its, strict=True)


COMPARISONS: tuple[Callable[[random.Random], list[Agreement]], ...] = (
    waits, competing_ends, shapes, counts, uptimes, gaps, matched, exchanges, ranks,
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
