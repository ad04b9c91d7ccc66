"""
question: What do the tests of each claim come to, and what would they come to without any one family, or where
  replies are read by other rules?
grain: claim_id, left_out
unit: none
standard: partial conjunction of the tests' p (Benjamini and Heller 2008), doubled for two directions, adjusted by Holm
caveats: One p a claim, of the deciding tests only, and none where all that could be judged was counted in full; a test
  that cannot be judged counts as 1, so that fewer data never make support easier. `p_some_adjusted` is that of the
  null that none of the tests is true: on it `mixed` rests. Holm's adjustment is over the claims that have a p, and
  valid however they are related.
data: claims/h[0-9]*.toml, claims/rule.toml, claims/reader.py, claims/deciding.py, statistics/effects.py
version: 1
"""

import duckdb
import pyarrow as pa

from analytics.claims.deciding import Decision, JudgedTest, decide_claims
from analytics.claims.reader import RuleName, read_claims

OUTCOMES = """
select left_out, claim_id, verdict, p_supported, p_ruled_out, coalesce(is_opposite, false),
    coalesce(effect_low = effect_high, false)
from metrics.claim_tests
where is_deciding
order by left_out, claim_id, test_number
"""
P_VALUES = ("p_value", "p_adjusted", "p_some_adjusted")
COUNTS = ("tests_count", "judged_count", "supported_count", "ruled_out_count", "opposed_count")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("claim_id", "left_out", "verdict")),
        *((name, pa.int64()) for name in COUNTS),
        *((name, pa.float64()) for name in P_VALUES),
    ]
)


def decided_claims(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Decides each claim on the whole board, and on every board with something left out."""
    rules = {claim.id: claim.rule for claim in read_claims()}
    outcomes = connection.execute(OUTCOMES).fetchall()
    # A claim without a test that decides is not observable.
    boards: dict[str, dict[str, tuple[RuleName, list[JudgedTest]]]] = {
        left_out: {claim: (rule, []) for claim, rule in rules.items()} for left_out, *_ in outcomes
    }
    for left_out, claim, *outcome in outcomes:
        boards[left_out][claim][1].append(JudgedTest(*outcome))
    rows = [
        _make_row(claim, left_out, decision)
        for left_out, board in boards.items()
        for claim, decision in decide_claims(board).items()
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def _make_row(claim: str, left_out: str, decision: Decision) -> dict[str, str | int | float | None]:
    return {
        "claim_id": claim, "left_out": left_out, "verdict": decision.verdict,
        **{name: getattr(decision, name) for name in (*COUNTS, *P_VALUES)},
    }  # fmt: skip
