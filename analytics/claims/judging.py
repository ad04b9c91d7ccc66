"""Judges tests: the rule is here, in `rule.toml` and in the claim's file, and was fixed before any data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
from scipy import special

from analytics.claims.comparing import compare_test
from analytics.claims.deciding import (
    TOO_FEW,
    UNOBSERVABLE,
    UNREADABLE,
    Decision,
    JudgedTest,
    count_needed,
    decide_claims,
)
from analytics.claims.like_items import Compared
from analytics.claims.reader import RULE, Claim, RuleName, Test
from analytics.claims.regions import compute_detectable_effect, place_effect
from analytics.statistics.effects import Effect

FAILED_READERS = """
select reason from metrics.reader_gates where list_contains(?, feature) and not is_passed order by feature, side
"""
NOBODY = "none"
"""Value of `left_out` when no family is excluded."""
CLOSED_SIDES = """
select side from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and channel_role = 'all'
group by side
having bool_and(state in ('not applicable', 'closed by policy', 'not observable'))
"""
"""Sides of which nobody can see a figure from outside."""


@dataclass(frozen=True, slots=True)
class Material:
    """Evidence of a test: the families that have like cases on the other side, or all if a side has none."""

    claim: Claim
    number: int
    test: Test
    compared: Compared
    least: int
    """Families that a side needs."""
    lack: str
    """The verdict if it cannot be judged."""
    failed_readers: tuple[str, ...] = ()
    """Why readers of texts fail their gate, over all labels or on those of a side: then no amount of data helps."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """Result of one test, with one family excluded or none, and the families that it rests on."""

    material: Material
    left_out: str
    shown: Compared
    effect: Effect | None

    @property
    def outcome(self) -> JudgedTest:
        """Returns where the effect lies for these families, or what the test lacks to be judged."""
        test = self.material.test
        if self.effect is None:
            return JudgedTest(self.material.lack)
        return place_effect(self.effect, test.least_on_scale, test.direction)


def gather_materials(connection: duckdb.DuckDBPyConnection, claims: tuple[Claim, ...]) -> list[Material]:
    """Gathers the evidence of each test of the board."""
    ((least,),) = connection.execute("select min_families_count from metrics.rules").fetchall()
    return [
        _gather_material(connection, claim, number, test, least)
        for claim in claims
        for number, test in enumerate(claim.tests, 1)
    ]


def _gather_material(
    connection: duckdb.DuckDBPyConnection, claim: Claim, number: int, test: Test, least: int
) -> Material:
    compared = compare_test(connection, test)
    readers = find_failed_readers(connection, test)
    lack = UNOBSERVABLE if _is_closed(connection, test) else UNREADABLE if readers else TOO_FEW
    return Material(claim, number, test, compared.keep_comparable() or compared, least, lack, readers)


def find_failed_readers(connection: duckdb.DuckDBPyConnection, test: Test) -> tuple[str, ...]:
    """Finds why readers of texts that a test rests on fail their gate."""
    return tuple(reason for (reason,) in connection.execute(FAILED_READERS, [test.list_readers()]).fetchall())


def _is_closed(connection: duckdb.DuckDBPyConnection, test: Test) -> bool:
    """Returns whether nobody can see the figures of one of the sides from outside."""
    query = connection.execute(CLOSED_SIDES.format(metric=test.metric), [test.segment, test.statistic, test.window])
    return any(side in test.sides for (side,) in query.fetchall())


def judge_tests(materials: Sequence[Material], left_out: str = NOBODY) -> list[TestResult]:
    """Judges all tests, perhaps without one family."""
    return [_judge_test(material, left_out) for material in materials]


def _judge_test(material: Material, left_out: str) -> TestResult:
    if material.failed_readers:
        return TestResult(material, left_out, material.compared, None)
    remaining = material.compared.drop_family(left_out)
    shown = remaining.keep_comparable() or remaining
    is_judged = shown.is_comparable(material.least) and not shown.is_hidden
    return TestResult(material, left_out, shown, shown.compare() if is_judged else None)


def decide_board(claims: Sequence[Claim], results: Sequence[TestResult]) -> dict[str, Decision]:
    """Decides the claims of one board from the results of their tests."""
    board: dict[str, tuple[RuleName, list[JudgedTest]]] = {claim.id: (claim.rule, []) for claim in claims}
    for result in results:
        board[result.material.claim.id][1].append(result.outcome)
    return decide_claims(board)


def find_detectable(result: TestResult, board: Mapping[str, Decision]) -> float | None:
    """Finds the true effect with which the claim would hold with the power of the rule, if all its tests had one as
    clear; None without a result."""
    if result.effect is None:
        return None
    test, claim = result.material.test, result.material.claim
    # A full count has a p of 0, and makes nothing harder for the others.
    decision, claims = board[claim.id], sum(bool(one.p_adjusted) for one in board.values())
    needed = count_needed(claim.rule, decision.tests_count)[0]
    tail, power = share_chances(claims, needed, decision.tests_count, decision.judged_count)
    return compute_detectable_effect(result.effect, test.least_on_scale, tail, power)


def share_chances(claims: int, needed: int, tests: int, judged: int) -> tuple[float, float]:
    """Shares out level and power of the rule: the tail of one of the needed tests, whose p counts as often as there are
    claims and tests that could tip its own; and its power, so that as many of the judged ones as are needed show (a
    binomial, by Clopper and Pearson's relation to the beta distribution)."""
    tail = RULE.level / 2 / max(1, claims) / max(1, tests - needed + 1)
    needed = max(1, min(needed, judged))
    return tail, float(special.betaincinv(needed, max(needed, judged) - needed + 1, RULE.power))
