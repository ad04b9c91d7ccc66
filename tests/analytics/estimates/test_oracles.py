"""Our estimators agree on random data with independent libraries, or with what is counted the long way.

Shares, medians, waits, ways of ending, Poisson limits and strata have tests of the same kind beside their own.
"""

import random
from datetime import timedelta
from fractions import Fraction

import numpy as np
import pytest

from analytics.statistics.effects import Estimates
from analytics.statistics.ranking import find_differences
from tests.tools import reckonings as others
from tests.worlds.rows import NOW, Rows, found, measure

pytestmark = pytest.mark.slow
FAMILIES = [f"f{number}" for number in range(40)]


@pytest.fixture
def chance() -> random.Random:
    """The same draws in each run."""
    return random.Random(20_261_124)


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


@pytest.mark.parametrize("families", [2, 5, 21])
def test_equal_families_differ_as_the_studentized_range_says(families: int) -> None:
    """How far apart families must be for their ranks to differ, all pairs taken together."""
    for more, is_found in ((0.99, False), (1.01, True)):
        values = np.append(more * others.widest_gap(families) * 0.02**0.5, np.zeros(families - 1))
        estimates = Estimates(values, 0.01 * np.eye(families)[None], np.full(families, np.inf))
        assert find_differences(estimates).any() == is_found
