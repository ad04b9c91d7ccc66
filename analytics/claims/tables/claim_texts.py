"""
question: What does each claim say, and how will each verdict be worded?
grain: claim_id, verdict
unit: none
standard: none
caveats: Our own words for the claims of the essay. Written before any data; a changed claim has a new version, and
  verdicts of two versions are not compared.
data: claims/h[0-9]*.toml, claims/rule.toml, claims/reader.py, claims/registration.py
version: 1
"""

import duckdb
import pyarrow as pa

from analytics.claims.reader import RULE, VERDICTS, read_claims
from analytics.claims.registration import compute_digest, render_claim

TEXTS = (
    "claim_id",
    "title",
    "claim",
    "why_it_matters",
    "would_refute",
    "rule",
    "rule_words",
    "verdict",
    "wording",
    "digest",
)
SCHEMA = pa.schema(
    [*((name, pa.string()) for name in TEXTS), ("claim_version", pa.int64()), ("registered_on", pa.date32())]
)


def claim_texts(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Makes one row per claim and possible verdict."""
    rows = [
        {
            "claim_id": claim.id, "title": claim.title, "claim": claim.sentence, "why_it_matters": claim.why_it_matters,
            "would_refute": claim.refuted_by, "rule": claim.rule, "rule_words": RULE.rules[claim.rule],
            "digest": compute_digest(render_claim(claim.id)), "verdict": verdict, "wording": claim.wording[verdict],
            "claim_version": claim.version, "registered_on": claim.registered_on,
        }
        for claim in read_claims() for verdict in VERDICTS
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, SCHEMA)
