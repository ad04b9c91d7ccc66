"""Prices: one list for all families, rows only for what changed, and no model lost or buried too early."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.contract import Page
from pipelines.http.errors import Fatal, Retriable, SourceError
from pipelines.sources import prices
from pipelines.steps import make_catalog_rows
from tests.upstream.emulator import Upstream
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import NOW, make_visit
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse, fill
from warehouse.load import replace_catalog

LIST = Channel(
    source="prices", target="openrouter.ai", format="openrouter", role="prices", things=("models",), family="_shared"
)
DAY = timedelta(days=1)
TABLES = ("listed_models",)


@pytest.fixture(scope="module")
def up() -> Iterator[Upstream]:
    """The world of the families that are shipped."""
    with Upstream(read_catalog([SHIPPED]), seed=3, threads=50, now=NOW) as running:
        yield running


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


def _model(name: str, prompt: str = "0.000001", **more: Any) -> dict[str, Any]:
    pricing = {"prompt": prompt, "completion": "0.000004"}
    return {
        "id": name,
        "created": 1760000000,
        "context_length": 8192,
        "pricing": pricing,
        "top_provider": {},
        "architecture": {},
        **more,
    }


def _many(count: int = 20) -> list[dict[str, Any]]:
    return [_model(f"maker/model-{number}") for number in range(count)]


def _told(server: RawServer, items: Any, cursor: Any = None, now: datetime = NOW, **body: Any) -> Page:
    content = json.dumps({"data": items, "links": {"next": None}} | body).encode()
    server.script["/api/v1/models"] = [answer(200, content, {"content-type": "application/json"})]
    (page,) = prices.models(make_visit(LIST.model_copy(update={"base_url": server.url("")}), cursor, now=now))
    return page


def _listed(up: Upstream, cursor: Any = None) -> Page:
    (page,) = prices.models(make_visit(LIST.model_copy(update={"base_url": up.url(LIST)}), cursor, now=up.world.now))
    return page


def test_the_first_visit_brings_every_model_in_one_request(up: Upstream) -> None:
    """Prices keep their decimals; one that depends on a choice is none."""
    up.forget()
    page = _listed(up)
    rows = {row.body["model_id"]: row.body for row in page.rows}
    offers = {offer.id: offer for offer in up.prices.listed()}

    assert rows.keys() == {*offers, "openrouter/auto"} and len(up.requests) == 1
    assert {name: rows[name]["prompt_usd"] for name in offers} == {
        name: one.prompt(up.world.clock.now) for name, one in offers.items()
    }
    assert (rows["openrouter/auto"]["prompt_usd"], rows["openrouter/auto"]["is_price_variable"]) == (None, True)
    assert not any(body["drift"] for body in rows.values())


@pytest.mark.parametrize("ask", [_listed])
def test_an_unchanged_list_costs_one_request_and_no_row(up: Upstream, ask: Any) -> None:
    """By its ETag if there is one, by what is kept if there is none."""
    first = ask(up)
    up.forget()
    again = ask(up, first.cursor)
    assert again.is_unchanged and not again.rows and [record.status for record in up.requests] == [304]
    without = ask(up, {**first.cursor, "etag": None})
    assert without.is_unchanged and not without.rows and [record.status for record in up.requests] == [304, 200]


def test_pages_are_followed_wherever_the_next_one_is_named(server: RawServer) -> None:
    """The address may be relative; the ETag of one page of several is not kept, since it says nothing of the others."""
    items = _many(5)
    pages = [({"next": "/api/v1/models?offset=3&limit=3"}, items[:3]), ({"next": None}, items[2:])]
    bodies = [json.dumps({"data": part, "total_count": 5, "links": links}).encode() for links, part in pages]
    server.script["/api/v1/models"] = [
        answer(200, body, {"content-type": "application/json", "etag": '"1"'}) for body in bodies
    ]
    (page,) = prices.models(make_visit(LIST.model_copy(update={"base_url": server.url("")})))

    assert len(page.rows) == 5 and page.cursor["etag"] is None
    assert server.paths() == ["/api/v1/models?limit=1000", "/api/v1/models?offset=3&limit=3"]


@pytest.mark.parametrize(
    ("onward", "error"),
    [("/api/v1/models?limit=1000", Retriable), ("https://elsewhere.example/api", Fatal), (7, Fatal)],
)
def test_a_next_page_that_leads_back_or_away_is_refused(
    server: RawServer, onward: Any, error: type[SourceError]
) -> None:
    """Neither round and round, nor to another host."""
    with pytest.raises(error):
        _told(server, _many(), links={"next": onward})


def test_only_what_changed_is_landed(server: RawServer) -> None:
    """A price, a limit, an end that is announced: the row is of that day."""
    items = _many()
    first = _told(server, items)
    items[3] = _model("maker/model-3", "0.0000005")
    items[5] = _model("maker/model-5", expiration_date="2026-12-31T00:00:00Z")
    items.append(_model("maker/new"))
    page = _told(server, items, first.cursor, NOW + DAY)
    assert {row.key for row in page.rows} == {
        "maker/model-3@2026-11-25",
        "maker/model-5@2026-11-25",
        "maker/new@2026-11-25",
    }
    assert {row.body["model_id"]: row.body["expires_on"] for row in page.rows}["maker/model-5"] == "2026-12-31"


def test_a_model_is_gone_when_two_days_missed_it(server: RawServer) -> None:
    """Once it may have slipped between two pages; the day on which it was first missing is the day it went."""
    first = _told(server, _many())
    once = _told(server, _many(19), first.cursor, NOW + DAY)
    same_day = _told(server, _many(19), once.cursor, NOW + DAY + timedelta(hours=3))
    assert not once.rows and not same_day.rows
    twice = _told(server, _many(19), same_day.cursor, NOW + 2 * DAY)
    assert [(row.key, row.body["is_listed"]) for row in twice.rows] == [("maker/model-19@2026-11-25", False)]
    back = _told(server, _many(20), twice.cursor, NOW + 3 * DAY)
    assert [(row.key, row.body["is_listed"]) for row in back.rows] == [("maker/model-19@2026-11-27", True)]


def test_a_list_that_lost_half_of_its_models_is_not_believed(server: RawServer) -> None:
    """It is the list that broke, not the models."""
    first = _told(server, _many())
    with pytest.raises(Fatal, match="11 of 20 models disappeared from the list"):
        _told(server, _many(9), first.cursor, NOW + DAY)


@given(st.lists(st.sets(st.integers(0, 9), min_size=6), min_size=2, max_size=6))
@settings(max_examples=40)
def test_whatever_comes_and_goes_the_rows_tell_it(days: list[set[int]]) -> None:
    """Replaying the rows gives the list of each day; who missed one day only never went."""
    cursor: Any = {}
    stated: dict[str, bool] = {}
    for number, present in enumerate(days):
        visit = make_visit(LIST, cursor, now=NOW + number * DAY)
        found = {f"m/{one}": {"model_id": f"m/{one}", "price": "1"} for one in present}
        known = cursor.get("known") or {}
        if sum(name not in found for name in known) > len(known) / 2:
            return
        listing = prices._Listing()
        listing.bodies.update(found)
        page = prices._compare_models(visit, listing, None)
        stated.update((row.body["model_id"], row.body["is_listed"]) for row in page.rows)
        missed_once = {f"m/{one}" for one in (days[number - 1] if number else set()) - present}
        assert {name for name, is_listed in stated.items() if is_listed} == {*found, *missed_once}
        cursor = page.cursor


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([], "no list of models"), (None, "no list of models"), ([{"name": "x"}], "no list of models"),
        ({"a": 1}, "no list of models"),
        ([{"id": "m/x", "pricing": {}}], "without prices of prompt and completion"),
        ([{"id": "m/x", "pricing": {"prompt": "1"}}], "without prices of prompt and completion"),
    ],
)  # fmt: skip
def test_a_list_of_another_shape_is_refused_in_words(server: RawServer, items: Any, reason: str) -> None:
    """200 with nothing in it is never a success."""
    with pytest.raises(Fatal, match=reason):
        _told(server, items)


@pytest.mark.parametrize(
    "broken", [{"id": "m/b", "pricing": {}}, {"id": "m/b", "pricing": {"prompt": "1"}}, {"id": "m/b"}]
)
def test_a_model_in_another_shape_costs_itself_alone_and_is_not_taken_for_gone(
    server: RawServer, broken: dict[str, Any]
) -> None:
    """It is named, counts as missing, and its last price holds until it can be read again."""
    whole = _told(server, [_model("m/a"), _model("m/b")])
    cursor: Any = whole.cursor
    for day in (1, 2, 3):
        page = _told(server, [_model("m/a", "0.5"), broken], cursor, NOW + day * DAY)
        assert [row.body["model_id"] for row in page.rows] == (["m/a"] if day == 1 else [])
        assert (len(page.skipped) == 1 and "m/b" in page.skipped[0]) or "item 2" in page.skipped[0]
        assert page.expected == len(page.rows) + 1 and not page.is_unchanged
        cursor = page.cursor
        assert cursor["etag"] is None
    (row,) = _told(server, [_model("m/a", "0.5"), _model("m/b", "7")], cursor, NOW + 4 * DAY).rows
    assert (row.body["model_id"], row.body["prompt_usd"]) == ("m/b", "7")


@pytest.mark.parametrize("broken", [None, 3, {}, {"id": None}, {"id": []}])
def test_while_a_model_has_no_name_none_counts_as_gone(server: RawServer, broken: Any) -> None:
    """It may be any of those that are missing."""
    cursor: Any = _told(server, [_model("m/a"), _model("m/b"), _model("m/c")]).cursor
    for day in (1, 2, 3):
        page = _told(server, [_model("m/a"), _model("m/b"), broken], cursor, NOW + day * DAY)
        assert (page.rows, len(page.skipped)) == ([], 1)
        cursor = page.cursor


ABSURD = ["1e-999999999", "0e-999999999", "0e999999999", "1e-31", "0." + "1" * 31, "sNaN"]


@pytest.mark.parametrize("value", ["cheap", "NaN", "Infinity", "-1", "", None, True, [], "1e9", *ABSURD])
def test_a_price_that_is_none_is_empty(server: RawServer, value: Any) -> None:
    """Neither zero nor a guess; and what takes gigabytes when it is written out is not written out."""
    page = _told(server, [_model("m/x", value)])
    assert page.rows[0].body["prompt_usd"] is None and page.rows[0].body["completion_usd"] == "0.000004"


def test_an_unknown_kind_of_price_is_reported(server: RawServer) -> None:
    page = _told(server, [_model("m/x", pricing={"prompt": "0", "completion": "1e-6", "per_smile": "1"})])
    assert page.rows[0].body["drift"] == ["pricing=per_smile"] and page.rows[0].body["completion_usd"] == "0.000001"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse that knows the families that are shipped."""
    with _open_shipped() as connection:
        yield connection


def _open_shipped() -> duckdb.DuckDBPyConnection:
    connection = empty_warehouse()
    replace_catalog(connection, _read_shipped())
    return connection


@cache
def _read_shipped() -> dict[str, list[dict[str, Any]]]:
    return make_catalog_rows(read_catalog([SHIPPED]))


def _land(
    con: duckdb.DuckDBPyConnection,
    *items: dict[str, Any],
    day: datetime = datetime(2026, 11, 1),
    is_listed: bool = True,
) -> None:
    bodies = [prices._read_model(item) if is_listed else {"model_id": item["id"]} for item in items]
    rows = [
        ("c", f"{body['model_id']}@{day:%F}", None, day, body | {"day_on": f"{day:%F}", "is_listed": is_listed})
        for body in bodies
    ]
    fill(con, "prices__models", rows)


def _visited(con: duckdb.DuckDBPyConnection, *days: int) -> None:
    for day in days:
        con.execute(
            "insert into raw.ledger__runs (channel_id, source, thing, started_at, state) values ('c', 'prices', "
            "'models', ?, 'unchanged')",
            [datetime(2026, 11, day, 6)],
        )


FAMILIES: list[tuple[str, str | None, str | None]] = [
    ("openai/gpt-5.1-codex", None, "gpt"), ("openai/o3", None, "gpt"),
    ("openai/gpt-oss-120b", "openai/gpt-oss-120b", "gpt-oss"),
    ("anthropic/claude-sonnet-4.5", None, "claude"), ("google/gemini-2.5-pro", None, "gemini"),
    ("x-ai/grok-4", None, "grok"),
    ("google/gemma-3n-e4b-it:free", "google/gemma-3n-E4B-it", "gemma"), ("google/gemma-3-12b", None, "gemma"),
    ("mistralai/mistral-large", None, "mistral-api"), ("mistralai/codestral-2508", None, "mistral-api"),
    ("mistralai/mixtral-8x22b", "mistralai/Mixtral-8x22B-v0.1", "mistral"), ("amazon/nova-pro-v1", None, "nova"),
    ("cohere/command-a", None, "command"), ("cohere/command-r-plus-08-2024", None, "command-r"),
    ("cohere/rerank-4", None, None),
    ("meta-llama/llama-3.3-70b", "meta-llama/Llama-3.3-70B-Instruct", "llama"),
    ("z-ai/glm-4.6", "zai-org/GLM-4.6", "glm"),
    ("nvidia/llama-3.1-nemotron-70b", "nvidia/Llama-3.1-Nemotron-70B-Instruct-HF", "nemotron"),
    ("nvidia/parakeet", None, None),
    ("nousresearch/hermes-3-llama-3.1-70b", "NousResearch/Hermes-3-Llama-3.1-70B", None),
    ("microsoft/wizardlm-2", None, None),
    ("deepseek/deepseek-r1-distill-llama-70b", "deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "deepseek"),
    ("openrouter/auto", None, None),
    ("~openai/gpt-latest", None, None), ("~anthropic/claude-sonnet-latest", None, None),
    ("perplexity/sonar-pro", None, "sonar"), ("tngtech/deepseek-r1t-chimera", "tngtech/DeepSeek-R1T-Chimera", None),
]  # fmt: skip
"""A model of the list, its weights, and whose it is."""


@pytest.fixture(scope="module")
def families() -> dict[str, str | None]:
    """The family of each of these models, by its name in the list."""
    with _open_shipped() as con:
        _land(con, *(_model(name, hugging_face_id=hub) for name, hub, _ in FAMILIES))
        build_conformed(con, "listed_models")
        return dict(con.execute("select listed_id, family_id from staging.listed_models").fetchall())


@pytest.mark.parametrize(("name", "family"), [(name, family) for name, _, family in FAMILIES])
def test_a_model_is_of_the_family_whose_pattern_it_fits(
    families: dict[str, str | None], name: str, family: str | None
) -> None:
    """The longest pattern wins; named weights speak for the open family; what others built on it is nobody's, nor is an
    alias that moves, whose model is listed by its own name too."""
    assert len(families) == len(FAMILIES) and families[name] == family


def test_a_price_holds_until_it_changes_and_its_model_until_it_is_gone(con: duckdb.DuckDBPyConnection) -> None:
    """The price is that of the last visit that found the model."""
    _land(con, _model("openai/gpt-5", "0.000002"))
    _land(con, _model("openai/gpt-5", "0.0000015"), day=datetime(2026, 11, 4))
    _visited(con, 1, 2, 4, 5)
    sql = "select input_usd, output_usd, priced_on, gone_on, listed_at from staging.listed_models"
    added = datetime(2025, 10, 9, 8, 53, 20)
    build_conformed(con, *TABLES)
    assert con.execute(sql).fetchall() == [(1.5, 4.0, date(2026, 11, 5), None, added)]
    _land(con, _model("openai/gpt-5"), day=datetime(2026, 11, 6), is_listed=False)
    _visited(con, 6, 7)
    build_conformed(con, *TABLES)
    assert con.execute(sql).fetchall() == [(1.5, 4.0, date(2026, 11, 5), date(2026, 11, 6), added)]
