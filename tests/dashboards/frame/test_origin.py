"""A followed snapshot says whose it is wherever figures are shown or written."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from dashboards.frame import downloads, pictures, snapshot_reader
from dashboards.frame.origin import describe_publisher
from dashboards.site import brief
from pipelines.snapshots.following import open_published
from tests.dashboards.test_pages import figures, opened, seen, texts
from tests.worlds.page_worlds import NOW
from tests.worlds.published_sets import settings_of, write_set
from warehouse.export import label_rows
from warehouse.sharing.followed import note_trouble
from warehouse.sharing.public_copy import write_public_copy
from warehouse.snapshot import Origin, Snapshot, read_current

ORIGIN = Origin("hf://datasets/jane/heartbeat", "Jane's *Lab*", "CC-BY-4.0", NOW - timedelta(hours=5), "0.1.0")
OWN = Snapshot(Path("none"), 3, NOW, is_sample=False)
FOLLOWED = replace(OWN, origin=ORIGIN)


def test_a_followed_snapshot_names_publisher_day_source_data_and_licence() -> None:
    """Whose it is and how old, in one sentence; nothing of an own one."""
    assert describe_publisher(OWN) == ""
    assert describe_publisher(FOLLOWED) == (
        "Published by Jane's *Lab* on 1 Dec 2026 06:00 UTC, followed from hf://datasets/jane/heartbeat;"
        " data as of 1 Dec 2026 01:00 UTC; licence CC-BY-4.0"
    )


def test_every_exported_row_says_whose_it_is() -> None:
    """A file goes its own ways."""
    assert label_rows(OWN) == {"is_sample": False}
    assert label_rows(FOLLOWED) == {
        "is_sample": False, "published_by": "Jane's *Lab*", "published_at": NOW.replace(tzinfo=None),
    }  # fmt: skip
    (row,) = downloads.to_arrow([{"value": 1}], FOLLOWED).to_pylist()
    assert row["published_by"] == "Jane's *Lab*"


def test_pages_pictures_and_the_brief_of_a_followed_snapshot_say_whose_it_is(
    sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says so as text, whatever the publisher calls themselves; when the source is gone, it says that, too."""
    own = read_current(sample_home)
    assert own is not None
    source, home = str(tmp_path / "set"), tmp_path / "looker"
    write_public_copy(own, tmp_path / "copy.duckdb", ())
    label = {"is_sample": True, "publisher": "<b>Jane</b> *Lab*", "published_at": own.published_at}
    write_set(Path(source), tmp_path / "copy.duckdb", **label)
    open_published(settings_of(home), source)
    monkeypatch.setenv("HEARTBEAT_SNAPSHOT", source)

    # What is looked at is kept for some seconds.
    monkeypatch.setattr(snapshot_reader, "monotonic", count(0, 60).__next__)
    page = texts(opened(monkeypatch, home))
    assert "Sample data." in page
    assert r"Published by \<b\>Jane\<\/b\>" in page.replace("/", r"\/") or r"Jane\</b\> \*Lab\*" in page
    before = snapshot_reader.newest_snapshot()
    note_trouble(home, source, "gone for good", NOW)
    assert snapshot_reader.newest_snapshot() != before, "an open page runs again when this changes"
    assert "**The source of this snapshot gives nothing newer**" in texts(opened(monkeypatch, home))

    view = replace(seen(sample_home), snapshot=replace(own, origin=ORIGIN))
    figure = next(figure for figure in figures(sample_home, "support/support.py") if figure.chart)
    assert "Published by Jane's *Lab*" in " ".join(pictures.make_spec(view, figure)["title"]["subtitle"])
    assert "Published by Jane" in brief.render_brief(view, [])
    assert json.dumps(label_rows(view.snapshot)["published_by"])
