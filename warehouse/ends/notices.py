"""Loads ends of models from a snapshot: the notices of all pages, and the names in price lists and on the Hub."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from warehouse.snapshot import Snapshot, has_table, query

DictRow = dict[str, Any]
NOTICES = """
    select n.*, c.target
    from staging.notices as n left join staging.channels as c on c.channel_id = n.channel_id
    where n.is_latest order by n.shutdown_on nulls last, n.model, n.notice_id
"""
LISTED = """
    select distinct family_id, unnest([listed_id, canonical_id]) as model, expires_on, gone_on,
        'https://openrouter.ai/' || listed_id as url
    from staging.listed_models order by all
"""
HUB = "select distinct family_id, model_id as model, url from metrics.newest_models order by all"
READ_AT = """
    select channel_id, max(as_of_at) as as_of_at from staging.collections
    where thing = 'notices' and as_of_at is not null group by channel_id order by channel_id
"""
ANNOUNCED = "select notice_id, first_announced_on, notice_days from metrics.model_notices"
FAMILIES = "select family_id, title, side from staging.families"


@lru_cache(maxsize=4)
def load_notices(snapshot: Snapshot) -> tuple[DictRow, ...]:
    """Loads each page's latest notice on each name, soonest end first. All readers share the rows: never change them in
    place."""
    if not has_table(snapshot, "staging.channels"):
        return ()
    read_at, families = load_read_at(snapshot), _load_families(snapshot)
    announcements = {row["notice_id"]: row for row in _load_rows(snapshot, "metrics.model_notices", ANNOUNCED)}
    return tuple(
        row
        | _describe_family(families, row["family_id"], name_target(row["target"]))
        | _complete_announcement(row, announcements.get(row["notice_id"], {}))
        | {"as_of_at": read_at.get(row["channel_id"])}
        for row in _load_rows(snapshot, "staging.notices", NOTICES)
    )


@lru_cache(maxsize=4)
def load_listed(snapshot: Snapshot) -> tuple[DictRow, ...]:
    """Loads the names in the price list and on the Hub, with their family and when its deprecation page was last read.
    All readers share the rows: never change them in place."""
    read: dict[str, datetime] = {}
    for channel, seen in load_read_at(snapshot).items():
        family = channel.partition(".")[0]
        read[family] = max(read.get(family, seen), seen)
    families = _load_families(snapshot)
    tables = (("staging.listed_models", LISTED, "OpenRouter's list"), ("metrics.newest_models", HUB, "the Hub"))
    return tuple(
        row
        | _describe_family(families, row["family_id"], row["family_id"] or "")
        | {"place": place, "as_of_at": read.get(row["family_id"])}
        for table, sql, place in tables
        for row in _load_rows(snapshot, table, sql)
        if row["model"]
    )


def load_read_at(snapshot: Snapshot) -> dict[str, datetime]:
    """Loads when each deprecation page was last read, by channel."""
    rows = _load_rows(snapshot, "staging.collections", READ_AT)
    return {row["channel_id"]: row["as_of_at"] for row in rows}


def _load_rows(snapshot: Snapshot, table: str, sql: str) -> list[DictRow]:
    """Reads rows, or none if a snapshot of another version lacks the table."""
    return query(snapshot, sql).to_pylist() if has_table(snapshot, table) else []


def _load_families(snapshot: Snapshot) -> dict[str, DictRow]:
    return {row["family_id"]: row for row in _load_rows(snapshot, "staging.families", FAMILIES)}


def _describe_family(families: dict[str, DictRow], family_id: str | None, otherwise: str) -> DictRow:
    family = families.get(family_id or "", {})
    return {"title": family.get("title", otherwise), "side": family.get("side", "")}


def name_target(target: str | None) -> str:
    """Names a page that many families share: `Azure Foundry`, `AWS Bedrock`."""
    if not target:
        return "a page of several families"
    return " ".join(part.upper() if len(part) < 4 else part.capitalize() for part in target.split("-"))


def _complete_announcement(row: DictRow, announcement: DictRow) -> DictRow:
    """Adds since when an end is announced, and how much notice that is."""
    announced: date | None = row["announced_on"] if row["announced_kind"] == "exact" else None
    return {
        "announced_on": announcement.get("first_announced_on") or announced,
        "notice_days": announcement.get("notice_days"),
    }
