"""Ratios of figures that may be nothing: anyone who is excluded of a test is named, and may not turn it unseen."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.claims import reader
from analytics.claims.comparing import compare_families, find_families_at_nothing
from analytics.claims.judging import Material, judge_tests
from analytics.claims.wording import explain_result
from tests.worlds.rows import NOW, Rows, found, measure


def _judge(questions: dict[str, tuple[int, ...]], says: str = "open higher") -> Any:
    """Judges a ratio of new askers, for families of either side with so many in a year, week after week."""
    rows = Rows()
    for side, counts in questions.items():
        for number, count in enumerate(counts):
            family = rows.family(f"{side}-{number}", side)
            channel = rows.channel(family)
            for place in range(count):
                rows.thread(channel, age_hours=365 * 24 * place / count + 1, actor_id=f"{family}-{place}")
            # Somebody of the first year, in which nobody is known to be new.
            rows.thread(channel, age_hours=700 * 24, actor_id=f"{family}-old")
    for collection in rows.tables["collections"]:
        collection["reach_at"] = NOW - timedelta(days=800)
    con = measure(rows)
    found(con, "new_people_rate")
    (claim,) = (claim for claim in reader.read_claims() if claim.id == "h4")
    test = claim.tests[0].model_copy(update={"says": says})
    return _judge_one(con, claim, test)


def _judge_one(con: Any, claim: reader.Claim, test: reader.Test) -> Any:
    compared = compare_families(con, test, test.window, test.scale)
    at_nothing = find_families_at_nothing(con, test, test.window, test.scale)
    material = Material(claim, 1, test, compared, {}, "too few data", 3, comparable=compared.keep_comparable(),
                        at_nothing=at_nothing)  # fmt: skip
    (result,) = judge_tests([material])
    return result


MANY, FEW = (160, 160, 160), (10, 10, 10)


@pytest.mark.parametrize(
    ("questions", "verdict"),
    [
        ({"open": MANY, "proprietary": FEW}, "supported"),
        ({"open": MANY, "proprietary": (*FEW, 0)}, "supported"),
        ({"open": (*MANY, 0), "proprietary": FEW}, "too few data"),
        ({"open": FEW, "proprietary": MANY}, "ruled out"),
        ({"open": (*FEW, 0), "proprietary": MANY}, "ruled out"),
        ({"open": FEW, "proprietary": (*MANY, 0)}, "too few data"),
    ],
)
def test_a_family_without_questions_keeps_a_ratio_open_where_it_could_turn_it(
    questions: dict[str, tuple[int, ...]], verdict: str
) -> None:
    """None at all is less than any number: it can only take from its own side."""
    result = _judge(questions)
    zeros = [f"{side}-{counts.index(0)}" for side, counts in questions.items() if 0 in counts]

    assert result.outcome.verdict == verdict
    assert all(name in explain_result(result) for name in zeros)
    assert list(result.material.at_nothing) == zeros


def test_where_open_is_claimed_to_be_lower_the_other_side_keeps_it_open() -> None:
    """The direction of the claim decides which family could turn it."""
    assert _judge({"open": (*FEW, 0), "proprietary": MANY}, "open lower").outcome.verdict == "supported"
    assert _judge({"open": FEW, "proprietary": (*MANY, 0)}, "open lower").outcome.verdict == "too few data"
