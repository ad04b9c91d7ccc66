"""The sample world as pages meet it in each state: whole, partial, stale, failed, hostile, without rows, of an older
version."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.commands import sample
from tests.upstream import ready
from tests.worlds.hostile import HOSTILE
from tests.worlds.kept_worlds import copy_world
from tests.worlds.warehouse_rows import MODELS
from warehouse.snapshot import POINTER, Snapshot, digest_file, name_folder, published_folder, query, read_current

SAMPLE_FILES = (
    "analytics", "pipelines", "tests/upstream/landed",
    *(f"warehouse/{path.name}" for path in sorted(sample.PACKED.parent.iterdir()) if path != sample.PACKED),
)  # fmt: skip
"""What the sample world is built from; the packed snapshot is only a copy of it."""
NOW = ready.NOW
"""The instant at which it stands still."""
LATER = NOW + timedelta(days=7)
"""A week after the sample world stands still."""
OLDER = (
    "metrics.answer_curves", "metrics.incident_windows", "metrics.uptime_share", "metrics.model_derivatives",
    "metrics.claim_tests", "metrics.side_curves", "metrics.side_months", "metrics.family_months",
    "metrics.feature_accuracy", "metrics.helped_share",
    "metrics.family_ranks", "metrics.matched_differences",
    "metrics.model_notices",
    "metrics.tuning_offers", "metrics.licence_class", "metrics.smallest_memory_gib", "metrics.offered_models",
    "metrics.model_choices", "metrics.model_memory", "metrics.model_ends",
    "staging.facts", "staging.warnings",
)  # fmt: skip
VIEWS = {model.table for model in MODELS if model.view}
EVIL = "update {table} set {column} = case hash({column}) % {count} {cases} end where {column} is not null"
TEXTS = {
    "staging.threads": ("title",), "metrics.incident_windows": ("title",), "staging.notices": ("model",),
    "metrics.model_notices": ("model",), "staging.facts": ("fact_words",),
    "metrics.model_choices": ("model", "licence_code", "host_names", "url"),
    "metrics.tuning_offers": ("fact_words", "url"),
    "meta.news": ("headline", "url"),
    "staging.collections": ("last_error",), "metrics.figures": ("note",),
    "metrics.channel_coverage": ("coverage_note",), "staging.warnings": ("about", "key", "excerpt"),
}  # fmt: skip
"""Columns of the snapshot with texts that others write."""


@dataclass(frozen=True)
class State:
    """How a world differs from the sample world as it is."""

    now: datetime = NOW
    is_sample: bool = False
    statements: Sequence[str] | Callable[[duckdb.DuckDBPyConnection], Sequence[str]] = ()
    """Run on the tables that are published."""


def _without(tables: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"drop {'view' if table in VIEWS else 'table'} if exists {table}" for table in tables)


def hostile() -> tuple[str, ...]:
    """Every text of others is an attack, and so are two names of families."""
    cases = " ".join(f"when {place} then '{text.replace(chr(39), chr(39) * 2)}'" for place, text in enumerate(HOSTILE))
    stated = [
        EVIL.format(table=table, column=column, count=len(HOSTILE), cases=cases)
        for table, columns in TEXTS.items()
        for column in columns
    ]
    warned = (
        "insert into staging.warnings select channel_id, 'issues', 'row rejected', 'number ' || channel_id, [], 3,"
        " channel_id, 'a/file.parquet', 'excerpt ' || channel_id, 'a number' from staging.channels"
    )
    names = {"llama": HOSTILE[1], "fireworks": HOSTILE[8]}
    return (
        warned,
        *stated,
        *(
            f"update staging.families set title = '{title}' where family_id = '{family}'"
            for family, title in names.items()
        ),
    )


def empty_metrics(connection: duckdb.DuckDBPyConnection) -> list[str]:
    tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'metrics'").fetchall()
    return [
        *(f"delete from metrics.{name}" for (name,) in tables),
        "delete from staging.notices",
        "delete from staging.notice_changes",
    ]


def keep_one_family(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Deletes every row of other families, as in the world of a catalog with one family."""
    others = {
        "family_id": "family_id <> 'gemma'", "channel_id": "not starts_with(channel_id, 'gemma.')",
        "first_id": "first_id <> 'gemma' or second_id <> 'gemma'",
    }  # fmt: skip
    columns = connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() join duckdb_tables() "
        "using (schema_name, table_name) where list_contains(?, column_name)",
        [list(others)],
    ).fetchall()
    deleted = [f"delete from {table} where {others[column]}" for table, column in columns]
    return [*deleted, "delete from metrics.side_curves", "delete from metrics.side_months"]


GRADED = (
    "update staging.channels set evidence = 'C', seen_on = date '2026-09-10' where family_id = 'qwen' and "
    "source = 'reddit'",
)
"""What the catalog would say of entries that others saw."""
FAILING = "update staging.collections set last_state = '{}', coverage_share = 0.62 where starts_with(channel_id, '{}.')"
FAILING_WEEK = (
    "update staging.collections set last_state = 'failed', last_fault = 'server error', last_error = '503',"
    " as_of_at = as_of_at - interval 7 days, last_brought_at = last_brought_at - interval 7 days"
    " where channel_id in (select channel_id from staging.channels where source = 'status')",
    "update metrics.channel_coverage set as_of_at = as_of_at - interval 7 days where channel_kind = 'status'",
)
"""Every status page failed for a week; the last good figures are shown with their age."""
SUSPECT = (
    "insert into staging.warnings by name select channel_id, 'issues' as thing, 'volume fallen' as warning_kind,"
    " 'issues' as about, [] as seen_names, 4 as warning_count from staging.channels where"
    " channel_id = 'qwen.github.qwenlm-qwen3'",
    "update metrics.channel_coverage set coverage_state = 'suspect', coverage_note = 'QwenLM/Qwen3 brings far less than"
    " usual.' where family_id = 'qwen' and channel_kind = 'tracker' and coverage_state = 'measured'",
    "delete from metrics.family_ranks where family_id = 'qwen'",
    "delete from metrics.matched_differences where 'qwen' in (first_id, second_id)",
)
"""A channel of Qwen's whose reading is doubtful: its figures are marked, and in no rank and no title."""
NEWS = (
    "delete from meta.news",
    "insert into meta.news by name select 'id' || range as news_id,"
    " ['end', 'verdict', 'price'][range % 3 + 1] as kind,"
    " if(range % 3 = 1, [], if(range % 3 = 0, ['gpt'], ['claude', 'qwen'])) as family_ids,"
    " 'GPT: model-' || range || ' ends on 3 Mar 2027.' as headline,"
    " 'https://made-up.example/ends#(' || range || ')' as url,"
    " range % 7 = 6 as is_restated,"
    f" timestamp '{NOW:%Y-%m-%d %H:%M:%S}' - to_days(12 - cast(range // 3 as integer)) as as_of_at from range(30)",
)
"""What changed between versions: thirty items over ten days, some of them ours."""
BOARD = (
    "update metrics.claim_verdicts set verdict = 'refuted', supported_count = 0, ruled_out_count = 2,"
    " tests_note = '2 tests: 1 ruled out, 1 the opposite' where claim_id = 'h2'",
    "update metrics.claim_verdicts set verdict = 'too close to call', supported_count = 0 where claim_id = 'h3'",
    "update metrics.claim_verdicts set verdict = 'holds', p_adjusted = 0.0001 where claim_id = 'h6'",
    "update metrics.claim_verdicts set detectable_note = 'A true difference of 14 points is found with 80 % power"
    " by 8 open and 7 proprietary families.' where claim_id = 'h6'",
    "update meta.verdicts set number = 2 where claim_id = 'h6'",
    "insert into meta.verdicts by name select 'h6' as claim_id, 1 as number, 1 as claim_version,"
    f" 'too close to call' as verdict, timestamp '{NOW:%Y-%m-%d %H:%M:%S}' - interval 17 days as as_of_at",
)
"""One claim of each verdict but too few data, and one that was judged differently before."""
GATES = (
    "delete from metrics.reader_gates where feature not in ('has_thanks', 'has_code', 'has_patch')",
    "update metrics.feature_accuracy set precision = null, recall = null where feature = 'has_patch'",
)
"""A reader that passes its gate, one that fails it, and one that finds nothing."""
RESTATED = (
    "insert into meta.restatements by name select *, 3 as number, 1 as old_version, 'tracker' as channel_kind,"
    " 'all' as channel_role, 'anyone' as segment, 'within_7d' as statistic, 'all' as \"window\" from (values"
    " ('answered_share', 2, 'qwen', 0.5, 0.7, 'measured', 'A mere +1 is no answer. The interval is wider.'),"
    " ('answered_share', 2, 'claude', 0.5, 0.5, 'measured', 'A mere +1 is no answer. The interval is wider.'),"
    " ('answered_share', 2, 'gpt', null, null, 'not enough data', 'A mere +1 is no answer. The interval is wider.'),"
    " ('rank_share', null, 'gpt', 0.5, null, 'no longer published', 'Nobody is ranked by it any more.'))"
    " as given(name, new_version, family_id, old_value, new_value, new_state, reason)",
)
"""Figures that two definitions restated; one metric is published no more."""
UNREAD = "state = 'not collected', note = null, n = null, n_events = null, value = null, low = null, high = null"
BEGUN = (
    f"update metrics.figures set {UNREAD} where channel_kind <> 'offers' and not"
    " (family_id in ('llama', 'mistral') and metric = 'answered_share' or family_id = 'claude' and channel_kind ="
    " 'status')",
    "delete from metrics.family_ranks where family_id not in ('llama', 'mistral') or metric <> 'answered_share'",
    "delete from metrics.matched_differences where 'open' in (first_id, second_id)",
    "update staging.collections set as_of_at = null, last_brought_at = null, coverage_share = null, last_state ="
    " 'skipped', last_fault = 'credentials missing' where not regexp_matches(channel_id, '^(llama|mistral|claude)')",
    "update staging.collections set coverage_share = 0.64 where regexp_matches(channel_id, '^(llama|mistral)')",
    "delete from meta.news",
)
"""An hour after a start without a token: questions about two families, and the status page of a third."""
STATES = {
    "sample": State(is_sample=True),
    "live": State(statements=NEWS),
    "partial": State(statements=[FAILING.format("partial", "qwen"), FAILING.format("partial", "claude")]),
    "begun": State(statements=BEGUN),
    "stale": State(now=LATER),
    "failing a week": State(statements=FAILING_WEEK),
    "suspect": State(statements=SUSPECT),
    "failed": State(statements=[FAILING.format("failed", "qwen"), FAILING.format("failed", "gpt"), *GRADED]),
    "hostile": State(statements=[*NEWS, *hostile(), FAILING.format("failed", "llama")]),
    "no rows": State(statements=empty_metrics),
    "one family": State(statements=keep_one_family),
    "older version": State(statements=_without(OLDER)),
    "board": State(statements=BOARD),
    "gates": State(statements=GATES),
    "restated": State(statements=RESTATED),
}


def make_sample(home: Path) -> Path:
    """Brings the sample world that the landed files give, with its warehouse, into a home; built once a machine, as
    that takes twenty seconds."""
    return copy_world("sample", SAMPLE_FILES, ready.build_sample, home)


def count_collections(home: Path) -> int:
    """How many collections of its channels the snapshot of a home knows."""
    snapshot = read_current(home)
    assert snapshot is not None
    count: int = query(
        snapshot, "select count(*) as n from staging.collections semi join staging.channels using (channel_id)"
    ).to_pylist()[0]["n"]
    return count


def make_page_state(name: str, sample_home: Path, home: Path) -> Path:
    """Brings the sample world in one of the `STATES` into a home; published once a machine."""
    state = STATES[name]
    return copy_world(
        f"state-{name.replace(' ', '-')}",
        (*SAMPLE_FILES, "tests/worlds"),
        lambda aside: make_state(sample_home, aside, state),
        home,
    )


def make_state(sample_home: Path, home: Path, state: State) -> Snapshot:
    """Publishes the sample world in a state into a home of its own, as the version after the one that is there."""
    former, last = read_current(sample_home), read_current(home)
    assert former is not None
    version = last.version + 1 if last else 1
    target = published_folder(home)
    target.mkdir(parents=True, exist_ok=True)
    aside = target / f"snapshot-{version:08d}.tmp"
    # Publishing a warehouse again would take ten times as long as changing what was published.
    shutil.copyfile(former.path, aside)
    with duckdb.connect(str(aside)) as connection:
        _store_rows(connection, former.path.parent)
        statements = state.statements(connection) if callable(state.statements) else state.statements
        for statement in statements:
            connection.execute(statement)
        described = [version, NOW.replace(tzinfo=None), state.is_sample]
        connection.execute("update meta.snapshot set version = ?, published_at = ?, is_sample = ?", described)
    path = aside.replace(target / f"snapshot-{version:08d}-{digest_file(aside)}.duckdb")
    pointer = {
        "file": path.name, "version": version, "published_at": NOW.isoformat(), "is_sample": state.is_sample,
        "build": version,
    }  # fmt: skip
    aside.write_text(json.dumps(pointer), encoding="utf-8")
    aside.replace(target / POINTER)
    found = read_current(home)
    assert found is not None
    return found


def _store_rows(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Makes tables of the views of files of rows, so that statements can change them."""
    name_folder(connection, folder)
    views = connection.execute(
        "select schema_name || '.' || view_name from duckdb_views() where contains(sql, 'read_parquet')"
    ).fetchall()
    for (view,) in views:
        connection.execute(f"create temp table stored as from {view}; drop view {view}")
        connection.execute(f"create table {view} as from stored; drop table stored")


def publish_as_it_is(published: Path, home: Path) -> None:
    """Publishes in a home what another one has published: the file first, then the pointer to it."""
    source, target = published_folder(published), published_folder(home)
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir(), key=lambda path: path.name == POINTER):
        aside = target / f"{path.name}.tmp"
        shutil.copyfile(path, aside)
        aside.replace(target / path.name)
