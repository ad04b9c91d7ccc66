"""Commits, changes and releases as metrics read them: whose they are, and which part their authors play."""

from datetime import datetime
from typing import Any

import duckdb
import pytest

from analytics.engine.models import read_models
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.steps import make_catalog_rows
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse
from warehouse.load import replace_catalog

OWN, SHARED, ELSEWHERE = "own.tracker", "shared.tracker", "elsewhere.tracker"
ACCOUNTS = {
    ("github", "fast"): (None, True),
    ("github", "cleared"): ("outsider", True),
    ("github", "hired"): ("staff", False),
    ("elsewhere", "ann"): ("bot", True),
}
"""By source and account: the part that is settled by hand, and whether it behaves as a bot."""


@pytest.fixture(scope="module")
def warehouse() -> duckdb.DuckDBPyConnection:
    """Three channels, of which many families share one, and what is known of accounts."""
    connection = empty_warehouse()
    build_conformed(connection)
    for channel, family, source in (
        (OWN, "family", "github"),
        (SHARED, "_shared", "github"),
        (ELSEWHERE, "family", "elsewhere"),
    ):
        connection.execute(
            "insert into raw.catalog__channels (channel_id, family_id, source, role) values (?, ?, ?, ?)",
            [channel, family, source, "sdk"],
        )
    for (source, actor), (role, is_bot) in ACCOUNTS.items():
        connection.execute(
            "insert into staging.account_roles (source, actor_id, settled_role, is_bot_by_behaviour)"
            " values (?, ?, ?, ?)",
            [source, actor, role, is_bot],
        )
    return connection


def _made(
    connection: duckdb.DuckDBPyConnection, table: str, source: str, columns: str, rows: list[dict[str, Any]]
) -> list[tuple[Any, ...]]:
    """What a conformed table makes of rows of the staged one that it reads."""
    connection.execute(f"delete from {source}")
    for row in rows:
        connection.execute(
            f"insert into {source} ({', '.join(row)}) values ({', '.join('?' * len(row))})", [*row.values()]
        )
    (model,) = (model for model in read_models() if model.table == table)
    return connection.sql(f"select {columns} from ({model.text}) order by all").fetchall()


TABLES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("staging.changes", "staging.github__pulls", "number", {}),
]


@pytest.mark.parametrize(("table", "source", "key", "cells"), TABLES)
def test_work_in_a_channel_of_many_families_belongs_to_none(
    warehouse: duckdb.DuckDBPyConnection, table: str, source: str, key: str, cells: dict[str, Any]
) -> None:
    """And each row to its own channel."""
    rows = [{"channel_id": channel, key: number, **cells} for number, channel in enumerate((OWN, SHARED))]

    assert _made(warehouse, table, source, "channel_id, family_id, channel_role", rows) == [
        (OWN, "family", "sdk"), (SHARED, None, "sdk"),
    ]  # fmt: skip


@pytest.mark.parametrize(("table", "source", "key", "cells"), TABLES)
@pytest.mark.parametrize(
    ("channel", "actor", "stated", "role"),
    [
        (OWN, "ann", "outsider", "outsider"),
        (ELSEWHERE, "ann", "outsider", "bot"),
        (OWN, "fast", "outsider", "bot"),
        (OWN, "fast", "agent", "agent"),
        (OWN, "cleared", "staff", "outsider"),
        (OWN, "cleared", "agent", "outsider"),
        (OWN, "hired", "outsider", "staff"),
        (OWN, None, "unknown", "unknown"),
    ],
)
def test_a_part_is_what_a_hand_settled_or_behaviour_shows_or_the_platform_told(
    warehouse: duckdb.DuckDBPyConnection,
    table: str,
    source: str,
    key: str,
    cells: dict[str, Any],
    channel: str,
    actor: str,
    stated: str,
    role: str,
) -> None:
    """In this order; agents stay agents however they behave, and an account is one of its source."""
    row = {"channel_id": channel, key: 1, "actor_id": actor, "author_role": stated, **cells}

    assert _made(warehouse, table, source, "author_role", [row]) == [(role,)]


def test_an_entry_that_is_dated_by_the_month_has_no_day(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Nor does one of unknown date; what many families share belongs to none, and each list keeps its rows."""
    at = datetime(2026, 3, 1)
    for number, (channel, kind) in enumerate(((OWN, "exact"), (OWN, "month"), (SHARED, "exact"))):
        warehouse.execute(
            "insert into staging.changelog__entries (channel_id, entry_id, published_at, date_kind) values (?, ?, ?, "
            "?)",
            [channel, f"entry-{number}", at, kind],
        )
    row = {"channel_id": OWN, "release_id": 7, "version": "v7", "released_at": at}
    columns = "release_id, family_id, released_at"

    assert _made(warehouse, "staging.releases", "staging.github__releases", columns, [row]) == [
        (f"{OWN}#entry-0", "family", at), (f"{OWN}#entry-1", "family", None),
        (f"{OWN}#v7", "family", at),
        (f"{SHARED}#entry-2", None, at),
    ]  # fmt: skip


def test_every_page_of_the_catalog_is_there_with_the_time_that_is_known_of_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Never visited, visited without an incident, and one that shows an incident older than the first visit; trackers
    are no pages. It ends with the clock, at the start of the day of the last visit."""
    first, last, old = datetime(2026, 3, 1, 7), datetime(2026, 3, 9, 15), datetime(2026, 2, 1)
    for page in ("new", "calm", "old"):
        warehouse.execute(
            "insert into raw.catalog__channels (channel_id, family_id, source, format) values (?, 'f', 'status', "
            "'atom')",
            [page],
        )
    for posted_at, resolved_at in ((datetime(2026, 2, 2), old), (first, None)):
        warehouse.execute(
            "insert into staging.status__incidents (channel_id, posted_at, resolved_at) values ('old', ?, ?)",
            [posted_at, resolved_at],
        )
    for page in ("calm", "old"):
        for at in (last, first):
            warehouse.execute(
                "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state, rows,"
                " load_id) values (?, 'status', 'incidents', ?, 0, ?, 'complete', 0, 0)",
                [page, str(at), at],
            )
    build_conformed(warehouse, "status_pages")
    pages = warehouse.sql("select channel_id, observed_from_at, observed_until_at from staging.status_pages order by 1")

    clock = datetime(2026, 3, 9)
    assert pages.fetchall() == [("calm", first, clock), ("new", None, None), ("old", old, clock)]


def test_a_family_that_ended_says_so_in_its_title_and_keeps_its_row() -> None:
    """Wherever it is shown; what the catalog rests on comes with its channels and gaps."""
    connection = empty_warehouse()
    replace_catalog(connection, make_catalog_rows(read_catalog([SHIPPED])))
    texts = {model.table: model.text or model.view for model in read_models()}
    titles = connection.sql(
        f"select title, cast(ended_on as varchar) from ({texts['staging.families']}) "
        "where family_id in ('sonar', 'gpt')"
    ).fetchall()
    assert sorted(titles) == [("GPT", None), ("Sonar (ended)", "2026-09-27")]
    page = f"select evidence, cast(seen_on as varchar) from ({texts['staging.channels']}) where target = 'status.x.ai'"
    gap = (
        f"select state, evidence, cast(seen_on as varchar) from ({texts['staging.absences']}) where family_id = "
        "'mistral-api' and channel_kind = 'status'"
    )
    assert connection.sql(page).fetchall() == [("B", "2026-10-05")]
    assert connection.sql(gap).fetchall() == [("not observable", "C", "2026-09-10")]
