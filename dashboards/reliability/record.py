"""The vendor's record: notice promised and given, days moved, how long models are served, and what replaces them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dashboards.frame.story import Figure, Part, Words
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, MetricRow, Row
from dashboards.reliability import sentences_ends
from dashboards.words import numbers, sentences
from warehouse.wording import count_things

KIND = "deprecations"
PROMISES = (
    "select * from staging.facts where fact_kind = 'notice' "
    "order by family_id, promised_days desc, from_on nulls first, url"
)
"""The notice that makers promise, family by family."""
SOURCE = "the makers' and hosts' deprecation pages"
READ = ("measured", "not enough data")
"""States of families whose deprecation page is read."""
COLUMNS = {
    "days of notice given": ("notice_days", "days", "rate"),
    "promise kept": ("promise_kept_share", "last_read", "share"),
    "announced days moved": ("moved_dates_count", "moved", "count"),
    "days a model is served": ("supported_lifetime_days", "median", "rate"),
    "successor no dearer": ("replacement_parity_share", "price", "share"),
}
"""Metric, statistic and format of each column."""


def make_parts(page: View) -> list[Part]:
    """Makes the record, and names the families of which no page of ends is read."""
    loaded = {metric: load_or_all_time(page, metric, (statistic,)) for metric, statistic, _ in COLUMNS.values()}
    rows: list[DictRow] = [{"metric": metric, **row} for metric, own in loaded.items() for row in own]
    read = [row for row in rows if row["state"] in READ]
    facts = page.load_rows(PROMISES)
    why = sentences.describe_absences([row for row in loaded["notice_days"] if row["state"] not in READ], page.titles)
    absent: list[Part] = [Words(why, is_small=True)] if why else []
    return [draw_record(page, read, facts), *absent] if read or facts else absent


def load_or_all_time(page: View, name: str, statistics: Sequence[str]) -> list[MetricRow]:
    """Loads rows for the page's window or, if it is too short for any number, for all time."""
    rows = page.load_metric(name, KIND, "all", statistics)
    if sentences.select_measured(rows):
        return list(rows)
    return list(replace(page, window="all").load_metric(name, KIND, "all", statistics)) or list(rows)


def draw_record(page: View, rows: Sequence[Row], facts: Sequence[Row]) -> Figure:
    """Draws each maker's promise beside what was measured."""
    families = sorted({row["family_id"] for row in [*facts, *rows]}, key=lambda family: page.titles[family].lower())
    held = [row for row in rows if row["metric"] == "promise_kept_share"]
    return Figure(
        name="record",
        title=name_kept(sentences.select_measured(held), page, len({row["family_id"] for row in facts})),
        subtitle="The promise as read by hand, then the median notice given, the share of models that received the "
        "notice promised today, announced last days that were moved, the median time a model is served, and the share "
        "of replaced models whose successor costs no more; 95 % intervals in brackets.",
        how="The page's window, or all time if the window has too few ends. Models still served count as at least as "
        "long as so far. Moves are those that visits saw. ◆ read over 180 days ago.",
        rows=rows,
        metric="promise_kept_share",
        source=SOURCE,
        shown=[describe_record(page, family, rows, facts) for family in families],
    )


def name_kept(held: Sequence[MetricRow], page: View, promises: int) -> str:
    """Words who kept the notice that is promised today."""
    if not held:
        makers = count_things(promises, "maker promises", "makers promise")
        return f"{makers} notice; whether they keep the promise is not known yet"
    shares = [
        f"{numbers.escape_markdown(page.titles[row['family_id']])} {numbers.format_share(row['value'])}" for row in held
    ]
    return f"Models that got the promised notice: {numbers.join_words(shares)}"


def describe_record(page: View, family: str, rows: Sequence[Row], facts: Sequence[Row]) -> dict[str, Any]:
    """Describes the record of one family as a table row."""
    promised = [row for row in facts if row["family_id"] == family]
    cells = {(row["metric"], row["statistic"]): row for row in rows if row["family_id"] == family}
    return {
        "of": page.titles[family],
        "promised": "; ".join(map(_describe_promise, promised)) or "no promise known",
        **{
            name: numbers.format_value(cells[metric, statistic], form) if (metric, statistic) in cells else "not known"
            for name, (metric, statistic, form) in COLUMNS.items()
        },
        "page": promised[0]["url"] if promised else None,
    }


def _describe_promise(row: Row) -> str:
    """Words a promise with the models that it is for, its end, and the day it was read if that is long ago."""
    scope = f"{row['applies_to']}: " if row.get("applies_to") else ""
    until = f" (until {sentences_ends.format_day(row['until_on'])})" if row["until_on"] else ""
    old = f" (read {sentences_ends.format_day(row['as_of_on'])} ◆)" if row["is_stale"] else ""
    return f"{scope}{row['fact_words']}{until}{old}"
