"""Decisions on claims: one p a claim from those of its tests, adjusted over the claims that chance has a part in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.claims.reader import RULE, RuleName
from analytics.statistics.effects import adjust_by_holm

UNOBSERVABLE = "cannot be observed"
UNREADABLE = "cannot be read"
TOO_FEW = "too few data"


@dataclass(frozen=True, slots=True)
class JudgedTest:
    """Outcome of one deciding test; both p are None if it could not be judged.

    `is_counted`: everything that it is about was counted, so that chance has no part in it, and both p are 0 or 1.
    """

    verdict: str
    p_supported: float | None = None
    p_ruled_out: float | None = None
    is_opposite: bool = False
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What the tests of a claim come to. `p_value` is two-sided and None where the claim cannot be judged, or if all
    that could be was counted in full."""

    verdict: str
    tests_count: int
    judged_count: int
    supported_count: int
    ruled_out_count: int
    opposed_count: int
    p_value: float | None = None
    p_adjusted: float | None = None
    p_some_adjusted: float | None = None
    """That of the null that not even one test is true, on which `mixed` rests."""


@dataclass(frozen=True, slots=True)
class _Case:
    """Tests of one claim with the number that must support it, or be ruled out."""

    outcomes: Sequence[JudgedTest]
    holds_at: int
    refuted_at: int

    def count(self, *words: str) -> int:
        return sum(outcome.verdict in words for outcome in self.outcomes)

    @property
    def judged_count(self) -> int:
        return sum(outcome.p_supported is not None for outcome in self.outcomes)

    @property
    def is_counted(self) -> bool:
        """Returns whether chance has no part in any test that could be judged."""
        return all(outcome.is_counted for outcome in self.outcomes if outcome.p_supported is not None)


def decide_claims(board: Mapping[str, tuple[RuleName, Sequence[JudgedTest]]]) -> dict[str, Decision]:
    """Decides all claims of a board: each has its rule and its deciding tests."""
    cases = {claim: _make_case(rule, outcomes) for claim, (rule, outcomes) in board.items()}
    decisions = {claim: _describe_case(case) for claim, case in cases.items()}
    judged = [claim for claim, decision in decisions.items() if decision.p_value is not None]
    # A full count can reject nothing by chance: it needs no place among those that can, and gives them none.
    for claim in [claim for claim in judged if cases[claim].is_counted]:
        verdict = _choose_verdict(cases[claim], decisions[claim].p_value or 0.0, _compute_some(cases[claim]))
        decisions[claim] = replace(decisions[claim], verdict=verdict, p_value=None)
        judged.remove(claim)
    # Holm's correction covers the whole board, so no other claim can be decided alone.
    adjusted = adjust_by_holm(np.array([decisions[claim].p_value for claim in judged], dtype=float))
    some = adjust_by_holm(np.array([_compute_some(cases[claim]) for claim in judged], dtype=float))
    for claim, p_adjusted, p_some in zip(judged, map(float, adjusted), map(float, some), strict=True):
        verdict = _choose_verdict(cases[claim], p_adjusted, p_some)
        decisions[claim] = replace(decisions[claim], verdict=verdict, p_adjusted=p_adjusted, p_some_adjusted=p_some)
    return decisions


def count_needed(rule: RuleName, tests_count: int) -> tuple[int, int]:
    """Counts the tests that must support a claim for it to hold, and those that must be ruled out to refute it."""
    return (tests_count, 1) if rule == "all" else (tests_count // 2 + 1, tests_count // 2 + 1)


def combine_p_values(p_values: Sequence[float | None], needed: int) -> float:
    """Computes the p of the null that fewer than `needed` of the tests are true, however they are related.

    It is the partial conjunction of Benjamini and Heller (2008): the largest p if all are needed. A test that could
    not be judged counts as 1, so that fewer data never make it smaller.
    """
    ordered = sorted(1.0 if p_value is None else p_value for p_value in p_values)
    return min(1.0, (len(ordered) - needed + 1) * ordered[needed - 1])


def _make_case(rule: RuleName, outcomes: Sequence[JudgedTest]) -> _Case:
    return _Case(outcomes, *count_needed(rule, len(outcomes)))


def _describe_case(case: _Case) -> Decision:
    """Counts the outcomes, and computes the p unless too few tests could be judged."""
    decision = Decision(
        TOO_FEW,
        len(case.outcomes),
        case.judged_count,
        case.count("supported"),
        case.count("ruled out"),
        sum(outcome.is_opposite for outcome in case.outcomes),
    )
    least = min(case.holds_at, case.refuted_at)
    if case.judged_count < least:
        return replace(decision, verdict=_explain_lack(case, least))
    p_holds, p_refuted = _compute_both(case)
    return replace(decision, p_value=min(1.0, 2 * min(p_holds, p_refuted)))


def _explain_lack(case: _Case, needed: int) -> str:
    """Chooses the word for a claim that lacks tests: whether they could be seen, read, or judged with more data."""
    could_be_judged = len(case.outcomes) - case.count(UNOBSERVABLE)
    if could_be_judged < needed:
        return UNOBSERVABLE
    return UNREADABLE if could_be_judged - case.count(UNREADABLE) < needed else TOO_FEW


def _compute_both(case: _Case) -> tuple[float, float]:
    return (
        combine_p_values([outcome.p_supported for outcome in case.outcomes], case.holds_at),
        combine_p_values([outcome.p_ruled_out for outcome in case.outcomes], case.refuted_at),
    )


def _compute_some(case: _Case) -> float:
    """Computes the p of the null that no test of the claim is true, doubled like that of the claim itself."""
    return min(1.0, 2 * combine_p_values([outcome.p_supported for outcome in case.outcomes], 1))


def _choose_verdict(case: _Case, p_adjusted: float, p_some: float) -> str:
    """Chooses the word for a claim that could be judged."""
    p_holds, p_refuted = _compute_both(case)
    supported, opposed = case.count("supported"), sum(outcome.is_opposite for outcome in case.outcomes)
    if p_adjusted < RULE.level:
        if p_holds < p_refuted and not opposed:
            return "holds"
        if p_refuted < p_holds and (case.refuted_at == 1 or not supported):
            return "refuted"
    if case.judged_count < case.holds_at:
        return _explain_lack(case, case.holds_at)
    return "mixed" if supported and p_some < RULE.level and not opposed else "too close to call"
