"""
question: What did each test of the claims show, and what would it show without any one family, or under other rules
  for bots?
grain: claim_id, test_number, left_out
unit: that of the metric; a logarithm where the scale is a ratio
standard: two-sided tests with families as units, adjusted by Holm over all tests of the board
caveats: Holm's adjustment is valid however the tests are related, and these share threads; the price is that small
  effects are not shown. With few families no p can be small: then no difference is shown. An order is the share of
  pairs in which the open family has more, minus the share in which it has less. Families that have ended are left
  out: they can be neither chosen nor helped.
data: claims/h[0-9]*.toml, claims/reader.py, claims/comparing.py, engine/items.py, claims/judging.py,
  statistics/matching.py, statistics/meta_analysis.py, statistics/student.py, claims/wording.py
version: 2
"""

from typing import Any

import duckdb
import pyarrow as pa

from analytics.claims.judging import NOBODY, TestResult, apply_bot_rule, gather_materials, judge_tests
from analytics.claims.reader import BOT_RULES, read_claims
from analytics.claims.wording import explain_result

WORDS = (
    "claim_id",
    "left_out",
    "metric",
    "segment",
    "statistic",
    "window",
    "scale",
    "expects",
    "verdict",
    "explanation",
    "test_why",
)
NUMBERS = (
    "least_effect",
    "effect",
    "effect_low",
    "effect_high",
    "raw_effect",
    "raw_low",
    "raw_high",
    "p_value",
    "p_adjusted",
)
COUNTS = ("test_number", "n", "open_count", "proprietary_count")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in WORDS),
        ("channel_kinds", pa.list_(pa.string())), *((name, pa.float64()) for name in NUMBERS),
        *((name, pa.int64()) for name in COUNTS), ("is_deciding", pa.bool_()),
    ]
)  # fmt: skip


def claim_tests(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Makes one row per test, and another for each family left out in turn."""
    materials = gather_materials(connection, read_claims())
    families = sorted({family for one in materials for family in one.list_families()})
    results = [result for left_out in (NOBODY, *families) for result in judge_tests(materials, left_out)]
    for rule in BOT_RULES:
        bot_results = judge_tests(apply_bot_rule(connection, materials, rule), f"{rule} bots")
        results += [one for one in bot_results if any(test.bots for test in one.material.claim.tests)]
    return pa.Table.from_pylist([_make_row(result) for result in results], SCHEMA)


def _make_row(result: TestResult) -> dict[str, Any]:
    test, effect, plain = result.material.test, result.effect, result.unmatched
    return {
        "claim_id": result.material.claim.id, "test_number": result.material.number, "left_out": result.left_out,
        "metric": test.metric, "segment": test.segment, "statistic": test.statistic, "window": test.window,
        "scale": test.scale, "channel_kinds": list(test.kinds), "expects": test.says, "is_deciding": test.decides,
        "least_effect": test.least_effect, "test_why": test.why, "verdict": result.verdict,
        "effect": effect and effect.value, "effect_low": effect and effect.low, "effect_high": effect and effect.high,
        "raw_effect": plain and plain.value, "raw_low": plain and plain.low, "raw_high": plain and plain.high,
        "p_value": effect and effect.p_value, "p_adjusted": result.p_adjusted, "n": result.n,
        "open_count": result.open_count, "proprietary_count": result.proprietary_count,
        "explanation": explain_result(result),
    }  # fmt: skip
