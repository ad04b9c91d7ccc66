"""The figure that most pages consist of: one family per row, its values as dots with intervals, and all that belongs
beside them."""

from collections.abc import Sequence

from dashboards.charts import marks
from dashboards.charts.axes import Unit
from dashboards.charts.steps import draw_steps
from dashboards.frame import trials
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow
from dashboards.words import sentences

INTERVALS = "lines are 95 % intervals"


def draw_dot_figure(
    page: View,
    rows: Sequence[MetricRow],
    *,
    name: str,
    metric: str,
    title: str,
    measure: str,
    alt: str,
    unit: Unit = "share",
    statistics: Sequence[str] = (),
    headline: Sequence[MetricRow] | None = None,
    order: Sequence[str] | None = None,
    source: str = "",
    where: str = "",
    lines: str = INTERVALS,
    note: str = "",
    is_narrow: bool = True,
    is_folded: bool = True,
) -> Figure:
    """Draws a dot per family, or per entry of `statistics`; `headline` sets the order, `is_folded` drops empty rows."""
    main = rows if headline is None else headline
    families, shown = page.order_families(main) if order is None else order, _select_drawn(rows, is_folded)
    return Figure(
        name=name,
        title=name_finding(page, metric, title),
        subtitle="; ".join(filter(None, (measure, page.describe_scope(rows, where), lines))) + ".",
        how=note,
        chart=_draw_chart(page, shown, unit, families, statistics, is_narrow, not is_folded) if shown else None,
        rows=rows,
        metric=metric,
        source=source or page.source,
        alt=sentences.describe_points(main, unit, page.titles, alt, statistics if headline is None else ()),
        absent=sentences.name_absent(rows, page.titles),
    )


def name_finding(page: View, metric: str, title: str) -> str:
    """Returns the title, of a trial without the family that it names first."""
    is_trial = metric in trials.load_trials(page)
    return f"{title.partition(':')[0]}: a trial, no order is drawn" if is_trial else title


def _select_drawn(rows: Sequence[MetricRow], is_folded: bool) -> list[MetricRow]:
    """Selects the rows of families of which any has a number, where the others are named below the chart."""
    known = {row["family_id"] for row in sentences.select_shown(rows)}
    return [row for row in rows if row["family_id"] in known or not is_folded]


def _draw_chart(
    page: View,
    rows: Sequence[MetricRow],
    unit: Unit,
    order: Sequence[str],
    statistics: Sequence[str],
    is_narrow: bool,
    is_brief: bool,
) -> marks.Spec:
    if statistics:
        return draw_steps(rows, unit, order, page.titles, page.theme, statistics)
    return marks.draw_dots(rows, unit, order, page.titles, page.theme, is_narrow, is_brief)
