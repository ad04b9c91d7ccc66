"""`python -m tests.tools.costs.measuring [--threads 1000] [--families gpt] [--sources status]`: the constants of the
cost model, measured anew.

The shipped catalog is collected from the emulator and built; after a day of the world each source is visited by itself
and built again, which says what a run of it costs; then the same without any change. Commands run in processes of
their own, so that the CPU is theirs and not the emulator's.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from huggingface_hub import ModelInfo

from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from pipelines.contract import Row
from pipelines.sources.huggingface import LISTED, _make_model_body
from tests.paths import ROOT
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from tests.upstream.quota import Quota
from tests.upstream.sites.hub import ALWAYS, shown
from warehouse.settings import TOKENS
from warehouse.snapshot import list_versions, published_folder

SEED, HOURS = 4, 24.0
ENOUGH = 10**7
HEAD = (
    "run", "channels", "requests", "points", "rows", "files", "landed kB", "collect CPU s", "build CPU s",
    "publish CPU s", "peak MB",
)  # fmt: skip
LINE = "{:<20}" + "{:>14}" * (len(HEAD) - 1)


@dataclass(slots=True)
class Home:
    """A home whose catalog leads to an emulated world, with all tokens and terms."""

    up: Upstream
    folder: Path

    def environment(self) -> dict[str, str]:
        """The settings of a command that starts now."""
        sources = sorted({channel.source for channel in read_catalog([SHIPPED]).channels})
        app = dict(zip(("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET"), self.up.reddit.app, strict=True))
        own = {
            "HEARTBEAT_HOME": str(self.folder / "home"), "HEARTBEAT_CATALOG": str(self.folder / "catalog"),
            "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
            "HEARTBEAT_NOW": self.up.world.now.isoformat(), "HEARTBEAT_TERMS": ",".join(sources),
            "HEARTBEAT_BUDGETS": " ".join(
                f"{source}.{period}.{unit}={ENOUGH}"
                for source in sources for period in ("run", "day") for unit in ("requests", "points", "minutes")
            ),
        }  # fmt: skip
        return os.environ | dict.fromkeys(TOKENS, "sample") | app | own

    def run(self, *words: str) -> float:
        """Runs a command; returns its CPU seconds."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", *words],
            cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode not in (0, 3):
            raise SystemExit(f"{words}: exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def count_landed(self) -> tuple[int, int]:
        """Counts landed files and their bytes."""
        sizes = [path.stat().st_size for path in (self.folder / "home" / "landing").rglob("*") if path.is_file()]
        return len(sizes), sum(sizes)

    def count_rows(self) -> int:
        """Counts the rows that the warehouse holds of what was landed."""
        with duckdb.connect(str(self.folder / "home" / "warehouse.duckdb"), read_only=True) as connection:
            tables = connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'raw' and table_name not like 'ledger__%'"
            ).fetchall()
            counts = [connection.execute(f'select count(*) from raw."{name}"').fetchone() for (name,) in tables]
            return sum(found[0] for found in counts if found)

    def show_run(self, name: str, channels: int, *words: str, full: bool = False) -> None:
        """Collects and builds, and prints what it came to."""
        self.up.forget()
        rows = self.count_rows() if (self.folder / "home" / "warehouse.duckdb").exists() else 0
        files, landed = self.count_landed()
        collect = self.run("collect", "--budget", str(ENOUGH), *words)
        build = self.run("build", *(["--full"] if full else []))
        publish = self.run("publish")
        after, size = self.count_landed()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        shown = (
            channels, len(self.up.requests), self.up.points, self.count_rows() - rows, after - files,
            f"{(size - landed) / 1e3:,.1f}", f"{collect:.2f}", f"{build:.2f}", f"{publish:.2f}", f"{peak:,.0f}",
        )  # fmt: skip
        print(LINE.format(name, *shown), flush=True)


def measure(catalog: Catalog, threads: int, sources: Collection[str]) -> None:
    """Prints a line for each run: a first one of all sources, one each of these, and one of all with nothing new."""
    with TemporaryDirectory() as aside, Upstream(catalog, SEED, threads) as up:
        for quota in (one for one in vars(up).values() if isinstance(one, Quota)):
            quota.limit = quota.nameless_limit = ENOUGH
        up.stackexchange.quota.limit = up.stackexchange.quota.nameless_limit = ENOUGH
        home = Home(up, Path(aside))
        up.catalog(home.folder / "catalog")
        enabled = [channel.source for channel in catalog.channels if channel.enabled]
        print(LINE.format(*HEAD))
        home.show_run("first", len(enabled), full=True)
        up.world.advance(HOURS)
        for source in sources or sorted(set(enabled)):
            home.show_run(source, enabled.count(source), "--source", source)
        home.show_run("all, nothing new", len(enabled))
        kept = home.folder / "home" / "warehouse.duckdb"
        versions = list_versions(published_folder(home.folder / "home"))
        sizes = [f"{path.stat().st_size / 1e6:.1f} MB" for path in (kept, versions[0])]
        print(f"{home.count_rows():,} rows; warehouse {sizes[0]}; a published version {sizes[1]}")
        print(measure_schemas(kept))
        print(f"a listed model: {measure_listed_model(up):,.0f} bytes in memory")


def measure_schemas(path: Path) -> str:
    """Tells the room of each schema's tables, and their rows."""
    with TemporaryDirectory() as aside, duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as kept (read_only)")
        told = []
        for name in ("raw", "staging", "metrics"):
            copy = Path(aside, f"{name}.duckdb")
            connection.execute(f"attach '{copy}' as copied")
            tables = connection.execute(
                "select table_name, estimated_size from duckdb_tables() "
                "where database_name = 'kept' and schema_name = ?",
                [name],
            ).fetchall()
            for table, _ in tables:
                connection.execute(f'create table copied."{table}" as from kept."{name}"."{table}"')
            connection.execute("checkpoint copied")
            connection.execute("detach copied")
            told.append(f"{name}: {copy.stat().st_size / 1e6:.1f} MB, {sum(rows for _, rows in tables):,} rows")
        return "; ".join(told)


def measure_listed_model(up: Upstream, copies: int = 20_000) -> float:
    """Measures the memory of one model of the Hub's list, as the library reads it and with the row made of it."""
    whole = [shown(model, (*ALWAYS, *LISTED), is_listed=True) for model in up.world.models()]
    text = json.dumps(whole)
    before, held = _read_resident_bytes(), list[object]()
    while len(held) < 2 * copies:
        for item in json.loads(text):
            model = ModelInfo(**item)  # type: ignore[no-untyped-call]
            held += [model, Row(model.id, None, _make_model_body(model, "2026-11-27"))]
    return 2 * (_read_resident_bytes() - before) / len(held)


def _read_resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1_000)
    parser.add_argument("--families", nargs="*", default=(), help="with what all share; default: all")
    parser.add_argument("--sources", nargs="*", default=(), help="to visit by themselves; default: all")
    given = parser.parse_args()
    shipped = read_catalog([SHIPPED])
    measure(few(shipped, *given.families) if given.families else shipped, given.threads, given.sources)
