"""`python -m tests.tools.sources_table`: each source and thing with its recordings, emulator, cursor, and what it
costs, as measured.

The shipped catalog is collected from the emulator twice without a change in between.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from pipelines.collecting import planning, run
from pipelines.collecting.results import ChannelResult
from tests.paths import RECORDINGS
from tests.recordings.claimed import CLAIMS
from tests.upstream.emulator import KINDS, Upstream
from tests.upstream.quota import Quota
from tests.worlds.budgets import ENDLESS
from warehouse.landing import open_zone, read_newest_manifest
from warehouse.settings import TOKENS, Settings

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
SINCE = NOW - timedelta(days=730)
SEED, THREADS = 4, 600
ENOUGH = 1_000_000
"""Requests and points of every allowance: a table of costs must not wait for one."""
COSTLIER = {
    ("huggingface", "discussions"): "one for each model: the Hub has no list of an organisation's discussions",
    ("reddit", "posts"): "a token, and one page of the list",
    ("status", "incidents"): "one for each list of AWS: what goes on changes while the list of the past stands still",
}
"""Where a visit that finds nothing changed costs a channel more than one request, and why it must."""
HEAD = (
    "source", "thing", "channels", "recordings", "emulator", "cursor", "full: requests", "points", "rows",
    "unchanged: requests", "points", "most for one channel",
)  # fmt: skip


@dataclass(slots=True)
class Line:
    """What was measured of one thing of one source, over all its channels."""

    source: str
    thing: str
    channels: int = 0
    cursor: set[str] = field(default_factory=set)
    full: list[int] = field(default_factory=lambda: [0, 0, 0])
    """Requests, points, rows of a first visit."""
    unchanged: list[int] = field(default_factory=lambda: [0, 0, 0])
    """Requests and points of a second one, and the most requests that one channel took."""
    faults: set[str] = field(default_factory=set)

    @property
    def recordings(self) -> str:
        """How many recorded files the thing's source is tested on, by the declared claims."""
        own = [claim for claim in CLAIMS if claim.read and claim.source == self.source and self.thing in claim.by]
        files = sum(len(list(RECORDINGS.glob(claim.pattern))) for claim in own)
        return f"{files} files" if own and RECORDINGS.is_dir() else f"{len(own)} kinds" if own else "none exists"

    def cells(self) -> list[str]:
        """The line of the table."""
        cursor = ", ".join(sorted(self.cursor)) or "none: all is read each time"
        numbers = [f"{number:,}" for number in (*self.full, *self.unchanged)]
        return [
            self.source,
            self.thing,
            str(self.channels),
            self.recordings,
            KINDS[self.source],
            cursor,
            *numbers,
        ]


def measure(catalog: Catalog, threads: int = THREADS) -> list[Line]:
    """Collects everything twice, and gives a line for each thing of each source."""
    with TemporaryDirectory() as aside, Upstream(catalog, SEED, threads, NOW) as up:
        for quota in (one for one in vars(up).values() if isinstance(one, Quota)):
            quota.limit = quota.nameless_limit = ENOUGH
        led = read_catalog([up.catalog(Path(aside) / "catalog")], frozenset({"127.0.0.1"}))
        settings = _settings(
            Path(aside) / "home",
            led,
            dict(zip(("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET"), up.reddit.app, strict=True)),
        )
        todo = planning.make_plan(settings, led, SINCE, ENOUGH)
        first, second = (run.collect_plan(todo, settings).results for _ in range(2))
        return _lines(first, second, settings)


def _settings(home: Path, catalog: Catalog, app: dict[str, str]) -> Settings:
    terms = ",".join(sorted({channel.source for channel in catalog.channels}))
    tokens: dict[str, Any] = dict.fromkeys(TOKENS, "sample") | app
    return Settings(
        HEARTBEAT_HOME=home, HEARTBEAT_NOW=NOW, HEARTBEAT_ALLOW_PRIVATE_HOSTS="127.0.0.1",
        HEARTBEAT_TERMS=terms, HEARTBEAT_BUDGETS=ENDLESS, **tokens, _env_file=None,
    )  # fmt: skip


def _lines(first: Iterable[ChannelResult], second: Iterable[ChannelResult], settings: Settings) -> list[Line]:
    lines: dict[tuple[str, str], Line] = {}
    zone = open_zone(settings.landing_url)
    for result in first:
        slip = read_newest_manifest(zone, result.channel.id)
        for thing, outcome in result.outcomes.items():
            line = lines.setdefault((result.channel.source, thing), Line(result.channel.source, thing))
            line.channels += 1
            line.full = [
                one + more
                for one, more in zip(line.full, (outcome.requests, outcome.points, outcome.rows), strict=True)
            ]
            line.cursor |= (slip.cursors.get(thing) or {}).keys() if slip else set()
            line.faults |= {outcome.error} - {""}
    for result in second:
        for thing, outcome in result.outcomes.items():
            line = lines[result.channel.source, thing]
            requests, points, most = line.unchanged
            line.unchanged = [requests + outcome.requests, points + outcome.points, max(most, outcome.requests)]
            line.faults |= {outcome.error} - {""}
    return [lines[key] for key in sorted(lines)]


def table(lines: Iterable[Line]) -> str:
    """The lines in Markdown."""
    rows = [HEAD, ["---"] * len(HEAD), *(line.cells() for line in lines)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


if __name__ == "__main__":
    measured = measure(read_catalog([SHIPPED]))
    print(table(measured))
    for (source, thing), why in COSTLIER.items():
        print(f"{source}/{thing}: more than one request of an unchanged run: {why}")
    for line in measured:
        for fault in sorted(line.faults)[:3]:
            print(f"{line.source}/{line.thing}: {fault}")
