"""Programs that watch learn whether readers are served, from a query of what readers see, and nothing secret."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.vitals import judge_vitals, render_metrics, state_health
from tests.worlds.page_worlds import LATER, NOW

Home = Callable[[str], Path]


def test_a_fresh_version_is_well_and_a_late_damaged_or_missing_one_is_not(
    state_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failing sources alone do not stop readers; no answer says where anything lies."""
    stated = {}
    for state, now in (("live", NOW), ("failed", NOW), ("stale", LATER), ("sample", LATER)):
        monkeypatch.setenv("HEARTBEAT_HOME", str(state_home(state)))
        monkeypatch.setenv("HEARTBEAT_NOW", now.isoformat())
        record = state_health(*judge_vitals())
        stated[state] = record["status"]
        assert str(state_home(state)) not in json.dumps(record)
        assert str(state_home(state)) not in render_metrics(*judge_vitals()).decode()
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    stated["nothing"] = state_health(*judge_vitals())["status"]
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "current.json").write_text("{")
    damaged = state_health(*judge_vitals())

    assert stated["live"] == stated["failed"] == stated["sample"] == "ok"
    assert stated["stale"] == "wrong" and stated["nothing"] == "no figures"
    assert [one["what"] for one in damaged["problems"]] == ["no published version can be read"]
