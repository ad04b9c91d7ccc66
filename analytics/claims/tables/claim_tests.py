"""
question: What did each test of the claims show, and what would it show without any one family?
grain: claim_id, test_number, left_out
published: yes
phase: daily
unit: that of the metric; a logarithm where the scale is a ratio
standard: three regions of a 95 % interval against the smallest effect that matters (Goeman, Solari and Stijnen 2010),
  with the family as the unit
caveats: The effect is that of these families, each counted once, so that only chance within them makes it uncertain.
  `p_supported` is the chance of so large an effect if the true one does not exceed the smallest that matters,
  `p_ruled_out` that of so small a one if it does. A test cannot be read if its reader of texts fails its gate over all
  labels or on those of either side (reader_gates), and is not judged if too much was unseen. Families that have ended
  are excluded.
data: claims/*.toml, claims/[!v]*.py, engine/items.py, statistics/*.py
"""

from dataclasses import asdict, replace
from typing import Any

import duckdb
import pyarrow as pa

from analytics.claims.comparing import NOBODY, count_sides
from analytics.claims.judging import Decision, TestResult, decide_claims, find_detectable, judge_tests
from analytics.claims.reader import RULE, Test, read_claims
from analytics.engine.items import read_metric_header
from analytics.engine.rows import make_rows
from warehouse.wording import count_things

COLUMNS = {
    "string": "claim_id left_out title metric segment statistic window scale expects verdict detectable_note"
    " claim_verdict",
    "double": "least_effect effect effect_low effect_high p_supported p_ruled_out detectable_effect",
    "int64": "test_number n open_count proprietary_count", "bool": "is_opposite",
}  # fmt: skip
POWER = f"{100 * RULE['power']:.0f} % power"
LISTS = {"like_price_ratio": " that OpenRouter lists", "changed_derivative_share": " that the Hub lists"}
"""Whose list is counted in full, by metric."""


def claim_tests(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Makes one row per test, and another for each family excluded in turn."""
    claims, rows = read_claims(), []
    rules, whole = {claim.id: claim.rule for claim in claims}, judge_tests(connection, claims)
    for left_out in (NOBODY, *sorted({family for one in whole for family in one.compared.families})):
        board = [replace(result, left_out=left_out) for result in whole]
        # What can be detected depends on what else is judged.
        decisions = decide_claims(rules, [(result.claim.id, result.outcome) for result in board])
        rows += [_make_row(result, decisions) for result in board]
    return make_rows(rows, COLUMNS)


def _make_row(result: TestResult, decisions: dict[str, Decision]) -> dict[str, Any]:
    test, effect, (open_count, proprietary_count) = result.test, result.effect, count_sides(result.weights)
    detectable = find_detectable(result, decisions)
    return test.model_dump() | asdict(result.outcome) | {
        "claim_id": result.claim.id, "test_number": result.number, "left_out": result.left_out,
        "claim_verdict": decisions[result.claim.id].verdict, "title": _name_figure(test), "expects": test.says,
        "effect": effect and effect.value, "effect_low": effect and effect.low, "effect_high": effect and effect.high,
        "detectable_effect": detectable, "detectable_note": _explain_detectable(result, detectable),
        "n": int(result.compared.items[result.weights != 0].sum()),
        "open_count": open_count, "proprietary_count": proprietary_count,
    }  # fmt: skip


def _name_figure(test: Test) -> str:
    """Names a figure as pages do: `answered within 24 hours`."""
    header = read_metric_header(test.metric)
    own = f"{test.statistic}/{test.segment}"
    return header.titles.get(own) or header.titles.get(test.statistic) or header.title


def _explain_detectable(result: TestResult, detectable: float | None) -> str:
    """States in a sentence which true difference the families at hand find; or why none."""
    families = _describe_sizes(result)
    if result.effect is None or detectable is None:
        return f"No difference can be found{_explain_lack(result, families)}"
    if result.effect.error == 0:
        return f"Everything{LISTS.get(result.test.metric, '')} is counted here: any difference that matters shows."
    if detectable > result.compared.limit:
        return f"No difference can be found with {POWER} by {families}."
    amount = _format_amount(result.test, detectable)
    what = f"distance of {amount} from the level" if result.test.has_level else f"difference of {amount}"
    return f"A true {what} is found with {POWER} by {families}."


def _describe_sizes(result: TestResult) -> str:
    """Counts the families of each side and their items: `8 open families with 412 items`."""
    sides = {"open": result.weights > 0, "proprietary": result.weights < 0}
    counted = (
        f"{count_things(int(own.sum()), f'{side} family', f'{side} families')} with "
        f"{result.compared.items[own].sum():,.0f} items"
        for side, own in sides.items() if own.any()
    )  # fmt: skip
    return " and ".join(counted) or "no families"


def _explain_lack(result: TestResult, families: str) -> str:
    """Explains why a test cannot be judged."""
    if result.failed_readers:
        return " ".join((".", *result.failed_readers))
    if result.compared.has_enough(result.weights):
        return f": too many of the items of one side could not be seen ({families})."
    needed = f"{result.compared.rules.least_families} families{'' if result.test.has_level else ' on each side'}"
    return f": {needed} with enough like cases are needed; found: {families}."


def _format_amount(test: Test, value: float) -> str:
    """Formats an amount with its unit as a reader says it."""
    if (unit := read_metric_header(test.metric).unit) != "share":
        return f"{value:.3g} {unit}"
    return f"{100 * value:.0f} points" if value >= 0.1 else f"{100 * value:.1f} points"
