"""Results of tests in words that a reader can check."""

import math

from analytics.claims.judging import TestResult
from analytics.statistics.meta_analysis import Effect

SAYS = {
    "open higher": "open families higher than proprietary ones",
    "open lower": "open families lower than proprietary ones",
    "above": "above {level:g}", "below": "below {level:g}",
}  # fmt: skip


def explain_result(result: TestResult) -> str:
    """States what was expected, the result, what it rests on, and the unmatched result."""
    test = result.material.test
    name = f"{test.metric} ({test.statistic}{'' if test.segment == 'all' else ', ' + test.segment}, {test.window})"
    expected = f"{name}: expected {SAYS[test.says].format(level=test.level)}"
    families = " and ".join(
        f"{count} {side}"
        for side, count in (("open", result.open_count), ("proprietary", result.proprietary_count))
        if count
    )
    if result.effect is None:
        needed = f"{result.material.least}{'' if result.material.sides is None else ' on each side'} are needed"
        return f"{expected}; {result.verdict}: {families or 'no'} families, and {needed}."
    effect = _format_effect(test.scale, result.effect)
    p_values = f"p {_format_p(result.effect.p_value)}, {_format_p(result.p_adjusted)} over the board"
    rest = f"{result.n} items of {families} families" if result.n else f"{families} families"
    raw = (
        f"; unmatched {_format_number(test.scale, result.unmatched.value)}"
        if result.unmatched and result.unmatched is not result.effect
        else ""
    )
    verdict = f"{result.verdict.capitalize()}{_qualify_verdict(result)}"
    return f"{expected}; found {effect}, {p_values}; {rest}{raw}. {verdict}."


def _qualify_verdict(result: TestResult) -> str:
    """Adds what can still be concluded if no difference is shown."""
    if result.verdict != "no difference shown" or result.effect is None:
        return ""
    test = result.material.test
    least = math.log(test.least_effect) if test.scale == "ratio" else test.least_effect
    if max(abs(result.effect.low), abs(result.effect.high)) < least:
        return ", and one that matters is ruled out"
    return " that matters" if result.p_adjusted is not None and result.p_adjusted < 0.05 else ""


def _format_effect(scale: str, effect: Effect) -> str:
    value, low, high = (_format_number(scale, number) for number in (effect.value, effect.low, effect.high))
    return f"{value} ({low} to {high})"


def _format_number(scale: str, value: float) -> str:
    return f"× {math.exp(min(value, 50)):.2f}" if scale == "ratio" else f"{value:+.3f}"


def _format_p(value: float | None) -> str:
    return "unknown" if value is None else "below 0.001" if value < 0.001 else f"{value:.3f}"
