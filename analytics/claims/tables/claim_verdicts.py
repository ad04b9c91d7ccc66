"""
question: What do the figures say about each of the essay's claims?
grain: claim_id
published: yes
unit: that of the leading test
standard: partial conjunction of the tests' p (Benjamini and Heller 2008), doubled for two directions, adjusted by Holm
caveats: A test that cannot be judged has a p of 1, so that fewer data never make support easier; Holm's adjustment is
  over the claims that can be judged. What the verdicts mean is in the rule that `heartbeat claims --registered` prints.
  A changed claim has a new version, and verdicts of two versions are not compared. The effect is that of the leading
  test: the first one that could be judged.
data: claims/*.toml, claims/[!v]*.py, statistics/*.py
"""

from collections import Counter
from operator import itemgetter
from typing import Any

import duckdb
import pyarrow as pa

from analytics.claims.comparing import NOBODY
from analytics.claims.judging import TOO_FEW, UNOBSERVABLE, UNREADABLE, Decision, JudgedTest, decide_claims
from analytics.claims.reader import RULE, Claim, read_claims
from analytics.engine.rows import make_rows
from warehouse.wording import count_things

Row = dict[str, Any]
TESTS = """
select t.*, f.title as without from metrics.claim_tests as t left join staging.families as f on f.family_id = t.left_out
order by left_out, claim_id, test_number
"""
VISITED = "select max(clock_at) as as_of_at from staging.visits"
OUTCOME = itemgetter("verdict", "p_supported", "p_ruled_out", "is_opposite")
COLUMNS = {
    "string": "claim_id title claim why_it_matters would_refute rule_words verdict wording tests_note sensitivity_note"
    " metric statistic detectable_note",
    "double": "effect effect_low effect_high detectable_effect p_adjusted",
    "int64": "n open_count proprietary_count claim_version tests_count supported_count ruled_out_count",
    "timestamp[us]": "as_of_at",
}


def claim_verdicts(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Decides each claim, and names the families without which it would be decided otherwise."""
    rows, claims = connection.sql(TESTS).to_arrow_table().to_pylist(), read_claims()
    outcomes = [(row["claim_id"], JudgedTest(*OUTCOME(row))) for row in rows if row["left_out"] == NOBODY]
    decisions = decide_claims({claim.id: claim.rule for claim in claims}, outcomes)
    made = [_make_row(one, [row for row in rows if row["claim_id"] == one.id], decisions[one.id]) for one in claims]
    (visited,) = connection.sql(VISITED).to_arrow_table().to_pylist()
    return make_rows((row | visited for row in made), COLUMNS)


def _make_row(claim: Claim, rows: list[Row], decision: Decision) -> Row:
    tests = [row for row in rows if row["left_out"] == NOBODY]
    leading: Row = next((test for test in tests if test["effect"] is not None), {})
    # If the claim lacks data, the test that does says why.
    noted = next((test for test in tests if test["verdict"] == decision.verdict), leading)
    titles = {
        word: "; ".join(test["title"] for test in tests if test["verdict"] == word.replace("_", " "))
        for word in ("supported", "ruled_out")
    }
    return leading | {
        "claim_id": claim.id, "claim_version": claim.version, "title": claim.title, "claim": claim.sentence,
        "why_it_matters": claim.why_it_matters, "would_refute": claim.refuted_by, "verdict": decision.verdict,
        "wording": f"{claim.not_compared} {claim.wording[decision.verdict].format(**titles)}",
        "rule_words": RULE["rules"][claim.rule], "detectable_note": noted.get("detectable_note"),
        "tests_note": _tally_tests(tests), "tests_count": decision.tests_count, "p_adjusted": decision.p_adjusted,
        "supported_count": decision.counts["supported"], "ruled_out_count": decision.counts["ruled out"],
        "sensitivity_note": _describe_turns(rows, decision.verdict),
    }  # fmt: skip


def _tally_tests(tests: list[Row]) -> str:
    """Counts the tests of a claim by what they say."""
    words = Counter("the opposite" if test["is_opposite"] else test["verdict"] for test in tests)
    tallied = ", ".join(f"{count} {word}" for word, count in words.most_common())
    return f"{count_things(len(tests), 'test')}: {tallied}" if tests else "no test could be made"


def _describe_turns(rows: list[Row], verdict: str) -> str:
    """States without which families the verdict would be another one."""
    verdicts = {row["without"]: row["claim_verdict"] for row in rows if row["left_out"] != NOBODY}
    if turned := [f"{other} without {name}" for name, other in verdicts.items() if other != verdict]:
        return f"The verdict changes: {', '.join(turned)}."
    if verdict in (TOO_FEW, UNREADABLE, UNOBSERVABLE):
        return "There is no verdict yet that could change."
    return "The verdict is the same whichever family is excluded."
