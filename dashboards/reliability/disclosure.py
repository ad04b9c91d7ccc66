"""Disclosure on status pages, beside the uptime: a page that reports more must not look worse for it."""

from collections.abc import Mapping, Sequence

from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, MetricRow, Row
from dashboards.words import gaps, numbers, sentences

PageColumns = Mapping[str, tuple[str, str, str]]
"""Metric, statistic and format of each column of a table with a line a page."""
INDEX, SEVERITY, MONITORS = "disclosure_points", "incident_severity_count", "uptime_days_share"
COLUMNS: PageColumns = {
    "without any incident": ("uptime_share", "any_severity", "uptime"),
    "points out of 100": (INDEX, "points", "count"),
    "cause stated": ("disclosure_share", "with_cause", "share"),
    "report published": ("disclosure_share", "with_postmortem", "share"),
    "components named": ("disclosure_share", "names_components", "share"),
    "posted after the fact": ("disclosure_share", "retro_posted", "share"),
    "posts per hour": ("incident_updates_rate", "per_hour", "rate"),
}
POSTED: PageColumns = {
    "incidents": (SEVERITY, "any", "count"),
    "outages": (SEVERITY, "outage", "count"),
    "partial": (SEVERITY, "partial", "count"),
    "degradations": (SEVERITY, "degraded", "count"),
    "without a grade": (SEVERITY, "ungraded", "count"),
    "without repeats": (SEVERITY, "grouped", "count"),
    "monitors' uptime": (MONITORS, "parts", "uptime"),
    "every part up": (MONITORS, "no_part_down", "uptime"),
    "posted uptime": (MONITORS, "ours", "uptime"),
}
"""What pages posted by severity, and what their own monitors counted."""
SILENT = ("not observable", "not collected", "not applicable")
"""States of families without a status page that is read."""


def select_read(rows: Sequence[MetricRow]) -> list[MetricRow]:
    """Selects rows of families whose page is read, with or without a number."""
    return [row for row in rows if row["state"] not in SILENT]


def draw_points(page: View, kind: str, segment: str, order: Sequence[str], source: str) -> Figure:
    """Draws the index as points with intervals, in the order of the uptime beside it."""
    rows = select_read(page.load_metric(INDEX, kind, segment))
    return draw_dot_figure(
        page,
        rows,
        name="points",
        metric=INDEX,
        title=name_most_open(rows, page),
        measure="Points out of 100 for what a page discloses about its incidents",
        alt="how much each page discloses",
        unit="count",
        order=order,
        source=source,
        where="status pages",
        lines="",
        note="The points are the mean of the four shares in the table below: causes stated, reports published, "
        "components named, and incidents posted while they were ongoing. Lines are 95 % intervals that allow for what "
        "the shares have in common. Pages are in order of uptime.",
        # The line of each page goes on in the chart beside it.
        is_folded=False,
    )


def draw_table(page: View, kind: str, segment: str, order: Sequence[str], source: str) -> Figure | None:
    """Draws the parts of the index beside the uptime, one line per page that is read; None where no part is known."""
    points_rows = select_read(page.load_metric(INDEX, kind, segment))
    families = [family for family in order if family in {row["family_id"] for row in points_rows}]
    if not families:
        return None
    rows = [row for row in _load_parts(page, kind, segment, COLUMNS) if row["family_id"] in families]
    return Figure(
        name="disclosure",
        title="What each page discloses about its incidents",
        subtitle=f"Shares of posted incidents; {page.describe_scope(points_rows, 'status pages')}; 95 % intervals in "
        "brackets.",
        how="Of the time without any incident the brackets are the possible range. The points are the mean "
        "of the four shares, with the last one inverted.",
        counted="pages",
        chart=None,
        rows=rows,
        metric=INDEX,
        source=source,
        shown=[describe_page(rows, page, family, COLUMNS) for family in families],
    )


def draw_posted(page: View, kind: str, segment: str, order: Sequence[str], source: str) -> Figure | None:
    """Draws what each page posted by severity, beside what its own monitors counted; None where nothing is known."""
    rows = _load_parts(page, kind, segment, POSTED)
    read = {row["family_id"] for row in rows if row["metric"] == SEVERITY and row["state"] not in SILENT}
    families = [family for family in order if family in read]
    if not families:
        return None
    rows = [row for row in rows if row["family_id"] in families]
    days = [numbers.format_window(row["window"]) for row in rows if row["metric"] == MONITORS]
    # Views leave out hosts to which a figure is not applicable.
    filler = {"of": "", **dict.fromkeys(POSTED, "not applicable")} if days else {}
    return Figure(
        name="posted",
        title="What each page posted by severity, and what its own monitors counted",
        subtitle=f"Number of incidents by the page's own grades; {page.describe_scope(rows, 'status pages')}."
        + (f" Monitors, which only some pages publish: {days[0]}." if days else ""),
        how="A count of what was posted: pages that post each model apart have many repeats, and those that were "
        "observed for longer have more; compare the rate above instead. Where every part was up is a range: a page "
        "says for how long each was down on a day, not whether together. Posted uptime is that of the same days.",
        counted="pages",
        chart=None,
        rows=rows,
        metric=SEVERITY,
        source=source,
        shown=[filler | describe_page(rows, page, family, POSTED) for family in families],
    )


def _load_parts(page: View, kind: str, segment: str, columns: PageColumns) -> list[DictRow]:
    """Loads the rows of all columns, each with the metric that its receipt needs."""
    rows: list[DictRow] = []
    for name in dict.fromkeys(metric for metric, _, _ in columns.values()):
        own: Sequence[Row] = page.load_metric(
            name, kind, segment, [statistic for metric, statistic, _ in columns.values() if metric == name]
        )
        rows += [{"metric": name, **row} for row in own]
    return rows


def name_most_open(rows: Sequence[MetricRow], page: View) -> str:
    """Names whose page discloses most, as a rank only where it differs from all others by more than chance."""
    measured_rows = sentences.select_measured(rows)
    if not measured_rows:
        return "Disclosure cannot be scored for these filters"
    most = max(measured_rows, key=lambda row: row["value"])
    if len(measured_rows) == 1:
        return (
            f"How much {numbers.escape_markdown(page.titles[most['family_id']])}'s page discloses about its incidents"
        )
    if gaps.select_level(most, [row for row in measured_rows if row is not most]):
        return "No page can be said to disclose more than all others"
    return f"{numbers.escape_markdown(page.titles[most['family_id']])}'s page discloses the most about its incidents"


def describe_page(rows: Sequence[Row], page: View, family: str, columns: PageColumns) -> dict[str, str]:
    """Describes a page as a table row; missing figures are named by their state."""
    cells = {row["statistic"]: row for row in rows if row["family_id"] == family}
    texts = {
        name: numbers.format_value(cells[statistic], form)
        for name, (_, statistic, form) in columns.items()
        if statistic in cells
    }
    return {"of": page.titles[family], **texts}
