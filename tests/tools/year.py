"""Lives a year of rounds with small channels, as an operator does: `make year ARGS=365`.

Each day is a `refresh` and an `alerts`, each week a `tidy`, all processes of their own against the emulator; trouble
comes and goes. Half-way a backup is restored, and after three quarters a person is forgotten. Prints a line a month:
CPU seconds and peak memory of a refresh, and the megabytes of each folder; then every message, and what was left of the
person.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb
from pytest_httpserver import HTTPServer

from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.people import People
from tests.upstream.catalogs import few
from tests.upstream.emulator import NOW, Upstream
from tests.upstream.faults import Rule
from tests.upstream.messages import Response

FAMILIES, THREADS = ("grok", "qwen", "deepseek", "_shared"), 600
SHARED = ("_shared.stackexchange.stackoverflow",)
MONTH, WEEK = 30, 7
TROUBLES = {40: ("github", 401, 47), 100: ("status", 503, 104), 200: ("*", 502, 203)}
"""On which day which upstream begins to answer what, and on which day that is over."""

KEY = "the key of a year in which nobody is real"
ACTORS = """select distinct format('{}.{}', schema_name, table_name) from duckdb_columns()
    where column_name = 'actor' and database_name = 'warehouse'"""


class Spent(NamedTuple):
    """What a process took."""

    code: int
    cpu: float
    megabytes: float
    text: str


class Home:
    """An installation, whose clock is that of its world."""

    def __init__(self, folder: Path, up: Upstream, hook: HTTPServer) -> None:
        self.folder, self._up, self._hook = folder, up, hook

    def run(self, *words: str) -> Spent:
        """Runs a command."""
        own = {
            "HEARTBEAT_HOME": str(self.folder), "HEARTBEAT_NOW": self._up.world.now.isoformat(),
            "HEARTBEAT_CATALOG": str(self.folder.parent / "catalog"), "HEARTBEAT_CATALOG_ONLY": "1",
            "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_PEOPLE_KEY": KEY,
            "HEARTBEAT_TERMS": "reddit", "GITHUB_TOKEN": "sample-token", "HF_TOKEN": "sample-token",
            "REDDIT_CLIENT_ID": "app", "REDDIT_CLIENT_SECRET": "secret",
            "HEARTBEAT_NOTIFY": self._hook.url_for("/hook").replace("http", "json", 1),
        }  # fmt: skip
        output = self.folder.parent / "output"
        with output.open("wb") as file:
            command = [sys.executable, "-m", "pipelines", *words]
            process = subprocess.Popen(command, env=os.environ | own, stdout=file, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        text = output.read_text(encoding="utf-8", errors="replace")
        return Spent(process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, text)

    def measure(self) -> dict[str, float]:
        """Measures each folder of the home, in megabytes."""
        sizes: dict[str, float] = {}
        for path in self.folder.rglob("*"):
            if path.is_file():
                kind = path.relative_to(self.folder).parts[0]
                sizes[kind] = sizes.get(kind, 0) + path.stat().st_size / 1e6
        return dict(sorted(sizes.items()))

    def count_rows(self, login: str) -> int:
        """Counts the rows of the warehouse that an account wrote."""
        who = People(KEY.encode()).make_pseudonym("github", login)
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            tables = connection.execute(ACTORS).fetchall()
            counts = [
                connection.execute(f"select count(*) from {one} where actor = ?", [who]).fetchall() for (one,) in tables
            ]
        return sum(rows[0][0] for rows in counts)


def live(days: int) -> None:
    """Lives so many days, and prints what they took."""
    start = NOW - timedelta(days=1)
    catalog = few(read_catalog([SHIPPED]), *FAMILIES[:-1])
    catalog = type(catalog)(
        catalog.families, tuple(one for one in catalog.channels if one.family != "_shared" or one.id in SHARED)
    )
    print(len(catalog.channels), "channels,", THREADS, "threads")
    with TemporaryDirectory() as name, Upstream(catalog, 7, THREADS, start) as up, HTTPServer() as hook:
        folder = Path(name)
        hook.expect_request("/hook").respond_with_data("ok")
        up.catalog(folder / "catalog")
        home, spent = Home(folder / "home", up, hook), list[Spent]()
        on: dict[int, Rule] = {}
        for day in range(1, days + 1):
            on = _make_trouble(up, day, on)
            spent.append(home.run("refresh"))
            home.run("alerts")
            _print_messages(day, hook)
            if day % WEEK == 0:
                home.run("tidy")
            if day % MONTH == 0:
                _print_month(day, spent, home)
                spent = []
            if day == days // 2:
                _restore(home, up, hook)
            if day == days * 3 // 4:
                _forget(home, up)
            up.forgive()
            up.forget()
            up.world.advance(24)
        print(home.run("status").text)


def _make_trouble(up: Upstream, day: int, on: dict[int, Rule]) -> dict[int, Rule]:
    for end in [end for end in on if end <= day]:
        on.pop(end).stop()
    if day in TROUBLES:
        host, status, end = TROUBLES[day]
        on[end] = up.fail(host, None, Response(status, b"trouble"))
    return on


def _print_messages(day: int, hook: HTTPServer) -> None:
    for request, _ in hook.log:
        print(f"day {day}: {request.get_json()['title']}", flush=True)
    hook.clear_log()


def _print_month(day: int, spent: Sequence[Spent], home: Home) -> None:
    cpu, memory = [one.cpu for one in spent], max(one.megabytes for one in spent)
    sizes = home.measure()
    parts = ", ".join(f"{kind} {size:.1f}" for kind, size in sizes.items() if size >= 0.05)
    codes = sorted({one.code for one in spent})
    print(f"day {day}: refresh {median(cpu):.1f} CPU s (most {max(cpu):.1f}), {memory:.0f} MB, exit codes {codes}; "
          f"home {sum(sizes.values()):.1f} MB: {parts}", flush=True)  # fmt: skip


def _restore(home: Home, up: Upstream, hook: HTTPServer) -> None:
    """Restores a backup beside the home, and compares what both export."""
    aside = Home(home.folder.parent / "restored", up, hook)
    codes = [home.run("backup", str(home.folder.parent / "backup")).code]
    codes.append(aside.run("restore", str(home.folder.parent / "backup")).code)
    codes += [aside.run("build").code, aside.run("publish").code]
    exports = []
    for one in (home, aside):
        target = home.folder.parent / f"export-{one.folder.name}"
        codes.append(one.run("export", "all", "--out", str(target)).code)
        exports.append({path.name: path.read_bytes() for path in sorted(target.rglob("*")) if path.is_file()})
    print(f"restored: exit codes {codes}; {len(exports[0])} exported files,",
          "equal" if exports[0] == exports[1] else "different", flush=True)  # fmt: skip


def _forget(home: Home, up: Upstream) -> None:
    """Forgets the account that opened most threads, and counts the rows of it in every table before and after."""
    authors = [
        up.world.people.person(int(code)) for one in up.world.repositories for code in one.tracker.threads["author"]
    ]
    login, asked = Counter(one.login for one in authors if one).most_common(1)[0]
    before, done = home.count_rows(login), home.run("forget", f"github:{login}")
    print(f"forgot {login}, who opened {asked} threads, exit code {done.code}; rows before {before}, after",
          f"{home.count_rows(login)}", done.text, flush=True)  # fmt: skip


if __name__ == "__main__":
    live(int(sys.argv[1]) if len(sys.argv) > 1 else 365)
