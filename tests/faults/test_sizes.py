"""What an installation takes over the years: files and bytes of visits that bring nothing stay few."""

import os
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from unittest import mock

import duckdb
import pytest

from analytics.engine import build as engine
from pipelines import sources, steps
from pipelines.attempts import record_attempt
from pipelines.collecting.run import Plan, collect_channel, name_streams, open_run
from pipelines.commands.tidying import tidy_home
from tests.faults.oracle import MODELS
from tests.faults.toy import CHANNELS, START, Toy, make_catalog
from tests.warehouse.logs.log_lines import read_log
from warehouse.attempts import writer
from warehouse.attempts.entries import AttemptKind
from warehouse.settings import Settings

VISITS, EVERY, NIGHT = 240, timedelta(hours=6), 40
"""Two months of visits every six hours, and after how many of them comes what the schedule does at night."""
BLOCK = 256 * 1024
"""By so much the database grows at once."""


def _visit(home: Path, number: int) -> Settings:
    now = START + number * EVERY
    settings = Settings(
        HEARTBEAT_HOME=home, HEARTBEAT_NOW=now, HEARTBEAT_PEOPLE_KEY="a key of thirty-two bytes for tests",
        _env_file=None,
    )  # fmt: skip
    planned = [(channel, name_streams(channel)) for channel in CHANNELS]
    with record_attempt(settings, AttemptKind.COLLECT, planned) as attempt:
        run = open_run(Plan(CHANNELS, START, 100), settings)
        for channel in CHANNELS:
            attempt.add_channel(channel, collect_channel(channel, run).outcomes)
        attempt.conclude_collect()
    return settings


def _measure(settings: Settings) -> dict[str, tuple[int, int]]:
    """Counts the files and bytes of each folder of the home, and of each file beside them."""
    paths = sorted(path for path in settings.home.rglob("*") if path.is_file())
    kinds = groupby(paths, key=lambda path: path.relative_to(settings.home).parts[0])
    sizes = {kind: [path.stat().st_size for path in own] for kind, own in kinds}
    return {kind: (len(own), sum(own)) for kind, own in sizes.items()}


def test_hundreds_of_visits_that_bring_nothing_take_a_bounded_number_of_files_and_hardly_any_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Landed files stay for thirty days; only the row that each visit leaves in the ledger stays for ever."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(writer, "KEEP", {AttemptKind.COLLECT: 100})
    toy = Toy()
    for day in range(5):
        toy.change("one", day, day)
    measured: dict[int, dict[str, tuple[int, int]]] = {}
    with (
        mock.patch.object(sources, "load_source", return_value=toy.as_source()),
        mock.patch.object(engine, "read_models", return_value=list(MODELS)),
    ):
        for number in range(VISITS):
            settings = _visit(tmp_path, number)
            if number % NIGHT == NIGHT - 1:
                steps.refresh_warehouse(settings, make_catalog(), full=True)
                tidy_home(settings)
                measured[number + 1] = _measure(settings)

    # By then the newest versions are three, of which no more are kept; the database's file is of one size every other
    # night, since tables are rewritten beside their former rows.
    early, late = measured[4 * NIGHT], measured[VISITS]
    assert early.keys() == late.keys()
    (count, size), (_, former_size) = late["landing"], measured[VISITS - NIGHT]["landing"]
    assert count == (timedelta(days=30) // EVERY + 1) * len(CHANNELS) and abs(size - former_size) < 1_000
    removed = [line["what"] for line in read_log(tmp_path) if line["event"] == "removed"]
    assert {name.partition("/")[0] for name in removed} == {"attempts", "published"}
    # Logs have a bound of their own, which two months do not reach.
    assert late["logs"][0] == 1 and late["attempts"][0] < 100 + 4 * 30
    for kind in ("warehouse.duckdb", "published"):
        assert late[kind][0] == early[kind][0] and late[kind][1] <= early[kind][1] + BLOCK, kind
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from ledger.files").fetchall() == [(VISITS * len(CHANNELS),)]
