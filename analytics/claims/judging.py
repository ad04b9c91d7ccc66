"""Results of tests: the rule is here and in the claim's file, and was fixed before any data."""

import math
from dataclasses import dataclass, replace

import duckdb
import numpy as np

from analytics.claims.comparing import Compared, compare_families, read_family_figures
from analytics.claims.reader import Claim, Test
from analytics.statistics.matching import Floats, adjust_by_holm
from analytics.statistics.meta_analysis import Effect, compare_sides, compare_with_level

LEVEL = 0.05
"""Significance level of the adjusted p."""
NOBODY = "none"
"""Value of `left_out` when no family is left out."""
CLOSED = {"not applicable", "closed by policy", "not observable"}
STATES = """
select side, list(distinct state order by state) from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and channel_role = 'all'
    and (len(?) = 0 or list_contains(?, channel_kind))
group by side
"""


@dataclass(frozen=True, slots=True)
class Material:
    """Evidence of a test: two sides, or the families of one side against a level; and why there may be too little."""

    claim: Claim
    number: int
    test: Test
    sides: Compared | None
    families: dict[str, tuple[float, float, float]]
    lack: str
    least: int

    def list_families(self) -> tuple[str, ...]:
        """Lists the families that it rests on."""
        return self.sides.families if self.sides else tuple(self.families)


@dataclass(frozen=True, slots=True)
class TestResult:
    """Result of one test, with one family left out or none."""

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
        """Returns supported, refuted or no difference shown; otherwise why the test cannot be judged."""
        if self.effect is None or self.p_adjusted is None:
            return self.material.lack
        test = self.material.test
        least = math.log(test.least_effect) if test.scale == "ratio" else test.least_effect
        claimed = self.effect.value if test.says in ("open higher", "above") else -self.effect.value
        if self.p_adjusted >= LEVEL or abs(claimed) < least:
            return "no difference shown"
        return "supported" if claimed > 0 else "refuted"


def gather_materials(connection: duckdb.DuckDBPyConnection, claims: tuple[Claim, ...]) -> list[Material]:
    """Gathers the evidence of each test of the board."""
    ((least,),) = connection.execute("select min_families_count from metrics.rules").fetchall()
    return [
        _gather_material(connection, claim, number, test, least)
        for claim in claims
        for number, test in enumerate(claim.tests, 1)
    ]


def apply_bot_rule(connection: duckdb.DuckDBPyConnection, materials: list[Material], rule: str) -> list[Material]:
    """Gathers the board again with another rule for bots, for the tests that depend on it."""
    return [
        _gather_material(connection, material.claim, material.number, material.test.with_bot_rule(rule), material.least)
        if material.test.bots
        else material
        for material in materials
    ]


def judge_tests(materials: list[Material], left_out: str = NOBODY) -> list[TestResult]:
    """Judges all tests; their p values are adjusted over the whole board."""
    results = [_judge_test(result, left_out) for result in materials]
    # Holm's correction covers the whole board, so no test can be judged alone.
    p_values = [result.effect.p_value for result in results if result.effect]
    adjusted = iter(adjust_by_holm(np.array(p_values)))
    return [replace(result, p_adjusted=float(next(adjusted))) if result.effect else result for result in results]


def _gather_material(
    connection: duckdb.DuckDBPyConnection, claim: Claim, number: int, test: Test, least: int
) -> Material:
    lacking: set[str]
    if test.says in ("above", "below"):
        families = read_family_figures(connection, test, test.window, test.kinds, test.side)
        compared, lacking = None, {test.side}
    else:
        compared, families = compare_families(connection, test, test.window, test.kinds, test.scale), {}
        facing = compared.keep_comparable() or compared
        counts = {"open": int(facing.is_open.sum()), "proprietary": int((~facing.is_open).sum())}
        lacking = {side for side, count in counts.items() if count < least} or set(counts)
    kinds = list(test.kinds)
    query = connection.execute(
        STATES.format(metric=test.metric), [test.segment, test.statistic, test.window, kinds, kinds]
    )
    states = {side: set(side_states) for side, side_states in query.fetchall()}
    is_closed = any(states.get(side) and states[side] <= CLOSED for side in lacking)
    return Material(
        claim, number, test, compared, families, "not observable" if is_closed else "not enough data", least
    )


def _judge_test(material: Material, left_out: str) -> TestResult:
    if material.sides is None:
        return _judge_against_level(material, left_out)
    comparable = material.sides.drop_family(left_out).keep_comparable(material.least)
    if comparable is None:
        remaining = material.sides.drop_family(left_out).keep_comparable() or material.sides.drop_family(left_out)
        return TestResult(
            material,
            left_out,
            None,
            None,
            int(remaining.items.sum()),
            int(remaining.is_open.sum()),
            int((~remaining.is_open).sum()),
        )
    # Differences of shares cannot exceed 1; ratios and other figures have no such limit.
    limit = 1 if comparable.is_share else math.inf
    counts = int(comparable.items.sum()), int(comparable.is_open.sum()), int((~comparable.is_open).sum())
    is_open, freedoms = comparable.is_open, comparable.freedoms
    effect = compare_sides(comparable.values, comparable.variances, is_open, freedoms, limit).these
    plain = compare_sides(comparable.plain_values, comparable.plain_variances, is_open, freedoms, limit).these
    return TestResult(material, left_out, effect, plain if left_out == NOBODY else None, *counts)


def _judge_against_level(material: Material, left_out: str) -> TestResult:
    rows: Floats = np.array([row for family, row in material.families.items() if family != left_out]).reshape(-1, 3)
    count = len(rows)
    counts = (count, 0) if material.test.side == "open" else (0, count)
    effect = (
        compare_with_level(rows[:, 0], rows[:, 1], material.test.level).general if count >= material.least else None
    )
    return TestResult(material, left_out, effect, effect, int(rows[:, 2].sum()), *counts)
