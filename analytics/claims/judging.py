"""Results of tests: the rule is here, in `rule.toml` and in the claim's file, and was fixed before any data."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb
import numpy as np

from analytics.claims.comparing import Z, compare_families, find_families_at_nothing, read_family_figures
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
from analytics.claims.regions import RULED_OUT, SUPPORTED, Region, compute_detectable_effect, place_effect, scale_least
from analytics.engine.items import read_metric_header
from analytics.statistics.effects import Effect, SideComparison, allow_doubt
from analytics.statistics.item_counts import Floats
from analytics.statistics.meta_analysis import compare_sides, compare_these, compare_with_level

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
HIDDEN = "too many of the items of one side could not be seen"
CLOSED = {"not applicable", "closed by policy", "not observable"}
STATES = """
select side, list(distinct state order by state) from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and channel_role = 'all'
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
    failed_readers: tuple[str, ...] = ()
    """Why readers of texts fail their gate, over all labels or on those of a side: then no amount of data helps."""
    is_unlike: bool = False
    """True if the sides have no kind of channel with the same role in common."""
    comparable: Compared | None = None
    """Those of the sides that have like cases on the other one; None if a side has none."""
    at_nothing: Mapping[str, bool] = field(default_factory=dict)
    """Families, and whether they are open, that a ratio cannot hold, since their figure may be nothing."""
    suspect_channels: tuple[str, ...] = ()
    """Channels that a warning excludes."""

    def list_families(self) -> tuple[str, ...]:
        """Lists the families that it rests on."""
        return self.sides.families if self.sides else tuple(self.families)

    def rests_on(self, family: str) -> bool:
        """Returns whether anything could come out otherwise without a family: one without like cases is compared with
        nobody, and nobody has like cases because of it."""
        return family in (self.comparable.families if self.comparable else self.list_families())


@dataclass(frozen=True, slots=True)
class TestResult:
    """Result of one test, with one family excluded or none; `plain` is the comparison without any matching."""

    material: Material
    left_out: str
    compared: SideComparison | None
    plain: Effect | None
    n: int
    open_count: int
    proprietary_count: int
    lack: str = ""
    """What it lacks to be judged, beside families and readers that pass their gate."""
    is_misread: bool = False
    """True if errors of reading alone leave it open."""

    @property
    def region(self) -> Region | None:
        """Returns where the effect lies for these families; None where the test cannot be judged."""
        if self.compared is None:
            return None
        test = self.material.test
        return place_effect(self.compared.these, scale_least(test.least_effect, test.scale), test.direction)

    @property
    def is_counted(self) -> bool:
        """Returns whether everything that it is about was counted, so that chance has no part in it."""
        return self.compared is not None and self.compared.these.low == self.compared.these.high

    @property
    def outcome(self) -> JudgedTest:
        """Returns what a decision on the claim needs."""
        region = self.region
        if region is None:
            is_unreadable = self.material.lack == TOO_FEW and (self.material.failed_readers or self.is_misread)
            return JudgedTest(UNREADABLE if is_unreadable else self.material.lack)
        return JudgedTest(region.word, region.p_supported, region.p_ruled_out, region.is_opposite, self.is_counted)


def gather_materials(connection: duckdb.DuckDBPyConnection, claims: tuple[Claim, ...]) -> list[Material]:
    """Gathers the evidence of each test of the board."""
    ((least,),) = connection.execute("select min_families_count from metrics.rules").fetchall()
    return [
        _gather_material(connection, claim, number, test, least)
        for claim in claims
        for number, test in enumerate(claim.tests, 1)
    ]


def read_otherwise(connection: duckdb.DuckDBPyConnection, materials: list[Material], rule: str) -> list[Material]:
    """Gathers the board again by another rule for reading replies, for the tests that depend on it."""
    return [
        _gather_material(connection, material.claim, material.number, test, material.least)
        if (test := material.test.read_by(rule))
        else material
        for material in materials
    ]


def judge_tests(materials: Sequence[Material]) -> list[TestResult]:
    """Judges all tests."""
    return [_judge_test(material, NOBODY) for material in materials]


def judge_without(board: Sequence[TestResult], family: str) -> list[TestResult]:
    """Judges a whole board again without one family; a test that does not rest on it comes out as it did."""
    return [
        _judge_test(result.material, family) if result.material.rests_on(family) else replace(result, left_out=family)
        for result in board
    ]


def judge_again(board: Sequence[TestResult], materials: Sequence[Material], left_out: str) -> list[TestResult]:
    """Judges a whole board again by other evidence; a test whose evidence is the same comes out as it did."""
    return [
        replace(result, left_out=left_out) if material is result.material else _judge_test(material, left_out)
        for result, material in zip(board, materials, strict=True)
    ]


def decide_board(results: Sequence[TestResult]) -> dict[str, Decision]:
    """Decides the claims of one board from the results of their deciding tests."""
    board: dict[str, tuple[RuleName, list[JudgedTest]]] = {}
    for result in results:
        claim = result.material.claim
        outcomes = board.setdefault(claim.id, (claim.rule, []))[1]
        if result.material.test.decides:
            outcomes.append(result.outcome)
    return decide_claims(board)


def find_detectable(result: TestResult, judged_count: int) -> float | None:
    """Finds the true effect that these families would show with the power of the rule; None without a result.

    It is stricter where more claims are judged together, as Holm's adjustment may be.
    """
    if result.compared is None:
        return None
    test, claim = result.material.test, result.material.claim
    tests_count = sum(test.decides for test in claim.tests)
    # The p of the test that tips the claim is multiplied by as many as could have tipped it.
    chances = max(1, tests_count - count_needed(claim.rule, tests_count)[0] + 1)
    tail = RULE.level / 2 / max(1, judged_count) / chances
    least = scale_least(test.least_effect, test.scale)
    return compute_detectable_effect(result.compared.these, least, tail, RULE.power)


def _gather_material(
    connection: duckdb.DuckDBPyConnection, claim: Claim, number: int, test: Test, least: int
) -> Material:
    lacking: set[str]
    comparable: Compared | None = None
    if test.says in ("above", "below"):
        families = read_family_figures(connection, test, test.window)
        compared, lacking = None, {"open"}
    else:
        compared, families = compare_families(connection, test, test.window, test.scale), {}
        comparable = compared.keep_comparable()
        facing = comparable or compared
        counts = {"open": int(facing.is_open.sum()), "proprietary": int((~facing.is_open).sum())}
        lacking = {side for side, count in counts.items() if count < least} or set(counts)
    lack = UNOBSERVABLE if _is_closed(connection, test, lacking) else TOO_FEW
    readers = find_failed_readers(connection, test)
    is_unlike = compared is not None and bool(compared.families) and compared.is_unlike
    at_nothing = find_families_at_nothing(connection, test, test.window, test.scale)
    suspects = find_suspect_channels(connection, test.metric)
    return Material(
        claim, number, test, compared, families, lack, least, readers, is_unlike, comparable, at_nothing, suspects
    )


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
    if material.sides is None:
        return _judge_against_level(material, left_out)
    remaining = (material.comparable or material.sides).drop_family(left_out)
    comparable = remaining.keep_comparable(material.least)
    shown = comparable or remaining.keep_comparable() or material.sides.drop_family(left_out)
    counts = int(shown.items.sum()), int(shown.is_open.sum()), int((~shown.is_open).sum())
    if comparable is None or material.failed_readers:
        return TestResult(material, left_out, None, None, *counts)
    # Differences of shares cannot exceed 1; ratios and other figures have no such limit.
    limit = 1 if comparable.is_share else math.inf
    is_open, freedoms = comparable.is_open, comparable.freedoms
    least = scale_least(material.test.least_effect, material.test.scale)
    if comparable.doubt.is_hidden:
        return TestResult(material, left_out, None, None, *counts, lack=HIDDEN)
    if lack := describe_misreading(comparable, least):
        return TestResult(material, left_out, None, None, *counts, lack=lack, is_misread=True)
    compared = compare_sides(comparable.values, comparable.variances, is_open, freedoms, limit)
    if material.test.scale == "order":
        # If all pairs agree nothing strays, and an interval of families in general would be a point.
        compared = replace(compared, general=None)
    if lack := describe_turning_families(material, compared.these, left_out):
        return TestResult(material, left_out, None, None, *counts, lack=lack)
    plain = compare_these(comparable.plain_values, comparable.plain_variances, is_open, freedoms, limit)
    return TestResult(
        material,
        left_out,
        compared.allow_doubt(comparable.doubt, limit),
        allow_doubt(plain, comparable.plain_doubt, limit),
        *counts,
    )


def describe_misreading(compared: Compared, least: float) -> str:
    """Describes why items of enough families cannot be read well enough; empty if they can."""
    reach = Z * math.sqrt(compared.doubt.reading_variance)
    if reach > least:
        return f"errors of reading alone leave the difference open by {reach:.3f} either way, more than matters"
    return ""


def describe_turning_families(material: Material, effect: Effect, left_out: str) -> str:
    """Describes which families that the ratio cannot hold could turn its verdict; empty if none could.

    One with nothing at all would move the mean of its side down without end.
    """
    test = material.test
    word = place_effect(effect, scale_least(test.least_effect, test.scale), test.direction).word
    turning = {SUPPORTED: test.direction > 0, RULED_OUT: test.direction < 0}.get(word)
    names = sorted(name for name, is_open in material.at_nothing.items() if is_open == turning and name != left_out)
    return f"a ratio cannot hold figures that may be 0, and those of {', '.join(names)} could turn it" if names else ""


def _judge_against_level(material: Material, left_out: str) -> TestResult:
    rows: Floats = np.array([row for family, row in material.families.items() if family != left_out]).reshape(-1, 3)
    count = len(rows)
    is_judged = count >= material.least and not material.failed_readers
    compared = compare_with_level(rows[:, 0], rows[:, 1], material.test.level) if is_judged else None
    plain = compared.these if compared else None
    return TestResult(material, left_out, compared, plain, int(rows[:, 2].sum()), count, 0)
