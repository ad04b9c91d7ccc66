"""Prices of models of like kind: the figure of each family, and the published test of the two sides."""

from dashboards.charts import marks
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from dashboards.openness import levels
from dashboards.openness.sentences.levels import name_first
from dashboards.words import numbers, sentences

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
        f"class, and the same of images, tools and reasoning; {levels.describe_scope(page, rows, source)}.",
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
