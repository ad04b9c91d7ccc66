"""Publishes the world of the recordings: one collect, build and publish of recorded answers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.http import http_date
from werkzeug.serving import WSGIRequestHandler

from pipelines import steps
from pipelines.collecting import planning
from pipelines.collecting.run import collect_plan
from tests.paths import RECORDINGS
from tests.recordings import recorded
from warehouse.settings import Settings
from warehouse.snapshot import Snapshot

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)


def publish_recordings(home: Path, root: Path = RECORDINGS) -> Snapshot:
    """Returns the snapshot of the recordings in `root`, built in an empty home."""
    (home / "catalog").mkdir()
    with HTTPServer() as github, HTTPServer() as pages, pytest.MonkeyPatch.context() as patch:
        # A run is refused if the server's clock disagrees with its own.
        patch.setattr(WSGIRequestHandler, "date_time_string", lambda self, timestamp=None: http_date(NOW))
        recorded.serve(github, pages, root)
        settings = Settings(
            HEARTBEAT_HOME=home, HEARTBEAT_CATALOG=recorded.catalog(home / "catalog", github, pages, root),
            HEARTBEAT_CATALOG_ONLY=True,
            HEARTBEAT_ALLOW_PRIVATE_HOSTS="localhost,127.0.0.1", HEARTBEAT_NOW=NOW,
            GITHUB_TOKEN="recorded",
            _env_file=None,
        )  # fmt: skip
        catalog = planning.open_catalog(settings)
        results = collect_plan(
            planning.make_plan(settings, catalog, since=datetime(2020, 1, 1, tzinfo=UTC)), settings
        ).results
        assert {one.state for result in results for one in result.outcomes.values()} == {"complete"}
        published = steps.refresh_warehouse(settings, catalog).snapshot
    assert published is not None
    return published
