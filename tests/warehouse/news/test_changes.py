"""What is news: a golden case for each kind of change, and what passes no gate."""

from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.news.changes import derive_news
from warehouse.news.items import NewsItem

BEGAN_AT = datetime(2026, 11, 1, 6)
LISTED_ON = date(2026, 10, 1)
Rows = list[dict[str, Any]]
NOTICE = {
    "notice_id": "n1", "channel_id": "page", "region": None, "stage": "deprecated", "announced_kind": "exact",
    "announced_on": None, "is_latest": True, "replacement": ["gpt-5"], "url": "https://example.com/ends#gpt-4",
}  # fmt: skip
LISTED = {"channel_id": "list", "family_id": "gpt"}
TABLES = {
    "staging.notices": "notice_id varchar, channel_id varchar, region varchar, stage varchar, announced_kind varchar,"
    " announced_on date, is_latest boolean, replacement varchar[], url varchar",
    "staging.notice_changes": "notice_id varchar, channel_id varchar, family_id varchar, model varchar, change varchar,"
    " old_shutdown_on date, old_shutdown_kind varchar, new_shutdown_on date, new_shutdown_kind varchar,"
    " change_seen_at timestamp, last_seen_at timestamp",
    "staging.channels": "channel_id varchar, target varchar",
    "staging.families": "family_id varchar, title varchar",
    "staging.listed_models": "channel_id varchar, listed_id varchar, family_id varchar",
    "staging.prices__models": "channel_id varchar, listed_id varchar, day_on date, seen_at timestamp,"
    " is_listed boolean, is_price_variable boolean, input_usd double, output_usd double",
    "metrics.claim_verdicts": "claim_id varchar, title varchar",
    "metrics.claim_tests": "claim_id varchar, metric varchar",
}


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Rows) -> None:
    if rows:
        con.register("rows", pa.Table.from_pylist(rows, con.sql(f"from {table} limit 0").to_arrow_table().schema))
        con.execute(f"insert into {table} by name from rows")


def _report(changes: Rows, prices: Rows = [], verdicts: Rows = [], methods: Rows = []) -> list[NewsItem]:  # noqa: B006
    """What is reported of a history, the oldest first."""
    with empty_warehouse() as con:
        for name, columns in TABLES.items():
            con.execute(f"create or replace table {name} ({columns})")
        con.execute("insert into staging.channels values ('page', 'azure-foundry')")
        con.execute("insert into staging.families values ('gpt', 'GPT')")
        con.execute("insert into metrics.claim_verdicts values ('h1', 'Open costs less')")
        con.execute("insert into metrics.claim_tests values ('h1', 'price_usd')")
        _insert(con, "staging.notice_changes", changes)
        _insert(con, "staging.notices", list({row["notice_id"]: NOTICE | row for row in changes}.values()))
        _insert(con, "staging.prices__models", prices)
        names = sorted({row["listed_id"] for row in prices})
        _insert(con, "staging.listed_models", [{**LISTED, "listed_id": name} for name in names])
        _insert(con, "ledger.verdicts", verdicts)
        _insert(con, "ledger.methods", methods)
        return derive_news(con)


def _end(change: str = "appeared", new: date | None = date(2027, 5, 14), old: date | None = None, **cells: Any) -> Rows:
    """An event on a page of ends, seen on 8 Nov 2026 after a visit on the 7th."""
    row = {
        "notice_id": "n1", "channel_id": "page", "family_id": "gpt", "model": "gpt-4-0613", "change": change,
        "old_shutdown_on": old, "old_shutdown_kind": "exact" if old else None, "new_shutdown_on": new,
        "new_shutdown_kind": "exact" if new else None, "change_seen_at": datetime(2026, 11, 8, 6),
        "last_seen_at": datetime(2026, 11, 7, 6), **cells,
    }  # fmt: skip
    return [row]


def _offers(*usd: tuple[float | None, float | None] | None, model: str = "openai/gpt-5", first: int = 0) -> Rows:
    """What the list says of a model day by day: its prices, both empty for one that varies, or None for gone."""
    return [
        {
            "channel_id": "list", "listed_id": model, "day_on": LISTED_ON + timedelta(days=day),
            "seen_at": datetime(2026, 10, 1, 6) + timedelta(days=day), "is_listed": prices is not None,
            "is_price_variable": prices == (None, None), "input_usd": prices and prices[0],
            "output_usd": prices and prices[1],
        }
        for day, prices in enumerate(usd, first)
    ]  # fmt: skip


def _verdicts(*words: str, versions: tuple[int, ...] = (1, 1, 1, 1)) -> Rows:
    """The history of a claim, a week apart."""
    return [
        {
            "claim_id": "h1", "number": number, "claim_version": version, "verdict": word,
            "as_of_at": BEGAN_AT + timedelta(weeks=number),
        }
        for number, (word, version) in enumerate(zip(words, versions, strict=False), 1)
    ]  # fmt: skip


PRICED = (1.25, 10.0)
OFFER = "$1.25 in, $10 out"
ENDS = {
    "an end was announced": (_end(), "GPT: gpt-4-0613 ends on 14 May 2027; replacement: gpt-5."),
    "an end without a day": (_end(new=None, replacement=[]), "GPT: gpt-4-0613 will end; no date is given."),
    "an end in a month": (
        _end(new=date(2027, 5, 1), new_shutdown_kind="month", replacement=None), "GPT: gpt-4-0613 ends in May 2027.",
    ),
    "an end of one region": (
        _end(region="eu-west-1", replacement=None), "GPT: gpt-4-0613 in eu-west-1 ends on 14 May 2027."
    ),
    "an end reported when it had come": (
        _end(new=date(2026, 11, 1), replacement=None), "GPT: gpt-4-0613 ended on 1 Nov 2026."
    ),
    "an end on a page of several families": (
        _end(family_id=None, replacement=None), "Azure Foundry: gpt-4-0613 ends on 14 May 2027."
    ),
    "an end moved later": (
        _end("moved later", date(2027, 9, 1), date(2027, 5, 14), replacement=None),
        "GPT: gpt-4-0613 ends on 1 Sep 2027 (before: 14 May 2027).",
    ),
    "a floor became a day": (
        _end("kind changed", old=date(2027, 5, 14), old_shutdown_kind="not_before", replacement=None),
        "GPT: gpt-4-0613 ends on 14 May 2027.",
    ),
    "an end lost its day": (
        _end("date withdrawn", None, date(2027, 5, 14), replacement=None),
        "GPT: gpt-4-0613 has no end date (before: 14 May 2027).",
    ),
}  # fmt: skip
NO_ENDS = {
    "all that a page had at its first visit": _end(last_seen_at=None),
    "a floor, which promises nothing": _end(new_shutdown_kind="not_before"),
    "a model that is only listed": _end(new=None, stage="active"),
    "a model that left the page": _end("vanished"),
    "other words on the page": _end("edited", old=date(2027, 5, 14)),
    "an older notice of the same model": _end(is_latest=False),
    "a history that the page added": _end(new=date(2025, 1, 1)),
    "an announcement that was there before": _end(announced_on=date(2026, 9, 1)),
    "the same end in another notice": _end(last_seen_at=None) + _end(notice_id="n2"),
}
PRICES = {
    "a price fell": (_offers(PRICED, (1.0, 8.0)), f"$1 in, $8 out a million tokens (before: {OFFER})."),
    "a price crept": (
        _offers(PRICED, (1.32, 10.0), (1.40, 10.0), (1.45, 10.0)),
        f"$1.4 in, $10 out a million tokens (before: {OFFER}).",
    ),
    "a trial ended, after days off the list": (
        _offers((0.0, 0.0), None, (None, None), PRICED),
        f"{OFFER} a million tokens (before: $0 in, $0 out).",
    ),
}
NO_PRICES = {
    "a list read for the first time": _offers(PRICED),
    "a price that moved by less than a tenth": _offers(PRICED, (1.3, 10.0)),
    "a price that cannot be read": _offers(PRICED, (None, 10.0)),
    "a model that left the list": _offers(PRICED, None),
    "a variant with other limits": _offers((0.0, 0.0), PRICED, model="openai/gpt-5:free"),
}
FLIPPED = "Claim H1, Open costs less: holds (before: mixed)."


@pytest.mark.parametrize("case", ENDS)
def test_an_end_that_was_announced_or_moved_is_reported_in_plain_words(case: str) -> None:
    changes, words = ENDS[case]
    assert [(item.headline, item.is_restated) for item in _report(changes)] == [(words, False)]


@pytest.mark.parametrize("case", NO_ENDS)
def test_coverage_backfill_and_other_words_of_a_page_are_no_news(case: str) -> None:
    """Only a change at the source is news."""
    assert _report(NO_ENDS[case]) == []


@pytest.mark.parametrize("case", PRICES)
def test_a_price_that_changed_is_reported_with_its_page_and_source(case: str) -> None:
    """The family's page of prices, and the model's own page of the list."""
    prices, words = PRICES[case]
    (item,) = _report([], prices)
    assert item.headline == f"GPT: gpt-5 on OpenRouter: {words}"
    assert (item.family_ids, item.page) == (("gpt",), "openness?family=gpt")
    assert item.url == "https://openrouter.ai/openai/gpt-5"


@pytest.mark.parametrize("case", NO_PRICES)
def test_what_does_not_concern_people_who_pay_is_no_news(case: str) -> None:
    """Neither is what was listed all along."""
    assert _report([], NO_PRICES[case]) == []


def test_a_verdict_flips_against_the_last_one_that_judged() -> None:
    """Weeks with too few data between them do not hide it; each flip has an id of its own."""
    items = _report([], verdicts=_verdicts("mixed", "too few data", "holds", "mixed"))
    assert [item.headline for item in items] == [FLIPPED, "Claim H1, Open costs less: mixed (before: holds)."]
    assert len({item.news_id for item in items}) == 2 and not any(item.is_restated for item in items)
    assert _report([], verdicts=_verdicts("too few data", "holds")) == [], "a first verdict"


@pytest.mark.parametrize("is_claims", [True, False])
def test_what_we_changed_ourselves_is_marked_as_ours(is_claims: bool) -> None:
    """The claim, or the definition of a figure that it rests on."""
    at = BEGAN_AT + timedelta(days=10)
    methods = [] if is_claims else [{"name": "price_usd", "version": 2, "digest": "d", "as_of_at": at, "number": 2}]
    verdicts = _verdicts("mixed", "holds", versions=(1, 2) if is_claims else (1, 1))
    (item,) = _report([], verdicts=verdicts, methods=methods)
    assert item.is_restated and item.headline == f"{FLIPPED} This may come from a change in Heartbeat."


def test_a_new_title_changes_no_id() -> None:
    """Readers of the feed go by ids."""
    (item,), (renamed,) = _report(_end()), _report(_end(replacement=["gpt-6"]))
    assert item.headline != renamed.headline and item.news_id == renamed.news_id


def test_a_warehouse_that_was_never_built_has_no_news() -> None:
    """It has no tables to read them from."""
    with empty_warehouse() as con:
        assert derive_news(con) == []
