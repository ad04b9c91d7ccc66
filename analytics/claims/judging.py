"""Judges tests and decides claims, by the rule in `rule.toml` and in the claim's file, which was fixed before any data.

An effect lies beyond the smallest one that matters, short of it, or neither: the three regions of Goeman, Solari and
Stijnen (2010), by the whole 95 % interval of Student's t. A claim has one p, adjusted over the claims judged.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np
import scipy

from analytics.claims.comparing import NOBODY, Compared, compare_test
from analytics.claims.reader import RULE, Claim, MetricStatistic, RuleName, Test, Verdict
from analytics.engine.items import read_metric_header
from analytics.intermediate.coverage.reader_gates import SIDES
from analytics.statistics.effects import Effect, adjust_by_holm
from analytics.statistics.survival import TAIL, Floats

FAILED_READERS = """
select reason from metrics.reader_gates
where list_contains(?, feature) and list_contains(?, side) and not is_passed
order by feature, side
"""
CLOSED_SIDES = """
select side from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and channel_role = 'all'
    and (side = 'open' or (side = 'proprietary' and not ?))
group by side
having bool_and(state in ('not applicable', 'closed by policy', 'not observable'))
"""
"""Sides of which nobody can see a figure from outside."""
UNOBSERVABLE: Verdict = "cannot be observed"
UNREADABLE: Verdict = "cannot be read"
TOO_FEW: Verdict = "too few data"


@dataclass(frozen=True, slots=True)
class JudgedTest:
    """Outcome of one test; both p are None if it could not be judged, and 0 or 1 if everything was counted."""

    verdict: str
    p_supported: float | None = None
    p_ruled_out: float | None = None
    is_opposite: bool = False
    """True if the effect matters in the other direction."""


@dataclass(frozen=True)
class TestResult:
    """Result of one test, perhaps with one family excluded; all are from one fit, in which that one weighs nothing."""

    claim: Claim
    number: int
    test: Test
    compared: Compared
    is_closed: bool
    """Whether nobody can see one of the sides from outside."""
    failed_readers: tuple[str, ...] = ()
    """Why readers of texts fail their gate, over all labels or on those of a side: then no amount of data helps."""
    left_out: str = NOBODY

    @cached_property
    def weights(self) -> Floats:
        return self.compared.weigh_sides(self.left_out)

    @cached_property
    def effect(self) -> Effect | None:
        """Returns the effect; None if the test cannot be judged."""
        is_judged = self.compared.has_enough(self.weights) and not self.compared.is_hidden(self.weights)
        return self.compared.compare(self.weights) if is_judged and not self.failed_readers else None

    @property
    def outcome(self) -> JudgedTest:
        """Returns where the effect lies, or what the test lacks to be judged."""
        if self.effect is None:
            return JudgedTest(UNOBSERVABLE if self.is_closed else UNREADABLE if self.failed_readers else TOO_FEW)
        direction = 1 if self.test.says in ("open higher", "above") else -1
        return place_effect(self.effect, self.test.least_on_scale, direction)


def judge_tests(connection: duckdb.DuckDBPyConnection, claims: tuple[Claim, ...]) -> list[TestResult]:
    """Judges each test of the board."""
    return [
        TestResult(
            claim, number, test, compare_test(connection, test), _has_closed_side(connection, test),
            find_failed_readers(connection, test),
        )
        for claim in claims for number, test in enumerate(claim.tests, 1)
    ]  # fmt: skip


def _has_closed_side(connection: duckdb.DuckDBPyConnection, test: Test) -> bool:
    given = [test.segment, test.statistic, test.window, test.has_level]
    return bool(connection.execute(CLOSED_SIDES.format(metric=test.metric), given).fetchall())


def find_failed_readers(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, sides: Sequence[str] = SIDES
) -> tuple[str, ...]:
    """Finds why readers of texts that a figure rests on fail their gate, over all labels or on those of a side."""
    readers = read_metric_header(figure.metric).list_readers(figure.statistic, figure.segment)
    return tuple(reason for (reason,) in connection.execute(FAILED_READERS, [readers, ["all", *sides]]).fetchall())


def place_effect(effect: Effect, least: float, direction: int) -> JudgedTest:
    """Places an effect; `direction` is 1 if the claim says higher and -1 if it says lower. What was not seen counts
    against either verdict. Each p is the chance of so clear an effect if the true one is just the smallest that
    matters."""
    value = direction * effect.value
    short, more = (effect.below, effect.above) if direction > 0 else (effect.above, effect.below)
    p_supported = effect.measure_tail(value - short - least)
    p_ruled_out = effect.measure_tail(least - value - more)
    word = "supported" if p_supported < TAIL else "ruled out" if p_ruled_out < TAIL else "undecided"
    is_opposite = effect.measure_tail(-value - more - least) < TAIL
    return JudgedTest(word, p_supported, p_ruled_out, is_opposite)


class Decision:
    """What the tests of one claim come to; `p_adjusted` is None if too few could be judged for it to come out one
    way."""

    def __init__(self, rule: RuleName, outcomes: Sequence[JudgedTest]) -> None:
        self.tests_count, self.counts = len(outcomes), Counter(outcome.verdict for outcome in outcomes)
        self.judged_count = sum(outcome.p_supported is not None for outcome in outcomes)
        self.is_opposed = any(outcome.is_opposite for outcome in outcomes)
        self.holds_at, self.refuted_at = count_needed(rule, len(outcomes))
        self.has_enough = self.judged_count >= min(self.holds_at, self.refuted_at)
        supported, ruled_out = [one.p_supported for one in outcomes], [one.p_ruled_out for one in outcomes]
        self.p_holds, self.p_some = (combine_p_values(supported, needed) for needed in (self.holds_at, 1))
        self.p_refuted = combine_p_values(ruled_out, self.refuted_at)
        self.p_adjusted: float | None = None

    @property
    def verdict(self) -> Verdict:
        """Returns the word for the claim."""
        if self.p_adjusted is None:
            return self._explain_lack(min(self.holds_at, self.refuted_at))
        if self.p_adjusted < RULE["level"]:
            if self.p_holds < self.p_refuted and not self.is_opposed:
                return "holds"
            if self.p_refuted < self.p_holds and (self.refuted_at == 1 or not self.counts["supported"]):
                return "refuted"
        if self.judged_count < self.holds_at:
            return self._explain_lack(self.holds_at)
        is_some = self.counts["supported"] and self.p_some < RULE["level"]
        return "mixed" if is_some and not self.is_opposed else "too close to call"

    def _explain_lack(self, needed: int) -> Verdict:
        """Chooses the word for a claim that lacks tests: whether they could be seen, read, or judged with more data."""
        observable = self.tests_count - self.counts[UNOBSERVABLE]
        if observable < needed:
            return UNOBSERVABLE
        return UNREADABLE if observable - self.counts[UNREADABLE] < needed else TOO_FEW


def decide_claims(rules: Mapping[str, RuleName], tests: Iterable[tuple[str, JudgedTest]]) -> dict[str, Decision]:
    """Decides claims by the rule of each and by the tests of all; p values are doubled for the two directions."""
    outcomes: dict[str, list[JudgedTest]] = {claim: [] for claim in rules}
    for claim, outcome in tests:
        outcomes[claim].append(outcome)
    decisions = {claim: Decision(rule, outcomes[claim]) for claim, rule in rules.items()}
    judged = [decision for decision in decisions.values() if decision.has_enough]
    p_values = np.array([[min(one.p_holds, one.p_refuted), one.p_some] for one in judged]).reshape(-1, 2)
    adjusted = [adjust_by_holm(np.minimum(1.0, 2 * column)).tolist() for column in p_values.T]
    for decision, p_adjusted, p_some in zip(judged, *adjusted, strict=True):
        decision.p_adjusted, decision.p_some = p_adjusted, p_some
    return decisions


def count_needed(rule: RuleName, tests_count: int) -> tuple[int, int]:
    """Counts the tests that must support a claim for it to hold, and those that must be ruled out to refute it."""
    return (tests_count, 1) if rule == "all" else (tests_count // 2 + 1, tests_count // 2 + 1)


def combine_p_values(p_values: Sequence[float | None], needed: int) -> float:
    """Computes the p of the null that fewer than `needed` of the tests are true, however they are related: the partial
    conjunction of Benjamini and Heller (2008). A test that could not be judged counts as 1, so that fewer data never
    make it smaller."""
    if needed > len(p_values):
        return 1.0
    ordered = sorted(1.0 if p_value is None else p_value for p_value in p_values)
    return min(1.0, (len(ordered) - needed + 1) * ordered[needed - 1])


def find_detectable(result: TestResult, board: Mapping[str, Decision]) -> float | None:
    """Finds the true effect with which the claim would hold with the power of the rule, if all its tests had one as
    clear; None without a result."""
    if result.effect is None:
        return None
    # A full count has a p of 0, and makes nothing harder for the others.
    decision, claims = board[result.claim.id], sum(bool(one.p_adjusted) for one in board.values())
    chances = share_chances(claims, decision.holds_at, decision.tests_count, decision.judged_count)
    return compute_detectable_effect(result.effect, result.test.least_on_scale, *chances)


def share_chances(claims: int, needed: int, tests: int, judged: int) -> tuple[float, float]:
    """Shares out level and power of the rule: the tail of one of the needed tests, whose p counts as often as there are
    claims and tests that could tip its own; and its power, so that as many of the judged ones as are needed show (a
    binomial, by Clopper and Pearson's relation to the beta distribution)."""
    tail = RULE["level"] / 2 / max(1, claims) / max(1, tests - needed + 1)
    needed = max(1, min(needed, judged))
    return tail, float(scipy.special.betaincinv(needed, max(needed, judged) - needed + 1, RULE["power"]))


def compute_detectable_effect(effect: Effect, least: float, tail: float, power: float) -> float:
    """Computes the true effect that such errors would show to matter with the given power, at one-sided `tail`,
    whatever was not seen (Bloom 1995)."""
    reach = scipy.special.stdtrit(effect.freedom, 1 - tail) + scipy.special.stdtrit(effect.freedom, power)
    return least + effect.below + effect.above + float(reach) * effect.error
