"""Programs that watch learn whether readers are served, from a query of what readers see, and nothing secret."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from dashboards.vital_metrics import write_metrics
from dashboards.vitals import judge_vitals
from tests.worlds.page_worlds import LATER, NOW
from warehouse.attempts.entries import AttemptKind, AttemptState, Beginning, StreamEnd
from warehouse.attempts.writer import AttemptWriter
from warehouse.snapshot import read_current

Home = Callable[[str], Path]


def _read(body: bytes) -> dict[str, float]:
    """Reads Prometheus' text as its own parser does."""
    return {
        f"{sample.name}{sorted(sample.labels.values()) or ''}": sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def test_a_fresh_version_is_well_and_a_late_damaged_or_missing_one_is_not(
    state_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failing sources alone do not stop readers; no answer says where anything lies."""
    told = {}
    for state, now in (("live", NOW), ("failed", NOW), ("stale", LATER), ("sample", LATER), ("no rows", NOW)):
        monkeypatch.setenv("HEARTBEAT_HOME", str(state_home(state)))
        monkeypatch.setenv("HEARTBEAT_NOW", now.isoformat())
        is_well, record = judge_vitals()
        told[state] = is_well, record["status"]
        assert str(state_home(state)) not in json.dumps(record)
        assert _read(write_metrics(is_well))["heartbeat_up"] == is_well
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    told["nothing"] = judge_vitals()[0], judge_vitals()[1]["status"]
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "current.json").write_text("{")
    told["damaged"] = judge_vitals()[0], judge_vitals()[1]["status"]

    assert told["live"] == told["failed"] == told["sample"] == (True, "ok")
    assert told["stale"] == (False, "late")
    assert told["nothing"] == (False, "nothing published") and told["damaged"] == (False, "unreadable")


def test_numbers_are_those_of_the_snapshot_and_of_the_ledger(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instants are seconds of the epoch, every name is described, and what cannot be read takes nothing else away."""
    home = state_home("live")
    monkeypatch.setenv("HEARTBEAT_HOME", str(home))
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    channel = "gpt.github.o-r"
    begun = NOW - timedelta(hours=2)
    planned = {channel: ["issues", "pulls"]}
    writer = AttemptWriter(Beginning(kind=AttemptKind.COLLECT, version="1", pid=1, started_at=begun, planned=planned))
    writer.open(home)
    ends = {"issues": StreamEnd(state="complete", rows=3, requests=5), "pulls": StreamEnd(state="failed", requests=2)}
    writer.add_channel(channel, ends)
    writer.close(AttemptState.PARTIAL, NOW - timedelta(hours=1), "none", "", "")
    snapshot, numbers = read_current(home), _read(write_metrics(True))

    assert snapshot and numbers["heartbeat_snapshot_version"] == snapshot.version
    assert numbers["heartbeat_snapshot_published_timestamp_seconds"] == snapshot.published_at.timestamp()
    assert numbers["heartbeat_last_attempt_duration_seconds['collect']"] == 3600
    assert numbers["heartbeat_last_attempt_timestamp_seconds['collect']"] == begun.timestamp()
    assert numbers["heartbeat_last_attempt_success['collect']"] == 1
    assert numbers["heartbeat_requests_of_a_day['github']"] == 7
    assert numbers["heartbeat_streams['failed', 'github']"] == numbers["heartbeat_streams['complete', 'github']"] == 1
    assert numbers["heartbeat_kept_bytes['published']"] >= snapshot.path.stat().st_size
    assert numbers["heartbeat_oldest_data_timestamp_seconds['github']"] <= NOW.timestamp()
    assert sum(value for name, value in numbers.items() if name.startswith("heartbeat_collections")) > 600
    assert str(home) not in write_metrics(True).decode() and write_metrics(True).count(b"# HELP") > 12
    monkeypatch.setenv("HEARTBEAT_LANDING", str(snapshot.path / "no folder"))
    rest = _read(write_metrics(True))
    assert numbers.keys() - rest.keys() == {name for name in numbers if name.startswith("heartbeat_kept")}
    monkeypatch.setenv("HEARTBEAT_FRESHNESS", "nonsense")
    assert _read(write_metrics(False))["heartbeat_up"] == 0
