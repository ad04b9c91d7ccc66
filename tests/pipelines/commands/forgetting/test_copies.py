"""Copies of a home: one that cannot be read is named, and costs the others nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.commands.forgetting.copies import CopyScrubber
from warehouse.forgetting.places import CopyKind, read_places, remember_place
from warehouse.forgetting.register import Forgotten, Trace
from warehouse.landing import open_zone
from warehouse.settings import Settings


def test_what_lies_beside_an_export_is_not_ours(
    home: Path, heartbeat: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    """Each file is remembered, not the folder: whoever asks to be forgotten must not have others' files removed."""
    (beside := tmp_path / "README.md").write_text("by octo-cat\n")
    for step in (("collect",), ("build",), ("publish",), ("export", "answered_share", "--out", str(tmp_path))):
        assert heartbeat(*step)[0] == 0
    assert read_places(home)[CopyKind.EXPORT] == [str(tmp_path / "answered_share.csv")]
    assert heartbeat("forget", "github:octo-cat")[0] == 0
    assert beside.read_text() == "by octo-cat\n"


def test_an_archive_that_cannot_be_unpacked_keeps_no_file_beside_it(tmp_path: Path) -> None:
    """It lies first in its folder; the file behind it holds the name, and goes."""
    settings = Settings(HEARTBEAT_HOME=tmp_path / "home", _env_file=None)
    forgotten = Forgotten(b"a key of sixteen bytes")
    forgotten.add(Trace.NAME, "octo-cat")
    (exported := tmp_path / "exported").mkdir()
    (exported / "a.zip").write_bytes(b"PK cut off")
    for name, who in (("b.csv", "octo-cat"), ("c.csv", "octocat")):
        (exported / name).write_text(f"who\n{who}\n")
    settings.home.mkdir()
    remember_place(settings.home, CopyKind.EXPORT, str(exported))
    scrubber = CopyScrubber(settings, open_zone(settings.landing_url), forgotten, "key", is_dry=False)
    report = scrubber.scrub_all()

    assert sorted(path.name for path in exported.iterdir()) == ["a.zip", "c.csv"]
    assert report.removed == [str(exported / "b.csv")] and report.counts == {"exported files": 1}
    (trouble,) = report.troubles
    assert trouble.startswith(f"export {exported}: a.zip: cannot be unpacked") and "delete it" in trouble


@pytest.mark.parametrize("is_dry", [True, False])
def test_a_printed_report_goes_since_nobody_can_search_it(tmp_path: Path, *, is_dry: bool) -> None:
    """The file that `report --out` wrote; what else lies beside it stays."""
    settings = Settings(HEARTBEAT_HOME=tmp_path / "home", _env_file=None)
    settings.home.mkdir()
    printed = [tmp_path / name for name in ("report.pdf", "report.png")]
    for path in (*printed, tmp_path / "report.html", tmp_path / "photo.png"):
        path.write_bytes(b"glyphs")
    for path in (*printed, tmp_path / "report.html"):
        remember_place(settings.home, CopyKind.EXPORT, str(path))
    forgotten = Forgotten(b"a key of sixteen bytes")
    report = CopyScrubber(settings, open_zone(settings.landing_url), forgotten, "key", is_dry=is_dry).scrub_all()

    assert report.removed == [str(path) for path in printed] and report.counts == {"exported files": 2}
    assert report.troubles == [] and [path.exists() for path in printed] == [is_dry, is_dry]
    assert (tmp_path / "report.html").exists() and (tmp_path / "photo.png").exists()
