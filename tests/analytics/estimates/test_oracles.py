"""Our estimators agree on random data with independent libraries, or with what is counted the long way.

Waits, ways of ending, Poisson limits and strata have tests of the same kind beside their own.
"""

import random
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from analytics.statistics.effects import Estimates
from analytics.statistics.ranking import find_differences
from tests.analytics.engine.toy_shapes import figures
from tests.tools import reckonings as others
from tests.worlds.rows import NOW, Row, Rows, cut, found, measure, set_apart
from tests.worlds.thread_cells import OLD, SOLVED, closed

pytestmark = pytest.mark.slow
BANDS = ("value", "low", "high")
FAMILIES = [f"f{number}" for number in range(40)]


@pytest.fixture
def chance() -> random.Random:
    """The same draws in each run."""
    return random.Random(20_261_124)


def _near(expected: Sequence[float | None], tolerance: float = 1e-9) -> object:
    return pytest.approx(list(expected), abs=tolerance)


def test_a_share_has_the_interval_of_wilson(chance: random.Random) -> None:
    """As statsmodels computes it."""
    shares: dict[str, list[Row]] = {}
    for family in FAMILIES:
        rate = chance.random()
        shares[family] = [{"is_yes": chance.random() < rate} for _ in range(chance.randint(20, 90))]
    for family, figure in figures("share", shares).items():
        n, yes = len(shares[family]), sum(item["is_yes"] for item in shares[family])
        assert cut(figure, *BANDS) == _near((yes / n, *proportion_confint(yes, n, method="wilson")))


def test_a_median_has_the_interval_of_its_order(chance: random.Random) -> None:
    """The middle is numpy's; the ends are as places in the order within a fifth of a place of scipy's."""
    ranks = {family: chance.sample(range(1, 21 + n), 20 + n) for n, family in enumerate(FAMILIES)}
    amounts: dict[str, list[Row]] = {family: [{"amount": float(rank)} for rank in its] for family, its in ranks.items()}
    for family, figure in figures("median", amounts).items():
        assert figure["value"] == float(np.median(ranks[family]))
        assert cut(figure, "low", "high") == _near(others.median_places(len(ranks[family])), 0.2)


def test_an_absence_factor_is_the_smallest_group_of_people(chance: random.Random) -> None:
    """Every group of people is tried."""
    works = {family: [chance.randint(1, 9) for _ in range(chance.randint(1, 9))] for family in FAMILIES}
    world = Rows()
    for family, its in works.items():
        channel = world.channel(world.family(family))
        for person, number in enumerate(its):
            for piece in range(number):
                world.add(
                    "changes", change_id=f"{family}-{person}-{piece}", channel_id=channel, channel_role="sdk",
                    family_id=family, actor_id=f"{family}-{person}", author_role="outsider",
                    merged_at=NOW - timedelta(days=3), seen_at=NOW,
                )  # fmt: skip
    con = measure(world)
    rows = found(con, "absence_factors", work="changes", channel_role="all", window="all", statistic="half")
    for row in rows:
        assert row["people_count"] == others.fewest(works[row["family_id"]], Fraction(1, 2))
    assert len(rows) >= len(FAMILIES)


def test_uptime_is_what_is_counted_hour_by_hour(chance: random.Random) -> None:
    """Of overlapping incidents, outages and lesser ones, in windows that cut some of them."""
    world = Rows()
    stated: dict[str, list[tuple[int, int, int]]] = {}
    for family in FAMILIES[:20]:
        page = world.page(world.family(family))
        stated[family] = []
        for _ in range(chance.randint(1, 30)):
            ago, severity = chance.randint(1, 400 * 24), chance.choice((1, 3))
            hours = min(chance.randint(1, 200), ago)
            stated[family].append((ago, hours, severity))
            world.incident(page, NOW - timedelta(hours=ago), hours, severity)
    key = {"channel_kind": "status", "channel_role": "all", "segment": "all", "statistic": "weighted"}
    rows = found(measure(world), "uptime_share", **key)
    for row in rows:
        days = {"30d": 30, "90d": 90, "365d": 365, "all": 400}[row["window"]]
        expected = others.uptime(stated[row["family_id"]], 24 * days, {1: 0.3, 3: 1.0})
        assert row["value"] == pytest.approx(expected, abs=1e-9)
    assert len(rows) >= 20


def test_a_closure_gap_is_the_paired_difference(chance: random.Random) -> None:
    """With the interval of Agresti and Min: mean and variance of the weighted pairs."""
    world, threads = Rows(), {}
    for family in FAMILIES[:20]:
        channel = world.channel(world.family(family))
        rates = chance.random(), chance.random()
        threads[family] = [
            (chance.random() < rates[0], chance.random() < rates[1]) for _ in range(chance.randint(20, 40))
        ]
        for is_closed, is_helped in threads[family]:
            replies = [(5.0, "staff"), (9.0, "asker", SOLVED)] if is_helped else []
            world.thread(channel, replies, age_hours=OLD, **(closed(9) if is_closed else {}))
    key = {"channel_kind": "tracker", "channel_role": "all", "segment": "all", "window": "all"}
    rows = found(set_apart(measure(world)), "closure_gap_share", **key)
    for row in rows:
        assert cut(row, *BANDS) == _near(others.paired_gap(threads[row["family_id"]]))
    assert len(rows) == 20


@pytest.mark.parametrize("families", [2, 5, 21])
def test_equal_families_differ_as_the_studentized_range_says(families: int) -> None:
    """How far apart families must be for their ranks to differ, all pairs taken together."""
    for more, is_found in ((0.99, False), (1.01, True)):
        values = np.append(more * others.widest_gap(families) * 0.02**0.5, np.zeros(families - 1))
        estimates = Estimates(values, 0.01 * np.eye(families)[None], np.full(families, np.inf))
        assert find_differences(estimates).any() == is_found
