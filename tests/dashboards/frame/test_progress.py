"""An open page says how far a first collection is, and why it shows the sample world when nothing could be reached."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboards.frame import snapshot_reader
from tests.dashboards.test_pages import FIRST, opened, texts
from warehouse.faults import Fault
from warehouse.findings import Finding
from warehouse.progress import CollectionProgress, read_progress, remove_progress, write_progress

NOW = datetime.now(UTC)
RUNNING = CollectionProgress(written_at=NOW, finished=61, total=154, rows=12_345)


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    """A home that shows the sample world and can be written to."""
    return shutil.copytree(sample_home, tmp_path / "home", copy_function=os.link)


def test_a_run_under_way_is_shown_and_a_killed_one_is_not(tmp_path: Path) -> None:
    """A run that was killed leaves its file behind; a failed one is named until the next."""
    assert read_progress(tmp_path, NOW) is None
    write_progress(tmp_path, RUNNING)
    assert read_progress(tmp_path, NOW) == RUNNING
    assert read_progress(tmp_path, NOW + timedelta(minutes=1)) is None
    failed = RUNNING.model_copy(update={"has_failed": True})
    write_progress(tmp_path, failed)
    assert read_progress(tmp_path, NOW + timedelta(days=3)) == failed
    remove_progress(tmp_path)
    remove_progress(tmp_path)
    assert read_progress(tmp_path, NOW) is None


@pytest.mark.parametrize("damage", [b"", b"{", b'{"finished": -1}', b"[1]", b"\xff"])
def test_a_damaged_file_is_no_progress(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "collecting.json").write_bytes(damage)
    assert read_progress(tmp_path, NOW) is None


def test_the_page_says_how_far_the_first_collection_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing yet is on its way."""
    write_progress(home, RUNNING.model_copy(update={"written_at": datetime.now(UTC)}))
    page = texts(opened(monkeypatch, home, FIRST))
    assert "**Still collecting:** 61 of 154 channels done, 12,345 rows so far. This page updates itself." in page
    assert "no source could be reached" not in page


def test_the_sample_world_says_that_nothing_could_be_reached(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asked for real figures learns why there are none."""
    write_progress(home, RUNNING.model_copy(update={"has_failed": True}))
    page = texts(opened(monkeypatch, home, FIRST))
    assert "no source could be reached: none of 154 channels was read" in page and "`heartbeat status`" in page
    assert "Still collecting" not in page


@pytest.mark.parametrize(("fault", "is_told_twice"), [(Fault.UNREACHABLE, False), (Fault.DISK, True)])
def test_that_nothing_could_be_reached_is_told_once(
    home: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault, *, is_told_twice: bool
) -> None:
    """Offline, the first page said it three times, with the same advice; another fault is named beside it."""
    write_progress(home, RUNNING.model_copy(update={"has_failed": True}))
    finding = Finding("collect", "error", NOW, "the last collect got nothing", "none is new", "Look.", "", fault)
    monkeypatch.setattr(snapshot_reader, "load_problems", lambda snapshot: [finding])
    page = texts(opened(monkeypatch, home, FIRST))
    assert "no source could be reached: none of 154 channels was read" in page
    assert ("**The last collect got nothing**" in page) == is_told_twice
