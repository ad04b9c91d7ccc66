"""Prices of models of like kind: the published test of the two sides (claim H1) in words."""

import math

from dashboards.evidence import board
from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, Row
from dashboards.words import numbers
from warehouse.wording import GAP

METRIC = "like_price_ratio"
TESTS = "metrics.claim_tests"


def load_test(page: View) -> DictRow | None:
    """Loads the published test of the sides' prices; None where the snapshot has none, or where families are chosen."""
    # Anyone who chose families does not ask about the sides.
    if page.chosen:
        return None
    sql = f"select * from {TESTS} where metric = ? and left_out = 'none' order by claim_id, test_number limit 1"
    return next(iter(snapshot_reader.load_rows(page.snapshot, sql, METRIC)), None)


def judge_sides(test: Row | None) -> str:
    """Words as a verdict which side costs less for models of like kind; empty where too few could be compared."""
    if test is None or test["effect"] is None:
        return ""
    lower, higher = ("open", "proprietary") if test["effect"] < 0 else ("proprietary", "open")
    share = _format_share(-abs(test["effect"]))
    if test["verdict"] == "supported" or test["is_opposite"]:
        return f"**{lower.capitalize()} models cost less than {higher} ones of like kind**: {share} of their price."
    if test["verdict"] == "ruled out":
        least = numbers.format_two_digits(test["least_effect"])
        return f"**Open models are not clearly cheaper for their kind**: the prices differ by less than ×{least}."
    if test["verdict"] == "undecided":
        return f"**Too close to call**: {lower} models of like kind cost {share} of what {higher} ones cost."
    return ""


def describe_sides(test: Row | None) -> str:
    """States what the ratio of the sides' prices rests on; empty if too few could be compared."""
    if test is None or test["effect"] is None:
        return ""
    low, high = test["effect_low"], test["effect_high"]
    spread = f", 95{GAP}% interval {_format_share(low)} to {_format_share(high)}" if low != high else ""
    return (
        f"n{GAP}={GAP}{numbers.format_count(test['n'])} models of {board.count_families(test)}{spread}; how good their "
        "answers are is not matched."
    )


def _format_share(effect: float) -> str:
    # Ratios are stored as logarithms; the cap keeps the exponential finite.
    return f"{numbers.format_two_digits(100 * math.exp(min(effect, 50)))}{GAP}%"
