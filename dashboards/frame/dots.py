"""The figure that most pages consist of: one family per row, its values as dots with intervals, drawn from a spec."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dashboards.charts import marks
from dashboards.charts.axes import Unit
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow, Row
from dashboards.words import numbers, sentences

INTERVALS = "lines are 95 % intervals"
ARROWS = "an arrow means that no end is known"
SIZES: Mapping[int, Sequence[str]] = {2: ("small mark", "large"), 3: ("small mark", "middle", "large")}
"""The words for the marks of several statistics on one row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DotSpec:
    """One figure of dots: which rows it draws, how, and what its title and caption say."""

    name: str
    metric: str
    measure: str
    """What is measured, the beginning of the caption."""
    best: str = ""
    """What the title says of the first family: `Most often answered`."""
    word_title: Callable[[Sequence[MetricRow], Mapping[str, str]], str] | None = None
    """Words the title from the rows and the families' titles, where another finding matters than who is first."""
    select_rows: Callable[[Sequence[MetricRow]], Sequence[MetricRow]] = list
    """Selects the rows that are drawn."""
    is_least_first: bool = False
    kind: str = ""
    """Kind of channel; empty for the one that the filters select."""
    segment: str = "all"
    statistics: tuple[str, ...] = ()
    """Several are on one row, from the smallest mark to the largest."""
    headline: str = ""
    """The statistic that the title and the order are about; the last if none is named."""
    unit: Unit = "share"
    source: str = ""
    where: str = ""
    lines: str = INTERVALS
    note: str = ""
    is_listed: bool = False
    """Whether it counts all that its source lists, as last seen; such counts have no interval."""


def load_dots(page: View, spec: DotSpec) -> list[MetricRow]:
    return page.load_asked(spec.metric, spec.statistics, spec.segment, spec.kind)


def draw_dots(
    page: View,
    spec: DotSpec,
    *,
    rows: Sequence[MetricRow] | None = None,
    order: Sequence[str] | None = None,
    title: str = "",
) -> Figure:
    """Draws a figure; `rows`, `order` and `title` replace what the spec gives."""
    rows = spec.select_rows(load_dots(page, spec) if rows is None else rows)
    headline = spec.headline or (spec.statistics[-1] if spec.statistics else "")
    main = [row for row in rows if not headline or row["statistic"] == headline]
    if spec.word_title:
        title = spec.word_title(rows, page.titles)
    title = title or sentences.name_leader(main, spec.unit, page.titles, spec.best, is_least_first=spec.is_least_first)
    # The line below the page names the families of which no row has a number.
    shown = sentences.select_shown(rows)
    known = {row["family_id"] for row in shown}
    drawn = [row for row in rows if row["family_id"] in known]
    order = order or page.order_families(main, spec.is_least_first)
    lines = "" if spec.is_listed or not spec.lines else f"{spec.lines[0].upper()}{spec.lines[1:]}."
    return Figure(
        name=spec.name,
        title=title,
        subtitle=_word_caption(page, spec, rows, shown),
        how=f"{lines} {spec.note}".strip(),
        chart=marks.draw_dots(drawn, spec.unit, order, page.titles, page.theme, spec.statistics) if drawn else None,
        rows=rows,
        metric=spec.metric,
        source=spec.source or page.source,
        alt=sentences.describe_points(rows, spec.unit, page.titles, spec.measure, spec.statistics),
    )


def _word_caption(page: View, spec: DotSpec, rows: Sequence[MetricRow], shown: Sequence[Row]) -> str:
    """Words what is measured, with the mark of each statistic if there are several, and of what."""
    sizes = zip(spec.statistics, SIZES.get(len(spec.statistics), ()), strict=False)
    marked = ", ".join(f"{numbers.describe_statistic(name)} ({size})" for name, size in sizes)
    scope = page.describe_scope(rows, spec.source if spec.is_listed else spec.where)
    if spec.is_listed:
        scope = scope.replace(", all time", ", as last seen")
    has_arrow = any((row["low"] is None) != (row["high"] is None) for row in shown)
    measure = f"{spec.measure}: {marked}" if marked else spec.measure
    return "; ".join(filter(None, (measure, scope, ARROWS if has_arrow else ""))) + "."
