"""Ends of models in the snapshot: the notices of all pages that are read, and the names in price lists and on the
Hub."""

from datetime import date
from typing import Any

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.metric_row import DictRow

NOTICES = """
    select n.notice_id, n.family_id, n.channel_id, c.target, n.model, n.subject_kind, n.region,
        n.announced_on, n.announced_kind,
        n.shutdown_on, n.shutdown_kind, n.replacement, n.stage, n.url, n.is_listed, n.last_seen_at
    from staging.notices as n left join staging.channels as c on c.channel_id = n.channel_id
    where n.is_latest order by n.shutdown_on nulls last, n.model, n.notice_id
"""
LISTED = (
    "select distinct family_id, listed_id as model, expires_on, gone_on from staging.listed_models where "
    "family_id is not null order by all"
)
HUB = (
    "select distinct family_id, model_id as model, url from metrics.newest_models where family_id is not null order "
    "by all"
)


def load_notices(page: View, is_everyone: bool = False) -> list[DictRow]:
    """Loads each page's latest notice on each name, soonest end first; for all pages or for those of the chosen
    families."""
    if not (
        snapshot_reader.has_table(page.snapshot, "staging.notices")
        and snapshot_reader.has_table(page.snapshot, "staging.channels")
    ):
        return []
    read_at_by_channel, announced = load_read_at(page), _load_announced(page)
    rows = [
        _complete_notice(page, row, read_at_by_channel, announced)
        for row in snapshot_reader.load_rows(page.snapshot, NOTICES)
    ]
    return [row for row in rows if is_everyone or not page.chosen or row["family_id"] in page.chosen]


def _complete_notice(
    page: View, row: DictRow, read_at_by_channel: dict[str, Any], announcements: dict[str, DictRow]
) -> DictRow:
    """Adds names, times and announcements to a notice; a page shared by many families is named by its target."""
    announcement = announcements.get(row["notice_id"], {})
    announced = row["announced_on"] if row["announced_kind"] == "exact" else None
    return row | {
        "title": page.titles.get(row["family_id"] or "", _name_target(row["target"])),
        "side": page.sides.get(row["family_id"] or "", ""),
        "announced_on": announcement.get("first_announced_on") or announced,
        "notice_days": announcement.get("notice_days"),
        "as_of_at": read_at_by_channel.get(row["channel_id"]),
    }


def _name_target(target: str | None) -> str:
    """Names a target of the catalog: `Azure Foundry`, `AWS Bedrock`."""
    parts = (target or "a page of several families").split("-")
    return " ".join(part.upper() if len(part) < 4 else part.capitalize() for part in parts) if target else parts[0]


def load_read_at(page: View) -> dict[str, Any]:
    """Loads when each deprecation page was last read, by channel."""
    if not snapshot_reader.has_table(page.snapshot, "staging.collections"):
        return {}
    sql = (
        "select channel_id, max(as_of_at) as as_of_at from staging.collections where thing = 'notices' group by "
        "channel_id order by channel_id"
    )
    return {
        row["channel_id"]: row["as_of_at"]
        for row in snapshot_reader.load_rows(page.snapshot, sql)
        if row["as_of_at"] is not None
    }


def _load_announced(page: View) -> dict[str, DictRow]:
    """Loads when each end was announced, and how many days of notice that gives."""
    if not snapshot_reader.has_table(page.snapshot, "metrics.model_notices"):
        return {}
    sql = "select notice_id, first_announced_on, notice_days from metrics.model_notices"
    return {row["notice_id"]: row for row in snapshot_reader.load_rows(page.snapshot, sql)}


def load_listed(page: View) -> list[DictRow]:
    """Loads the names in the price list and on the Hub, with their family and since when one of its deprecation pages
    is read."""
    read: dict[str, date] = {}
    for channel, seen in load_read_at(page).items():
        family = channel.partition(".")[0]
        read[family] = max(read.get(family, seen), seen)
    rows = []
    for table, sql, list_name in (
        ("staging.listed_models", LISTED, "OpenRouter's list"),
        ("metrics.newest_models", HUB, "the Hub"),
    ):
        if snapshot_reader.has_table(page.snapshot, table):
            rows += [row | {"place": list_name} for row in snapshot_reader.load_rows(page.snapshot, sql)]
    titles, sides = page.titles, page.sides
    return [
        row | {"title": titles.get(family, family), "side": sides.get(family, ""), "as_of_at": read.get(family)}
        for row in rows
        for family in [row["family_id"]]
    ]
