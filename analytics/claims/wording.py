"""Outcomes of tests in words that a reader can check."""

import math

from analytics.claims.judging import TestResult
from analytics.statistics.matching import Effect

SAYS = {
    "open higher": "open families higher than proprietary ones", "open lower": "open families lower than proprietary ones",
    "above": "above {level:g}", "below": "below {level:g}",
}  # fmt: skip


def explain(one: TestResult) -> str:
    """What was expected, what came out, on how much it rests, and what it would be without matching."""
    test = one.material.test
    name = f"{test.metric} ({test.statistic}{'' if test.segment == 'all' else ', ' + test.segment}, {test.window})"
    expected = f"{name}: expected {SAYS[test.says].format(level=test.level)}"
    families = " and ".join(
        f"{count} {side}" for side, count in (("open", one.open_count), ("proprietary", one.proprietary_count)) if count
    )
    if one.effect is None:
        needed = f"{one.material.least}{'' if one.material.sides is None else ' on each side'} are needed"
        return f"{expected}; {one.verdict}: {families or 'no'} families, and {needed}."
    found = f"{_shown(test.scale, one.effect)}, p {_p(one.effect.p_value)}, {_p(one.p_adjusted)} over the board"
    rest = f"{one.n} items of {families} families" if one.n else f"{families} families"
    raw = (
        f"; unmatched {_number(test.scale, one.unmatched.value)}"
        if one.unmatched and one.unmatched is not one.effect
        else ""
    )
    return f"{expected}; found {found}; {rest}{raw}. {one.verdict.capitalize()}{_aside(one)}."


def _aside(one: TestResult) -> str:
    """What may still be said where no difference is shown."""
    if one.verdict != "no difference shown" or one.effect is None:
        return ""
    test = one.material.test
    least = math.log(test.least_effect) if test.scale == "ratio" else test.least_effect
    if max(abs(one.effect.low), abs(one.effect.high)) < least:
        return ", and one that matters is ruled out"
    return " that matters" if one.p_adjusted is not None and one.p_adjusted < 0.05 else ""


def _shown(scale: str, effect: Effect) -> str:
    return f"{_number(scale, effect.value)} ({_number(scale, effect.low)} to {_number(scale, effect.high)})"


def _number(scale: str, value: float) -> str:
    return f"× {math.exp(min(value, 50)):.2f}" if scale == "ratio" else f"{value:+.3f}"


def _p(value: float | None) -> str:
    return "unknown" if value is None else "below 0.001" if value < 0.001 else f"{value:.3f}"
