"""
question: What does each claim say, what do its tests come to, and what would they come to without any one family?
grain: claim_id, left_out
standard: partial conjunction of the tests' p (Benjamini and Heller 2008), doubled for two directions, adjusted by Holm
caveats: One p a claim, of the deciding tests only, and none if all that could be judged was counted in full; a test
  that cannot be judged counts as 1, so that fewer data never make support easier. `mixed` rests on
  the null that none of the tests is true. Holm's adjustment is over the claims that have a p, and
  valid however they are related. The words are our own, written before any data; a changed claim has a new version, and
  verdicts of two versions are not compared.
data: claims/h[0-9]*.toml, claims/rule.toml, claims/reader.py, claims/deciding.py, statistics/effects.py
"""

from datetime import date

import duckdb
import pyarrow as pa

from analytics.claims.deciding import Decision, JudgedTest, decide_claims
from analytics.claims.reader import RULE, Claim, RuleName, read_claims

OUTCOMES = """
select left_out, claim_id, verdict, p_supported, p_ruled_out, coalesce(is_opposite, false),
    coalesce(effect_low = effect_high, false)
from metrics.claim_tests
where is_deciding
order by left_out, claim_id, test_number
"""
TEXTS = ("title", "claim", "why_it_matters", "would_refute", "rule_words", "wording")
COUNTS = ("tests_count", "judged_count", "supported_count", "ruled_out_count", "opposed_count")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("claim_id", "left_out", "verdict", *TEXTS)),
        ("claim_version", pa.int64()), ("registered_on", pa.date32()),
        *((name, pa.int64()) for name in COUNTS),
        ("p_adjusted", pa.float64()),
    ]
)  # fmt: skip


def decided_claims(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Decides each claim on the whole board, and on every board with something excluded."""
    claims = {claim.id: claim for claim in read_claims()}
    outcomes = connection.execute(OUTCOMES).fetchall()
    # A claim without a test that decides cannot be observed.
    boards: dict[str, dict[str, tuple[RuleName, list[JudgedTest]]]] = {
        left_out: {name: (claim.rule, []) for name, claim in claims.items()} for left_out, *_ in outcomes
    }
    for left_out, name, *outcome in outcomes:
        boards[left_out][name][1].append(JudgedTest(*outcome))
    rows = [
        _make_row(claims[name], left_out, decision)
        for left_out, board in boards.items()
        for name, decision in decide_claims(board).items()
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def _make_row(claim: Claim, left_out: str, decision: Decision) -> dict[str, str | int | float | date | None]:
    return {
        "claim_id": claim.id, "left_out": left_out, "verdict": decision.verdict, "title": claim.title,
        "claim": claim.sentence, "why_it_matters": claim.why_it_matters, "would_refute": claim.refuted_by,
        "rule_words": RULE.rules[claim.rule], "wording": f"{claim.not_compared} {claim.wording[decision.verdict]}",
        "claim_version": claim.version, "registered_on": claim.registered_on,
        **{name: getattr(decision, name) for name in (*COUNTS, "p_adjusted")},
    }  # fmt: skip
