"""The page "Outages": every incident, uptime beside disclosure, how long incidents last, and what others count."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from dashboards.charts import time
from dashboards.charts.colours import SIDES
from dashboards.frame import layout, snapshot_reader
from dashboards.frame.dots import DotSpec, draw_dots, load_dots
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import DictRow, MetricRow
from dashboards.reliability import sentences_uptime
from dashboards.reliability.sentences_uptime import select_read
from dashboards.words import numbers, sentences

QUESTION = "Does it stay up, and do they tell you?"
SOURCE = "the vendors' own status pages"
PLACE = "status pages"
KIND = "status"
SEGMENT = "api"
PostedSpec = partial(DotSpec, kind=KIND, segment=SEGMENT, source=SOURCE, where=PLACE, select_rows=select_read)
"""A figure of what the status pages post of the API, of the families whose page is read."""
UPTIME = PostedSpec(
    name="uptime",
    metric="uptime_share",
    unit="uptime",
    measure="Uptime by posted incidents: outages count in full, others at 30 %",
    lines="",
    note="The line runs from counting every incident as an outage to counting only partial failures and worse, and "
    "covers every possible value if ends, severities or components are not stated. Status pages do not count "
    "degraded service; the table has their formula, too.",
)
CAUSES = PostedSpec(
    name="causes",
    metric="disclosure_share",
    statistics=("with_cause",),
    word_title=sentences_uptime.name_most_open,
    measure="Share of posted incidents whose cause the page states",
    note="Pages are in order of uptime.",
)
RECOVERY = PostedSpec(
    name="recovery",
    metric="recovery_hours",
    statistics=("median", "p90"),
    headline="median",
    unit="hours",
    best="Shortest incidents",
    is_least_first=True,
    measure="Time until this share of the incidents is over",
    note="An open incident lasts at least until now, and one that was never closed at least until its last post.",
)
NAIVE = PostedSpec(
    name="naive",
    metric="uptime_share",
    statistics=("as_others_count", "weighted"),
    headline="as_others_count",
    unit="uptime",
    word_title=sentences_uptime.compare_naive,
    measure="Uptime by the same status page",
    lines="",
    note="Trackers count overlapping incidents twice, extend an incident without an end to the present, and treat "
    "notices as outages. The line is the range of the chart above; without it the page states too little.",
)
WEIGHTS = ("any_severity", "weighted", "partial_or_worse")
THEIRS = "statuspage_formula"
"""The formula by which pages of Statuspage count, for readers who compare a figure with the page."""
HONEST = (
    "Each posted incident lowers the uptime, and nobody sees one that was never posted. So read uptime and disclosure "
    "together."
)
STRIP = "metrics.incident_windows"
DAYS = {"30d": 30, "90d": 90, "365d": 365, "all": 3650}


def story(page: View) -> Story:
    """Shows the strip of incidents, uptime beside disclosure, how long incidents last, and what others show."""
    shares, uptimes = load_dots(page, CAUSES), load_uptimes(page)
    order = page.order_families(select_read(uptimes))
    uptime, causes = draw_uptime(page, uptimes, order), draw_dots(page, CAUSES, rows=shares, order=order)
    answer = sentences.join_answer(
        sentences_uptime.judge_page(uptimes, page.titles),
        sentences_uptime.answer_page(uptimes, shares, page.titles, page.describe_scope(uptimes, PLACE)),
    )
    parts: list[Part] = [
        draw_strip(page, uptimes),
        (uptime, causes) if sentences.select_measured(shares) else uptime,
        Words(HONEST, is_small=True),
        draw_dots(page, RECOVERY),
        Words("## What would other dashboards show?"),
        draw_naive(page, uptimes, order),
    ]
    return Story(QUESTION, answer, parts)


def load_uptimes(page: View) -> list[MetricRow]:
    """Loads uptime at the usual weights, with the range over which other weights move it."""
    return sentences.as_range(page.load_metric("uptime_share", KIND, SEGMENT, WEIGHTS), *WEIGHTS)


def draw_uptime(page: View, uptimes: Sequence[MetricRow], order: Sequence[str]) -> Figure:
    """Draws uptime at the usual weights as a point, and as a line how far other weights move it; its rows also say why
    others have none."""
    drawn = select_read(uptimes)
    title = sentences_uptime.name_highest(drawn, page.titles, load_observed_days(page))
    weights = page.load_metric("uptime_share", KIND, SEGMENT, (*WEIGHTS, THEIRS))
    absent = [row for row in uptimes if row["state"] in sentences_uptime.SILENT]
    rows = [*select_read(weights), *absent]
    return replace(draw_dots(page, UPTIME, rows=drawn, order=order, title=title), rows=rows)


def draw_naive(page: View, uptimes: Sequence[MetricRow], order: Sequence[str]) -> Figure:
    """Draws uptime as others count it beside that of the chart above, with the same ranges."""
    rows = load_dots(page, NAIVE)
    theirs = [row for row in rows if row["statistic"] == NAIVE.headline]
    return replace(draw_dots(page, NAIVE, rows=[*theirs, *uptimes], order=order), rows=select_read(rows))


def draw_strip(page: View, uptimes: Sequence[MetricRow]) -> Figure:
    """Draws every incident of the window as a tick."""
    pages = _load_pages(page)
    # The last visit ends the window, and not the last post of a page that fell silent.
    visits = [row["as_of_at"] for row in uptimes if row["as_of_at"]]
    ends = [*visits, *(row["observed_until_at"] for row in pages)]
    until = max((end.replace(tzinfo=UTC) for end in ends), default=page.now)
    oldest = min((row["observed_from_at"].replace(tzinfo=UTC) for row in pages), default=until)
    since = max(until - timedelta(days=DAYS[page.window]), oldest)
    # The empty line of a page that fell silent before would look calm.
    pages = [row for row in pages if row["observed_until_at"].replace(tzinfo=UTC) > since]
    incidents = _load_incidents(page, {row["family_id"] for row in pages}, since, until)
    # If incidents were not counted, an empty strip would look like a quiet year.
    is_known = snapshot_reader.has_table(page.snapshot, STRIP) and (
        bool(incidents) or any(row["state"] == "measured" for row in uptimes)
    )
    return Figure(
        name="incidents",
        title=sentences.describe_strip(incidents, page.titles) if is_known else "Posted incidents are not known here",
        subtitle=f"Each tick marks the start of an incident, {numbers.format_window(page.window)}: taller means more "
        "severe, pale that it names no component of the API.",
        how="◇ marks a suspended model, which is not an outage. The grey band is the period that the page covers; the "
        "last 30 days are provisional, because incidents are posted late and edited.",
        chart=time.draw_timeline(incidents, pages, page.titles, since, until, page.theme)
        if pages and is_known
        else None,
        rows=incidents or uptimes,
        metric="incident_windows",
        source=SOURCE,
        alt=f"Incidents over time: {sentences.describe_strip(incidents, page.titles)}" if is_known else "",
    )


def load_observed_days(page: View) -> dict[str, int]:
    """Loads on how many days of the window each family's page was observed."""
    observed = {row["family_id"]: row["observed_until_at"] - row["observed_from_at"] for row in _load_pages(page)}
    return {family: min(DAYS[page.window], span.days) for family, span in observed.items()}


def _load_pages(page: View) -> list[DictRow]:
    """Loads one row per family with a status page: the first and last instant that it covers."""
    rows = page.load_rows(
        "select family_id, min(observed_from_at) as observed_from_at, max(observed_until_at) as observed_until_at "
        "from staging.status_pages where observed_from_at is not null and observed_until_at is not null group by "
        "family_id order by family_id",
    )
    pages = [{**row, "side": page.sides[row["family_id"]]} for row in rows]
    return sorted(pages, key=lambda row: (SIDES.index(row["side"]), row["family_id"]))


def _load_incidents(page: View, families: set[str], since: datetime, until: datetime) -> list[DictRow]:
    """Loads incidents of the window that disturbed the service, and suspensions."""
    rows = page.load_rows(
        "select family_id, title, kind, severity, started_at, ended_at, is_open, is_api, url, observed_until_at as "
        "as_of_at from metrics.incident_windows where kind in ('outage', 'degraded', 'third-party', 'suspension') and "
        "started_at between ? and ? order by started_at desc, incident_id",
        since.replace(tzinfo=None),
        until.replace(tzinfo=None),
    )
    incidents = []
    for row in rows:
        lasted = "ongoing" if row["is_open"] else "end not known"
        if row["ended_at"] is not None:
            lasted = numbers.format_hours((row["ended_at"] - row["started_at"]).total_seconds() / 3600)
        if row["family_id"] in families:
            incidents.append(row | {"began": numbers.format_instant(row["started_at"]), "lasted": lasted})
    return incidents


if __name__ == "__main__":
    layout.draw_story(current_view(), story)
