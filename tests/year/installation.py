"""One installation on an injected clock: what its schedule does at each turn, in this process."""

import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from pipelines import steps
from pipelines.catalog.reader import Catalog
from pipelines.collecting import planning
from pipelines.collecting.due import read_past_visits, select_due
from pipelines.commands.alerting.watch import watch_home
from pipelines.commands.progress import collect_with_progress
from pipelines.commands.tidying import tidy_home
from tests.paths import ROOT
from tests.upstream.emulator import Upstream
from tests.worlds.receivers import Mailbox, Webhook
from warehouse.settings import Settings
from warehouse.snapshot import published_folder

HOUR = 3600.0


@dataclass
class Turn:
    """What one turn of the schedule came to."""

    visited: list[str] = field(default_factory=list)
    requests: int = 0
    rows: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    """CPU seconds of each step."""
    titles: list[str] = field(default_factory=list)
    """Messages that the webhook received."""
    faults: list[str] = field(default_factory=list)


class Installation:
    """A home whose catalog leads to an emulated world, and whose clock is the world's."""

    def __init__(self, up: Upstream, root: Path, hook: Webhook, mailbox: Mailbox) -> None:
        """Takes the world, an empty folder, and where messages go."""
        self.up, self.root, self.home, self.hook = up, root, root / "home", hook
        self.variables = {
            "HEARTBEAT_HOME": str(self.home), "HEARTBEAT_CATALOG": str(up.catalog(root / "catalog")),
            "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
            "HEARTBEAT_PEOPLE_KEY": "one key for the whole year", "GITHUB_TOKEN": "ghp_year",
            "HEARTBEAT_NOTIFY": f"{hook.address()} {mailbox.address()}", "HEARTBEAT_NEWS": "at-once",
        }  # fmt: skip
        self.visits: dict[str, list[datetime]] = {}
        self._said = Console(file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (as long as the year)

    @property
    def now(self) -> datetime:
        return self.up.world.now

    @property
    def settings(self) -> Settings:
        """The settings of a process that starts now."""
        values: dict[str, Any] = {**self.variables, "HEARTBEAT_NOW": self.now}
        return Settings(**values, _env_file=None)

    def run_turn(self, is_night: bool = False) -> Turn:
        """Visits what is due, builds, publishes and tells; at night it also tidies and builds everything."""
        turn, before, received = Turn(), len(self.up.requests), len(self.hook.messages)
        for name, step in self._list_steps(turn, is_night).items():
            with self._measure(turn, name):
                step()
        turn.requests, turn.titles = len(self.up.requests) - before, self.hook.titles[received:]
        self.up.requests.clear()
        return turn

    def _list_steps(self, turn: Turn, is_night: bool) -> dict[str, Any]:
        catalog = planning.open_catalog(self.settings)
        night = {"tidy": lambda: tidy_home(self.settings)} if is_night else {}
        return night | {
            "collect": lambda: self._collect(turn, catalog),
            "build": lambda: self._build(turn, catalog, is_night),
            "alert": lambda: watch_home(self.settings, has_run=True),
        }

    @contextmanager
    def _measure(self, turn: Turn, name: str) -> Iterator[None]:
        begun = time.process_time()
        try:
            yield
        except Exception as error:  # as the schedule does, which goes on to the next step
            turn.faults.append(f"{name}: {type(error).__name__}: {str(error)[:200]}")
        turn.seconds[name] = time.process_time() - begun

    def _collect(self, turn: Turn, catalog: Catalog) -> None:
        settings = self.settings
        plan = planning.make_plan(settings, catalog)
        due = select_due(plan.channels, read_past_visits(settings), settings.clock())
        if not due:
            return
        report = collect_with_progress(self._said, replace(plan, channels=due), settings)
        turn.visited = [result.channel.id for result in report.results if result.was_reached]
        for channel_id in turn.visited:
            self.visits.setdefault(channel_id, []).append(settings.clock())

    def _build(self, turn: Turn, catalog: Catalog, is_full: bool) -> None:
        turn.rows = steps.refresh_warehouse(self.settings, catalog, is_full).loaded.rows

    def run_command(self, *words: str, module: tuple[str, ...] = ("pipelines",), **more: str) -> int:
        """Runs a command in a process of its own, as cron or a hand does; returns its exit code."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("HEARTBEAT_")}
        own = self.variables | {"HEARTBEAT_NOW": self.now.isoformat()} | more
        command = [sys.executable, "-m", *module, *words]
        return subprocess.run(command, cwd=ROOT, env=environment | own, capture_output=True, check=False).returncode

    def back_up(self) -> int:
        """Brings the backup up to date, as cron does; returns the exit code."""
        return self.run_command("backup", str(self.root / "backup"))

    def find_latest(self, downtimes: list[tuple[datetime, datetime]], step_hours: float) -> tuple[float, str]:
        """Finds by how many hours a visit was later than cadence, one step and what the machine slept."""
        worst = (0.0, "")
        for channel in planning.make_plan(self.settings, planning.open_catalog(self.settings)).channels:
            seen = self.visits.get(channel.id, [])
            for first, then in itertools.pairwise(seen):
                slept = sum((min(then, end) - max(first, begin)).total_seconds() / HOUR for begin, end in downtimes
                            if begin < then and end > first)  # fmt: skip
                allowed = channel.cadence_hours + step_hours + slept
                worst = max(worst, ((then - first).total_seconds() / HOUR - allowed, channel.id))
        return worst

    def rebuild(self) -> list[str]:
        """Builds a clean home from what was landed, and lists the published tables that differ."""
        clean = self.root / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        shutil.copytree(self.home / "landing", clean / "landing")
        values: dict[str, Any] = {**self.variables, "HEARTBEAT_NOW": self.now, "HEARTBEAT_HOME": str(clean)}
        settings = Settings(**values, _env_file=None)
        steps.refresh_warehouse(self.settings, planning.open_catalog(self.settings), full=True)
        steps.refresh_warehouse(settings, planning.open_catalog(settings), full=True)
        newest = [max(published_folder(home).glob("snapshot-*.duckdb")) for home in (self.home, clean)]
        return compare_files(*newest)


def compare_files(first: Path, second: Path) -> list[str]:
    """Lists the tables of figures in which two published files differ. Numbers count to the twelfth digit: what a sum
    of fractions ends in depends on the order in which rows arrived."""
    with duckdb.connect() as connection:
        for name, path in (("a", first), ("b", second)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        named = connection.execute(
            "select schema_name || '.' || table_name, "
            "list(case data_type when 'DOUBLE' then format('format(''{{:.11e}}'', \"{}\")', column_name) "
            "else format('\"{}\"', column_name) end) "
            "from duckdb_columns() where database_name = 'a' and schema_name in ('metrics', 'staging') "
            "group by all order by 1"
        ).fetchall()
        differing = []
        for table, columns in named:
            one, other = (f"(select {', '.join(columns)} from {name}.{table})" for name in "ab")
            either = f"({one} except all {other}) union all ({other} except all {one})"
            rows = connection.execute(f"select count(*) from ({either})").fetchone()
            if rows and rows[0]:
                differing.append(f"{table}: {rows[0]} rows")
        return differing
