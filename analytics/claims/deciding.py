"""Decides claims: one p a claim from its tests, adjusted over the claims that can be judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.claims.reader import RULE, RuleName
from analytics.statistics.effects import adjust_by_holm

UNOBSERVABLE = "cannot be observed"
UNREADABLE = "cannot be read"
TOO_FEW = "too few data"


@dataclass(frozen=True, slots=True)
class JudgedTest:
    """Outcome of one test; both p are None if it could not be judged, and 0 or 1 if everything was counted.

    `is_opposite`: the effect matters in the other direction.
    """

    verdict: str
    p_supported: float | None = None
    p_ruled_out: float | None = None
    is_opposite: bool = False


Board = Mapping[str, tuple[RuleName, Sequence[JudgedTest]]]
"""The rule and the tests of each claim."""


class Decision:
    """What the tests of one claim come to: the numbers that must support it or be ruled out, and the p of what they
    could show; `p_adjusted` is None if it cannot be judged."""

    def __init__(self, rule: RuleName, outcomes: Sequence[JudgedTest]) -> None:
        self.outcomes = outcomes
        self.tests_count = len(outcomes)
        self.judged_count = sum(outcome.p_supported is not None for outcome in outcomes)
        self.supported_count, self.ruled_out_count = self._count("supported"), self._count("ruled out")
        self.holds_at, self.refuted_at = count_needed(rule, len(outcomes))
        supported, ruled_out = ([getattr(one, name) for one in outcomes] for name in ("p_supported", "p_ruled_out"))
        self.p_holds = combine_p_values(supported, self.holds_at)
        self.p_refuted = combine_p_values(ruled_out, self.refuted_at)
        self.p_some = combine_p_values(supported, 1)
        self.p_adjusted: float | None = None

    @property
    def has_enough(self) -> bool:
        """Returns whether so many tests could be judged that it could come out one way."""
        return self.judged_count >= min(self.holds_at, self.refuted_at)

    @property
    def verdict(self) -> str:
        """Returns the word for the claim."""
        if self.p_adjusted is None:
            return self._explain_lack(min(self.holds_at, self.refuted_at))
        is_opposed = any(outcome.is_opposite for outcome in self.outcomes)
        if self.p_adjusted < RULE.level:
            if self.p_holds < self.p_refuted and not is_opposed:
                return "holds"
            if self.p_refuted < self.p_holds and (self.refuted_at == 1 or not self.supported_count):
                return "refuted"
        if self.judged_count < self.holds_at:
            return self._explain_lack(self.holds_at)
        is_some = self.supported_count and self.p_some < RULE.level
        return "mixed" if is_some and not is_opposed else "too close to call"

    def _explain_lack(self, needed: int) -> str:
        """Chooses the word for a claim that lacks tests: whether they could be seen, read, or judged with more data."""
        could_be_judged = self.tests_count - self._count(UNOBSERVABLE)
        if could_be_judged < needed:
            return UNOBSERVABLE
        return UNREADABLE if could_be_judged - self._count(UNREADABLE) < needed else TOO_FEW

    def _count(self, word: str) -> int:
        return sum(outcome.verdict == word for outcome in self.outcomes)


def decide_claims(board: Board) -> dict[str, Decision]:
    """Decides all claims of a board."""
    decisions = {claim: Decision(*tests) for claim, tests in board.items()}
    judged = [decision for decision in decisions.values() if decision.has_enough]
    p_values = _adjust([min(decision.p_holds, decision.p_refuted) for decision in judged])
    some = _adjust([decision.p_some for decision in judged])
    for decision, p_adjusted, p_some in zip(judged, p_values, some, strict=True):
        decision.p_adjusted, decision.p_some = p_adjusted, p_some
    return decisions


def count_needed(rule: RuleName, tests_count: int) -> tuple[int, int]:
    """Counts the tests that must support a claim for it to hold, and those that must be ruled out to refute it."""
    return (tests_count, 1) if rule == "all" else (tests_count // 2 + 1, tests_count // 2 + 1)


def combine_p_values(p_values: Sequence[float | None], needed: int) -> float:
    """Computes the p of the null that fewer than `needed` of the tests are true, however they are related.

    It is the partial conjunction of Benjamini and Heller (2008): the largest p if all are needed. A test that could
    not be judged counts as 1, so that fewer data never make it smaller.
    """
    if needed > len(p_values):
        return 1.0
    ordered = sorted(1.0 if p_value is None else p_value for p_value in p_values)
    return min(1.0, (len(ordered) - needed + 1) * ordered[needed - 1])


def _adjust(p_values: list[float]) -> list[float]:
    """Adjusts p values over the board, doubled for the two directions."""
    adjusted: list[float] = adjust_by_holm(np.minimum(1.0, 2 * np.array(p_values, dtype=float))).tolist()
    return adjusted
