"""Rows of few families are made anew without those of all others, and are the same as if all had been."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.engine import build as engine
from analytics.engine.build import build_tables
from analytics.engine.digests import digest_parts
from analytics.engine.families import EVERY_FAMILY, KEYS, Layout, make_rows_of
from analytics.engine.making import make_table, prepare_table
from analytics.engine.models import Model
from tests.worlds.sample_part import arrive, files, opened
from tests.worlds.warehouse_rows import MODELS, empty_warehouse, fill

pytestmark = pytest.mark.slow
DAY = datetime(2026, 11, 1)
HEADER = "".join(
    f"-- {line}\n" for line in ("question: What?", "unit: none", "standard: none", "caveats: None.", "version: 1")
)
TOYS = {
    "staging/toy__things.sql": "-- grain: channel_id, number\n"
    "select channel_id, cast(body->>'$.number' as integer) as number, body->>'$.about' as about, source_time, seen_at"
    " from raw.toy__things",
    "conformed/toys.sql": "-- grain: channel_id, number\n-- by: family\n"
    "select t.channel_id, t.number, if(c.family_id = '_shared', nullif(t.about, ''), c.family_id) as family_id"
    " from staging.toy__things as t join raw.catalog__channels as c on c.channel_id = t.channel_id",
    "intermediate/toy_places.sql": "-- grain: channel_id\n-- by: channel\n"
    "select channel_id, min(number) as lowest from staging.toys group by channel_id",
    "intermediate/toy_counts.sql": "-- grain: family_id\n-- by: family\n"
    "select t.family_id, count(*) as toys_count, sum(t.number - p.lowest) as distance from staging.toys as t"
    " join metrics.toy_places as p on p.channel_id = t.channel_id group by t.family_id",
    "intermediate/toy_ranks.sql": "-- grain: family_id\n"
    "select family_id, rank() over (order by toys_count) as place from metrics.toy_counts",
}
PLACES = {f"{family}.tracker": family for family in ("f1", "f2", "f3", "f4", "f5", "_shared")}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Twenty channels of the sample world, one of them shared by many families, and one full build."""
    with opened() as connection:
        arrive(connection, tmp_path_factory.mktemp("zone"), files())
        build_tables(connection, full=True)
        yield connection


@pytest.fixture(scope="module")
def layout(warehouse: duckdb.DuckDBPyConnection) -> Layout:
    """How the rows of that warehouse are told apart."""
    return engine._read_layout(warehouse, MODELS)


def test_rows_of_some_families_are_the_same_without_those_of_others(
    warehouse: duckdb.DuckDBPyConnection, layout: Layout
) -> None:
    """Where a header says `by: family` or `by: channel`, no row rests on one of another family."""
    families = frozenset({"claude", "gpt-oss"})
    apart = [model for model in MODELS if model.layer != "staging" and layout.can_rebuild(model, families)]
    wrong = [model.table for model in apart if not _is_same_apart(warehouse, layout, model, families)]

    assert wrong == []
    assert len(apart) > 80


def _is_same_apart(
    connection: duckdb.DuckDBPyConnection, layout: Layout, model: Model, families: frozenset[str]
) -> bool:
    own, key = layout.render_rows_of(model.by, families), KEYS[model.by]
    made = prepare_table(connection, model, lambda query: layout.render_query_for(query, families))
    make_table(connection, "temp.apart", made)
    held, alone = (
        digest_parts(connection, f"(from {table} where {own})", key) for table in (model.table, "temp.apart")
    )
    return alone == held


def test_a_changed_row_makes_its_family_anew_and_leaves_all_tables_as_a_full_build_would(
    warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies in a channel of many families may concern any of them."""
    made = dict[str, frozenset[str]]()

    def spy(connection: Any, model: Model, families: frozenset[str], layout: Layout) -> Any:
        made[model.table] = families
        return make_rows_of(connection, model, families, layout)

    monkeypatch.setattr(engine, "make_rows_of", spy)
    _change_newest(warehouse, "github__issues", "claude.github.anthropics-claude-code")
    _change_newest(warehouse, "status__incidents", "claude.status.%")
    _change_newest(warehouse, "discourse__topics", "gemini.%")
    build_tables(warehouse)
    anew = set().union(*made.values())
    made.clear()
    _change_newest(warehouse, "github__issues", "_shared.github.%")
    build_tables(warehouse)
    _keep_tables(warehouse)
    build_tables(warehouse, full=True)

    assert anew == {"claude", "gemini"}
    assert "staging.threads" not in made
    assert _list_changed_tables(warehouse) == []


def _change_newest(connection: duckdb.DuckDBPyConnection, stream: str, channels: str) -> None:
    """Brings the newest row of some channels again, closed or worse, and the visit that found it."""
    ((load_id,),) = connection.execute("select max(load_id) + 1 from ledger.files").fetchall()
    connection.execute(
        f"insert into raw.{stream} by name"
        " select * replace (json_merge_patch(body, ?) as body, source_time + interval 1 hour as source_time,"
        f" seen_at + interval 1 hour as seen_at, {load_id} as load_id) from raw.{stream}"
        " where channel_id like ? order by source_time desc, key limit 1",
        ['{"state": "closed", "closed_at": "2026-11-20T06:30:00Z", "severity": 1}', channels],
    )
    connection.execute(
        "insert into raw.ledger__runs by name"
        " select * replace (run_id || '-news' as run_id, started_at + interval 1 hour as started_at,"
        f" {load_id} as load_id)"
        " from raw.ledger__runs where channel_id like ? and thing = ?"
        " qualify row_number() over (partition by channel_id order by started_at desc, part desc) = 1",
        [channels, stream.split("__")[1]],
    )
    connection.execute(
        f"insert into ledger.files values ('news-{load_id}', 'x', 'news', 0, 1, {load_id}, now()::timestamp)"
    )


def _keep_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Copies every table that a build makes."""
    connection.execute("create schema if not exists kept")
    for model in MODELS:
        connection.execute(f"create or replace table {_name_copy(model.table)} as from {model.table}")


def _name_copy(table: str) -> str:
    return f"kept.{table.replace('.', '__')}"


def _list_changed_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Lists the tables with other rows than their copies; sums may end otherwise, as they add up in any order."""
    return [model.table for model in MODELS if not _is_unchanged(connection, model.table)]


def _is_unchanged(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    tables = (table, _name_copy(table))
    now, before = (digest_parts(connection, name, "''") for name in tables)
    if now == before:
        return True
    described = connection.sql(f"from {table}")
    exact = [f'"{name}"' for name, kind in zip(described.columns, described.types, strict=True) if kind != "DOUBLE"]
    keys = [*exact, *(f'"{name}"' for name in described.columns)]
    ours, theirs = (connection.execute(f"from {name} order by {', '.join(keys)}").fetchall() for name in tables)
    return len(ours) == len(theirs) and all(
        one == other
        or (isinstance(one, float) and isinstance(other, float) and math.isclose(one, other, abs_tol=1e-12))
        for row, former in zip(ours, theirs, strict=True)
        for one, other in zip(row, former, strict=True)
    )


@given(
    loads=st.lists(
        st.lists(
            st.tuples(st.sampled_from(sorted(PLACES)), st.integers(0, 5), st.sampled_from(["f1", "f2", ""])), max_size=4
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=20)
def test_after_any_sequence_of_loads_rows_by_family_are_those_of_a_full_build(
    tmp_path_factory: pytest.TempPathFactory, loads: list[list[tuple[str, int, str]]]
) -> None:
    """Families of their own channels, and threads of a shared one that move between families or to none."""
    root = tmp_path_factory.mktemp("models")
    for name, query in TOYS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"{HEADER}{query}\n")
    by_step = empty_warehouse()
    by_step.execute(
        "insert into raw.catalog__channels by name select unnest(?) as channel_id, unnest(?) as family_id",
        [list(PLACES), list(PLACES.values())],
    )
    for hours, load in enumerate(loads):
        at = DAY + timedelta(hours=hours)
        rows = {(place, number): about for place, number, about in load}
        fill(
            by_step,
            "toy__things",
            [
                (place, str(number), at, at, {"number": number, "about": about})
                for (place, number), about in rows.items()
            ],
        )
        build_tables(by_step, root=root)
    tables = [f"metrics.toy_{name}" for name in ("places", "counts", "ranks")]
    stepped = [by_step.execute(f"from {table} order by all").fetchall() for table in tables]
    build_tables(by_step, full=True, root=root)

    assert [by_step.execute(f"from {table} order by all").fetchall() for table in tables] == stepped


def test_what_belongs_to_none_or_to_many_may_change_every_family() -> None:
    """Also a channel that the catalog does not know."""
    layout = Layout(PLACES, {})

    assert layout.find_families("channel", ["f1.tracker", "f2.tracker"]) == {"f1", "f2"}
    assert layout.find_families("family", ["f1"]) == {"f1"}
    for by, key in (("channel", "_shared.tracker"), ("channel", "new.tracker"), ("family", None), ("", "")):
        assert layout.find_families(by, ["f1", key]) is EVERY_FAMILY
