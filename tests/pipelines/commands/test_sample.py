"""The sample world in the repository is what the collectors, the emulator and the build give now."""

import errno
import tarfile
from pathlib import Path

import pytest

from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.commands import sample
from tests.upstream.packing import ENDING, LANDED, list_archives
from tests.upstream.ready import list_differences
from tests.upstream.sample import make
from tests.worlds.page_worlds import State, make_state
from tests.worlds.published_sets import current
from tests.worlds.sample_part import landed
from warehouse.faults import WarehouseError
from warehouse.settings import Settings
from warehouse.snapshot import POINTER, SAMPLE, Snapshot

MOST_LANDED_BYTES, MOST_PACKED_BYTES, MOST_OPENED_BYTES = 2_000_000, 3_000_000, 6_000_000


@pytest.fixture
def opened(tmp_path: Path) -> Snapshot:
    """The sample world, opened in a new home."""
    sample.open_sample(Settings(HEARTBEAT_HOME=tmp_path, _env_file=None))
    return current(tmp_path)


@pytest.mark.slow
def test_the_committed_sample_is_what_the_real_collectors_bring_from_the_emulator(tmp_path: Path) -> None:
    """If this fails because a source or the emulator changed on purpose: `make sample`, and commit what it wrote."""
    made = make(tmp_path)

    assert {outcome.state for result in made for outcome in result.outcomes.values()} <= {"complete", "unchanged"}
    drawn, committed = (
        {path.name: path.read_bytes() for path in list_archives(folder)} for folder in (tmp_path, LANDED)
    )
    # Names only: a difference of megabytes would be printed for half an hour.
    assert [name for name in drawn.keys() | committed.keys() if drawn.get(name) != committed.get(name)] == []


def test_the_landed_files_are_small_and_have_one_archive_for_each_source() -> None:
    """A changed source rewrites its own archive, and no commit moves a thousand files."""
    archives = list_archives()
    sources = {channel.source for channel in read_catalog([SHIPPED]).channels if channel.enabled}

    assert {path.name.removesuffix(ENDING) for path in archives} == sources
    assert set(LANDED.iterdir()) == set(archives)
    assert sum(path.stat().st_size for path in archives) <= MOST_LANDED_BYTES


def test_the_sample_has_rows_of_every_shipped_channel_and_of_no_other() -> None:
    """It promises nothing that the product cannot give. If a channel was added or removed: `make sample`."""
    named = {channel.id for channel in read_catalog([SHIPPED]).channels if channel.enabled}

    assert {path.name for path in landed().iterdir()} == named


def test_the_packed_snapshot_is_what_the_landed_files_give(sample_home: Path, opened: Snapshot) -> None:
    """If this fails because a figure or its words changed on purpose: `make sample`, and commit what it wrote."""
    assert list_differences(opened, current(sample_home)) == []
    assert sample.PACKED.stat().st_size <= MOST_PACKED_BYTES
    assert sum(path.stat().st_size for path in opened.path.parent.iterdir()) <= MOST_OPENED_BYTES


@pytest.mark.parametrize(
    ("change", "shows"),
    [
        ("update metrics.family_ranks set adjusted_value = adjusted_value + 1e-8", "metrics.family_ranks"),
        ("delete from metrics.family_ranks where rank = 1", "metrics.family_ranks"),
        ("comment on table metrics.family_ranks is 'other words'", "duckdb_tables"),
    ],
)
def test_whatever_differs_is_found(change: str, shows: str, sample_home: Path, tmp_path: Path) -> None:
    """One figure in its eighth digit, too."""
    same, changed = (
        make_state(sample_home, tmp_path / str(len(statements)), State(is_sample=True, statements=statements))
        for statements in ([], [change])
    )
    assert shows in list_differences(same, changed)[0]


def test_opening_twice_changes_nothing_and_another_or_damaged_world_is_replaced(
    opened: Snapshot, tmp_path: Path
) -> None:
    """Earlier versions of Heartbeat left a warehouse there."""
    before = opened.path.stat()
    settings = Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)
    sample.open_sample(settings)
    assert opened.is_sample and opened.path.stat() == before

    (tmp_path / SAMPLE / "warehouse.duckdb").touch()
    opened.path.write_bytes(b"half")
    sample.open_sample(settings)

    assert current(tmp_path) == opened and opened.path.stat().st_size == before.st_size
    assert [path.name for path in tmp_path.rglob("*") if path.suffix not in (".json", ".parquet")] == [
        SAMPLE, "published", opened.path.name,
    ]  # fmt: skip


def test_a_disk_without_room_is_named_and_leaves_the_world_as_it_was(
    opened: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new world is unpacked beside the old one."""
    (tmp_path / SAMPLE / "published" / POINTER).unlink()

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "extractall", fail)
    with pytest.raises(WarehouseError, match=r"open the sample world: .*No space left on device"):
        sample.open_sample(Settings(HEARTBEAT_HOME=tmp_path, _env_file=None))

    assert opened.path.exists() and [path.name for path in tmp_path.iterdir()] == [SAMPLE]
