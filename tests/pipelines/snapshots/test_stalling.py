"""Sources and published files that are made to keep a reader busy: what they cost has an end."""

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.snapshots import following
from pipelines.snapshots.following import open_published, refresh_followed
from tests.worlds.published_sets import (
    NOW,
    WebFolder,
    write_set,
)
from warehouse.database import open_snapshot
from warehouse.lock import Locked, hold_lock
from warehouse.receipts import receipt
from warehouse.receipts.receipt import ReceiptStopped, make_receipt
from warehouse.settings import Settings
from warehouse.sharing.followed import LEFT_SECONDS, followed_folder
from warehouse.sharing.manifest import NAME

ENDLESS = "select count(*) as item_id from range(1000000000000) as a where a.range % 7 = 3"


@pytest.mark.parametrize(
    ("stored", "why"), [(ENDLESS, "after 1 seconds"), ("select error('words of theirs') as item_id", "failed (Inv")]
)
def test_the_queries_that_a_publisher_stored_are_stopped(
    tmp_path: Path, small: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, stored: str, why: str
) -> None:
    """One that never ends, or fails, costs its receipt, and says none of the publisher's words."""
    evil = shutil.copyfile(small, tmp_path / "evil.duckdb")
    with duckdb.connect(str(evil)) as connection:
        connection.execute("update meta.metrics set items_sql = ?", [stored])
    write_set(tmp_path / "set", evil)
    snapshot = open_published(settings, str(tmp_path / "set"))
    monkeypatch.setattr(receipt, "STORED_SECONDS", 1.0)

    began = time.monotonic()
    with pytest.raises(ReceiptStopped) as stop:
        make_receipt(snapshot, "wait_hours", {})
    assert time.monotonic() - began < 10
    assert str(stop.value).startswith("wait_hours: the queries that the publisher") and why in str(stop.value)


def test_a_reader_of_a_snapshot_writes_little_beside_it(small: Path) -> None:
    """And no stored query can allow itself more."""
    with open_snapshot(small) as connection:
        assert connection.execute("select current_setting('max_temp_directory_size')").fetchall() == [("953.6 MiB",)]
        with pytest.raises(duckdb.Error, match="locked"):
            connection.execute("set max_temp_directory_size = '10GB'")


def test_what_killed_readers_left_is_removed(tmp_path: Path, small: Path, settings: Settings) -> None:
    """At the next look at the source; what a reader may be writing to stays."""
    source = str(tmp_path / "set")
    manifest = write_set(tmp_path / "set", small)
    open_published(settings, source)
    folder = followed_folder(settings.home, source)
    left, used = folder / f"{manifest.sha256}.duckdb.tmp", folder / f"{'0' * 64}.part.tmp"
    for path in (left, used):
        path.mkdir()
        (path / "duckdb_temp_storage-0.tmp").write_bytes(b"spilled")
    old = time.time() - LEFT_SECONDS - 60
    os.utime(left, (old, old))

    refresh_followed(settings, source)
    assert not left.exists() and used.exists()


def test_a_manifest_that_drips_costs_a_reader_one_short_look_in_a_quarter_of_an_hour(
    web: WebFolder, small: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had the half an hour of a large file, three times over, at every command, though a good one is kept."""
    write_set(web.folder, small)
    first = open_published(settings, web.address)
    web.requests.clear()
    web.drips[f"/{NAME}"] = 0.1
    monkeypatch.setattr(following, "MANIFEST_SECONDS", 1.0)

    began = time.monotonic()
    for minutes in (60, 61, 74):
        later = settings.model_copy(update={"now": NOW + timedelta(minutes=minutes)})
        shown = open_published(later, web.address)
        assert shown.path == first.path and shown.origin is not None
        assert shown.origin.trouble.endswith("connection failed (ReadTimeout)")
    assert time.monotonic() - began < 5 and web.requests == [f"/{NAME}"]

    web.drips.clear()
    later = settings.model_copy(update={"now": NOW + timedelta(minutes=76)})
    assert open_published(later, web.address).origin == first.origin


def test_a_process_that_is_fetching_holds_no_reader_up(
    web: WebFolder, small: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others show what is kept; if nothing is, they wait and say for whom."""
    write_set(web.folder, small)
    later = settings.model_copy(update={"now": NOW + timedelta(hours=1)})
    monkeypatch.setattr(following, "LOCK_SECONDS", {False: 0.2, True: 0.0})
    with hold_lock(followed_folder(settings.home, web.address), "fetching", name="fetch"), pytest.raises(Locked):
        open_published(settings, web.address)
    first = open_published(settings, web.address)
    with hold_lock(followed_folder(settings.home, web.address), "fetching", name="fetch"):
        assert open_published(later, web.address) == first
