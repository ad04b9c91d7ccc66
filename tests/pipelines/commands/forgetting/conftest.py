"""A home of three landed files that report a person, in which commands run in this process."""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.engine.build import BuildReport
from pipelines import cli
from pipelines.collecting.people_key import open_people
from pipelines.people import People
from tests.pipelines.commands.forgetting.marks import make_marks
from tests.worlds.published_sets import settings_of
from warehouse.forgetting.register import read_forgotten
from warehouse.landing import open_writer, open_zone
from warehouse.publish import read_build
from warehouse.settings import Settings

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
KEY, LOGIN = "a key of sixteen bytes", "zyxa-canary-77"
WHO = People(KEY.encode()).make_pseudonym("github", LOGIN)
MARKS = make_marks(name=LOGIN, pseudonym=WHO or "", link="github.com/o/r/issues/7")
FAMILY = """title = "Gpt"
side = "proprietary"
vendor = "OpenAI"
mentions = ["gpt"]
checked_on = 2026-11-01
[[channel]]
source = "github"
target = "o/r"
role = "sdk"
staff = ["somebody"]
"""
Run = Callable[..., tuple[int, str]]


def _mark_build(connection: duckdb.DuckDBPyConnection, *_: Any) -> BuildReport:
    number = read_build(connection).number + 1
    connection.execute("delete from ledger.settings where name in ('build', 'build_id')")
    connection.execute(f"insert into ledger.settings values ('build', {number}), ('build_id', 'build {number}')")
    return BuildReport()


def land(settings: Settings, number: int, **body: Any) -> None:
    """Lands an issue of the repository, as a collector does."""
    zone, people = open_zone(settings.landing_url), open_people(settings)
    url = f"https://github.com/o/r/issues/{number}"
    own = {"number": number, "url": url, "created_at": NOW.isoformat(), "updated_at": NOW.isoformat(), "actor": None}
    forgotten = read_forgotten(zone, people.key)
    writer = open_writer(zone, "gpt.github.o-r", "github", NOW, key_id=people.key_id, forgotten=forgotten)
    writer.add_rows([("issues", str(number), NOW, json.dumps(own | body))], NOW)
    writer.finish(NOW)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with three landed files, two of which are about the person."""
    # No power is cut here, and waiting for the disk would take most of the time.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "gpt.toml").write_text(FAMILY)
    monkeypatch.chdir(tmp_path)
    values = {"HOME": "home", "CATALOG": "families", "CATALOG_ONLY": "1", "PEOPLE_KEY": KEY, "NOW": NOW.isoformat()}
    for name, value in values.items():
        monkeypatch.setenv(f"HEARTBEAT_{name}", value)
    settings = settings_of(Path("home"), HEARTBEAT_PEOPLE_KEY=KEY)
    land(settings, 6, title="Something else")
    land(settings, 7, title="Mine", actor=WHO)
    land(settings, 8, title=f"As @{LOGIN} says")
    # What is computed of the rows is no matter of this file, and would take most of its time.
    monkeypatch.setattr("pipelines.steps.build_tables", _mark_build)
    return settings


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; gives its exit code and all that it says."""
    monkeypatch.setattr(cli, "exit_now", sys.exit)
    monkeypatch.setattr("pipelines.commands.forgetting.command.handle_ending_signals", lambda: None)

    def run_command(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["heartbeat", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.run()
        said = "".join(capsys.readouterr())
        assert isinstance(end.value.code, int) and "Traceback" not in said, said
        return end.value.code, " ".join(said.split())

    return run_command
