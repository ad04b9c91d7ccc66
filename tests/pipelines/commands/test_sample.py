"""The sample world in the repository is what the collectors and the emulator give now."""

from pathlib import Path

import pytest

from pipelines import steps
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.commands import sample
from tests.upstream.sample import make
from tests.worlds.sample_part import landed
from warehouse.settings import Settings
from warehouse.snapshot import SAMPLE, read_current

MOST_BYTES = 2_000_000


@pytest.mark.slow
def test_the_committed_sample_is_what_the_real_collectors_bring_from_the_emulator(tmp_path: Path) -> None:
    """If this fails because a source or the emulator changed on purpose: `make sample`, and commit what it wrote."""
    made = make(tmp_path)

    assert {outcome.state for result in made for outcome in result.outcomes.values()} <= {"complete", "unchanged"}
    drawn, committed = (
        {path.name: path.read_bytes() for path in sample.list_archives(folder)} for folder in (tmp_path, sample.PACKED)
    )
    # Names only: a difference of megabytes would be printed for half an hour.
    assert [name for name in drawn.keys() | committed.keys() if drawn.get(name) != committed.get(name)] == []


def test_the_sample_is_small_and_has_one_archive_for_each_source() -> None:
    """A changed source rewrites its own archive, and no commit moves a thousand files."""
    archives = sample.list_archives(sample.PACKED)
    sources = {channel.source for channel in read_catalog([SHIPPED]).channels if channel.enabled}

    assert {path.name.removesuffix(sample.ENDING) for path in archives} == sources
    assert set(sample.PACKED.iterdir()) == set(archives)
    assert sum(path.stat().st_size for path in archives) <= MOST_BYTES


def test_the_sample_has_rows_of_every_shipped_channel_and_of_no_other() -> None:
    """It promises nothing that the product cannot give. If a channel was added or removed: `make sample`."""
    named = {channel.id for channel in read_catalog([SHIPPED]).channels if channel.enabled}

    assert {path.name for path in landed().iterdir()} == named


def test_another_sample_replaces_what_was_built_from_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of two worlds never mix, and readers are not left with the older one."""
    settings = Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)
    opened: list[Path] = []
    monkeypatch.setattr(steps, "refresh_warehouse", lambda own, catalog: opened.append(own.home))
    home, archive = tmp_path / SAMPLE, tmp_path / "packaged"
    archive.mkdir()
    (archive / f"packages{sample.ENDING}").write_bytes((sample.PACKED / f"packages{sample.ENDING}").read_bytes())
    sample.open_sample(settings)
    (home / "warehouse.duckdb").touch()
    sample.open_sample(settings)
    assert (home / "warehouse.duckdb").exists(), "a second opening changes nothing"

    monkeypatch.setattr(sample, "PACKED", archive)
    sample.open_sample(settings)

    assert opened == [home] * 3
    assert not (home / "warehouse.duckdb").exists() and read_current(tmp_path) is None
    assert {path.name.split(".")[1] for path in (home / "landing").iterdir()} == {"packages"}
