"""Loads ends of models from a snapshot: the notices of all pages, and the names in price lists and on the Hub; and
makes `ends.json` of them."""

import sys
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from warehouse.ends.archive import PROGRAM, write_program
from warehouse.ends.evidence import Evidence
from warehouse.ends.fates import name_state
from warehouse.ends.hosts import name_host_of_row
from warehouse.settings import read_settings
from warehouse.snapshot import Snapshot, has_table, query, read_current

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
MOVED = """
select notice_id, count(*) as moved_count from staging.notice_changes
where change in ('moved earlier', 'moved later') and old_shutdown_kind = 'exact' group by notice_id
"""
KEPT = """
select family_id, n_events as kept_count, n as judged_count from metrics.promise_kept_share
where statistic = 'last_read' and "window" = 'all' and channel_role = 'all' and state = 'measured'
"""
PROMISED = """
select family_id, any_value(promised_days) as promised_days from staging.facts
where fact_kind = 'notice' and promised_days is not null and coalesce(until_on, date '9999-12-31') >= ?
group by family_id having count(distinct promised_days) = 1
"""
"""The notice of makers who promise the same for all models."""
SUCCESSORS = """
select n.notice_id, new.blended_usd / nullif(old.blended_usd, 0) as price_ratio,
    new.context_tokens / nullif(old.context_tokens, 0) as context_ratio,
    list_contains(new.supported_names, 'tools') as is_tools_kept,
    list_filter(old.supported_names, lambda name: not list_contains(new.supported_names, name)) as lacks
from metrics.model_notices as n
join metrics.listed_names as a on a.family_id = n.family_id and a.plain_name = n.plain_name
join metrics.listed_names as b on b.family_id = n.family_id and b.plain_name = n.plain_replacement
join metrics.offered_models as old on old.listed_id = a.listed_id
join metrics.offered_models as new on new.listed_id = b.listed_id
where old.listed_id <> new.listed_id
"""
"""The first replacement beside what it replaces, both as last seen in OpenRouter's list."""
STATES = {
    "ended": "ended", "closed_to_new": "closed to new accounts", "ends": "ends on", "any_day": "deprecated",
    "undated": "deprecated", "not_before": "listed", "no_end_announced": "listed",
}  # fmt: skip
"""Words of `ends.json` for what a page says on the day that it is published."""
FIELDS = (
    "model", "title", "side", "family_id", "target", "subject_kind", "region", "stage", "announced_on",
    "deprecated_on", "shutdown_on", "shutdown_kind", "closed_to_new_on", "notice_days", "replacement", "url",
    "is_listed", "last_seen_at", "as_of_at", "place", "expires_on", "gone_on", "moved_count", "kept_count",
    "judged_count", "promised_days", "price_ratio", "context_ratio", "is_tools_kept", "lacks",
)  # fmt: skip
"""Fields of rows that are published; `ends.schema.json` describes them."""


def make_evidence(snapshot: Snapshot, address: str = "") -> Evidence:
    """Makes the evidence that `ends.json` holds; `address` is where newer is published."""
    today = snapshot.published_at.date()
    of_notice = _index(snapshot, "notice_id", ("staging.notice_changes", MOVED), ("metrics.listed_names", SUCCESSORS))
    of_family = _index(snapshot, "family_id", ("metrics.promise_kept_share", KEPT), ("staging.facts", PROMISED, today))
    notices = [
        {"host": name_host_of_row(row), "state": STATES[name_state(row, today)]}
        | _choose_fields(row | of_notice.get(row["notice_id"], {}) | of_family.get(row["family_id"], {}))
        for row in load_notices(snapshot)
        if row["subject_kind"] in ("model", "alias")
    ]
    listed = [{"state": "listed"} | _choose_fields(row) for row in load_listed(snapshot)]
    return Evidence(snapshot.published_at, snapshot.version, snapshot.is_sample, address, notices, listed)


def _index(snapshot: Snapshot, key: str, *queries: tuple[Any, ...]) -> dict[str, DictRow]:
    """Reads the rows of queries of these tables, and joins those of one key."""
    found: dict[str, DictRow] = {}
    for table, sql, *given in queries:
        for row in _load_rows(snapshot, table, sql, given):
            found.setdefault(row[key], {}).update(row)
    return found


def _choose_fields(row: DictRow) -> DictRow:
    return {name: row[name] for name in FIELDS if name in row}


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


def _load_rows(snapshot: Snapshot, table: str, sql: str, given: Sequence[Any] = ()) -> list[DictRow]:
    """Reads rows, or none if a snapshot of another version lacks the table."""
    return query(snapshot, sql, given).to_pylist() if has_table(snapshot, table) else []


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


def main() -> int:
    """Writes the program with the evidence of the home; `make ends` runs this."""
    snapshot = read_current(read_settings().home)
    if snapshot is None:
        print("heartbeat: nothing is published yet; run `heartbeat up`", file=sys.stderr)
        return 2
    write_program(make_evidence(snapshot), Path(PROGRAM))
    print(f"{PROGRAM}: the data of {snapshot.published_at:%Y-%m-%d %H:%M} UTC")
    return 0


if __name__ == "__main__":
    sys.exit(main())
