"""The vendor's record: notice promised and given, days moved, how long models are served, and what replaces them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, MetricRow, Row
from dashboards.reliability import sentences_ends
from dashboards.words import numbers, sentences

KIND = "deprecations"
PROMISES = (
    "select * from staging.facts where fact_kind = 'notice' "
    "order by family_id, promised_days desc, from_on nulls first, url"
)
"""The notice that makers promise, family by family."""
SOURCE = "the makers' and hosts' deprecation pages"
KEPT = """
select family_id, count(*) as models, count(*) filter (is_yes) as kept from ({}) as items
where statistic = 'last_read' and is_pooled and exclusion_reason is null and age_days <= ? group by family_id
"""
"""Counts, of the items of the metric, the ends announced in so many days, and those with the promised notice."""
LATELY = 730
READ = ("measured", "not enough data")
"""States of families whose deprecation page is read."""
COLUMNS = {
    "days of notice": ("notice_days", "days", "rate"),
    "promise kept": ("promise_kept_share", "last_read", "share"),
    "days moved": ("moved_dates_count", "moved", "count"),
    "days served": ("supported_lifetime_days", "median", "rate"),
    "replaced at no higher price": ("replacement_parity_share", "price", "share"),
}
"""Metric, statistic and format of each column."""
UNKNOWN = {*numbers.STATES, "not known", "no promise known"}
"""Cells that say nothing."""


def make_record(page: View) -> list[Figure]:
    """Makes the record; nothing if no page of ends is read."""
    loaded = {metric: load_or_all_time(page, metric, (statistic,)) for metric, statistic, _ in COLUMNS.values()}
    rows: list[DictRow] = [{"metric": metric, **row} for metric, own in loaded.items() for row in own]
    read = [row for row in rows if row["state"] in READ]
    facts, kept = page.load_rows(PROMISES), load_kept(page)
    return [draw_record(page, read, facts, kept)] if read or facts else []


def load_or_all_time(page: View, name: str, statistics: Sequence[str]) -> list[MetricRow]:
    """Loads rows for the page's window or, if it is too short for any number, for all time."""
    rows = page.load_metric(name, KIND, "all", statistics)
    if sentences.select_measured(rows):
        return list(rows)
    return list(replace(page, window="all").load_metric(name, KIND, "all", statistics)) or list(rows)


def load_kept(page: View) -> dict[str, Row]:
    """Loads by family how many models got the promised notice in the last two years, and of how many."""
    items = snapshot_reader.load_definition(page.snapshot, "promise_kept_share").get("items_sql")
    return {row["family_id"]: row for row in (page.load_rows(KEPT.format(items), LATELY) if items else [])}


def draw_record(page: View, rows: Sequence[Row], facts: Sequence[Row], kept: Mapping[str, Row]) -> Figure:
    """Draws each maker's promise beside what was measured."""
    families = sorted({row["family_id"] for row in [*facts, *rows]}, key=lambda family: page.titles[family].lower())
    shown = [describe_record(page, family, rows, facts, kept.get(family)) for family in families]
    return Figure(
        name="record",
        title=name_kept(kept, page),
        subtitle="Kept: of the ends announced in two years, those with the notice promised today. Days are medians; "
        "95 % intervals in brackets.",
        how="The page's window, or all time if the window has too few ends. Models still served count as at least as "
        "long as so far. Moves are those that visits saw. ◆ read over 180 days ago.",
        rows=rows,
        metric="promise_kept_share",
        source=SOURCE,
        shown=drop_unknown(sorted(shown, key=lambda cells: sum(cell in UNKNOWN for cell in cells.values()))),
    )


def drop_unknown(rows: Sequence[Row]) -> list[DictRow]:
    """Drops the columns that say nothing of any of several families."""
    said = [name for name in rows[0] if len(rows) == 1 or any(row[name] not in UNKNOWN for row in rows)]
    return [{name: row[name] for name in said} for row in rows]


def name_kept(kept: Mapping[str, Row], page: View) -> str:
    """Words who gave the promised notice in the last two years: always, or most often."""
    if not kept:
        return "Whether promises of notice are kept is not known yet"
    most = max(row["kept"] / row["models"] for row in kept.values())
    best = sorted(family for family, row in kept.items() if row["kept"] / row["models"] == most)
    names = numbers.join_words([numbers.escape_markdown(page.titles[family]) for family in best])
    if most == 1:
        return f"Promise always kept in two years: {names}"
    return f"Promise kept most often: {names}, {_count_kept(kept[best[0]])}"


def _count_kept(row: Row | None) -> str:
    return f"{row['kept']} of {row['models']}" if row else "not known"


def describe_record(
    page: View, family: str, rows: Sequence[Row], facts: Sequence[Row], kept: Row | None = None
) -> dict[str, Any]:
    promised = [row for row in facts if row["family_id"] == family]
    cells = {(row["metric"], row["statistic"]): row for row in rows if row["family_id"] == family}
    return {
        "of": page.titles[family],
        "promised": "; ".join(map(_describe_promise, promised)) or "no promise known",
        "kept in two years": _count_kept(kept),
        **{
            name: numbers.format_value(cells[metric, statistic], form) if (metric, statistic) in cells else "not known"
            for name, (metric, statistic, form) in COLUMNS.items()
        },
        "page": promised[0]["url"] if promised else None,
    }


def _describe_promise(row: Row) -> str:
    """Words a promise with the models that it is for, its end, and the day it was read if that is long ago."""
    applies_to = row.get("applies_to") or ""
    # Most promises say it themselves.
    scope = f"{applies_to}: " if applies_to.rpartition(" ")[2] not in row["fact_words"] else ""
    until = f" (until {sentences_ends.format_day(row['until_on'])})" if row["until_on"] else ""
    old = f" (read {sentences_ends.format_day(row['as_of_on'])} ◆)" if row["is_stale"] else ""
    return f"{scope}{row['fact_words']}{until}{old}"
