"""Makes the sample world: `python -m tests.upstream.sample` runs the real collectors against the emulator, day by day,
packs what they land, and packs the snapshot that is built from it; with `--build` the last alone."""

import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.collecting import planning, run
from pipelines.collecting.run import ChannelResult
from pipelines.commands import sample
from tests.upstream.emulator import Upstream
from tests.upstream.packing import LANDED, pack
from tests.upstream.planted.manner import Planted
from tests.upstream.ready import NOW, list_differences, pack_snapshot
from tests.worlds.page_worlds import make_sample
from warehouse.settings import Settings
from warehouse.snapshot import read_current

SEED, THREADS = 20261101, 3200
DAYS = 30
"""How many days are watched: downloads have no history, so each day must be seen."""
FULL_EVERY = 10
"""Every so many days the other sources are visited too, so that later states of the same things are among the rows."""
REQUESTS = 5000


def make(folder: Path) -> list[ChannelResult]:
    """Collects the world and packs it into the folder; gives what the last day came to."""
    start = NOW - timedelta(days=DAYS)
    results: list[ChannelResult] = []
    folder.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory() as aside,
        Upstream(read_catalog([SHIPPED]), SEED, THREADS, start, Planted(SEED)) as up,
    ):
        catalog = read_catalog([up.catalog(Path(aside) / "catalog")], frozenset({"127.0.0.1", "localhost"}))
        for day in range(DAYS + 1):
            source = "" if day % FULL_EVERY == 0 else "huggingface"
            settings, since = _settings(Path(aside), up), start - planning.FIRST_SINCE
            todo = planning.make_plan(settings, catalog, since, REQUESTS, source, is_sample=True)
            results = run.collect_plan(todo, settings).results
            up.world.advance(24) if day < DAYS else None
        pack(Path(aside) / "landing", folder)
    return results


def _settings(home: Path, up: Upstream) -> Settings:
    return Settings(
        HEARTBEAT_HOME=home, HEARTBEAT_NOW=up.world.clock.now,
        HEARTBEAT_ALLOW_PRIVATE_HOSTS="127.0.0.1,localhost",
        HEARTBEAT_TERMS="reddit,community.openai.com,status.openrouter.ai",
        REDDIT_CLIENT_ID="app", REDDIT_CLIENT_SECRET="secret",
        HEARTBEAT_PEOPLE_KEY="the key of the sample world, where nobody is real",
        GITHUB_TOKEN="sample", HF_TOKEN="sample", _env_file=None,
    )  # fmt: skip


def renew_snapshot() -> list[str]:
    """Packs the snapshot that the landed files give, unless the packed one is equal; returns what differed."""
    with TemporaryDirectory() as folder:
        built = read_current(make_sample(Path(folder, "built")))
        sample.open_sample(Settings(HEARTBEAT_HOME=Path(folder, "packed"), _env_file=None))
        packed = read_current(Path(folder, "packed"))
        assert built is not None and packed is not None
        differences = list_differences(packed, built)
        if differences:
            pack_snapshot(built)
    return differences


if __name__ == "__main__":
    for result in [] if "--build" in sys.argv else make(LANDED):
        for thing, outcome in result.outcomes.items():
            print(f"{result.channel.id} {thing}: {outcome.state}, {outcome.rows} rows {outcome.error}")
    differences = renew_snapshot()
    print("renewed the snapshot, in which these differ:" if differences else "the snapshot is equal", *differences)
