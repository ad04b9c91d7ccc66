"""From landed files of every source to all public figures: arrival, replays, a crash and the clock of a machine do not
matter."""

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.engine import families, making
from analytics.engine.build import build_tables
from tests.worlds.figures import PUBLIC, differences, figures
from tests.worlds.sample_part import arrive, files, opened
from tests.worlds.warehouse_rows import MODELS

NEAR, FAR = ("America/New_York", "America/New_York"), ("Asia/Kolkata", "Pacific/Kiritimati")
"""Zones of the machine at its two builds, which may lie between two travels. The sample world spans nights on which
clocks change; in the last zone it is tomorrow for most of the day."""
Arriving = tuple[duckdb.DuckDBPyConnection, Iterator[None]]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """One load of everything in the order of landing, and one full build."""
    with opened() as connection:
        arrive(connection, tmp_path_factory.mktemp("zone"), files())
        build_tables(connection, MODELS, full=True)
        yield connection


@pytest.fixture(scope="module")
def at_once(warehouse: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """The figures of that build."""
    return figures(warehouse)


@pytest.fixture
def arriving(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Arriving]:
    """A warehouse on a machine in these zones, and the arrival of all files, in an order of the zones' own."""
    of = random.Random("".join(request.param))
    with opened() as connection:
        yield connection, _arrive_twice(connection, tmp_path, of, request.param)


def _arrive_twice(
    connection: duckdb.DuckDBPyConnection, zone: Path, of: random.Random, clocks: tuple[str, ...]
) -> Iterator[None]:
    """Lands a part at each step; what comes twice comes with what is new, or after it was built."""
    landed: list[str] = []
    for part, clock in zip(_in_parts(of), clocks, strict=True):
        connection.execute(f"set TimeZone = '{clock}'")
        arrive(connection, zone, part)
        landed += part
        arrive(connection, zone, of.sample(landed, 1 + len(landed) // 3), copy=f"-again-{len(landed)}")
        yield


def _in_parts(of: random.Random) -> Iterator[list[str]]:
    """The files in two loads and any order: what comes late may be older than what is there."""
    shuffled = of.sample(files(), len(files()))
    for start, end in pairwise((0, of.randint(1, len(shuffled) - 1), len(shuffled))):
        yield shuffled[start:end]


@pytest.mark.parametrize("arriving", [FAR], indirect=True)
def test_files_that_come_late_in_any_order_and_twice_give_the_figures_of_one_full_build(
    at_once: dict[str, list[dict[str, Any]]], arriving: Arriving
) -> None:
    """Collecting is at-least-once and out of order; figures are exactly-once."""
    connection, parts = arriving
    for _ in parts:
        build_tables(connection, MODELS)

    assert differences(figures(connection), at_once) == []


@pytest.mark.parametrize("arriving", [NEAR], indirect=True)
def test_a_build_that_dies_between_two_tables_leaves_the_last_one_and_the_next_and_a_full_one_are_right(
    at_once: dict[str, list[dict[str, Any]]], arriving: Arriving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the figures of today beside half of yesterday's would be wrong in a way that nobody sees.

    The build that follows proves of its zone what the test above proves of the others.
    """
    connection, parts = arriving
    next(parts)
    build_tables(connection, MODELS)
    before = figures(connection)
    next(parts)
    with monkeypatch.context() as patched:
        _die(patched, "metrics.first_response_hours")
        with pytest.raises(KeyboardInterrupt):
            build_tables(connection, MODELS)
    after = figures(connection)
    build_tables(connection, MODELS)

    assert differences(after, before) == []
    assert differences(before, at_once) != []
    assert differences(figures(connection), at_once) == []
    build_tables(connection, MODELS, full=True)
    assert differences(figures(connection), at_once) == []


def _die(patched: pytest.MonkeyPatch, table: str) -> None:
    """At the moment at which this table would be made, when all that it is made of has been rebuilt."""
    real = making.make_figures

    def dying(connection: duckdb.DuckDBPyConnection, model: Any) -> None:
        if model.table == table:
            raise KeyboardInterrupt
        real(connection, model)

    patched.setattr(families, "make_figures", dying)


def test_the_part_of_the_world_says_something_of_most_metrics(at_once: dict[str, list[dict[str, Any]]]) -> None:
    """Holes are equal to holes: the tests above must have figures to compare."""
    measured = {name for name, rows in at_once.items() if any(row["state"] == "measured" for row in rows)}

    assert len(measured) > 0.8 * len(PUBLIC)


def test_families_built_apart_have_the_figures_of_those_built_together(
    warehouse: duckdb.DuckDBPyConnection, at_once: dict[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No figure rests on the facts of another family, unless it compares families."""
    monkeypatch.setattr(families, "BATCH", 1)
    build_tables(warehouse, MODELS, full=True)

    assert differences(figures(warehouse), at_once) == []


def _visit(connection: duckdb.DuckDBPyConnection, channels: str, hours: int) -> None:
    """The newest visits of these channels again, so many hours later, and without news."""
    connection.execute(
        "insert into raw.ledger__runs"
        " select * replace (run_id || ? as run_id, 0 as rows, 0 as part, 'unchanged' as state,"
        " started_at + to_hours(?) as started_at, (select max(load_id) + 1 from raw.ledger__runs) as load_id)"
        " from raw.ledger__runs as r where channel_id like ? and started_at ="
        " (select max(started_at) from raw.ledger__runs as q where q.channel_id = r.channel_id and q.thing = r.thing)",
        [f"-{hours}", hours, channels],
    )


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The families that are built, in their order."""
    names, real = list[str](), families.build_families

    def build(facts: Path, of: list[str], *rest: Any) -> None:
        names.extend(of)
        real(facts, of, *rest)

    monkeypatch.setattr(families, "build_families", build)
    return names


def test_a_visit_without_news_builds_nothing_until_the_day_turns(
    warehouse: duckdb.DuckDBPyConnection, built: list[str]
) -> None:
    """Of a family's own channels, and of those that many share: all figures stay, but for the time of the visit."""
    before = figures(warehouse)
    for channels in ("claude.%", "_shared.%"):
        _visit(warehouse, channels, 1)
        report = build_tables(warehouse, MODELS)
        assert {"staging.collections", "metrics.channel_coverage"} <= set(report.built)
        assert {"metrics.family_ranks", "metrics.claim_verdicts"} <= set(report.unchanged)
    assert built == []
    assert differences(_drop_visits(figures(warehouse)), _drop_visits(before)) == []

    _visit(warehouse, "claude.github.%", 24)
    build_tables(warehouse, MODELS)
    assert built == ["claude"]
    _visit(warehouse, "_shared.prices.%", 24)
    build_tables(warehouse, MODELS)
    assert {"gpt", "gemini", "phi"} <= set(built)


def _drop_visits(metrics: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {name: [row | {"as_of_at": None} for row in rows] for name, rows in metrics.items()}


def test_a_changed_price_builds_what_rests_on_it_alone(warehouse: duckdb.DuckDBPyConnection, built: list[str]) -> None:
    """All families read the shared list of prices, and one of them this price; its waits do not."""
    warehouse.execute(
        "insert into raw.prices__models by name"
        " select * replace (prompt_usd * 2 as prompt_usd, seen_at + interval 1 hour as seen_at,"
        " (select max(load_id) + 1 from ledger.files) as load_id) from raw.prices__models as r"
        " where model_id = (select max(listed_id) from staging.listed_models where family_id = 'claude' and"
        " gone_on is null and input_usd > 0) and day_on = (select max(day_on) from raw.prices__models as q"
        " where q.model_id = r.model_id) limit 1"
    )
    report = build_tables(warehouse, MODELS)

    assert built == ["claude"]
    assert "metrics.price_usd" in report.built
    assert {"metrics.helped_share", "staging.replies"} <= set(report.unchanged)


def test_a_request_of_today_that_names_no_family_builds_none(
    warehouse: duckdb.DuckDBPyConnection, built: list[str]
) -> None:
    """Each family is told how many there are in the channels that it shares, as of the clock."""
    warehouse.execute(
        "insert into raw.github__issues by name select r.* replace (number + 1000000 as number, 'It fails' as title,"
        " []::varchar[] as mentions, clock_at + interval 1 hour as created_at, null::timestamp as closed_at,"
        " (select max(load_id) + 1 from ledger.files) as load_id)"
        " from raw.github__issues as r join staging.visits as v using (channel_id)"
        " where channel_id = '_shared.github.langchain-ai-langchain' and v.thing = 'issues' order by number limit 1"
    )
    report = build_tables(warehouse, MODELS)

    assert "staging.github__issues" in report.built
    assert built == []


def test_visits_without_news_leave_the_figures_of_a_full_build(warehouse: duckdb.DuckDBPyConnection) -> None:
    """They move the clocks of their channels, and of no other."""
    for hours, channels in enumerate(("%.prices.%", "%.status.%", "claude.github.%"), 1):
        _visit(warehouse, channels, hours)
        build_tables(warehouse, MODELS)
    by_step = figures(warehouse)
    build_tables(warehouse, MODELS, full=True)

    assert differences(by_step, figures(warehouse)) == []


def test_a_warning_changes_what_is_shown_of_its_family(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Tables that read what is shown are rebuilt, such as those that compare families."""
    warehouse.execute(
        "insert into raw.ledger__notes by name"
        " select channel_id, thing, max_by(run_id, started_at) as run_id, 0 as part, 0 as load_id,"
        " 'key changed' as note_kind, 'state of issue' as subject, ['missing'] as seen, 1 as count from staging.runs"
        " where channel_id = 'claude.github.anthropics-claude-code' and thing = 'issues' and state = 'complete'"
        " group by channel_id, thing"
    )
    report = build_tables(warehouse, MODELS)
    shown = warehouse.execute(
        "select distinct state from metrics.answered_share"
        " where family_id = 'claude' and channel_kind = 'tracker' and channel_role = 'all' and value is not null"
    )

    assert shown.fetchall() == [("suspect",)]
    assert {"metrics.family_ranks", "metrics.claim_tests", "metrics.registered_claims"} <= set(report.built)
