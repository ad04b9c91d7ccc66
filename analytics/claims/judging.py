"""From figures to the outcome of a test: the rule stands here and in the claim's file, and was fixed before any
data."""

import math
from dataclasses import dataclass, replace

import duckdb
import numpy as np

from analytics.claims.comparing import Compared, compare, family_figures
from analytics.claims.reader import Claim, Test
from analytics.statistics.matching import Effect, Floats, above_level, holm, sides

LEVEL = 0.05
"""Of the adjusted p."""
NOBODY = "none"
"""Stands for the family that is left out where none is."""
CLOSED = {"not applicable", "closed by policy", "not observable"}
STATES = """
select side, list(distinct state order by state) from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and channel_role = 'all' and (len(?) = 0 or list_contains(?, channel_kind))
group by side
"""


@dataclass(frozen=True, slots=True)
class Material:
    """What a test rests on: two sides, or the families of one side against a level; and why there may be too little."""

    claim: Claim
    number: int
    test: Test
    sides: Compared | None
    families: dict[str, tuple[float, float, float]]
    lack: str
    least: int

    def names(self) -> tuple[str, ...]:
        """The families that it rests on."""
        return self.sides.families if self.sides else tuple(self.families)


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test, with one family left out or none."""

    material: Material
    left_out: str
    effect: Effect | None
    unmatched: Effect | None
    n: int
    open_count: int
    proprietary_count: int
    p_adjusted: float | None = None

    @property
    def verdict(self) -> str:
        """supported, refuted or no difference shown; else why it cannot be judged."""
        if self.effect is None or self.p_adjusted is None:
            return self.material.lack
        test = self.material.test
        least = math.log(test.least_effect) if test.scale == "ratio" else test.least_effect
        claimed = self.effect.value if test.says in ("open higher", "above") else -self.effect.value
        if self.p_adjusted >= LEVEL or abs(claimed) < least:
            return "no difference shown"
        return "supported" if claimed > 0 else "refuted"


def gather(connection: duckdb.DuckDBPyConnection, claims: tuple[Claim, ...]) -> list[Material]:
    """All tests of the board with what they rest on."""
    ((least,),) = connection.execute("select min_families_count from metrics.rules").fetchall()
    return [
        _material(connection, claim, number, test, least)
        for claim in claims
        for number, test in enumerate(claim.tests, 1)
    ]


def under(connection: duckdb.DuckDBPyConnection, materials: list[Material], rule: str) -> list[Material]:
    """The same board with bots told from people by another rule, where a test says what that changes."""
    return [
        _material(connection, one.claim, one.number, one.test.under(rule), one.least) if one.test.bots else one
        for one in materials
    ]


def judge(materials: list[Material], left_out: str = NOBODY) -> list[TestResult]:
    """The outcomes of all tests; their p are adjusted over the whole board."""
    outcomes = [_outcome(one, left_out) for one in materials]
    judged = [one.effect.p_value for one in outcomes if one.effect]
    adjusted = iter(holm(np.array(judged)))
    return [replace(one, p_adjusted=float(next(adjusted))) if one.effect else one for one in outcomes]


def _material(connection: duckdb.DuckDBPyConnection, claim: Claim, number: int, test: Test, least: int) -> Material:
    lacking: set[str]
    if test.says in ("above", "below"):
        families = family_figures(connection, test, test.window, test.kinds, test.side)
        compared, lacking = None, {test.side}
    else:
        compared, families = compare(connection, test, test.window, test.kinds, test.scale), {}
        facing = compared.facing() or compared
        counts = {"open": int(facing.is_open.sum()), "proprietary": int((~facing.is_open).sum())}
        lacking = {side for side, count in counts.items() if count < least} or set(counts)
    kinds = list(test.kinds)
    query = connection.execute(
        STATES.format(metric=test.metric), [test.segment, test.statistic, test.window, kinds, kinds]
    )
    states = {side: set(found) for side, found in query.fetchall()}
    is_closed = any(states.get(side) and states[side] <= CLOSED for side in lacking)
    return Material(
        claim, number, test, compared, families, "not observable" if is_closed else "not enough data", least
    )


def _outcome(one: Material, left_out: str) -> TestResult:
    if one.sides is None:
        return _against_level(one, left_out)
    facing = one.sides.without(left_out).facing(one.least)
    if facing is None:
        found = one.sides.without(left_out).facing() or one.sides.without(left_out)
        return TestResult(
            one, left_out, None, None, int(found.items.sum()), int(found.is_open.sum()), int((~found.is_open).sum())
        )
    limit = (
        math.inf
        if one.test.scale == "ratio" or facing.matched.differences[~np.isnan(facing.matched.differences)].max() > 1
        else 1
    )
    counts = int(facing.items.sum()), int(facing.is_open.sum()), int((~facing.is_open).sum())
    effect = sides(facing.matched, facing.is_open, limit)
    return TestResult(
        one, left_out, effect, sides(facing.unmatched, facing.is_open, limit) if left_out == NOBODY else None, *counts
    )


def _against_level(one: Material, left_out: str) -> TestResult:
    rows: Floats = np.array([row for family, row in one.families.items() if family != left_out]).reshape(-1, 3)
    count = len(rows)
    counts = (count, 0) if one.test.side == "open" else (0, count)
    effect = above_level(rows[:, 0], rows[:, 1], one.test.level) if count >= one.least else None
    return TestResult(one, left_out, effect, effect, int(rows[:, 2].sum()), *counts)
