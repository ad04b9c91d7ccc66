"""What is held against what the sources say they have: each difference has its explanation, or is told as
unexplained."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pipelines import steps
from pipelines.collecting import planning
from pipelines.collecting import run as collecting
from pipelines.commands.status import print_status, read_status
from tests.pipelines.sources.github.visits import CHANNEL, TOKEN
from tests.upstream import NOW, Upstream
from tests.upstream.world.threads import Thread
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse, fill
from warehouse.database import open_warehouse
from warehouse.landing import open_zone
from warehouse.load import load_new_files, replace_catalog
from warehouse.settings import Settings
from warehouse.snapshot import read_current

NAMES = ("before_window_count", "waiting_count", "unreadable_count", "unexplained_count", "gone_count")
EARLY, LATE = datetime(2024, 1, 1), datetime(2026, 1, 1)


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository of some two hundred issues and seventy pull requests."""
    with Upstream([CHANNEL], seed=5, threads=200, now=NOW) as upstream:
        yield upstream


def _settings(up: Upstream, folder: Path) -> Settings:
    return Settings(
        HEARTBEAT_HOME=folder / "home", HEARTBEAT_CATALOG=up.catalog(folder / "catalog"), HEARTBEAT_CATALOG_ONLY=True,
        HF_TOKEN="",
        HEARTBEAT_ALLOW_PRIVATE_HOSTS="127.0.0.1", HEARTBEAT_NOW=up.world.now, GITHUB_TOKEN=TOKEN, _env_file=None,
    )  # fmt: skip


def _collected(
    up: Upstream, folder: Path, requests: int = 1000, since: datetime | None = None
) -> dict[str, dict[str, Any]]:
    """Collects, loads and builds what the reconciliations rest on; the one of each thing."""
    settings = _settings(up, folder)
    catalog = planning.open_catalog(settings)
    collecting.collect_plan(
        planning.make_plan(settings, catalog, since or up.world.now - timedelta(days=2000), requests), settings
    )
    with open_warehouse(settings.home) as connection:
        replace_catalog(connection, steps.make_catalog_rows(catalog))
        load_new_files(connection, open_zone(settings.landing_url), settings.clock())
        build_conformed(connection, "reconciliations")
        rows = connection.sql("from staging.reconciliations").to_arrow_table().to_pylist()
    found = {row["thing"]: row for row in rows}
    for row in found.values():
        assert (
            row["difference_count"]
            == row["source_total"] - row["held_count"]
            == sum(row[name] for name in NAMES[:4]) - row["gone_count"]
        )
    return found


def _why(row: dict[str, Any]) -> dict[str, int]:
    return {name: row[name] for name in NAMES if row[name]}


def test_a_whole_collection_agrees_with_github(up: Upstream, tmp_path: Path) -> None:
    """Every thread, pull request and release that GitHub counts is held."""
    found = _collected(up, tmp_path)

    assert {thing: _why(found[thing]) for thing in ("issues", "pulls", "releases")} == {
        "issues": {},
        "pulls": {},
        "releases": {},
    }


def test_what_lies_before_the_window_or_still_waits_is_told_apart(up: Upstream, tmp_path: Path) -> None:
    """A budget that ends early, and a `since` beyond which nothing is wanted."""
    since = datetime.fromtimestamp(Thread(up.world.repository("acme/kit"), 40).created, UTC)
    part = _collected(up, tmp_path, 12, since)["issues"]
    whole = _collected(up, tmp_path, 1000, since)["issues"]

    assert set(_why(part)) == {"before_window_count", "waiting_count"}
    assert set(_why(whole)) == {"before_window_count"}
    assert part["before_window_count"] == whole["before_window_count"]
    assert part["held_count"] + part["waiting_count"] == whole["held_count"]


def _is_pull(up: Upstream, number: int) -> bool:
    return bool(up.world.repository("acme/kit").tracker.threads["is_pull"][number - 1])


def _hand_made(
    total: int, waiting: int | None, older: int | None, numbers: list[int], passed: int
) -> dict[str, dict[str, Any]]:
    con = empty_warehouse()
    bodies = [(n, {"number": n, "created_at": (EARLY if n < 10 else LATE).isoformat()}) for n in numbers]
    fill(con, "github__issues", [("c", str(n), LATE, LATE, body) for n, body in bodies])
    con.execute(
        "insert into raw.ledger__runs"
        " (channel_id, source, thing, run_id, part, started_at, state, load_id, total, waiting, older, passed_over,"
        " reach_at)"
        " values ('c', 'github', 'issues', 'r', 0, ?, 'complete', 1, ?, ?, ?, ?, timestamp '2025-01-01')",
        [LATE, total, waiting, older, passed],
    )
    build_conformed(con, "reconciliations")
    return {row["thing"]: row for row in con.sql("from staging.reconciliations").to_arrow_table().to_pylist()}


@pytest.mark.parametrize(
    ("total", "waiting", "older", "numbers", "passed", "issues"),
    [
        (3, 0, 0, [10, 11, 12], 0, {}),
        (5, 0, 0, [10, 11, 14], 0, {"unexplained_count": 2}),
        (4, 0, 0, [10, 11, 14], 2, {"unreadable_count": 1}),
        (13, 0, 10, [3, 10, 11], 0, {"before_window_count": 9, "unexplained_count": 1}),
        (13, 4, 6, [3, 10, 11, 12], 0, {"before_window_count": 6, "waiting_count": 3}),
        (2, 0, 0, [10, 11, 12], 0, {"gone_count": 1}),
        (7, None, None, [10], 0, {"unexplained_count": 6}),
    ],
)
def test_each_difference_has_its_place(
    total: int,
    waiting: int | None,
    older: int | None,
    numbers: list[int],
    passed: int,
    issues: dict[str, int],
) -> None:
    """An old thread that the head brought lessens what waits first, then what lies before the window."""
    assert _why(_hand_made(total, waiting, older, numbers, passed)["issues"]) == issues


def test_the_status_shows_what_differs_and_gives_all_as_json(up: Upstream, tmp_path: Path) -> None:
    """A total that agrees needs no line; one that differs says why, in numbers."""
    _collected(up, tmp_path)
    repo = up.world.repository("acme/kit")
    up.world.advance(1)
    number = next(number for number in range(1, 40) if not _is_pull(up, number))
    repo.delete_thread(number)
    repo.touch(number + 10)
    _collected(up, tmp_path)
    settings = _settings(up, tmp_path)
    steps.refresh_warehouse(settings, planning.open_catalog(settings))
    snapshot = read_current(settings.home)
    assert snapshot is not None
    found, console = read_status(snapshot, settings.clock()), Console(file=io.StringIO(), width=300)
    print_status(console, found, is_whole=True)
    said = [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    json.dumps(found)
    counts = {row["thing"]: row for row in found["reconciliations"]}
    line = next(words for words in reversed(said) if " issues " in words)

    assert counts["pulls"]["difference_count"] == 0 and counts["issues"]["gone_count"] == 1
    assert (
        f"compared {len(counts)} source totals with the rows held: 1 differs, 0 of them without a known reason" in said
    )
    assert line.split()[2:] == [f"{counts['issues'][name]:,}" for name in ("source_total", "held_count")] + [
        "0",
        "0",
        "0",
        "1",
        "0",
    ]
    assert found["unknown_words"] == []


def test_the_status_names_the_words_that_nobody_knows_yet(capsys: pytest.CaptureFixture[str]) -> None:
    """A word of an upstream that has no meaning here must reach somebody who can give it one."""
    words = [{"channel": "x.status.y", "thing": "incidents", "unknown_word": "wobbly", "rows_count": 3}]
    found = {
        "snapshot": "s",
        "trouble": "",
        "version": 1,
        "is_sample": False,
        "published_at": "2026-11-01T06:00:00+00:00",
        "things": [],
        "freshness": "Nothing collected yet",
        "colour": "gray",
        "facts": {"count": 0},
        "reconciliations": [],
        "failures": [],
    }
    print_status(Console(width=300), {**found, "unknown_words": words, "warnings": []})

    said = capsys.readouterr().out
    assert "x.status.y incidents: unrecognized word 'wobbly' in 3 rows; counted as unknown" in said
