"""Derives the news from the history that the warehouse keeps: ends of models, verdicts of the board, prices.

The same data give the same items. What a page or a list had at its first visit is a beginning, not a change.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import duckdb

from warehouse.ends.notices import name_target
from warehouse.ends.states import last_possible_day
from warehouse.load import is_sample
from warehouse.news.items import (
    BEGAN,
    NewsItem,
    NewsKind,
    clean_link,
    clean_text,
    digest_facts,
    format_day,
    make_page,
    number_items,
)
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
PRICED, GONE = "priced", "gone"
SMALL = 0.10
"""A price that differs from the one last reported by less than this share is the same."""
OFFERS = {"free": "free", "variable": "no fixed price", GONE: "not listed"}
"""How an offer without a fixed price reads."""
PARTS = {"input": "input_usd", "output": "output_usd"}
OURS = " This may come from a change in Heartbeat."
NEEDS = {
    NewsKind.END: ("staging.notice_changes", "staging.notices", "staging.channels", "staging.families"),
    NewsKind.VERDICT: ("metrics.claim_verdicts", "metrics.claim_tests"),
    NewsKind.PRICE: ("staging.prices__models", "staging.listed_models", "staging.families"),
}
"""Tables without which a kind has no news."""
ENDS = """
    select
        e.notice_id, e.channel_id, e.family_id, f.title, c.target, e.model, n.region, e.change, e.old_shutdown_on,
        e.old_shutdown_kind, e.new_shutdown_on, e.new_shutdown_kind, n.stage, e.change_seen_at, e.last_seen_at,
        case when n.announced_kind = 'exact' then n.announced_on end as announced_on, n.is_latest, n.replacement, n.url
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
        d.claim_id, d.number, d.verdict, d.old_verdict, d.as_of_at, c.title,
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
        p.channel_id, p.listed_id as model, p.day_on, p.seen_at, p.input_usd, p.output_usd, f.family_id, f.title,
        case when not p.is_listed then 'gone'
            when p.is_price_variable then 'variable'
            when p.input_usd + p.output_usd = 0 then 'free' else 'priced' end as status,
        (select min(day_on) from staging.prices__models as l where l.channel_id = p.channel_id) as list_began_on
    from staging.prices__models as p
    join staging.listed_models as m on m.channel_id = p.channel_id and m.listed_id = p.listed_id
    join staging.families as f on f.family_id = m.family_id
    where strpos(p.listed_id, ':') = 0
        and (not p.is_listed or p.is_price_variable or p.input_usd + p.output_usd is not null)
    order by p.channel_id, p.listed_id, p.day_on"""


def derive_news(connection: duckdb.DuckDBPyConnection) -> list[NewsItem]:
    """Lists all news of a warehouse in order of time; none of a sample world, and none before the first visit."""
    ((began_at,),) = connection.execute("select min(started_at) from raw.ledger__runs").fetchall()
    if began_at is None or is_sample(connection):
        return []
    tables = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    known = {table for (table,) in tables}
    items = [NewsItem(BEGAN, (), "News begins here.", "overview", "", False, digest_facts(BEGAN, began_at), began_at)]
    for kind, list_items in LISTERS.items():
        if known.issuperset(NEEDS[kind]):
            items += list_items(connection)
    return number_items(items)


def _read_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
    return rows


def _list_ends(connection: duckdb.DuckDBPyConnection) -> Iterator[NewsItem]:
    said = set[tuple[Any, ...]]()
    for row in _read_rows(connection, ENDS):
        # A page may say in another place what it said of a model before.
        words = (row["channel_id"], row["model"], row["region"], row["new_shutdown_on"])
        is_repeated = row["change"] == "appeared" and words in said
        said.add(words)
        if row["last_seen_at"] and not is_repeated and (item := word_end(row)):
            yield item


def _list_verdicts(connection: duckdb.DuckDBPyConnection) -> Iterator[NewsItem]:
    return map(word_verdict, _read_rows(connection, VERDICTS))


def _list_prices(connection: duckdb.DuckDBPyConnection) -> Iterator[NewsItem]:
    for _, rows in groupby(_read_rows(connection, PRICES), lambda row: (row["channel_id"], row["model"])):
        stated: Row | None = None
        for row in rows:
            if stated is None and row["day_on"] == row["list_began_on"]:
                stated = row
                continue
            before = stated or {"status": GONE}
            if not is_same_offer(before, row):
                stated = row
                # Only an offer that has or had a price concerns people who pay.
                if PRICED in (before["status"], row["status"]):
                    yield word_price(before, row)


LISTERS = {NewsKind.END: _list_ends, NewsKind.VERDICT: _list_verdicts, NewsKind.PRICE: _list_prices}


def _word_item(
    kind: NewsKind, facts: tuple[object, ...], row: Row, words: tuple[str, str, str], page: str, url: object,
    at: datetime, is_ours: bool = False,
) -> NewsItem:  # fmt: skip
    """Words any change alike: what it is about, how it is now, and how it was."""
    what, now, before = words
    was, family = f" (before: {before})" if before else "", row.get("family_id")
    headline = f"{what} {now}{was}.{OURS if is_ours else ''}"
    families = (family,) if family else ()
    news_id = digest_facts(kind, *facts)
    return NewsItem(kind, families, headline, make_page(page, *families), clean_link(url), is_ours, news_id, at)


def word_end(row: Row) -> NewsItem | None:
    """Words an end that was announced, or whose day moved; None for what is no news."""
    now = _word_day(row)
    if not now or (row["change"] == "appeared" and not _is_recent(row)):
        return None
    title = clean_text(row["title"] or name_target(row["target"]))
    region = f" in {clean_text(row['region'])}" if row["region"] else ""
    instead = join_few([clean_text(name) for name in row["replacement"] or ()])
    was, kind = row["old_shutdown_on"], row["old_shutdown_kind"] or ""
    before = format_day(was, kind) if was and kind != FLOOR else ""
    words = f"{title}: {clean_text(row['model'])}{region}", f"{now}; replacement: {instead}" if instead else now, before
    facts = row["notice_id"], row["change_seen_at"], row["change"]
    return _word_item(NewsKind.END, facts, row, words, "changes", row["url"], row["change_seen_at"])


def _word_day(row: Row) -> str:
    """Words when a model ends; empty for a floor, a model that is only listed, or an edit."""
    kind = row["new_shutdown_kind"] or ""
    if row["change"] not in REPORTED or not row["is_latest"] or kind == FLOOR:
        return ""
    if row["new_shutdown_on"] is None:
        if row["change"] == "date withdrawn":
            return "" if row["old_shutdown_kind"] == FLOOR else "has no end date"
        return "will end; no date is given" if row["stage"] == "deprecated" else ""
    ends = "ended" if _find_last_day(row) < row["change_seen_at"].date() else "ends"
    return f"{ends} {'in' if kind == 'month' else 'on'} {format_day(row['new_shutdown_on'], kind)}"


def _find_last_day(row: Row) -> date:
    on: date = row["new_shutdown_on"]
    return last_possible_day({"shutdown_on": on, "shutdown_kind": row["new_shutdown_kind"]}) or on


def _is_recent(row: Row) -> bool:
    """Returns whether a notice that appeared is new at its source, and not only to us."""
    if row["new_shutdown_on"] and _find_last_day(row) < row["change_seen_at"].date() - LATE:
        return False
    before, announced = row["last_seen_at"], row["announced_on"]
    return not (before and announced and announced < before.date() - EARLIER)


def word_verdict(row: Row) -> NewsItem:
    """Words a verdict that changed, and whether our definitions changed with it."""
    words = f"Claim {row['claim_id'].upper()}, {clean_text(row['title'])}:", row["verdict"], row["old_verdict"]
    facts = row["claim_id"], row["number"]
    return _word_item(NewsKind.VERDICT, facts, row, words, "claims", "", row["as_of_at"], row["is_ours"])


def word_price(before: Row, row: Row) -> NewsItem:
    """Words an offer that changed."""
    name = clean_text(row["model"].partition("/")[2] or row["model"])
    words = f"{clean_text(row['title'])}: {name} on OpenRouter:", _word_offer(row), _word_offer(before)
    facts = row["model"], row["channel_id"], row["day_on"]
    url = f"https://openrouter.ai/{row['model']}"
    return _word_item(NewsKind.PRICE, facts, row, words, "openness", url, row["seen_at"])


def is_same_offer(before: Row, after: Row) -> bool:
    """Returns whether two offers are the same but for small differences of the price."""
    if before["status"] != after["status"] or after["status"] != PRICED:
        return bool(before["status"] == after["status"])
    pairs = [(before[column], after[column]) for column in PARTS.values()]
    return all(a == b or abs(a - b) < SMALL * a for a, b in pairs)


def _word_offer(offer: Row) -> str:
    if offer["status"] != PRICED:
        return OFFERS[offer["status"]]
    amounts = ", ".join(f"{name} {format_usd(offer[column])} USD" for name, column in PARTS.items())
    return f"{amounts} per million tokens"


def format_usd(amount: float) -> str:
    """Formats an amount to the cent, or as exactly as the list states it: `1.50`, `0.075`."""
    whole, _, cents = f"{amount:,.6f}".partition(".")
    return f"{whole}.{cents.rstrip('0').ljust(2, '0')}"
