"""What `--from` may name: a home, its folder of snapshots, a file, or nothing; all else is refused in words."""

import json
import shutil
from pathlib import Path

import pytest

from warehouse.database import WarehouseError
from warehouse.settings import Settings
from warehouse.snapshot import POINTER, SAMPLE, published_folder, read_current
from warehouse.snapshot_source import resolve_snapshot


def _settings(home: Path) -> Settings:
    return Settings(HEARTBEAT_HOME=home, _env_file=None)


def test_each_way_to_name_a_snapshot_leads_to_the_same(sample_home: Path, tmp_path: Path) -> None:
    """A home that holds it, its own home, its folder, its file, and the home of the settings."""
    current = read_current(sample_home)
    assert current is not None
    home = sample_home / SAMPLE
    for source in (sample_home, home, published_folder(home), current.path):
        assert resolve_snapshot(_settings(tmp_path), str(source)) == current
    assert resolve_snapshot(_settings(sample_home)) == current


def test_a_copied_folder_is_read_by_its_pointer(sample_home: Path, tmp_path: Path) -> None:
    """A folder that was published elsewhere bears any name; its pointer leads to no other folder."""
    copy = tmp_path / "copy"
    shutil.copytree(published_folder(sample_home / SAMPLE), copy)
    snapshot = resolve_snapshot(_settings(tmp_path), str(copy))
    assert snapshot.is_sample and snapshot.path.parent == copy
    pointer = json.loads((copy / POINTER).read_text())
    (copy / POINTER).write_text(json.dumps(pointer | {"file": f"../elsewhere/{pointer['file']}"}))
    assert resolve_snapshot(_settings(tmp_path), str(copy)).path.parent == copy


DANGLING = (
    '{"file": "snapshot-00000001-0123456789abcdef.duckdb", "version": 1,'
    ' "published_at": "2026-11-01T06:00:00Z", "is_sample": false}'
)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "nothing is published yet"),
        ("missing", "neither a home"),
        ("text.duckdb", "not a published snapshot that can be read"),
        ("broken", "names no snapshot"),
        ("dangling", "is gone, and no other version can be read"),
    ],
)
def test_what_is_no_snapshot_is_refused_in_words(tmp_path: Path, source: str, words: str) -> None:
    (tmp_path / "text.duckdb").write_text("no database")
    for name, pointer in (("broken", "[]"), ("dangling", DANGLING)):
        (tmp_path / name).mkdir()
        (tmp_path / name / POINTER).write_text(pointer)
    named = str(tmp_path / source) if source else source
    with pytest.raises(WarehouseError, match=words):
        resolve_snapshot(_settings(tmp_path / "home"), named)
