"""The numbers of an installation in Prometheus' text format: freshness, outcomes, requests, durations, sizes."""

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from dashboards.frame import snapshot_reader
from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState
from warehouse.attempts.reader import find_home, read_attempts
from warehouse.database import WarehouseError
from warehouse.faults import LandingError
from warehouse.settings import SettingsError
from warehouse.snapshot import Snapshot
from warehouse.upkeep.sizes import measure_sizes

CONTENT_TYPE = CONTENT_TYPE_LATEST
DAY = timedelta(hours=24)
GOOD = (AttemptState.DONE, AttemptState.PARTIAL)


def write_metrics(is_well: bool) -> bytes:
    """Writes the numbers of now that can be read; those of the ledger only for an installation's own data."""
    registry = CollectorRegistry()
    _set(registry, "up", "1 if a fresh published version opens and answers, as /healthz says", {(): float(is_well)})
    _set(registry, "info", "Version of Heartbeat", {(version("heartbeat"),): 1}, "version")
    with suppress(LandingError, OSError, SettingsError, WarehouseError):  # of which /healthz and `doctor` tell
        snapshot = snapshot_reader.newest_snapshot()
        if snapshot is not None:
            _add_snapshot(registry, snapshot)
            if snapshot.origin is None:
                _add_ledger(registry, read_attempts(find_home(snapshot)), snapshot_reader.current_time(snapshot))
                _add_sizes(registry)
    return generate_latest(registry)


def _set(registry: CollectorRegistry, name: str, words: str, values: Mapping[Any, float], *labels: str) -> None:
    gauge = Gauge(f"heartbeat_{name}", words, labels, registry=registry)
    for own, value in values.items():
        (gauge.labels(*own) if labels else gauge).set(value)


def _add_snapshot(registry: CollectorRegistry, snapshot: Snapshot) -> None:
    now = snapshot_reader.current_time(snapshot)
    rows = snapshot_reader.load_collections(snapshot, now)
    conditions = Counter((str(row["source"]), str(row["condition"])) for row in rows)
    oldest: dict[tuple[str, ...], float] = {}
    for row in rows:
        if row["as_of_at"]:
            as_of = row["as_of_at"].replace(tzinfo=UTC).timestamp()
            oldest[row["source"],] = min(as_of, oldest.get((row["source"],), as_of))
    home = find_home(snapshot)
    _set(registry, "snapshot_version", "Number of the published version", {(): snapshot.version})
    published = {(): snapshot.published_at.timestamp()}
    _set(registry, "snapshot_published_timestamp_seconds", "When that version was published", published)
    _set(registry, "oldest_data_timestamp_seconds", "Last good visit of a source's oldest collection", oldest, "source")
    _set(registry, "collections", "Collections by source and condition", conditions, "source", "condition")
    _set(registry, "disk_free_bytes", "Room on the disk of the home", {(): shutil.disk_usage(home).free})


def _add_sizes(registry: CollectorRegistry) -> None:
    """Adds what a home keeps; a landing zone elsewhere is asked for by those who have its credentials."""
    settings = snapshot_reader.read_environment()
    if "://" not in settings.landing_url:
        sizes = measure_sizes(settings)
        _set(
            registry, "kept_bytes", "Room that is taken, by kind", {(size.kind,): size.bytes for size in sizes}, "kind"
        )
        _set(
            registry, "kept_files", "Files that are kept, by kind", {(size.kind,): size.files for size in sizes}, "kind"
        )


def _add_ledger(registry: CollectorRegistry, attempts: Iterable[Attempt], now: datetime) -> None:
    """Adds what the ledger of attempts says: the last attempt of each kind, each channel's last outcome, a day's
    requests."""
    ended: dict[tuple[str, ...], Attempt] = {}
    outcomes, requests = dict[str, list[str]](), Counter[tuple[str, ...]]()
    for attempt in attempts:  # the newest first
        beginning = attempt.beginning
        if attempt.ending is not None:
            ended.setdefault((str(beginning.kind),), attempt)
        for channel, streams in attempt.channels.items() if beginning.kind == AttemptKind.COLLECT else ():
            outcomes.setdefault(channel, [str(end.state) for end in streams.values()])
            if now - beginning.started_at <= DAY:
                requests[channel.split(".")[1],] += sum(end.requests for end in streams.values())
    states = Counter((channel.split(".")[1], state) for channel, own in outcomes.items() for state in own)
    begun = {kind: one.beginning.started_at.timestamp() for kind, one in ended.items()}
    seconds = {
        kind: (one.ending.ended_at - one.beginning.started_at).total_seconds()
        for kind, one in ended.items()
        if one.ending is not None
    }
    good = {kind: float(one.state in GOOD) for kind, one in ended.items()}
    _set(registry, "last_attempt_timestamp_seconds", "When the last ended attempt began", begun, "kind")
    _set(registry, "last_attempt_duration_seconds", "How long it took", seconds, "kind")
    _set(registry, "last_attempt_success", "1 if it was done, whole or in part", good, "kind")
    _set(registry, "streams", "Streams of channels by the outcome of their last visit", states, "source", "state")
    _set(registry, "requests_of_a_day", "Requests in collects of the last 24 hours", requests, "source")
