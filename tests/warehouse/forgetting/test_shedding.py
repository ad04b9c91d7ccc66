"""The bytes of rows that were deleted: when they go, what that waits for, and that nothing else does."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults.injection import Ended, meet_fault
from tests.worlds.published_sets import build_small, fill_small
from warehouse.database import open_warehouse, warehouse_path
from warehouse.forgetting.gone import remove_gone
from warehouse.forgetting.shedding import shed_withdrawn
from warehouse.landing import open_writer, open_zone
from warehouse.load import load_new_files
from warehouse.snapshot import list_versions, published_folder

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
WORD = "a-word-that-stands-nowhere-else-"


def _load(home: Path, key: str, **body: str) -> None:
    """Lands a post, loads it, and takes out what was deleted."""
    zone = open_zone(str(home / "landing"))
    writer = open_writer(zone, "qwen.reddit.b", "reddit", NOW)
    writer.add_rows([("posts", key, None, json.dumps({"post_id": key} | body))], NOW)
    writer.finish(NOW)
    with open_warehouse(home) as connection:
        load_new_files(connection, zone, NOW)
        remove_gone(connection, zone)
        connection.execute("checkpoint")


def _holds(home: Path) -> bool:
    return WORD.encode() in warehouse_path(home).read_bytes()


def _end() -> None:
    raise Ended


def test_the_bytes_go_once_the_next_build_is_published(tmp_path: Path) -> None:
    """Not before: tables and readers still have the rows. What is broken off in between, the next night does."""
    assert shed_withdrawn(tmp_path) == ""  # no warehouse yet
    build_small(tmp_path)
    _load(tmp_path, "a", state="open", actor="0123456789abcdef", url=WORD * 30)
    assert _holds(tmp_path) and shed_withdrawn(tmp_path) == ""
    _load(tmp_path, "a", state="deleted")
    assert _holds(tmp_path) and shed_withdrawn(tmp_path) == ""
    with open_warehouse(tmp_path) as connection:
        fill_small(connection, [2.0], is_sample=False)
    assert shed_withdrawn(tmp_path) == ""
    assert len(list_versions(published_folder(tmp_path))) == 1

    snapshot = build_small(tmp_path, [3.0])
    with meet_fault("warehouse.forgetting.shedding:replace_file", 1, _end), pytest.raises(Ended):
        shed_withdrawn(tmp_path)
    assert "gone from the warehouse" in shed_withdrawn(tmp_path)
    assert not _holds(tmp_path) and list_versions(published_folder(tmp_path)) == [snapshot.path]
    assert not (tmp_path / ".forgetting").exists()
    with open_warehouse(tmp_path) as connection:
        posts = connection.sql("select key, state from raw.reddit__posts").fetchall()
        assert posts == [("a", "deleted")] and connection.sql("from metrics.wait_hours").fetchall() != []
    assert shed_withdrawn(tmp_path) == ""
