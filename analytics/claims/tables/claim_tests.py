"""
question: What did each test of the claims show, and what would it show without any one family?
grain: claim_id, test_number, left_out
published: yes
phase: across
unit: that of the metric; a logarithm where the scale is a ratio
standard: three regions of a 95 % interval against the smallest effect that matters (Goeman, Solari and Stijnen 2010),
  with the family as the unit
caveats: The effect is that of these families, each counted once; only chance within them makes it uncertain.
  `p_supported` is the chance of so large an effect if the true one does not exceed the smallest that matters,
  `p_ruled_out` that of so small a one if it does; both are 0 or 1 if everything was counted. A test cannot be
  read if its reader of texts fails its gate over all labels or on those of either side (reader_gates); what a reader
  that passes reads is compared as it is read. One of which too much was unseen is not judged either; unseen items widen
  the interval of the others, and so does how alike answers of one person are. Families that have ended are excluded:
  they can be neither chosen nor helped.
data: claims/h[0-9]*.toml, claims/rule.toml, claims/reader.py, claims/comparing.py, claims/like_items.py,
  engine/items.py, claims/judging.py, claims/regions.py, claims/deciding.py, statistics/family_effects.py,
  statistics/item_counts.py, statistics/effects.py,
  claims/wording.py
"""

from typing import Any

import duckdb
import pyarrow as pa

from analytics.claims.judging import (
    NOBODY,
    TestResult,
    decide_board,
    find_detectable,
    gather_materials,
    judge_tests,
)
from analytics.claims.reader import Claim, read_claims
from analytics.claims.wording import explain_detectable, explain_lack, name_figure

WORDS = (
    "claim_id", "left_out", "title", "metric", "segment", "statistic", "window", "scale", "expects", "verdict",
    "explanation", "test_why", "detectable_note",
)  # fmt: skip
NUMBERS = (
    "least_effect", "effect", "effect_low", "effect_high", "p_supported", "p_ruled_out", "detectable_effect",
)  # fmt: skip
COUNTS = ("test_number", "n", "open_count", "proprietary_count")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in WORDS),
        *((name, pa.float64()) for name in NUMBERS),
        *((name, pa.int64()) for name in COUNTS), ("is_opposite", pa.bool_()),
    ]
)  # fmt: skip


def claim_tests(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Makes one row per test, and another for each family excluded in turn."""
    claims = read_claims()
    materials = gather_materials(connection, claims)
    families = sorted({family for one in materials for family in one.compared.families})
    boards = [judge_tests(materials, left_out) for left_out in (NOBODY, *families)]
    return pa.Table.from_pylist([row for board in boards for row in _make_rows(claims, board)], SCHEMA)


def _make_rows(claims: tuple[Claim, ...], board: list[TestResult]) -> list[dict[str, Any]]:
    """Makes the rows of one board; what can be detected depends on what else is judged."""
    decisions = decide_board(claims, board)
    return [_make_row(result, find_detectable(result, decisions)) for result in board]


def _make_row(result: TestResult, detectable: float | None) -> dict[str, Any]:
    test, outcome, effect = result.material.test, result.outcome, result.effect
    open_count, proprietary_count = result.shown.count_sides()
    return {
        "claim_id": result.material.claim.id, "test_number": result.material.number, "left_out": result.left_out,
        "title": name_figure(test), "metric": test.metric, "segment": test.segment, "statistic": test.statistic,
        "window": test.window, "scale": test.scale, "expects": test.says,
        "least_effect": test.least_effect, "test_why": test.why, "verdict": outcome.verdict,
        "effect": effect and effect.value, "effect_low": effect and effect.low, "effect_high": effect and effect.high,
        "p_supported": outcome.p_supported, "p_ruled_out": outcome.p_ruled_out, "is_opposite": outcome.is_opposite,
        "detectable_effect": detectable, "detectable_note": explain_detectable(result, detectable),
        "n": int(result.shown.items.sum()), "open_count": open_count, "proprietary_count": proprietary_count,
        "explanation": explain_lack(result),
    }  # fmt: skip
