"""What the landed lists of prices say of each model, up to what is reported of it."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import duckdb
import pytest

from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.steps import make_catalog_rows
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse, fill
from warehouse.load import replace_catalog
from warehouse.news.changes import Ledger, report_news
from warehouse.news.states import PRICE, observe_states

MODEL, OTHER, OPEN_MODEL = "openai/gpt-5", "openai/gpt-4o", "qwen/qwen3-235b"
PRICED, VARIABLE, UNREADABLE = (1.25, 10.0), (None, None), (None, 10.0)
Usd = tuple[float | None, float | None]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse that knows the shipped families, and has looked at the list on the first two days of November."""
    with empty_warehouse() as connection:
        replace_catalog(connection, _read_shipped())
        visit(connection, 1, {MODEL: PRICED, OTHER: PRICED, OPEN_MODEL: PRICED})
        visit(connection, 2)
        yield connection


@cache
def _read_shipped() -> dict[str, list[dict[str, Any]]]:
    return make_catalog_rows(read_catalog([SHIPPED]))


def visit(
    con: duckdb.DuckDBPyConnection, day: int, changed: dict[str, Usd | None] | None = None, state: str = "complete"
) -> None:
    """A visit to the list, with the models that changed: their prices, or None for one that was gone."""
    at = datetime(2026, 11, day, 6)
    rows = [
        (
            "list", f"{model}@{at:%F}", None, at,
            {"model_id": model, "day_on": f"{at:%F}", "is_listed": usd is not None}
            | {"is_price_variable": usd == VARIABLE}
            | ({"prompt_usd": _to_token(usd[0]), "completion_usd": _to_token(usd[1])} if usd else {}),
        )
        for model, usd in (changed or {}).items()
    ]  # fmt: skip
    if rows:
        fill(con, "prices__models", rows)
    con.execute(
        "insert into raw.ledger__runs (channel_id, source, thing, started_at, state) values ('list', 'prices', "
        "'models', ?, ?)",
        [at, state],
    )


def _to_token(usd: float | None) -> str | None:
    return None if usd is None else f"{usd / 1e6:.12f}"


def publish(con: duckdb.DuckDBPyConnection, told: Ledger) -> Ledger:
    """What is told of the lists that have landed so far."""
    build_conformed(con, "listed_models", "families")
    now = observe_states(con)
    assert now is not None
    return report_news(told, now)


def words(told: Ledger) -> list[str]:
    return [item.headline for item in told.items if item.kind == PRICE]


OFFER = "input 1.25 USD, output 10.00 USD per million tokens"
FELL = f"GPT: gpt-5 on OpenRouter: input 1.00 USD, output 8.00 USD per million tokens (before: {OFFER})."


def test_a_price_that_fell_is_reported_once_with_its_family_page_and_source(con: duckdb.DuckDBPyConnection) -> None:
    """The family's page of prices, and the model's own page of the list."""
    first = publish(con, Ledger())
    visit(con, 3, {MODEL: (1.0, 8.0)})
    second = publish(con, first)
    (item,) = second.items[1:]

    assert item.headline == FELL
    assert (item.family_ids, item.page, item.url) == (
        ("gpt",), "access?family=gpt", "https://openrouter.ai/openai/gpt-5"
    )  # fmt: skip
    assert publish(con, second).items == second.items, "the same build reports nothing twice"


@pytest.mark.slow
def test_a_list_that_could_not_be_read_for_weeks_takes_no_price_away(con: duckdb.DuckDBPyConnection) -> None:
    """A failed visit is no fact about any model."""
    told = publish(con, Ledger())
    for day in range(3, 25):
        visit(con, day, state="failed")

    assert words(publish(con, told)) == []


@pytest.mark.slow
def test_models_that_come_and_go_and_what_has_no_price_for_people_who_pay(con: duckdb.DuckDBPyConnection) -> None:
    """A free variant has other limits, and a model of a family that nobody measures is nobody's news."""
    told = publish(con, Ledger())
    visit(
        con, 3, {OTHER: None, "openai/gpt-6": (2.5, 20.0), "openai/gpt-6:free": (0.0, 0.0), "acme/acme-1": (1.0, 1.0)}
    )
    visit(con, 4, {MODEL: VARIABLE, OPEN_MODEL: UNREADABLE})
    told = publish(con, told)

    assert words(told) == [
        "GPT: gpt-6 on OpenRouter: input 2.50 USD, output 20.00 USD per million tokens (before: not listed).",
        f"GPT: gpt-5 on OpenRouter: no fixed price (before: {OFFER}).",
        f"GPT: gpt-4o on OpenRouter: not listed (before: {OFFER}).",
    ]


@pytest.mark.slow
def test_a_pattern_that_the_catalog_adds_makes_no_news_of_old_models(con: duckdb.DuckDBPyConnection) -> None:
    """They were listed all along, and only nobody's here."""
    con.execute("create temp table kept as from raw.catalog__listings")
    con.execute("delete from raw.catalog__listings where family_id = 'gpt'")
    told = publish(con, Ledger())
    con.execute("delete from raw.catalog__listings")
    con.execute("insert into raw.catalog__listings from kept")
    visit(con, 3)
    told = publish(con, told)
    assert words(told) == []

    visit(con, 4, {MODEL: (1.0, 8.0)})
    assert words(publish(con, told)) == [FELL]
