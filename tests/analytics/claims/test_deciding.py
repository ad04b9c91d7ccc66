"""From the tests of claims to verdicts: the rules, one p a claim, Holm over the claims judged, and no gain from fewer
data."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.claims.judging import Decision, JudgedTest, combine_p_values, count_needed, decide_claims
from analytics.claims.reader import RuleName

YES = JudgedTest("supported", 1e-6, 1 - 1e-6)
NO = JudgedTest("ruled out", 1 - 1e-6, 1e-6)
OPPOSITE = JudgedTest("ruled out", 1 - 1e-6, 1e-6, True)
OPEN = JudgedTest("undecided", 0.4, 0.6)
FEW = JudgedTest("too few data")
UNSEEN = JudgedTest("cannot be observed")
UNREAD = JudgedTest("cannot be read")
Board = dict[str, tuple[RuleName, Sequence[JudgedTest]]]
RULES: list[tuple[RuleName, list[JudgedTest], str]] = [
    ("most", [YES, YES, OPEN], "holds"),
    ("most", [YES, YES, NO], "holds"),
    ("most", [YES, YES, OPPOSITE], "too close to call"),
    ("most", [YES, OPEN], "mixed"),
    ("most", [YES, YES, OPEN, OPEN], "mixed"),
    ("most", [YES, YES, NO, NO], "mixed"),
    ("most", [YES, OPEN, OPPOSITE], "too close to call"),
    ("most", [OPEN, OPEN, OPEN], "too close to call"),
    ("most", [NO, OPEN], "too close to call"),
    ("most", [NO, NO, OPEN], "refuted"),
    ("most", [OPPOSITE, OPPOSITE, OPEN], "refuted"),
    ("most", [NO, NO, YES], "mixed"),
    ("most", [YES, FEW, FEW], "too few data"),
    ("most", [YES, FEW], "too few data"),
    ("most", [YES, YES, FEW], "holds"),
    ("most", [YES, YES, FEW, FEW], "too few data"),
    ("most", [UNSEEN, UNSEEN], "cannot be observed"),
    ("most", [YES, UNSEEN], "cannot be observed"),
    ("most", [YES, YES, UNSEEN], "holds"),
    ("most", [UNSEEN, FEW, FEW], "too few data"),
    ("most", [UNREAD], "cannot be read"),
    ("most", [YES, UNREAD], "cannot be read"),
    ("most", [FEW, UNREAD], "cannot be read"),
    ("most", [YES, YES, YES, UNREAD], "holds"),
    ("most", [YES, YES, UNREAD, FEW], "too few data"),
    ("most", [YES, YES, UNREAD, UNREAD], "cannot be read"),
    ("most", [UNREAD, UNSEEN, YES], "cannot be read"),
    ("all", [YES, UNREAD], "cannot be read"),
    ("all", [NO, UNREAD], "refuted"),
    ("all", [YES, YES], "holds"),
    ("all", [YES, YES, OPEN], "mixed"),
    ("all", [YES, YES, NO], "refuted"),
    ("all", [OPEN, OPEN], "too close to call"),
    ("all", [YES, FEW], "too few data"),
    ("all", [NO, FEW], "refuted"),
    ("all", [UNSEEN], "cannot be observed"),
]


def _decide(rule: RuleName, outcomes: Sequence[JudgedTest], others: int = 0) -> Decision:
    """One claim, beside others that can be judged and come to nothing."""
    return _decide_board({f"other-{n}": ("all", [OPEN]) for n in range(others)} | {"claim": (rule, outcomes)})["claim"]


def _decide_board(board: Board) -> dict[str, Decision]:
    tests = [(claim, outcome) for claim, (_, outcomes) in board.items() for outcome in outcomes]
    return decide_claims({claim: rule for claim, (rule, _) in board.items()}, tests)


@pytest.mark.parametrize(("rule", "outcomes", "verdict"), RULES)
def test_verdicts_follow_their_rule(rule: RuleName, outcomes: list[JudgedTest], verdict: str) -> None:
    """From the outcomes of a claim's deciding tests to its verdict."""
    assert _decide(rule, outcomes).verdict == verdict


def test_the_p_of_a_claim_is_that_of_the_test_that_tips_it() -> None:
    """Of four with three needed: twice the third smallest, doubled for two directions, times the claims judged."""
    outcomes = [JudgedTest("supported", p, 1 - p) for p in (0.0001, 0.0002, 0.0005, 0.02)]
    decision = _decide("most", outcomes, others=4)

    assert decision.p_adjusted == pytest.approx(5 * 2 * 2 * 0.0005)
    assert (decision.verdict, _decide("most", outcomes, others=30).verdict) == ("holds", "mixed")
    assert combine_p_values([0.01, 0.03, 0.02], 3) == 0.03
    assert combine_p_values([0.01, None, 0.02], 1) == pytest.approx(0.03)


def test_a_claim_is_mixed_only_if_one_of_its_tests_stands_out_among_all_of_the_board() -> None:
    """Of five tests the best has .001: five times that, doubled, for each of six claims; among two it is enough."""
    outcomes = [JudgedTest("supported", 0.001, 0.999), *[OPEN] * 4]
    alone, among = _decide("most", outcomes), _decide("most", outcomes, others=5)

    assert (alone.verdict, among.verdict) == ("mixed", "too close to call")
    lucky = JudgedTest("supported", 0.02, 0.98)
    assert _decide("most", [lucky, *[OPEN] * 4]).verdict == "too close to call", "one of five is so once in ten boards"


def test_claims_that_cannot_be_judged_do_not_make_the_others_harder() -> None:
    """Holm's adjustment is over the claims that can be judged."""
    tests = [JudgedTest("supported", 0.004, 0.996)]
    board: Board = {"claim": ("all", tests), "other": ("all", [FEW])}

    assert _decide_board(board)["claim"].p_adjusted == pytest.approx(0.008)
    assert _decide_board(board)["other"].p_adjusted is None


def test_a_full_count_is_decided_without_chance_and_makes_nothing_harder() -> None:
    """Its p of 0 comes first in Holm's order: of three claims two are left."""
    tests = {"supported": JudgedTest("supported", 0.0, 1.0), "ruled out": JudgedTest("ruled out", 1.0, 0.0)}
    for word, verdict in (("supported", "holds"), ("ruled out", "refuted")):
        likely = JudgedTest("supported", 0.004, 0.996)
        board: Board = {
            "counted": ("all", [tests[word]]), "likely": ("all", [likely]), "open": ("all", [OPEN]),
        }  # fmt: skip
        decisions = _decide_board(board)
        assert (decisions["counted"].verdict, decisions["counted"].p_adjusted) == (verdict, 0)
        assert (decisions["likely"].verdict, decisions["likely"].p_adjusted) == ("holds", pytest.approx(0.016))


def test_a_decision_counts_its_tests() -> None:
    """Of six: one supports, two are ruled out, and two cannot be judged."""
    decision = _decide("most", [YES, NO, OPPOSITE, OPEN, FEW, UNSEEN])
    counts = (decision.tests_count, decision.judged_count, decision.counts["supported"], decision.counts["ruled out"])

    assert counts == (6, 4, 1, 2)


OUTCOMES = st.floats(0, 1).map(
    lambda p: JudgedTest("supported" if p < 0.025 else "ruled out" if p > 0.975 else "undecided", p, 1 - p, p > 0.999)
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["most", "all"]), st.lists(OUTCOMES, min_size=1, max_size=6), st.data())
def test_fewer_data_never_make_support_easier(rule: RuleName, outcomes: list[JudgedTest], data: st.DataObject) -> None:
    """A claim that does not hold does not come to hold because a test that supports it, or is open, loses its data."""
    lost = data.draw(st.integers(0, len(outcomes) - 1))
    fewer = [FEW if place == lost else outcome for place, outcome in enumerate(outcomes)]

    whole, less = _decide(rule, outcomes), _decide(rule, fewer)
    needed = count_needed(rule, len(outcomes))[0]
    assert _combine(fewer, needed) >= _combine(outcomes, needed)
    if less.verdict == "holds" and not outcomes[lost].is_opposite:
        assert whole.verdict == "holds"


def _combine(outcomes: Sequence[JudgedTest], needed: int) -> float:
    return combine_p_values([outcome.p_supported for outcome in outcomes], needed)
