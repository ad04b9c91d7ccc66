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
from analytics.claims.regions import compute_detectable_effect, place_effect, scale_least
from analytics.engine.items import read_metric_header
from analytics.statistics.effects import SideComparison

FAILED_READERS = """
select reason from metrics.reader_gates where list_contains(?, feature) and not is_passed order by feature, side
"""
SUSPECT_CHANNELS = """
select distinct c.target
from metrics.covered_channels as c
join metrics.channel_warnings as w on w.channel_id = c.channel_id and w.thing = c.thing
join staging.families as f on f.family_id = c.family_id and f.side in ('open', 'proprietary')
where c.subject = ? and c.channel_role = 'all'
order by all
"""
NOBODY = "none"
"""Value of `left_out` when no family is excluded."""
CLOSED = {"not applicable", "closed by policy", "not observable"}
STATES = """
select side, list(distinct state order by state) from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and channel_role = 'all'
group by side
"""


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
    suspect_channels: tuple[str, ...] = ()
    """Channels that a warning excludes."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """Result of one test, with one family excluded or none, and the families that it rests on."""

    material: Material
    left_out: str
    shown: Compared
    compared: SideComparison | None

    @property
    def outcome(self) -> JudgedTest:
        """Returns where the effect lies for these families, or what the test lacks to be judged."""
        test = self.material.test
        if self.compared is None:
            return JudgedTest(self.material.lack)
        return place_effect(self.compared.these, scale_least(test.least_effect, test.scale), test.direction)


def gather_materials(connection: duckdb.DuckDBPyConnection, claims: tuple[Claim, ...]) -> list[Material]:
    """Gathers the evidence of each test of the board."""
    ((least,),) = connection.execute("select min_families_count from metrics.rules").fetchall()
    return [
        _gather_material(connection, claim, number, test, least)
        for claim in claims
        for number, test in enumerate(claim.tests, 1)
    ]


def judge_tests(materials: Sequence[Material], left_out: str = NOBODY) -> list[TestResult]:
    """Judges all tests, perhaps without one family."""
    return [_judge_test(material, left_out) for material in materials]


def decide_board(results: Sequence[TestResult]) -> dict[str, Decision]:
    """Decides the claims of one board from the results of their deciding tests."""
    board: dict[str, tuple[RuleName, list[JudgedTest]]] = {}
    for result in results:
        claim = result.material.claim
        outcomes = board.setdefault(claim.id, (claim.rule, []))[1]
        if result.material.test.decides:
            outcomes.append(result.outcome)
    return decide_claims(board)


def find_detectable(result: TestResult, board: Mapping[str, Decision]) -> float | None:
    """Finds the true effect with which the claim would hold with the power of the rule, if all its tests had one as
    clear; None without a result."""
    if result.compared is None:
        return None
    test, claim = result.material.test, result.material.claim
    decision, claims = board[claim.id], sum(one.p_adjusted is not None for one in board.values())
    needed = count_needed(claim.rule, decision.tests_count)[0]
    tail, power = share_chances(claims, needed, decision.tests_count, decision.judged_count)
    return compute_detectable_effect(result.compared.these, scale_least(test.least_effect, test.scale), tail, power)


def share_chances(claims: int, needed: int, tests: int, judged: int) -> tuple[float, float]:
    """Shares out level and power of the rule: the tail of one of the needed tests, whose p counts as often as there are
    claims and tests that could tip its own; and its power, so that as many of the judged ones as are needed show (a
    binomial, by Clopper and Pearson's relation to the beta distribution)."""
    tail = RULE.level / 2 / max(1, claims) / max(1, tests - needed + 1)
    needed = max(1, min(needed, judged))
    return tail, float(special.betaincinv(needed, max(needed, judged) - needed + 1, RULE.power))


def _gather_material(
    connection: duckdb.DuckDBPyConnection, claim: Claim, number: int, test: Test, least: int
) -> Material:
    compared = compare_test(connection, test)
    compared = compared.keep_comparable() or compared
    readers = find_failed_readers(connection, test)
    is_closed = _is_closed(connection, test, _find_lacking_sides(compared, least))
    lack = UNOBSERVABLE if is_closed else UNREADABLE if readers else TOO_FEW
    suspects = find_suspect_channels(connection, test.metric)
    return Material(claim, number, test, compared, least, lack, readers, suspects)


def _find_lacking_sides(compared: Compared, least: int) -> set[str]:
    """Finds the sides with too few families; both if neither has."""
    if compared.level is not None:
        return {"open"}
    sides = zip(("open", "proprietary"), compared.count_sides(), strict=True)
    return {side for side, count in sides if count < least} or {"open", "proprietary"}


def find_failed_readers(connection: duckdb.DuckDBPyConnection, test: Test) -> tuple[str, ...]:
    """Finds why readers of texts that a test rests on fail their gate."""
    return tuple(reason for (reason,) in connection.execute(FAILED_READERS, [test.list_readers()]).fetchall())


def find_suspect_channels(connection: duckdb.DuckDBPyConnection, metric: str) -> tuple[str, ...]:
    """Finds the channels of a metric that are excluded because of a warning."""
    query = connection.execute(SUSPECT_CHANNELS, [read_metric_header(metric).covers])
    return tuple(target for (target,) in query.fetchall())


def _is_closed(connection: duckdb.DuckDBPyConnection, test: Test, sides: set[str]) -> bool:
    """Returns whether all figures of one of the sides are of kinds that nobody can see from outside."""
    query = connection.execute(STATES.format(metric=test.metric), [test.segment, test.statistic, test.window])
    states = {side: set(side_states) for side, side_states in query.fetchall()}
    return any(states.get(side) and states[side] <= CLOSED for side in sides)


def _judge_test(material: Material, left_out: str) -> TestResult:
    remaining = material.compared if material.failed_readers else material.compared.drop_family(left_out)
    comparable = remaining.keep_comparable(material.least)
    shown = comparable or remaining.keep_comparable() or remaining
    is_judged = comparable is not None and not material.failed_readers and not comparable.is_hidden
    return TestResult(material, left_out, shown, comparable.compare() if comparable and is_judged else None)
