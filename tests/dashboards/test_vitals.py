"""Programs that watch learn whether readers are served, from a query of what readers see, and nothing secret."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.vitals import judge_vitals
from tests.worlds.page_worlds import LATER, NOW

Home = Callable[[str], Path]


def test_a_fresh_version_is_well_and_a_late_damaged_or_missing_one_is_not(
    state_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failing sources alone do not stop readers; no answer says where anything lies."""
    stated = {}
    for state, now in (("live", NOW), ("failed", NOW), ("stale", LATER), ("sample", LATER), ("no rows", NOW)):
        monkeypatch.setenv("HEARTBEAT_HOME", str(state_home(state)))
        monkeypatch.setenv("HEARTBEAT_NOW", now.isoformat())
        is_well, record = judge_vitals()
        stated[state] = is_well, record["status"]
        assert str(state_home(state)) not in json.dumps(record)
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    stated["nothing"] = judge_vitals()[0], judge_vitals()[1]["status"]
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "current.json").write_text("{")
    stated["damaged"] = judge_vitals()[0], judge_vitals()[1]["status"]

    assert stated["live"] == stated["failed"] == stated["sample"] == (True, "ok")
    assert stated["stale"] == (False, "late")
    assert stated["nothing"] == (False, "nothing published") and stated["damaged"] == (False, "unreadable")
