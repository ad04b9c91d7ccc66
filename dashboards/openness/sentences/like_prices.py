"""Sentences about prices of models of like kind, from the published test of claim H1: no ratio is computed here."""

import math

from dashboards.evidence import board
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.wording import GAP


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
    """States the ratio of the sides' middle prices for models of like kind, and what it would be in general; empty
    where too few could be compared."""
    if test is None or test["effect"] is None:
        return ""
    spread = "all counted"
    if test["effect_low"] != test["effect_high"]:
        spread = f"95{GAP}% interval {_format_ends(test['effect_low'], test['effect_high'])}"
    is_known = None not in (test["general_low"], test["general_high"])
    ends = _format_ends(test["general_low"], test["general_high"]) if is_known else ""
    general = f"; for families in general, {ends}" if is_known else ""
    return (
        f"For models of like kind the middle price of open families is {_format_share(test['effect'])} of that of "
        f"proprietary ones ({board.count_families(test)}; n{GAP}={GAP}"
        f"{numbers.format_count(test['n'])} models, {spread}){general}. How good their answers are is not matched. "
    )


def _format_ends(low: float, high: float) -> str:
    return f"{_format_share(low)} to {_format_share(high)}"


def _format_share(effect: float) -> str:
    # Ratios are stored as logarithms; the cap keeps the exponential finite.
    return f"{numbers.format_two_digits(100 * math.exp(min(effect, 50)))}{GAP}%"
