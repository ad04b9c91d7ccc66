"""Derives the news from the history that the warehouse keeps: ends of models, verdicts of the board, prices.

The same data give the same items. What a page or a list had at its first visit is a beginning, not a change.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import duckdb

from warehouse.ends.notices import name_target
from warehouse.ends.states import last_possible_day
from warehouse.load import is_sample
from warehouse.news.items import NewsItem, format_day
from warehouse.wording import join_few

Row = Mapping[str, Any]
DECIDED = ("holds", "mixed", "refuted", "too close to call")
"""Verdicts that judge; the others say that there is too little data."""
LATE = timedelta(days=30)
"""An end that was this long past when it was first seen is history that a page added."""
EARLIER = timedelta(days=7)
"""An announcement dated this long before our last visit was there already, and only read now."""
REPORTED = ("appeared", "moved earlier", "moved later", "date given", "date withdrawn", "kind changed")
"""Changes of `staging.notice_changes` that concern the promised day; the others are of the page's list or wording."""
FLOOR = "not_before"
SMALL = 0.10
"""A price that differs from the one last reported by less than this share is the same."""
OURS = " This may come from a change in Heartbeat."
ENDS = """
    select
        e.notice_id, e.channel_id, e.family_id, f.title, c.target, e.model, n.region, e.change, e.old_shutdown_on,
        e.old_shutdown_kind, e.new_shutdown_on, e.new_shutdown_kind, n.stage, e.change_seen_at as as_of_at,
        e.last_seen_at, case when n.announced_kind = 'exact' then n.announced_on end as announced_on, n.is_latest,
        n.replacement, n.url, false as is_ours
    from staging.notice_changes as e
    join staging.channels as c on c.channel_id = e.channel_id
    join staging.notices as n on n.notice_id = e.notice_id
    left join staging.families as f on f.family_id = e.family_id
    order by e.change_seen_at, e.notice_id, e.change"""
VERDICTS = f"""
    with decided as (
        select
            claim_id, number, verdict, claim_version, as_of_at,
            lag(verdict) over (partition by claim_id order by number) as old_verdict,
            lag(claim_version) over (partition by claim_id order by number) as old_version,
            lag(as_of_at) over (partition by claim_id order by number) as old_at
        from ledger.verdicts
        where verdict in {DECIDED}
    )

    select
        d.claim_id, d.number, d.verdict, d.old_verdict, d.as_of_at, c.title, null as family_id, '' as url,
        d.claim_version <> d.old_version or exists (
            select 1 from ledger.methods as m
            join metrics.claim_tests as t on t.metric = m.name
            where t.claim_id = d.claim_id and m.as_of_at > d.old_at and m.as_of_at <= d.as_of_at
        ) as is_ours
    from decided as d
    join metrics.claim_verdicts as c on c.claim_id = d.claim_id
    where d.verdict <> d.old_verdict
    order by d.claim_id, d.number"""
PRICES = """
    select
        p.channel_id, p.listed_id as model, p.day_on, p.seen_at as as_of_at, p.input_usd, p.output_usd, f.family_id,
        f.title, 'https://openrouter.ai/' || p.listed_id as url, false as is_ours
    from staging.prices__models as p
    join staging.listed_models as m on m.channel_id = p.channel_id and m.listed_id = p.listed_id
    join staging.families as f on f.family_id = m.family_id
    where p.is_listed and p.is_price_variable is not true and p.input_usd + p.output_usd is not null
        and strpos(p.listed_id, ':') = 0
    order by p.channel_id, p.listed_id, p.day_on"""


def derive_news(connection: duckdb.DuckDBPyConnection) -> list[NewsItem]:
    """Lists all news of a warehouse in order of time; none of a sample world."""
    tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    if is_sample(connection) or ("claim_verdicts",) not in tables:
        return []
    items = [*_list_ends(connection), *_list_verdicts(connection), *_list_prices(connection)]
    # Two notices may say the same of a model on the same day.
    distinct = {(item.headline, item.url, item.as_of_at.date()): item for item in items}
    return sorted(distinct.values(), key=lambda item: (item.as_of_at, item.kind, item.headline))


def _read_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
    return rows


def _list_ends(connection: duckdb.DuckDBPyConnection) -> Iterator[NewsItem]:
    said = set[tuple[Any, ...]]()
    for row in _read_rows(connection, ENDS):
        # A page may repeat in another place what it said of a model before.
        words = (row["channel_id"], row["model"], row["region"], row["new_shutdown_on"])
        is_repeated = row["change"] == "appeared" and words in said
        said.add(words)
        if row["last_seen_at"] and not is_repeated and (headline := _word_end(row)):
            facts = row["notice_id"], row["as_of_at"], row["change"]
            yield _make_item("end", row, headline, *facts)


def _list_verdicts(connection: duckdb.DuckDBPyConnection) -> Iterator[NewsItem]:
    for row in _read_rows(connection, VERDICTS):
        changed = f"{row['verdict']} (before: {row['old_verdict']})"
        headline = f"Claim {row['claim_id'].upper()}, {row['title']}: {changed}."
        yield _make_item("verdict", row, headline, row["claim_id"], row["number"])


def _list_prices(connection: duckdb.DuckDBPyConnection) -> Iterator[NewsItem]:
    for _, rows in groupby(_read_rows(connection, PRICES), lambda row: (row["channel_id"], row["model"])):
        stated, *later = rows
        for row in later:
            if not _is_same_price(stated, row):
                name = row["model"].partition("/")[2] or row["model"]
                changed = f"{_word_price(row)} per million tokens (before: {_word_price(stated)})"
                headline = f"{row['title']}: {name} on OpenRouter: {changed}."
                yield _make_item("price", row, headline, row["model"], row["channel_id"], row["day_on"])
                stated = row


def _make_item(kind: str, row: Row, headline: str, *facts: object) -> NewsItem:
    """Makes an item; its id rests on the facts."""
    return NewsItem(
        news_id=hashlib.sha256("\n".join(map(str, (kind, *facts))).encode()).hexdigest()[:16],
        kind=kind,
        family_ids=(row["family_id"],) if row["family_id"] else (),
        headline=headline + (OURS if row["is_ours"] else ""),
        url=row["url"] or "",
        is_restated=row["is_ours"],
        as_of_at=row["as_of_at"],
    )


def _word_end(row: Row) -> str:
    """Words an end that was announced, or whose day moved; empty for what is no news."""
    now = _word_day(row)
    if not now or (row["change"] == "appeared" and not _is_recent(row)):
        return ""
    region = f" in {row['region']}" if row["region"] else ""
    instead = join_few(row["replacement"] or ())
    was, kind = row["old_shutdown_on"], row["old_shutdown_kind"] or ""
    before = f" (before: {format_day(was, kind)})" if was and kind != FLOOR else ""
    more = f"; replacement: {instead}" if instead else ""
    return f"{row['title'] or name_target(row['target'])}: {row['model']}{region} {now}{more}{before}."


def _word_day(row: Row) -> str:
    """Words when a model ends; empty for a floor, a model that is only listed, or an edit."""
    kind = row["new_shutdown_kind"] or ""
    if row["change"] not in REPORTED or not row["is_latest"] or kind == FLOOR:
        return ""
    if row["new_shutdown_on"] is None:
        if row["change"] == "date withdrawn":
            return "" if row["old_shutdown_kind"] == FLOOR else "has no end date"
        return "will end; no date is given" if row["stage"] == "deprecated" else ""
    ends = "ended" if _find_last_day(row) < row["as_of_at"].date() else "ends"
    return f"{ends} {'in' if kind == 'month' else 'on'} {format_day(row['new_shutdown_on'], kind)}"


def _find_last_day(row: Row) -> date:
    on: date = row["new_shutdown_on"]
    return last_possible_day({"shutdown_on": on, "shutdown_kind": row["new_shutdown_kind"]}) or on


def _is_recent(row: Row) -> bool:
    """Returns whether a notice that appeared is new at its source, and not only to us."""
    if row["new_shutdown_on"] and _find_last_day(row) < row["as_of_at"].date() - LATE:
        return False
    before, announced = row["last_seen_at"], row["announced_on"]
    return not (before and announced and announced < before.date() - EARLIER)


def _is_same_price(before: Row, after: Row) -> bool:
    pairs = [(before[column], after[column]) for column in ("input_usd", "output_usd")]
    return all(a == b or abs(a - b) < SMALL * a for a, b in pairs)


def _word_price(offer: Row) -> str:
    return f"input {offer['input_usd']:g} USD, output {offer['output_usd']:g} USD"
