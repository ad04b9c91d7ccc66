"""Derives the news from the history that the warehouse keeps: ends of models, verdicts of the board, prices.

The same data give the same items. What a page or a list had at its first visit is a beginning, not a change.
"""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import duckdb

from warehouse.news.items import NewsItem, format_day
from warehouse.notices import name_target
from warehouse.wording import join_few

Row = Mapping[str, Any]
DECIDED = ("holds", "mixed", "refuted", "too close to call")
"""Verdicts that judge; the others say that there is too little data."""
REPORTED = ("appeared", "moved earlier", "moved later", "date given", "date withdrawn", "kind changed")
"""Changes of `staging.notice_changes` that concern the promised day; the others are of the page's list or wording."""
SMALL = 0.10
"""A price that differs from the one last reported by less than this share is the same."""
OURS = " This may come from a change in Heartbeat."
ENDS = f"""
    with changes as (
        select
            e.notice_id, e.family_id, f.title, c.target, e.model, n.region, e.change, e.old_shutdown_on,
            e.old_shutdown_kind, e.new_shutdown_on, e.new_shutdown_kind, n.stage, n.is_latest, n.replacement, n.url,
            e.change_seen_at as as_of_at, e.last_seen_at,
            if(n.announced_kind = 'exact', n.announced_on, null) as told_on,
            if(e.new_shutdown_kind = 'month', last_day(e.new_shutdown_on), e.new_shutdown_on) as last_on,
            row_number() over (
                partition by e.channel_id, e.model, n.region, e.new_shutdown_on
                order by e.change_seen_at, e.notice_id, e.change
            ) as mention
        from staging.notice_changes as e
        join staging.channels as c on c.channel_id = e.channel_id
        join staging.notices as n on n.notice_id = e.notice_id
        left join staging.families as f on f.family_id = e.family_id
    )

    select *, false as is_ours
    from changes
    where last_seen_at is not null and is_latest and change in {REPORTED}
        -- A floor promises no day, and a model without a day may only be listed.
        and new_shutdown_kind is distinct from 'not_before'
        and (new_shutdown_on is not null or if(
            change = 'date withdrawn', old_shutdown_kind is distinct from 'not_before', stage = 'deprecated'
        ))
        -- What a page repeats in another place, or adds of the past, is not new at its source.
        and (change <> 'appeared' or (
            mention = 1 and coalesce(last_on >= as_of_at::date - 30, true)
            and coalesce(told_on >= last_seen_at::date - 7, true)
        ))
    order by as_of_at, notice_id, change"""
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
    """Lists all news of a warehouse in order of time."""
    tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    if ("claim_verdicts",) not in tables:
        return []
    items = [*_list_ends(connection), *_list_verdicts(connection), *_list_prices(connection)]
    # Two notices may say the same of a model on the same day.
    distinct = {(item.headline, item.url, item.as_of_at.date()): item for item in items}
    return sorted(distinct.values(), key=lambda item: (item.as_of_at, item.kind, item.headline))


def _read_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
    return rows


def _list_ends(connection: duckdb.DuckDBPyConnection) -> Iterator[NewsItem]:
    for row in _read_rows(connection, ENDS):
        yield _make_item("end", row, _word_end(row), row["notice_id"], row["as_of_at"], row["change"])


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
                changed = f"{_word_price(row)} a million tokens (before: {_word_price(stated)})"
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
    """Words an end that was announced, or whose day moved."""
    region = f" in {row['region']}" if row["region"] else ""
    instead = f"; replacement: {join_few(row['replacement'])}" if row["replacement"] else ""
    was, kind = row["old_shutdown_on"], row["old_shutdown_kind"]
    before = f" (before: {format_day(was, kind)})" if was and kind != "not_before" else ""
    return f"{row['title'] or name_target(row['target'])}: {row['model']}{region} {_word_day(row)}{instead}{before}."


def _word_day(row: Row) -> str:
    if row["new_shutdown_on"] is None:
        return "has no end date" if row["change"] == "date withdrawn" else "will end; no date is given"
    ends = "ended" if row["last_on"] < row["as_of_at"].date() else "ends"
    is_month = row["new_shutdown_kind"] == "month"
    return f"{ends} {'in' if is_month else 'on'} {format_day(row['new_shutdown_on'], row['new_shutdown_kind'])}"


def _is_same_price(before: Row, after: Row) -> bool:
    pairs = [(before[column], after[column]) for column in ("input_usd", "output_usd")]
    return all(a == b or abs(a - b) < SMALL * a for a, b in pairs)


def _word_price(offer: Row) -> str:
    return f"${offer['input_usd']:g} in, ${offer['output_usd']:g} out"
