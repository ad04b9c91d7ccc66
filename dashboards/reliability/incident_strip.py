"""All incidents over time, and the families without a status page with the reason."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from dashboards.charts import time
from dashboards.charts.colours import SIDES
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, MetricRow
from dashboards.words import numbers, sentences

STRIP = "metrics.incident_windows"
DAYS = {"30d": 30, "90d": 90, "365d": 365, "all": 3650}


def draw_strip(page: View, rates: Sequence[MetricRow], source: str) -> Figure:
    """Draws every incident of the window as a tick."""
    pages = _load_pages(page)
    until = max((row["observed_until_at"].replace(tzinfo=UTC) for row in pages), default=page.now)
    oldest = min((row["observed_from_at"].replace(tzinfo=UTC) for row in pages), default=until)
    since = max(until - timedelta(days=DAYS[page.window]), oldest)
    incidents = _load_incidents(page, {row["family_id"] for row in pages}, since, until)
    # Where incidents were not counted, an empty strip would look like a quiet year.
    is_known = snapshot_reader.has_table(page.snapshot, STRIP) and (
        bool(incidents) or any(row["state"] == "measured" for row in rates)
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
        rows=incidents or rates,
        metric="incident_windows",
        source=source,
        alt=sentences.describe_strip(incidents, page.titles) if is_known else "",
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
    return [row | _format_times(row) for row in rows if row["family_id"] in families]


def _format_times(row: DictRow) -> dict[str, str]:
    if row["ended_at"] is not None:
        lasted = numbers.format_hours((row["ended_at"] - row["started_at"]).total_seconds() / 3600)
    else:
        lasted = "ongoing" if row["is_open"] else "end not known"
    return {"began": numbers.format_instant(row["started_at"]), "lasted": lasted}
