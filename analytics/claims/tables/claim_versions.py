"""
question: What did earlier versions of each claim say, and why were they changed?
grain: claim_id, claim_version
unit: none
standard: none
caveats: The newest version has no reason for a change. Verdicts of two versions are not compared.
data: claims/h[0-9]*.toml, claims/reader.py
version: 1
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from analytics.claims.reader import Claim, read_claims

TEXTS = ("claim_id", "title", "claim", "would_refute", "rule", "tests_summary", "why_changed")
SCHEMA = pa.schema(
    [*((name, pa.string()) for name in TEXTS), ("claim_version", pa.int64()), ("registered_on", pa.date32())]
)


def claim_versions(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Makes one row per claim and version."""
    return pa.Table.from_pylist([row for claim in read_claims() for row in _make_rows(claim)], SCHEMA)


def _make_rows(claim: Claim) -> Iterator[dict[str, Any]]:
    for earlier in claim.earlier:
        yield {
            "claim_id": claim.id, "claim_version": earlier.version, "registered_on": earlier.registered_on,
            "title": earlier.title, "claim": earlier.sentence, "would_refute": earlier.refuted_by, "rule": earlier.rule,
            "tests_summary": "; ".join(earlier.tests), "why_changed": earlier.why_changed,
        }  # fmt: skip
    tests = [f"{test.metric} {test.statistic}, {test.says}" for test in claim.tests if test.decides]
    yield {
        "claim_id": claim.id, "claim_version": claim.version, "registered_on": claim.registered_on,
        "title": claim.title, "claim": claim.sentence, "would_refute": claim.refuted_by, "rule": claim.rule,
        "tests_summary": "; ".join(tests), "why_changed": None,
    }  # fmt: skip
