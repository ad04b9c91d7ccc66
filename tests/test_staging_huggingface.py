"""The Hub's rows typed, merged by day, and cut down to the models of the family."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from analytics.build import build, read_models
from tests.warehouse_rows import empty_warehouse, fill

T = datetime(2026, 11, 1, 12)
GOOGLE, MISTRAL = "gemma.huggingface.google", "mistral.huggingface.mistralai"


@pytest.fixture
def con(monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with two organisations; only the tables in question are built."""
    models = [model for model in read_models() if model.path.stem.startswith("huggingface__") or model.path.stem == "models_daily"]
    monkeypatch.setattr("analytics.build.read_models", lambda root: models)
    connection = empty_warehouse()
    for family, mentions, channel, named in (
        ("gemma", ["Gemma", "gemma-3"], GOOGLE, ["google/electra-tracked"]),
        ("mistral", ["Mistral", "Mixtral", "Devstral"], MISTRAL, []),
    ):
        connection.execute("insert into raw.catalog__families values (?, ?, 'open', 'x', ?, '2026-11-01')", [family, family, mentions])
        connection.execute(
            "insert into raw.catalog__channels (channel_id, family_id, source, role, models) values (?, ?, 'huggingface', 'hub', ?)",
            [channel, family, named],
        )
    yield connection
    connection.close()


def listed(model: str, day: str = "2026-11-01", **changes: Any) -> Mapping[str, Any]:
    body = {
        "model_id": model, "day_on": day, "created_at": "2026-01-01T00:00:00.000000Z", "downloads": 100, "downloads_all_time": 900,
        "likes": 7, "gated": "no", "licence": "gemma", "parameters": 27_000_000_000,
    }  # fmt: skip
    return body | changes


def looked(model: str, day: str = "2026-11-01", **changes: Any) -> Mapping[str, Any]:
    more = {"asked_id": model, "state": "public", "finetunes": 5, "adapters": 4, "quantized": 3, "merges": 0}
    return {**listed(model, day), **more, **changes}


def put(con: duckdb.DuckDBPyConnection, thing: str, channel: str, *bodies: Mapping[str, Any], seen: datetime = T) -> None:
    fill(con, f"huggingface__{thing}", [(channel, f"{body['model_id']}:{body['day_on']}", None, seen, body) for body in bodies])


def rows(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[Any, ...]]:
    build(con)
    return con.execute(f"select {columns} from staging.models_daily order by all").fetchall()


def test_the_closer_look_wins_over_the_list_of_the_same_day(con: duckdb.DuckDBPyConnection) -> None:
    """One row a model and day, with what only one of the two can tell."""
    put(con, "models", GOOGLE, listed("google/gemma-3-27b-it", downloads=100, licence="gemma"))
    put(con, "details", GOOGLE, looked("google/gemma-3-27b-it", downloads=110, licence=None))
    assert rows(con, "model_id, family_id, day_on::varchar, downloads_30d, downloads_all_time, licence, finetunes, merges, parameters") == [
        ("google/gemma-3-27b-it", "gemma", "2026-11-01", 110, 900, "gemma", 5, 0, 27_000_000_000)
    ]


def test_an_organisation_s_other_models_are_left_out(con: duckdb.DuckDBPyConnection) -> None:
    """Google lists hundreds of models that are no Gemma; what the catalog names is kept whatever it is called."""
    names = ["google/gemma-3-1b", "google/codegemma-7b", "google/PaliGemma2", "google/bert", "google/electra-tracked", "google/t5-mistral"]
    put(con, "models", GOOGLE, *[listed(name) for name in names])
    put(con, "models", MISTRAL, listed("mistralai/Mixtral-8x7B"), listed("mistralai/Pixtral-12B"), listed("mistralai/Devstral_Small"))
    assert [name for (name,) in rows(con, "model_id")] == [
        "google/PaliGemma2", "google/codegemma-7b", "google/electra-tracked", "google/gemma-3-1b",
        "mistralai/Devstral_Small", "mistralai/Mixtral-8x7B",
    ]  # fmt: skip


def test_a_model_that_could_not_be_read_has_no_figures_but_those_of_the_list(con: duckdb.DuckDBPyConnection) -> None:
    """Gone is not zero: no row is made up for it."""
    note = {"model_id": "google/gemma-gone", "asked_id": "google/gemma-gone", "day_on": "2026-11-01", "state": "gone"}
    put(con, "details", GOOGLE, note, {**note, "model_id": "google/gemma-2", "asked_id": "google/gemma-2", "state": "denied"})
    put(con, "models", GOOGLE, listed("google/gemma-2", downloads=42))
    assert rows(con, "model_id, downloads_30d, finetunes") == [("google/gemma-2", 42, None)]


def test_a_renamed_model_is_kept_by_the_name_it_was_asked_by(con: duckdb.DuckDBPyConnection) -> None:
    """The catalog may be a name behind."""
    put(con, "details", GOOGLE, looked("google/renamed", asked_id="google/electra-tracked"))
    assert rows(con, "model_id, family_id") == [("google/renamed", "gemma")]


def test_each_day_is_a_row_and_the_last_visit_of_a_day_wins(con: duckdb.DuckDBPyConnection) -> None:
    """Snapshots: a day without a visit is missing, and zero downloads are zero."""
    name = "google/gemma-3-4b"
    put(con, "models", GOOGLE, listed(name, downloads=5), listed(name, "2026-11-03", downloads=0))
    put(con, "models", GOOGLE, listed(name, downloads=6), seen=T + timedelta(hours=6))
    assert rows(con, "day_on::varchar, downloads_30d") == [("2026-11-01", 6), ("2026-11-03", 0)]
