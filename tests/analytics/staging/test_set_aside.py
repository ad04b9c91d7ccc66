"""Rows that cannot be typed are rejected by file, channel and key, and everything else is built."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.engine.build import BuildReport, build_models, find_changed_inputs
from analytics.engine.models import Model
from pipelines.sources import get_streams, list_sources
from tests.worlds.damaged_rows import (
    CHANNEL,
    STAGING,
    UNTYPABLE,
    any_damage,
    damage_field,
    land,
    list_typed,
    load_and_build,
    make_body,
)
from tests.worlds.warehouse_rows import MODELS, empty_warehouse, select_models
from warehouse.schema.fields import FIELDS, list_columns, list_fields

BY_NAME = {model.path.stem: model for model in STAGING}
ISSUES, PRICES, INCIDENTS = (BY_NAME[name] for name in ("github__issues", "prices__models", "status__incidents"))
SET_ASIDE = "select thing, key, field_name, excerpt, wanted, landed_count from staging.set_aside order by all"


def _tables(*models: Model) -> list[Model]:
    return [*models, *select_models("set_aside")]


def _read_aside(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return connection.execute(SET_ASIDE).fetchall()


@pytest.mark.parametrize(
    ("model", "field", "value", "wanted"),
    [
        (ISSUES, "number", "9223372036854775808", "a whole number of at most 9007199254740992"),
        (ISSUES, "comments", "1e400", "a whole number of at most 9007199254740992"),
        (PRICES, "prompt_usd", "1e400", "a number of at most 9007199254740992"),
        (PRICES, "prompt_usd", "NaN", "a number of at most 9007199254740992"),
        (INCIDENTS, "posted_at", '"9999999-01-01T00:00:00Z"', "an instant in UTC from 1970-01-01 to 2200-01-01"),
        (INCIDENTS, "posted_at", '"2026-11-01T06:00:00+05:00"', "an instant in UTC from 1970-01-01 to 2200-01-01"),
        (INCIDENTS, "severity", '{"level": 3}', "a whole number of at most 2147483647"),
    ],
)
def test_a_row_that_cannot_be_typed_is_named_and_its_neighbours_are_built(
    tmp_path: Path, model: Model, field: str, value: str, wanted: str
) -> None:
    """Before, one such row ended every build of every source for ever, with a traceback that named nothing."""
    bodies = [make_body(model, number) for number in (1, 2, 3)]
    rows = [("1", json.dumps(bodies[0])), ("bad", damage_field(bodies[1], field, value)), ("3", json.dumps(bodies[2]))]
    land(tmp_path, model, rows)
    with empty_warehouse() as connection:
        load_and_build(connection, tmp_path, _tables(model))

        assert connection.execute(f"select count(*) from {model.table}").fetchall() == [(2,)]
        ((thing, key, name, excerpt, reason, count),) = _read_aside(connection)
        assert (thing, key, name, reason, count) == (model.path.stem.split("__")[1], "bad", field, wanted, 1)
        assert excerpt == (value.strip('"') if "{" not in value else "something of 11 characters")
        ((path, channel),) = connection.execute("select landed_path, channel_id from staging.set_aside").fetchall()
        assert (tmp_path / path).exists()
        assert channel == CHANNEL


def test_a_row_without_its_key_is_set_aside(tmp_path: Path) -> None:
    """It could neither be replaced nor found again."""
    land(tmp_path, ISSUES, [("good", json.dumps(make_body(ISSUES, 1))), ("keyless", "{}")])
    with empty_warehouse() as connection:
        load_and_build(connection, tmp_path, _tables(ISSUES))

        assert connection.execute("select number from staging.github__issues").fetchall() == [(1,)]
        wanted = "a value, as it is part of the row's key"
        assert _read_aside(connection) == [("issues", "keyless", "number", None, wanted, 1)]


def test_every_stream_has_fields_and_every_staging_file_a_stream() -> None:
    """A stream without them would be landed without its values."""
    carried = {
        f"{source}__{thing}" for source in list_sources()
        for name, stream in get_streams(source).items() for thing in (name, *stream.also)
    }  # fmt: skip
    assert carried == set(FIELDS) == {model.path.stem for model in STAGING}
    for source in list_sources():
        types = {(name, type_) for table in FIELDS if table.startswith(f"{source}__")
                 for name, type_ in list_fields(table).items()}  # fmt: skip
        assert len(types) == len(list_columns(source))


def test_a_good_row_takes_the_place_of_one_set_aside_in_steps_as_at_once(tmp_path: Path) -> None:
    """Once the source's reader is fixed, the next visit brings the row again, and nothing is left to warn of."""
    bad, good = damage_field(make_body(ISSUES, 1), "comments", "1e400"), json.dumps(make_body(ISSUES, 1))
    with empty_warehouse() as connection:
        for times in (1, 2):
            land(tmp_path, ISSUES, [("1", bad)])
            load_and_build(connection, tmp_path, _tables(ISSUES))
            assert [row[-1] for row in _read_aside(connection)] == [times]
        load_and_build(connection, tmp_path, _tables(ISSUES), full=True)
        assert [row[-1] for row in _read_aside(connection)] == [2]
        land(tmp_path, ISSUES, [("1", good)])
        load_and_build(connection, tmp_path, _tables(ISSUES))
        assert _read_aside(connection) == []
        assert connection.execute("select number from staging.github__issues").fetchall() == [(1,)]
        land(tmp_path, ISSUES, [("1", bad)])
        load_and_build(connection, tmp_path, _tables(ISSUES))
        in_steps = _read_aside(connection)
        load_and_build(connection, tmp_path, _tables(ISSUES), full=True)
        assert in_steps == _read_aside(connection) == [("issues", "1", "comments", "1e400", in_steps[0][4], 1)]


@pytest.mark.slow
def test_every_value_that_a_type_cannot_hold_is_set_aside_in_every_table(tmp_path: Path) -> None:
    """Every typed field of all staging tables, one row a value: nothing is lost, nothing is taken."""
    wanted = 0
    for model in STAGING:
        rows = [("good", json.dumps(make_body(model, 0)))]
        for name, type_ in list_typed(model):
            values = UNTYPABLE[type_]
            rows += [
                (f"{name} {number}", damage_field(make_body(model, len(rows)), name, value))
                for number, value in enumerate(values)
            ]
        wanted += len(rows) - 1
        land(tmp_path, model, rows)
    with empty_warehouse() as connection:
        load_and_build(connection, tmp_path, _tables(*STAGING))

        for model in STAGING:
            assert connection.execute(f"select count(*) from {model.table}").fetchall() == [(1,)], model.table
        ((count,),) = connection.execute("select count(*) from staging.set_aside").fetchall()
        assert count == wanted > 1_000


@pytest.mark.slow
@settings(max_examples=25)
@given(
    st.sampled_from(STAGING).flatmap(lambda model: st.tuples(st.just(model), st.lists(any_damage(model), max_size=20)))
)
def test_no_damage_of_any_table_ends_a_build_or_loses_a_neighbour(drawn: tuple[Model, list[str]]) -> None:
    """Whatever a row holds, it is typed or rejected, and the good row beside it is built."""
    model, damaged = drawn
    with TemporaryDirectory() as folder, empty_warehouse() as connection:
        good = json.dumps(make_body(model, 1))
        land(Path(folder), model, [("good", good), *((str(number), body) for number, body in enumerate(damaged))])
        load_and_build(connection, Path(folder), _tables(model))
        ((typed, aside),) = connection.execute(
            f"select (select count(*) from {model.table}), (select count(*) from staging.set_aside)"
        ).fetchall()
        # Two rows that are typed may have the same key.
        assert 1 <= typed <= 1 + len(damaged) - aside


def test_rows_set_aside_lower_the_coverage_of_what_was_visited(tmp_path: Path) -> None:
    """Complete would be a lie: one of four landed rows counts in no figure."""
    rows = [(str(number), json.dumps(make_body(ISSUES, number))) for number in range(3)]
    land(tmp_path, ISSUES, [*rows, ("bad", damage_field(make_body(ISSUES, 9), "comments", "1e400"))])
    collections = [model for model in MODELS if model.table in ("staging.runs", "staging.collections")]
    with empty_warehouse() as connection:
        load_and_build(connection, tmp_path, [*_tables(ISSUES), *collections])

        assert connection.execute("select last_state, coverage_share from staging.collections").fetchall() == [
            ("complete", 0.75)
        ]


def test_every_thing_that_comes_with_another_counts_for_its_visits(tmp_path: Path) -> None:
    """What a source declares as contained in the answers of another stream has no visits of its own."""
    carried = {
        f"{source}__{thing}": name
        for source in list_sources()
        # GitHub's gaps may bring comments too; most come with their issues, which are declared first.
        for name, stream in reversed(get_streams(source).items())
        for thing in stream.also
        if thing not in get_streams(source)
    }
    for table in carried:
        model = BY_NAME[table]
        land(tmp_path, model, [("bad", "{}")])
    with empty_warehouse() as connection:
        load_and_build(connection, tmp_path, _tables(*STAGING))
        rows = connection.execute("select thing, visited_thing from staging.set_aside").fetchall()

    assert set(rows) == {(table.split("__")[1], name) for table, name in carried.items()}


def test_a_table_without_rows_has_the_columns_of_one_with_rows_and_nothing_set_aside(tmp_path: Path) -> None:
    """The first is made from the casts as they are written, the second from those that set a row aside."""
    for model in STAGING:
        land(tmp_path, model, [("1", json.dumps(make_body(model, 1))), ("bad", "{}")])
    columns = (
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'staging' order by all"
    )
    with empty_warehouse() as connection, empty_warehouse() as other:
        load_and_build(connection, tmp_path, _tables(*STAGING))
        before = connection.execute(columns).fetchall(), len(_read_aside(connection))
        for model in STAGING:
            connection.execute(f"delete from raw.{model.path.stem}")
        connection.execute("delete from ledger.builds")
        build_models(connection, _tables(*STAGING), BuildReport(), find_changed_inputs(connection))
        build_models(other, _tables(*STAGING), BuildReport(), find_changed_inputs(other))

        assert before == (other.execute(columns).fetchall(), len(STAGING))
        assert connection.execute(columns).fetchall() == before[0]
        assert _read_aside(connection) == connection.execute("from raw.ledger__filled").fetchall() == []
