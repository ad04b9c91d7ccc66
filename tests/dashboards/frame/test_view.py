"""One run of a page: it shows one version, whatever is published while it runs."""

from itertools import chain, repeat
from pathlib import Path

import pytest

from dashboards.frame import snapshot_reader
from tests.dashboards.test_pages import opened, texts
from tests.worlds.page_worlds import State, make_state
from warehouse.snapshot import read_current

RENAMED = "update staging.families set title = 'Renamed' where family_id = 'qwen'"
LOOKS_OF_THE_FRAME = 2
"""The script finds the version that it draws, and asks once more whether that is still the newest."""


def test_what_is_published_while_a_page_runs_waits_for_its_next_run(
    sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Filters of one version over figures of another would name families that the figures do not."""
    before = read_current(sample_home)
    after = make_state(sample_home, tmp_path / "home", State(statements=(RENAMED,)))
    found = chain(repeat(before, LOOKS_OF_THE_FRAME), repeat(after))
    monkeypatch.setattr(snapshot_reader, "look_around", lambda: (next(found), None))

    app = opened(monkeypatch, sample_home, "support/support.py", family="qwen")
    assert not app.exception and app.session_state["viewed"].snapshot == before != after
    assert "Qwen" in texts(app) and "Renamed" not in texts(app)
    app.run()
    assert app.session_state["viewed"].snapshot == after
    assert "Renamed" in texts(app) and "Qwen" not in texts(app)
