"""Restatements: what a changed definition changes stays on record, and new data alone restate nothing."""

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from analytics.engine.build import BuildReport, build_models, find_changed_inputs
from analytics.engine.headers import read_header
from analytics.engine.models import ROOT, read_models
from analytics.engine.restating import drop_turned_tables, log_restatements, remove_abandoned_tables
from tests.worlds.rows import NOW
from tests.worlds.warehouse_rows import empty_warehouse, fill

NAME = "closed_unhelped_share"
METRIC = f"metrics/resolution/{NAME}.sql"
VERSION = read_header(ROOT / METRIC).version
COVERAGE = "t.seen_count"


def _world() -> duckdb.DuckDBPyConnection:
    """One tracker with 30 threads that were closed as not planned, 10 of them answered after 25 days."""
    con = empty_warehouse()
    con.execute(
        "insert into raw.catalog__families (family_id, title, side, vendor, mentions, checked_on)"
        " values ('qwen', 'Qwen', 'open', 'Alibaba', ['qwen'], '2026-11-01')"
    )
    con.execute(
        "insert into raw.catalog__channels by name"
        " select 'qwen.github.x' as channel_id, 'qwen' as family_id, 'github' as source, 'x' as target,"
        " 'sdk' as role, 'tracker' as channel_kind, true as is_official, true as is_enabled, [] as components, [] as "
        "models, [] as things"
    )
    _visit(con, 1)
    return con


def build(
    con: duckdb.DuckDBPyConnection, full: bool = False, root: Path = ROOT, metrics: Sequence[str] = (NAME,)
) -> None:
    """Builds the one metric, or others, and what they rest on."""
    if full:
        con.execute("delete from ledger.builds")
    models, wanted = read_models(root), {f"metrics.{name}" for name in metrics}
    for model in reversed(models):
        wanted |= model.needs if model.table in wanted else set()
    models = [model for model in models if model.table in wanted]
    with log_restatements(con, models):
        build_models(con, models, BuildReport(), find_changed_inputs(con))


def _visit(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """A whole visit, `number` days after the first."""
    con.execute(
        "insert into raw.ledger__runs by name"
        " select 'qwen.github.x' as channel_id, 'github' as source, 'issues' as thing, ? as run_id, 0 as part,"
        " ?::timestamp + to_days(?) as started_at, 'complete' as state, 30 as rows, ? as load_id",
        [f"run-{number}", NOW, number, number],
    )
    issue: dict[str, Any] = {
        "actor": "a",
        "role": "outsider",
        "comments": 0,
        "state_reason": "not_planned",
        "url": "https://x/1",
    }
    comment: dict[str, Any] = {"actor": "b", "role": "staff"}
    # One in each week, and every third one answered: of a single week the share would be too unsure to be shown.
    days = [datetime(2026, 8, 1) - timedelta(days=7 * n) for n in range(30)]
    issues = [
        issue
        | {"number": n, "comments": int(n % 3 == 0), "created_at": f"{day:%FT%TZ}"}
        | {"closed_at": f"{day + timedelta(days=31):%FT%TZ}"}
        for n, day in enumerate(days)
    ]
    comments = [
        comment | {"comment_id": f"c{n}", "number": n, "created_at": f"{day + timedelta(days=25):%FT%TZ}"}
        for n, day in enumerate(days)
        if n % 3 == 0
    ]
    fill(con, "github__issues", [("qwen.github.x", str(row["number"]), NOW, NOW, row) for row in issues])
    fill(con, "github__comments", [("qwen.github.x", row["comment_id"], NOW, NOW, row) for row in comments])


def _changed(tmp_path: Path, change: Callable[[str], str]) -> Path:
    """A copy of `analytics/` whose metric was edited."""
    root = tmp_path / "analytics"
    shutil.copytree(ROOT, root, dirs_exist_ok=True)
    text = (root / METRIC).read_text(encoding="utf-8")
    (root / METRIC).write_text(change(text), encoding="utf-8")
    return root


def _stricter(text: str) -> str:
    return text.replace(f"-- version: {VERSION}\n", f"-- version: {VERSION + 1}\n", 1).replace(
        "t.first_anyone_at is null as", "true as"
    )


def _log(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    where = (
        "name = 'closed_unhelped_share' and statistic = 'bot_closed_unanswered' and family_id = 'qwen'"
        " and channel_role = 'all' and \"window\" = 'all' and channel_kind = 'tracker'"
    )
    columns = "old_version, new_version, round(old_value, 3), round(new_value, 3), old_n, new_n"
    return con.execute(f"select {columns} from ledger.restatements where {where}").fetchall()


def test_a_changed_definition_is_logged_with_what_it_said_before(tmp_path: Path) -> None:
    """As if nobody had answered: the old share stays on record beside the new one."""
    con = _world()
    build(con)
    build(con, root=_changed(tmp_path, _stricter))

    assert _log(con) == [(VERSION, VERSION + 1, 0.667, 1.0, 30, 30)]
    assert con.execute(
        "select version from ledger.methods where name = 'closed_unhelped_share' order by number"
    ).fetchall() == [(VERSION,), (VERSION + 1,)]


def test_a_change_three_steps_below_is_logged_though_only_the_coverage_moved(tmp_path: Path) -> None:
    """What a metric rests on belongs to its definition, and the coverage is shown with each figure."""
    con = _world()
    build(con)
    root = _changed(tmp_path, str)
    path = root / "intermediate/coverage/channel_coverage.sql"
    text = path.read_text(encoding="utf-8")
    assert text.count(COVERAGE) == 1
    path.write_text(text.replace(COVERAGE, f"0.5 * {COVERAGE} as seen_count"), encoding="utf-8")
    build(con, root=root)

    where = "family_id = 'qwen' and channel_kind = 'tracker' and channel_role = 'all' and \"window\" = 'all'"
    where += " and statistic = 'bot_closed_unanswered'"
    said = "old_version, new_version, round(old_value, 3), round(new_value, 3), old_coverage_share, new_coverage_share"
    assert con.execute(f"select distinct {said} from ledger.restatements where {where}").fetchall() == [
        (VERSION, VERSION, 0.667, 0.667, 1.0, 0.5)
    ]


def test_each_definition_is_logged_once_with_a_number_of_its_own() -> None:
    """However many are new at once; later ones go on from there."""
    con = _world()
    metrics = ("closed_unhelped_share", "answered_share", "bot_share")
    for number in (2, 2, 3):
        build(con, metrics=metrics[:number])
    logged = con.execute("select name, number, as_of_at from ledger.methods order by number").fetchall()

    assert {name for name, *_ in logged[:2]} == set(metrics[:2])
    assert [(number, at) for _, number, at in logged] == [(number, NOW + timedelta(days=1)) for number in (1, 2, 3)]
    assert logged[2][0] == metrics[2]


def test_a_full_build_forgets_nothing_and_restates_nothing(tmp_path: Path) -> None:
    """What is derived is rebuilt; what was once said is not."""
    con = _world()
    build(con)
    root = _changed(tmp_path, _stricter)
    build(con, root=root)
    before = con.execute("from ledger.restatements order by all").fetchall()
    build(con, full=True, root=root)

    assert before
    assert con.execute("from ledger.restatements order by all").fetchall() == before


def test_new_data_are_no_restatement(tmp_path: Path) -> None:
    """Even if the definition changed on the same day."""
    con = _world()
    build(con)
    _visit(con, 2)
    build(con)
    assert con.execute("select count(*) from ledger.restatements").fetchall() == [(0,)]

    _visit(con, 3)
    build(con, root=_changed(tmp_path, _stricter))
    assert _log(con) == []


def test_words_alone_restate_nothing(tmp_path: Path) -> None:
    """A comment that is worded again is no other definition."""
    con = _world()
    build(con)
    build(con, root=_changed(tmp_path, lambda text: text.replace("-- caveats: ", "-- caveats: Mind this. ")))

    assert con.execute("select count(*) from ledger.methods where name = 'closed_unhelped_share'").fetchall() == [(1,)]


def test_a_figure_that_a_new_definition_gives_no_more_is_logged(tmp_path: Path) -> None:
    """A renamed statistic leaves no successor: its last words stay on record, and say that they are the last."""
    con = _world()
    build(con)
    build(con, root=_changed(tmp_path, lambda text: text.replace("bot_closed_unanswered", "dismissed")))

    rows = con.execute(
        "select statistic, old_version, new_version, round(old_value, 3), old_n, new_value, new_n, new_state"
        " from ledger.restatements where channel_kind = 'tracker' and channel_role = 'all' and \"window\" = 'all'"
        " and family_id = 'qwen'"
    ).fetchall()
    assert ("bot_closed_unanswered", VERSION, VERSION, 0.667, 30, None, None, "no longer published") in rows
    assert "dismissed" in {
        statistic for (statistic,) in con.execute("select statistic from metrics.closed_unhelped_share").fetchall()
    }


def test_a_family_that_left_the_catalog_is_no_restatement(tmp_path: Path) -> None:
    """Its figures are gone because nobody asks for them, not because of the definition that changed on the same day."""
    con = _world()
    build(con)
    con.execute("delete from raw.catalog__channels")
    con.execute("delete from raw.catalog__families")
    build(con, root=_changed(tmp_path, _stricter))

    assert con.execute("from ledger.restatements").fetchall() == []


def test_a_table_can_become_a_view_and_a_view_a_table() -> None:
    """As an upgrade may have it, of what is built at once and of what is built by family."""
    con = _world()
    build(con)
    kinds = "select table_name, table_type from information_schema.tables order by all"
    before = con.execute(kinds).fetchall()
    for name, kind in (
        ("staging.absences", "table"),
        ("metrics.closed_unhelped_share", "table"),
        ("metrics.thread_channels", "view"),
    ):
        con.execute(f"drop {'view' if kind == 'table' else 'table'} {name}; create {kind} {name} as select 1 as one")
    drop_turned_tables(con, read_models())
    build(con, full=True)

    assert con.execute(kinds).fetchall() == before


def test_tables_that_nothing_makes_any_more_are_removed_and_their_figures_logged() -> None:
    """After an upgrade an abandoned metric would be published with every snapshot and never change again."""
    con = _world()
    build(con)
    con.execute("create view metrics.abandoned_share as from metrics.closed_unhelped_share")
    con.execute("insert into metrics.figures (metric, value) values ('abandoned_share', 0.5)")
    con.execute("create table staging.abandoned as select 1 as one")
    con.execute(
        "insert into ledger.methods select 'abandoned_share', 4, 'digest', as_of_at, number + 1 from ledger.methods"
    )
    con.execute("insert into ledger.builds values ('metrics.abandoned_share', 'hash', 1)")
    kept = {model.table for model in read_models()}
    build(con)

    assert remove_abandoned_tables(con, kept) == ["metrics.abandoned_share", "staging.abandoned"]
    assert remove_abandoned_tables(con, kept) == []
    assert con.execute("from ledger.builds where table_name = 'metrics.abandoned_share'").fetchall() == []
    assert con.execute("from metrics.figures where metric = 'abandoned_share'").fetchall() == []
    assert con.execute(
        "select old_version, new_version, round(old_value, 3), new_state from ledger.restatements"
        " where name = 'abandoned_share' and channel_role = 'all' and \"window\" = 'all'"
        " and statistic = 'bot_closed_unanswered'"
    ).fetchall() == [(4, None, 0.667, "no longer published")]
