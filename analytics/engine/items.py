"""Items behind the figures, one query a metric: resampling and matching need the items, not their shares."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analytics.engine.headers import Header, read_header

METRICS = Path(__file__).parents[1] / "metrics"
WITHIN = re.compile(r"within_(\d+)([hd])")
WAITS = """
select
    d.item_id, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.segment, s.statistic, d.age_days,
    d.is_event and d.duration_hours <= s.hours as is_yes,
    d.is_unseen and not (d.is_event and d.duration_hours <= s.hours) as is_unseen,
    case
        when d.is_excluded and not d.is_unseen then 'excluded of the wait'
        when d.watched_hours < s.hours then 'not watched for so long'
    end as exclusion_reason
from metrics.{waits} as d
cross join (values {values}) as s (statistic, hours)
"""
"""Waits as items that ended in time or did not: only those watched for so long, whatever became of them. A younger one
that was answered is excluded like one that still waits: to keep only the answered would choose by the outcome. One
with missing replies is seen to have ended in time if a reply that is held shows it; otherwise it is unseen."""


@dataclass(frozen=True, slots=True)
class Items:
    """Items of one metric: a query with the columns of the shape `share`, `is_unseen` always among them."""

    metric: str
    query: str


@cache
def list_metrics() -> frozenset[str]:
    """Lists the names of all metrics."""
    return frozenset(_find_paths())


@cache
def _find_paths() -> dict[str, Path]:
    return {path.stem: path for path in METRICS.rglob("*.sql")}


@cache
def read_metric_header(metric: str) -> Header:
    """Reads the header of a metric."""
    return read_header(_find_paths()[metric])


def read_share_items(metric: str) -> Items | None:
    """Reads the items of a metric whose figures are shares of them; None for any other."""
    header = read_metric_header(metric)
    if header.shape == "share":
        query = re.sub(r"--.*", "", _find_paths()[metric].read_text(encoding="utf-8"))
        if "is_unseen" not in query:
            query = f"select *, false as is_unseen from ({query})"
        return Items(metric, query)
    if header.waits:
        hours = {name: _parse_hours(match) for name in header.statistics if (match := WITHIN.fullmatch(name))}
        values = ", ".join(f"('{name}', {amount:.1f})" for name, amount in hours.items())
        return Items(metric, WAITS.format(values=values, waits=header.waits))
    return None


def _parse_hours(match: re.Match[str]) -> float:
    return float(match[1]) * (24 if match[2] == "d" else 1)
