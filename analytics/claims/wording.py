"""Words tests and claims so that a reader can check them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from analytics.claims.judging import TestResult
from analytics.claims.reader import RULE, MetricStatistic
from analytics.engine.items import read_metric_header
from warehouse.wording import count_things, pluralize

POWER = f"{100 * RULE.power:.0f} % power"
TALLIED = {
    "supported": ("supports it", "support it"), "ruled out": ("rules it out", "rule it out"),
    "undecided": ("leaves it open", "leave it open"),
}  # fmt: skip
"""What one test does and what several do, by the verdict on them."""


def name_figure(figure: MetricStatistic) -> str:
    """Names a figure as pages do: `answered within 24 hours`."""
    header = read_metric_header(figure.metric)
    own = f"{figure.statistic}/{figure.segment}"
    return header.titles.get(own) or header.titles.get(figure.statistic) or header.title


def explain_lack(result: TestResult) -> str:
    """Explains why a test cannot be judged; empty if it was."""
    material, shown = result.material, result.shown
    if result.effect is not None:
        return ""
    if material.failed_readers:
        return " ".join(material.failed_readers).removesuffix(".")
    sides = zip(("open", "proprietary"), shown.count_sides(), strict=True)
    families = f"{' and '.join(f'{count} {side}' for side, count in sides if count) or 'no'} families"
    if shown.is_comparable(material.least):
        return f"too many of the items of one side could not be seen ({families})"
    if shown.has_families(material.least):
        return f"too few items of one side are like those of the other ({families})"
    return f"{families}, and {material.least}{'' if shown.has_level else ' on each side'} are needed"


def explain_detectable(result: TestResult, detectable: float | None) -> str:
    """States in a sentence which true difference the data at hand find, by which sizes of families; or why none."""
    if result.effect is None or detectable is None:
        return f"No difference can be found: {explain_lack(result)}."
    if result.effect.error == 0:
        return "Everything is counted here, so that any difference beyond the smallest that matters shows."
    sizes = _describe_sizes(result)
    if result.shown.unseen is not None and detectable > 1:
        return f"No difference can be found with {POWER} by {sizes}."
    test = result.material.test
    amount = _format_amount(test.scale, read_metric_header(test.metric).unit, detectable)
    what = "distance from the level of" if test.has_level else "difference of"
    return f"A true {what} {amount} is found with {POWER} by {sizes}."


def _describe_sizes(result: TestResult) -> str:
    """Describes how many families each side has, and how many items the smallest and the largest of them have."""
    shown, header, sizes = result.shown, read_metric_header(result.material.test.metric), []
    for side, is_mine in (("open", shown.is_open), ("proprietary", ~shown.is_open)):
        if is_mine.any():
            least, most = int(shown.items[is_mine].min()), int(shown.items[is_mine].max())
            sizes.append(f"{is_mine.sum()} {side} families of {least:,} to {most:,} {header.of or header.covers}")
    return " and ".join(sizes)


def _format_amount(scale: str, unit: str, value: float) -> str:
    """Formats an amount with its unit as a reader says it: points or a factor."""
    if scale == "ratio":
        return f"a factor of {math.exp(value):.1f}"
    if unit == "share":
        points = value * 100
        return f"{points:.0f} points" if points >= 10 else f"{points:.1f} points"
    return f"{value:.3g} {unit}"


def list_signs(tests: Sequence[Mapping[str, Any]], verdict: str) -> str:
    """Lists the tests of one verdict by name."""
    return "; ".join(test["title"] for test in tests if test["verdict"] == verdict)


def tally_tests(tests: Sequence[Mapping[str, Any]]) -> str:
    """Counts the tests of a claim by what they say, and names those that cannot be judged, with a reason."""
    parts = []
    for verdict, words in TALLIED.items():
        alike = [test for test in tests if test["verdict"] == verdict]
        opposed = sum(test["is_opposite"] for test in alike)
        more = f" ({opposed} the opposite)" if opposed else ""
        parts += [f"{len(alike)} {pluralize(len(alike), *words)}{more}"] if alike else []
    # Of several reasons the first is enough here: `explanation` has them all.
    lacking = [f"{test['title']}: {test['explanation'].partition('. ')[0]}" for test in tests if test["effect"] is None]
    parts += [f"{len(lacking)} cannot be judged ({'; '.join(lacking)})"] if lacking else []
    return f"{count_things(len(tests), 'test')}: {', '.join(parts)}" if tests else "no test could be made"
