"""What only tells of visits makes nothing anew but where it is taken, and figures are kept apart from it."""

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.engine.build import BuildReport, build_tables
from analytics.engine.digests import digest_rows
from analytics.engine.models import read_models
from analytics.engine.splitting import SHARED, Part, split_models
from analytics.engine.visits import find_visit_tables
from tests.worlds.warehouse_rows import empty_warehouse, fill

DAY = datetime(2026, 11, 1)
HEADER = "".join(
    f"-- {line}\n"
    for line in ("question: What?", "grain: channel_id", "unit: none", "standard: none", "caveats: None.", "version: 1")
)
TOYS = {
    "staging/toy__things.sql": "select channel_id, cast(body->>'$.number' as integer) as number, source_time, seen_at"
    " from raw.toy__things",
    "conformed/toys.sql": "select channel_id, count(*) filter (where number > 2) as large_count,"
    " max(seen_at) as as_of_at from staging.toy__things group by channel_id",
    "intermediate/toy_counts.sql": "select channel_id, large_count * 2 as doubled from staging.toys",
    "intermediate/toy_ages.sql": "select channel_id, large_count, as_of_at as told_at from staging.toys",
    "intermediate/toy_copies.sql": "with kept as (select t.* from staging.toys as t) select * from kept",
}


@pytest.mark.parametrize(
    ("statement", "taken"),
    [
        ("select a from staging.x", ""),
        ("select a, as_of_at from staging.x", "staging.x"),
        ("select * from staging.x", "staging.x"),
        ("select distinct * from metrics.y as y join staging.x using (a)", "metrics.y staging.x"),
        ("select a, * from staging.x", "staging.x"),
        ("select * exclude (a) from staging.x", "staging.x"),
        ("select x.* from staging.x as x, metrics.y as y", "staging.x"),
        ("select x.* from staging.x", "staging.x"),
        ("from staging.x", "staging.x"),
        ("with k as (from staging.x) select a from k", "staging.x"),
        ("with k as (select a from staging.x) select * from k", ""),
        ("with k as (select a from staging.x) select k.*, 2 * a from k", ""),
        ("select count(*), a * b, (a) * (b) from staging.x", ""),
        ("select 'all'\n    from staging.x", ""),
        ('sql = "from staging.x"', "staging.x"),
        ("select a from staging.x union all select * from metrics.y", "metrics.y"),
    ],
)
def test_what_a_statement_takes_of_visits_is_seen(statement: str, taken: str) -> None:
    """A star over a table takes all of its columns; one over a step of the same statement takes what that step gave."""
    found = find_visit_tables(statement, frozenset({"staging.x", "metrics.y"}))

    assert found == (frozenset({"staging.x", "metrics.y"}) if "as_of_at" in statement else frozenset(taken.split()))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Toy models: one takes what tells of visits by its name, one with all columns, and one leaves it."""
    return _write_toys(tmp_path)


def _write_toys(root: Path) -> Path:
    for name, query in TOYS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        grain = "channel_id, number" if name.startswith("staging") else "channel_id"
        (root / name).write_text(f"{HEADER.replace('grain: channel_id', f'grain: {grain}')}{query}\n")
    return root


def _row(number: int, hours: int) -> tuple[str, str, datetime, datetime, dict[str, object]]:
    return "chan", str(number), DAY, DAY + timedelta(hours=hours), {"number": number}


def test_what_only_tells_of_visits_makes_anew_what_takes_it(root: Path) -> None:
    """A visit that brought nothing changes as-of times only."""
    connection = empty_warehouse()
    fill(connection, "toy__things", [_row(1, 1), _row(3, 1)])
    build_tables(connection, root=root)
    fill(connection, "toy__things", [_row(1, 2)])
    seen_again = build_tables(connection, root=root)
    fill(connection, "toy__things", [_row(4, 2)])
    grown = build_tables(connection, root=root)

    assert {"metrics.toy_ages", "metrics.toy_copies"} <= set(seen_again.built)
    assert "metrics.toy_counts" in seen_again.unchanged
    assert {"metrics.toy_counts", "metrics.toy_ages", "metrics.toy_copies"} <= set(grown.built)


@pytest.mark.slow
@given(loads=st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6)), max_size=4), min_size=1, max_size=6))
@settings(max_examples=10)
def test_after_any_sequence_of_loads_all_rows_are_those_of_a_full_build(
    tmp_path_factory: pytest.TempPathFactory, loads: list[list[tuple[int, int]]]
) -> None:
    """Loads that bring something, nothing, or the same again."""
    root = _write_toys(tmp_path_factory.mktemp("models"))
    by_step, at_once = empty_warehouse(), empty_warehouse()
    for load in loads:
        fill(by_step, "toy__things", [_row(*one) for one in load])
        build_tables(by_step, root=root)
    fill(at_once, "toy__things", [_row(*one) for load in loads for one in load])
    build_tables(at_once, full=True, root=root)

    for table in ("staging.toys", "metrics.toy_counts", "metrics.toy_ages", "metrics.toy_copies"):
        rows = f"from {table} order by all"
        assert by_step.execute(rows).fetchall() == at_once.execute(rows).fetchall()


def test_figures_rest_on_no_coverage_and_no_ledger() -> None:
    """Each public metric has its figures in a table of their own; only what is shown of them reads its subject's
    coverage."""
    steps = split_models(read_models())
    figures = {step.name: step.model for step in steps if step.part is Part.FIGURES}
    shown = {step.name: step.model for step in steps if step.part is Part.SHOWN}

    assert figures.keys() == shown.keys() == {model.table for model in read_models() if model.is_public}
    for name, model in figures.items():
        assert not {"staging.collections", "metrics.covered_channels"} & model.reads, name
        assert "metrics.channel_coverage" not in model.visits, name
        covers = f"metrics.channel_coverage__{model.header.covers}"
        assert {f"{name}__figures", covers} <= shown[name].reads and "metrics.channel_coverage" not in shown[name].reads


def test_a_metric_of_waits_reads_the_rows_of_its_subject_only() -> None:
    """The curves hold eleven subjects, and an incident must make no first response anew."""
    steps = split_models(read_models())
    figures = {step.name: step.model for step in steps if step.part is Part.FIGURES}
    reads = {
        name: {table for table in model.reads if SHARED.match(table.partition("__")[0])}
        for name, model in figures.items()
    }

    assert reads["metrics.first_response_hours"] == {"metrics.survival_summary__response"}
    assert reads["metrics.recovery_hours"] == {"metrics.survival_summary__recovery"}
    assert {table for tables in reads.values() for table in tables if "__" not in table} == set()
    for step in steps:
        if step.part is Part.SUBJECT:
            assert step.model.table.rpartition("__")[2] in step.model.text and step.model.reads == {step.name}


def test_a_metric_that_is_only_shown_anew_is_reported_apart() -> None:
    """Nobody should take it for a figure that was computed again."""
    steps = {step.part: step for step in split_models(read_models()) if step.model.header.covers == "prices"}
    only_shown, both = BuildReport(), BuildReport()
    for part in (Part.SUBJECT, Part.FIGURES, Part.SHOWN):
        only_shown.add(steps[part], part is not Part.FIGURES)
        both.add(steps[part], was_built=True)
    name = steps[Part.SHOWN].name

    assert (only_shown.built, only_shown.unchanged, only_shown.renewed) == ([], [name], [name])
    assert (both.built, both.unchanged, both.renewed) == ([name], [], [])


@pytest.mark.parametrize(("value", "is_same"), [(0.1 + 0.2, True), (0.3 + 1e-10, False), (None, False)])
def test_the_last_digits_of_a_sum_are_no_change(value: float | None, is_same: bool) -> None:
    """How a sum of fractions ends depends on where its rows lie, and a changed subject moves those of all others."""
    with duckdb.connect() as connection:
        connection.execute("create table sums as select 1 as number, 0.3::double as share, 'a' as as_of_at")
        before = digest_rows(connection, "sums")
        connection.execute("update sums set share = ?, as_of_at = 'b'", [value])
        after = digest_rows(connection, "sums")

    assert after.whole != before.whole and (after.rest == before.rest) is is_same
