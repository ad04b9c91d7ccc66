"""The build: order of arrival, replays, kills and time zones change nothing, and incremental equals full."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.engine.build import build_tables
from analytics.engine.definitions import read_column_comments
from analytics.engine.headers import HeaderError, read_header
from analytics.engine.models import read_models
from tests.worlds.warehouse_rows import empty_warehouse, fill
from warehouse.database import WarehouseError
from warehouse.publish import publish_snapshot, read_build
from warehouse.snapshot import query

DAY = datetime(2026, 11, 1)
HEADER = """-- question: What is there?
-- grain: {grain}
-- unit: none
-- standard: none
-- caveats: None that we know of;
--   this goes on.
-- version: 1
"""
STAGING = (
    HEADER.format(grain="channel_id, number")
    + """-- first seen: author_role
number, role as author_role, title
"""
)
CONFORMED = (
    HEADER.format(grain="channel_id")
    + "select channel_id, count(*) as threads_count from staging.github__pulls group by channel_id\n"
)
METRIC = (
    HEADER.format(grain="channel_id\n-- published: yes\n-- phase: across")
    + "select channel_id, threads_count * 2 as doubled from staging.toys\n"
)
ROLES = st.sampled_from(["staff", "outsider", "bot"])
ROWS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 5), st.integers(0, 5), ROLES, st.sampled_from(["a", "b", "c"])),
    max_size=12,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three toy models, one a layer."""
    for folder, name, text in (
        ("staging", "github__pulls", STAGING),
        ("conformed", "toys", CONFORMED),
        ("intermediate", "toy_doubled", METRIC),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.sql").write_text(text)
    return tmp_path


def _row(
    number: int, changed: int, seen: int, role: str, title: str
) -> tuple[str, str, datetime, datetime, dict[str, object]]:
    body: dict[str, object] = {"number": number, "role": role, "title": title}
    return "chan", str(number), DAY + timedelta(hours=changed), DAY + timedelta(hours=seen), body


def _result(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    staged = "select number, author_role, title, source_time, seen_at from staging.github__pulls order by all"
    return connection.execute(staged).fetchall() + connection.execute("from metrics.toy_doubled").fetchall()


@pytest.mark.slow
@given(loads=st.lists(ROWS, max_size=4), seed=st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_any_order_of_arrival_replayed_or_not_gives_the_rows_of_one_full_build(
    tmp_path_factory: pytest.TempPathFactory, loads: list[list[tuple[int, int, int, str, str]]], seed: object
) -> None:
    """At-least-once extraction is exactly-once by key only if this holds."""
    root = tmp_path_factory.mktemp("models")
    for folder, name, text in (
        ("staging", "github__pulls", STAGING),
        ("conformed", "toys", CONFORMED),
        ("intermediate", "toy_doubled", METRIC),
    ):
        (root / folder).mkdir()
        (root / folder / f"{name}.sql").write_text(text)
    # One item has one state at one instant: what a source says of it then cannot differ between two visits.
    rows = [[_row(n, c, s, r, f"{n}{c}{t}"[:2]) for n, c, s, r, t in load] for load in loads]
    by_step, at_once = empty_warehouse(), empty_warehouse()
    shuffled = [row for load in rows for row in load]
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    for load in rows:
        fill(by_step, "github__pulls", load)
        build_tables(by_step, read_models(root))
        fill(by_step, "github__pulls", load[:2])
    build_tables(by_step, read_models(root))
    fill(at_once, "github__pulls", shuffled)
    at_once.execute("set TimeZone = 'Pacific/Kiritimati'")
    build_tables(at_once, read_models(root), full=True)

    assert _result(by_step) == _result(at_once)


def test_a_build_with_nothing_new_builds_nothing(root: Path) -> None:
    """Cost grows with what changed, not with history."""
    connection = empty_warehouse()
    fill(connection, "github__pulls", [_row(1, 1, 1, "staff", "a")])
    first, second = build_tables(connection, read_models(root)), build_tables(connection, read_models(root))

    assert first.built == ["staging.github__pulls", "staging.toys", "metrics.toy_doubled"]
    assert (second.built, second.unchanged) == ([], first.built)


def test_what_is_fitted_over_all_waits_for_a_day_a_hundredth_of_the_rows_or_a_changed_statement(root: Path) -> None:
    """A fit takes as long for one new item as for all; it may lag behind by so much, and by no more."""
    visits = "select channel_id, 'pulls' as thing, date_trunc('day', max(seen_at)) as clock_at"
    (root / "conformed" / "visits.sql").write_text(
        HEADER.format(grain="channel_id, thing") + f"{visits} from staging.github__pulls group by channel_id\n"
    )
    (root / "intermediate" / "toy_fit.sql").write_text(METRIC.replace("across", "daily"))
    reader = root / "intermediate" / "toy_fit_reader.sql"
    reader.write_text(HEADER.format(grain="doubled") + "select doubled from metrics.toy_fit\n")
    connection = empty_warehouse()

    def land(first: int, count: int, hour: int = 1) -> list[tuple[int]]:
        fill(connection, "github__pulls", [_row(first + i, 1, hour, "staff", "a") for i in range(count)])
        return build()

    def build() -> list[tuple[int]]:
        build_tables(connection, read_models(root))
        return connection.execute("from metrics.toy_fit_reader").fetchall()

    assert land(0, 500) == [(1000,)]
    assert [land(500, 3), land(503, 1), build()] == [[(1000,)]] * 3
    assert connection.execute("select doubled from metrics.toy_doubled").fetchall() == [(1008,)]
    assert land(504, 2) == [(1012,)]
    assert [land(506, 1), land(507, 1, hour=25)] == [[(1012,)], [(1016,)]]
    assert land(508, 1, hour=25) == [(1016,)]
    reader.write_text(reader.read_text().replace("doubled from", "doubled + 1 as doubled from"))
    assert build() == [(1019,)]


def test_a_changed_file_is_built_anew_with_all_that_reads_it(root: Path) -> None:
    """A definition that changed must never be mixed with rows of the old one."""
    connection = empty_warehouse()
    fill(connection, "github__pulls", [_row(1, 1, 1, "staff", "a")])
    build_tables(connection, read_models(root))
    (root / "conformed" / "toys.sql").write_text(CONFORMED.replace("count(*)", "10 * count(*)"))

    assert build_tables(connection, read_models(root)).built == ["staging.toys", "metrics.toy_doubled"]
    assert connection.execute("select doubled from metrics.toy_doubled").fetchall() == [(20,)]


def test_a_build_that_breaks_leaves_everything_as_it_was(root: Path) -> None:
    """Readers and the next build must find a whole warehouse."""
    connection = empty_warehouse()
    fill(connection, "github__pulls", [_row(1, 1, 1, "staff", "a")])
    build_tables(connection, read_models(root))
    before = _result(connection)
    fill(connection, "github__pulls", [_row(2, 1, 1, "staff", "b")])
    (root / "intermediate" / "toy_doubled.sql").write_text(METRIC.replace("* 2", "* no_such_column"))
    with pytest.raises(
        WarehouseError, match=r"metrics\.toy_doubled: cannot be built \(BinderException: .*no_such_column"
    ):
        build_tables(connection, read_models(root))

    assert _result(connection) == before
    (root / "intermediate" / "toy_doubled.sql").write_text(METRIC)
    build_tables(connection, read_models(root))
    assert connection.execute("select doubled from metrics.toy_doubled").fetchall() == [(4,)]


def test_the_header_becomes_the_comment_on_the_published_table(root: Path) -> None:
    """Written once: the data dictionary, the page and the export say the same."""
    connection = empty_warehouse()
    build_tables(connection, read_models(root))
    snapshot = publish_snapshot(connection, root / "home", DAY.replace(tzinfo=UTC), "test")
    assert snapshot is not None
    tables = query(snapshot, "select comment from duckdb_tables() where table_name = 'toy_doubled'").to_pylist()
    columns = query(snapshot, "select comment from meta.columns where name = 'channel_id'").to_pylist()

    assert tables == [
        {
            "comment": "What is there? One row per channel_id. Unit: none. Standard: none. None that we know of; this "
            "goes on. Version 1."
        }
    ]
    assert columns == [{"comment": read_column_comments()["channel_id"]}]


def test_a_header_without_a_field_is_refused_by_file_and_field(tmp_path: Path) -> None:
    """A metric whose caveats nobody wrote is not finished."""
    path = tmp_path / "x.sql"
    path.write_text(METRIC.replace("-- caveats: ", "-- "))
    with pytest.raises(HeaderError, match=r"x\.sql: the header lacks `caveats:`"):
        read_header(path)


@pytest.mark.parametrize("line", ["cluster: reply", "waits: answers", "published: never", "better: higher"])
def test_a_word_that_a_field_does_not_have_is_refused(tmp_path: Path, line: str) -> None:
    """A misspelt word would silently count replies as independent, or publish what should stay behind."""
    path = tmp_path / "x.sql"
    path.write_text(METRIC.replace("-- version: 1\n", f"-- version: 1\n-- {line}\n"))
    with pytest.raises(HeaderError, match=rf"x\.sql: `{line}`: use \w+"):
        read_header(path)


def test_titles_are_read_by_statistic_and_segment(tmp_path: Path) -> None:
    """One metric may have figures of different titles; a title without its statistic is refused."""
    path = tmp_path / "x.sql"
    head = "-- version: 1\n-- title: wait\n-- better: low\n-- titles: {}\n"
    path.write_text(
        METRIC.replace("-- version: 1\n", head.format("median = the middle, as seen; p80/staff = long\n--   waits"))
    )
    header = read_header(path)
    assert (header.title, header.better) == ("wait", "low")
    assert header.titles == {"median": "the middle, as seen", "p80/staff": "long waits"}

    path.write_text(METRIC.replace("-- version: 1\n", head.format("the middle")))
    with pytest.raises(HeaderError, match=r"x\.sql: `titles: the middle`: write `statistic = title`"):
        read_header(path)


def test_what_a_header_says_of_a_measure_reaches_readers_though_no_row_changed(root: Path) -> None:
    """A better title is a reason to publish again."""
    connection = empty_warehouse()
    build_tables(connection, read_models(root))
    first = read_build(connection).number
    build_tables(connection, read_models(root))
    assert read_build(connection).number == first

    path = root / "intermediate" / "toy_doubled.sql"
    path.write_text(path.read_text().replace("-- version: 1\n", "-- version: 1\n-- title: twice the toys\n"))
    build_tables(connection, read_models(root))
    rows = connection.execute("select title, better from ledger.definitions where name = 'toy_doubled'").fetchall()
    assert read_build(connection).number == first + 1
    assert rows == [("twice the toys", "")]


def test_a_better_comment_is_a_reason_to_publish_anew(root: Path) -> None:
    """Comments are written where a build is published, though no row changed."""
    connection = empty_warehouse()
    build_tables(connection, read_models(root))
    first = read_build(connection).number
    said = "select comment from ledger.comments where name = 'metrics.toy_doubled'"
    ((before,),) = connection.execute(said).fetchall()

    path = root / "intermediate" / "toy_doubled.sql"
    path.write_text(path.read_text().replace("What is there?", "How many toys are there twice?"))
    build_tables(connection, read_models(root))
    ((after,),) = connection.execute(said).fetchall()
    assert read_build(connection).number == first + 1
    assert before.startswith("What is there? One row per channel_id.")
    assert after.startswith("How many toys are there twice? One row per channel_id.")


def test_models_come_after_what_they_read(root: Path) -> None:
    assert [model.table for model in read_models(root)] == [
        "staging.github__pulls",
        "staging.toys",
        "metrics.toy_doubled",
    ]
