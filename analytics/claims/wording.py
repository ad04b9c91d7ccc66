"""Words results of tests so that a reader can check them."""

import math

from analytics.claims.deciding import UNREADABLE
from analytics.claims.judging import TestResult
from analytics.claims.reader import RULE
from analytics.engine.items import read_metric_header

POWER = f"{100 * RULE.power:.0f} % power"
COUNTED = "Counted in full, so that no chance is involved."


def explain_result(result: TestResult) -> str:
    """States why a test cannot be judged or has no p, and which channels are excluded because of a warning."""
    suspects = result.material.suspect_channels
    excluded = f"Excluded because of a warning: {', '.join(suspects)}." if suspects else ""
    lack = f"{_explain_lack(result)}." if result.compared is None else ""
    return " ".join(filter(None, (lack, COUNTED if result.outcome.is_counted else "", excluded)))


def _explain_lack(result: TestResult) -> str:
    """Explains why a test cannot be judged."""
    material, families = result.material, _count_families(result) or "no"
    if result.outcome.verdict == UNREADABLE:
        return " ".join(material.failed_readers).removesuffix(".")
    if material.compared.is_unlike:
        return f"unlike places: {families} families, whose sides share no kind of channel with the same role"
    if result.shown.is_hidden and min(result.shown.count_sides()) >= material.least:
        return f"too many of the items of one side could not be seen ({families} families)"
    return f"{families} families, and {material.least}{' on each side' * (material.compared.level is None)} are needed"


def _count_families(result: TestResult) -> str:
    sides = zip(("open", "proprietary"), result.shown.count_sides(), strict=True)
    return " and ".join(f"{count} {side}" for side, count in sides if count)


def explain_detectable(result: TestResult, detectable: float | None) -> str:
    """States in a sentence which true difference the data at hand find, by which sizes of families; or why none."""
    if detectable is None:
        return f"No difference can be found: {_explain_lack(result)}."
    test = result.material.test
    if result.outcome.is_counted:
        return "Everything is counted here, so that any difference beyond the smallest that matters shows."
    sizes = _describe_sizes(result)
    if result.shown.unseen is not None and detectable > 1:
        return f"No difference can be found with {POWER} by {sizes}."
    amount = _format_amount(test.scale, read_metric_header(test.metric).unit, detectable)
    what = "difference of" if result.shown.level is None else "distance from the level of"
    return f"A true {what} {amount} is found with {POWER} by {sizes}."


def _describe_sizes(result: TestResult) -> str:
    """Describes how many families each side has, and how many items the smallest and the largest of them have."""
    shown, sizes = result.shown, []
    for side, is_mine in (("open", shown.is_open), ("proprietary", ~shown.is_open)):
        if is_mine.any():
            least, most = int(shown.items[is_mine].min()), int(shown.items[is_mine].max())
            sizes.append(f"{is_mine.sum()} {side} families of {least:,} to {most:,} items")
    return " and ".join(sizes)


def _format_amount(scale: str, unit: str, value: float) -> str:
    """Formats an amount with its unit as a reader says it: points or a factor."""
    if scale == "ratio":
        return f"a factor of {math.exp(value):.1f}"
    if unit == "share":
        points = value * 100
        return f"{points:.0f} points" if points >= 10 else f"{points:.1f} points"
    return f"{value:.3g} {unit}"
