"""
question: What do the figures say about each of the essay's claims?
grain: claim_id
published: yes
unit: that of the leading test
standard: partial conjunction of the tests' p (Benjamini and Heller 2008), doubled for two directions, adjusted by Holm
caveats: One p a claim, of its tests; a test that cannot be judged counts as 1, so that fewer data never
  make support easier, and a claim counted in full has 0 or 1. Holm's adjustment is over the claims that can be judged.
  What the verdicts mean is in the rule that `heartbeat claims --registered` prints; what one does not compare is its
  first sentence, and it names no test that was not judged. The words are our own, written before any data; a changed
  claim has a new version, and verdicts of two versions are not compared. The effect shown is that of the leading test:
  the first one that could be judged. A verdict that changes when a single family is excluded says so.
data: claims/h[0-9]*.toml, claims/rule.toml, claims/reader.py, claims/deciding.py, statistics/effects.py,
  claims/wording.py
"""

from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa

from analytics.claims.deciding import TOO_FEW, UNOBSERVABLE, UNREADABLE, Decision, JudgedTest, decide_claims
from analytics.claims.judging import NOBODY
from analytics.claims.reader import RULE, Claim, read_claims
from analytics.claims.wording import list_signs, tally_tests

Row = dict[str, Any]
TESTS = "from metrics.claim_tests order by left_out, claim_id, test_number"
VISITED = "select max(as_of_at) from metrics.channel_coverage"
WORDS = (
    "claim_id", "title", "claim", "why_it_matters", "would_refute", "rule_words", "verdict", "wording", "tests_note",
    "sensitivity_note",
)  # fmt: skip
OF_LEADER = {
    "metric": pa.string(), "statistic": pa.string(), "effect": pa.float64(), "effect_low": pa.float64(),
    "effect_high": pa.float64(), "detectable_effect": pa.float64(), "detectable_note": pa.string(), "n": pa.int64(),
    "open_count": pa.int64(), "proprietary_count": pa.int64(),
}  # fmt: skip
"""What is shown of the leading test."""
COUNTS = ("claim_version", "tests_count", "supported_count", "ruled_out_count", "turns_count")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in WORDS), *OF_LEADER.items(), *((name, pa.int64()) for name in COUNTS),
        ("registered_on", pa.date32()), ("p_adjusted", pa.float64()), ("as_of_at", pa.timestamp("us")),
    ]
)  # fmt: skip


def claim_verdicts(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Decides each claim, also with each family excluded in turn."""
    ((visited_at,),) = connection.execute(VISITED).fetchall()
    rows = connection.sql(TESTS).to_arrow_table().to_pylist()
    claims = read_claims()
    boards = {left_out: list(own) for left_out, own in groupby(rows, lambda row: row["left_out"])}
    decisions = {left_out: _decide(claims, own) for left_out, own in boards.items()}
    verdicts = []
    for claim in claims:
        tests = [row for row in boards.get(NOBODY, []) if row["claim_id"] == claim.id]
        decision = decisions[NOBODY][claim.id]
        turned = {
            left_out: board[claim.id].verdict
            for left_out, board in decisions.items()
            if board[claim.id].verdict != decision.verdict
        }
        verdicts.append(_make_row(claim, tests, decision, turned) | {"as_of_at": visited_at})
    return pa.Table.from_pylist(verdicts, SCHEMA)


def _decide(claims: tuple[Claim, ...], rows: list[Row]) -> dict[str, Decision]:
    """Decides the claims of one board; one without a test cannot be observed."""
    outcomes: dict[str, list[JudgedTest]] = {claim.id: [] for claim in claims}
    for row in rows:
        outcome = JudgedTest(row["verdict"], row["p_supported"], row["p_ruled_out"], row["is_opposite"])
        outcomes[row["claim_id"]].append(outcome)
    return decide_claims({claim.id: (claim.rule, outcomes[claim.id]) for claim in claims})


def _make_row(claim: Claim, tests: list[Row], decision: Decision, turned: dict[str, str]) -> Row:
    leading: Row = next((test for test in tests if test["effect"] is not None), {})
    # If the claim lacks data, the test that does says why.
    noted = next((test for test in tests if test["verdict"] == decision.verdict), leading)
    signs = {"supported": list_signs(tests, "supported"), "ruled_out": list_signs(tests, "ruled out")}
    return {name: leading.get(name) for name in OF_LEADER} | {
        "claim_id": claim.id, "claim_version": claim.version, "registered_on": claim.registered_on,
        "title": claim.title, "claim": claim.sentence, "why_it_matters": claim.why_it_matters,
        "would_refute": claim.refuted_by, "rule_words": RULE.rules[claim.rule], "verdict": decision.verdict,
        "wording": f"{claim.not_compared} {claim.wording[decision.verdict].format(**signs)}",
        "detectable_note": noted.get("detectable_note"), "tests_note": tally_tests(tests),
        "tests_count": decision.tests_count, "supported_count": decision.supported_count,
        "ruled_out_count": decision.ruled_out_count, "p_adjusted": decision.p_adjusted,
        "turns_count": len(turned), "sensitivity_note": _describe_turns(decision.verdict, turned),
    }  # fmt: skip


def _describe_turns(verdict: str, turned: dict[str, str]) -> str:
    """States without which families the verdict would be another one."""
    if turned:
        return f"The verdict changes: {', '.join(f'{other} without {name}' for name, other in turned.items())}."
    if verdict in (TOO_FEW, UNREADABLE, UNOBSERVABLE):
        return "There is no verdict yet that could change."
    return "The verdict holds whichever family is excluded."
