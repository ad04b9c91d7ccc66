"""Prices of models of like kind: the figure of each family, and the published test of the two sides (claim H1)."""

import math

from dashboards.charts import marks
from dashboards.evidence import board
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, Row
from dashboards.openness.sentences_levels import describe_scope, name_first
from dashboards.words import numbers, sentences
from warehouse.wording import GAP

METRIC = "like_price_ratio"
TESTS = "metrics.claim_tests"


def load_test(page: View) -> DictRow | None:
    """Loads the published test of the sides' prices; None where the snapshot has none, or where families are chosen."""
    # Whoever chose families does not ask about the sides.
    if page.chosen or not snapshot_reader.has_table(page.snapshot, TESTS):
        return None
    sql = f"select * from {TESTS} where metric = ? and left_out = 'none' order by claim_id, test_number limit 1"
    return next(iter(snapshot_reader.load_rows(page.snapshot, sql, METRIC)), None)


def draw_like_prices(page: View, source: str) -> Figure:
    """Draws each family's price against the middle of both sides for models of like kind."""
    rows = page.load_metric(METRIC, "prices", statistics=("median",))
    measured = sentences.select_measured(rows)
    turned = [{**row, "value": -row["value"]} for row in measured]
    return Figure(
        name="like-price",
        title=name_first(rows, page.titles, "Cheapest for its kind", _format_times, is_less=True),
        subtitle="A family's middle price divided by the middle of both sides, for models of like kind: context of one "
        f"class, and the same of images, tools and reasoning; {describe_scope(page, rows, source)}.",
        how="Only kinds that both sides offer count. A count of all that is listed, so there is no interval.",
        absent=sentences.name_absent(rows, page.titles),
        chart=marks.draw_dots(measured, "rate", page.order_families(turned), page.titles, page.theme)
        if measured
        else None,
        rows=rows,
        metric=METRIC,
        source=source,
        alt=sentences.describe_points(rows, "rate", page.titles, "price against models of like kind"),
    )


def _format_times(value: float | None) -> str:
    return f"{numbers.format_rate(value)} times the middle"


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
