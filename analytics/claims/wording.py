"""Results of tests in words that a reader can check."""

import math

from analytics.claims.deciding import UNREADABLE
from analytics.claims.judging import TestResult
from analytics.claims.regions import Region, scale_least
from analytics.engine.items import read_metric_header
from analytics.statistics.effects import Effect

SAYS = {
    "open higher": "open families higher than proprietary ones",
    "open lower": "open families lower than proprietary ones",
    "above": "above {level:g}", "below": "below {level:g}",
}  # fmt: skip

COUNTED = ": counted in full, so that no chance is involved"


def explain_result(result: TestResult) -> str:
    """States the result of a test, and which channels are excluded because of a warning."""
    suspects = result.material.suspect_channels
    excluded = f" Excluded because of a warning: {', '.join(suspects)}." if suspects else ""
    return _explain_evidence(result) + excluded


def _explain_evidence(result: TestResult) -> str:
    """States what was expected, the result for these families and in general, what it rests on, and the verdict."""
    test = result.material.test
    name = f"{test.metric} ({test.statistic}{'' if test.segment == 'all' else ', ' + test.segment}, {test.window})"
    least = _format_number(test.scale, scale_least(test.least_effect, test.scale)).lstrip("+")
    expected = f"{name}: expected {SAYS[test.says].format(level=test.level)} by more than {least}"
    families = " and ".join(
        f"{count} {side}"
        for side, count in (("open", result.open_count), ("proprietary", result.proprietary_count))
        if count
    )
    region = result.region
    if result.compared is None or region is None:
        return f"{expected}; {result.outcome.verdict}: {_explain_lack(result, families)}."
    found = f"these families {_format_effect(test.scale, result.compared.these)}"
    general = result.compared.general
    found += f", families in general {_format_effect(test.scale, general)}" if general else ""
    rest = f"{result.n} items of {families} families" if result.n else f"{families} families"
    if lost := [name for name in result.material.at_nothing if name != result.left_out]:
        rest += f", without {', '.join(sorted(lost))}, whose figures may be 0, which no ratio can hold"
    raw = ""
    if result.plain is not None and result.plain is not result.compared.these:
        raw = f"; unmatched {_format_number(test.scale, result.plain.value)}"
    return f"{expected}; {found}; {rest}{raw}. {_describe_region(region)}{COUNTED if result.is_counted else ''}."


def _explain_lack(result: TestResult, families: str) -> str:
    """Explains why a test cannot be judged."""
    material = result.material
    if result.outcome.verdict == UNREADABLE:
        return result.lack or " ".join(material.failed_readers).removesuffix(".")
    if material.is_unlike:
        return f"unlike places: {families or 'no'} families, whose sides share no kind of channel with the same role"
    if result.lack:
        return f"{result.lack} ({families})"
    needed = f"{material.least}{'' if material.sides is None else ' on each side'} are needed"
    return f"{families or 'no'} families, and {needed}"


def _describe_region(region: Region) -> str:
    """Describes where the effect lies, as the verdict of the test."""
    if region.is_opposite:
        return "Ruled out, and the opposite is shown"
    return region.word.capitalize()


def explain_detectable(result: TestResult, detectable: float | None) -> str:
    """States in a plain sentence which differences these families could not show, or why it cannot be read; empty
    without a result for other reasons."""
    if result.outcome.verdict == UNREADABLE:
        return f"Nothing: {_explain_lack(result, '')}."
    if detectable is None or result.compared is None:
        return ""
    test = result.material.test
    if result.is_counted:
        return "Everything is counted here, so that any difference beyond the smallest that matters shows."
    amount = _format_amount(test.scale, read_metric_header(test.metric).unit, detectable)
    if test.says in ("above", "below"):
        return f"With these families a distance of less than {amount} from the level cannot be shown."
    return f"With these families a difference below {amount} cannot be shown."


def _format_amount(scale: str, unit: str, value: float) -> str:
    """Formats an amount with its unit as a reader says it: points, a factor, or a balance of pairs."""
    if scale == "ratio":
        return f"a factor of {math.exp(min(value, 50)):.1f}"
    if scale == "order":
        return f"a balance of {value:.2f} of the pairs"
    if unit == "share":
        points = value * 100
        return f"{points:.0f} points" if points >= 10 else f"{points:.1f} points"
    return f"{value:.3g} {unit}"


def _format_effect(scale: str, effect: Effect) -> str:
    value, low, high = (_format_number(scale, number) for number in (effect.value, effect.low, effect.high))
    return f"{value} ({low} to {high})"


def _format_number(scale: str, value: float) -> str:
    return f"× {math.exp(min(value, 50)):.2f}" if scale == "ratio" else f"{value:+.3f}"
