"""Health is read once a minute for all readers: each click reads neither the ledger nor the landing zone."""

from pathlib import Path

import pytest

from dashboards.frame import snapshot_reader
from pipelines.attempts import record_attempt
from warehouse.attempts.entries import AttemptKind
from warehouse.settings import Settings


def test_a_click_reads_no_file_of_the_ledger_until_the_next_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that failed is shown a minute later."""
    minute = 0.0
    monkeypatch.setattr(snapshot_reader, "monotonic", lambda: minute)
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    assert snapshot_reader.load_health(None).troubles == ()
    with (
        pytest.raises(OSError, match="no room"),
        record_attempt(Settings(HEARTBEAT_HOME=tmp_path, _env_file=None), AttemptKind.BUILD),
    ):
        raise OSError("no room")

    with monkeypatch.context() as reading:
        reading.setattr(snapshot_reader, "read_health", lambda *_: pytest.fail("read in the same minute"))
        assert snapshot_reader.load_health(None).troubles == ()
    minute = 60.0
    assert [trouble.kind for trouble in snapshot_reader.load_health(None).troubles] == ["build"]
