"""Cursors that a former version landed: today's sources go on from them, or begin anew, and never fail on them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.collecting import planning
from pipelines.collecting import run as collecting
from pipelines.commands.sample import read_sample_catalog
from tests.upstream.emulator import Upstream
from warehouse.landing import open_writer, open_zone, read_newest_manifest
from warehouse.settings import Settings

KEPT: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "formats" / "cursors.json").read_text("utf-8"))
"""The cursors of some channels of the sample world as of commit f166ca64, by channel and stream."""
pytestmark = pytest.mark.slow


def _collect(up: Upstream, home: Path, cursors: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Collects after a former visit that left these cursors, and returns the new ones by channel."""
    settings = Settings(
        HEARTBEAT_HOME=home, HEARTBEAT_CATALOG=up.catalog(home / "catalog"), HEARTBEAT_CATALOG_ONLY=True,
        HEARTBEAT_ALLOW_PRIVATE_HOSTS="127.0.0.1", HEARTBEAT_NOW=up.world.now, GITHUB_TOKEN="a token",
        _env_file=None,
    )  # fmt: skip
    zone, catalog = open_zone(settings.landing_url), planning.open_catalog(settings)
    for channel_id, own in cursors.items():
        writer = open_writer(zone, channel_id, channel_id.split(".")[1], up.world.now - timedelta(days=30))
        writer.manifest.cursors = own
        writer.finish(up.world.now - timedelta(days=30))
    results = collecting.collect_plan(planning.make_plan(settings, catalog), settings)
    outcomes = {(one.channel.id, name): outcome for one in results for name, outcome in one.outcomes.items()}
    assert {key: outcome.error for key, outcome in outcomes.items() if outcome.state == "failed"} == {}
    manifests = {channel_id: read_newest_manifest(zone, channel_id) for channel_id in KEPT}
    return {channel_id: manifest.cursors for channel_id, manifest in manifests.items() if manifest}


def test_a_visit_that_begins_from_former_cursors_ends_with_todays(tmp_path: Path) -> None:
    """As after an update: no stream fails, and each leaves what a first visit leaves."""
    channels = [channel for channel in read_sample_catalog().channels if channel.id in KEPT]
    assert len(channels) == len(KEPT)
    with Upstream(channels, seed=3, threads=10) as up:
        first, after = (_collect(up, tmp_path / name, own) for name, own in (("first", {}), ("after", KEPT)))
    for channel_id, streams in KEPT.items():
        for stream in streams:
            assert after[channel_id][stream].keys() >= first[channel_id][stream].keys() - {"after", "expected"}, stream
            assert after[channel_id][stream] != streams[stream], stream
