"""The sample world in the repository is what the collectors and the emulator give now."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from pipelines.catalog.reader import read_catalog
from pipelines.commands import sample
from tests.upstream.sample import make, remove_landed
from warehouse.landing import list_landed, open_zone, read_landed


def _rows(folder: Path) -> Counter[tuple[str, str, str, str, str]]:
    """Every landed row; addresses of the emulator differ by port from run to run."""
    zone = open_zone(str(folder))
    found: Counter[tuple[str, str, str, str, str]] = Counter()
    for path in list_landed(zone):
        slip, table = read_landed(zone, path)
        for row in table.to_pylist():
            body = {name: value for name, value in json.loads(row["body"]).items() if not _is_local(value)}
            found[slip.channel_id, row["thing"], row["key"], str(row["seen_at"]), json.dumps(body, sort_keys=True)] += 1
    return found


def _is_local(value: object) -> bool:
    return isinstance(value, str) and value.startswith("http://127.0.0.1:")


@pytest.mark.slow
@pytest.mark.rests_on("analytics", "pipelines", "warehouse", "tests/upstream", "tests/paths.py")
def test_the_committed_sample_is_what_the_real_collectors_bring_from_the_emulator(tmp_path: Path) -> None:
    """If this fails because a source or the emulator changed on purpose: `make sample`, and commit what it wrote."""
    made = make(tmp_path / "landing")

    assert {outcome.state for result in made for outcome in result.outcomes.values()} <= {"complete", "unchanged"}
    assert _rows(sample.LANDED) == _rows(tmp_path / "landing")


def test_every_file_of_the_sample_is_marked_as_made() -> None:
    """The mark is in the file itself, so no setting can lose it."""
    zone = open_zone(str(sample.LANDED))
    slips = [read_landed(zone, path)[0] for path in list_landed(zone)]

    assert len(slips) > 100
    assert all(slip.is_sample for slip in slips)


def test_the_frozen_families_are_those_that_the_sample_was_drawn_from() -> None:
    """A family that is shipped later has no rows in the sample; one that has rows must not lose its file."""
    named = {channel.id for channel in sample.read_sample_catalog().channels if channel.enabled}
    folders = {path.name for path in sample.LANDED.iterdir() if path.is_dir()} - {sample.CATALOG.name}

    assert folders == named


def test_making_the_sample_anew_keeps_its_families(tmp_path: Path) -> None:
    """Its catalog lies in the folder that is made anew, and is what it is drawn from."""
    shutil.copytree(sample.CATALOG, tmp_path / sample.CATALOG.name)
    (tmp_path / "llama.github.x" / "00000").mkdir(parents=True)

    remove_landed(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [sample.CATALOG.name]
    assert read_catalog([tmp_path / sample.CATALOG.name]) == sample.read_sample_catalog()
