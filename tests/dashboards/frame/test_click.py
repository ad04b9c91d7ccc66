"""How much of our code a click runs."""

import threading
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from dashboards.frame import snapshot_reader
from tests.dashboards.test_pages import clock as clock
from tests.dashboards.test_pages import opened
from tests.paths import ROOT

OURS = tuple(f"{ROOT / room}/" for room in ("analytics", "dashboards", "pipelines", "warehouse"))
MOST_FUNCTIONS, MOST_MODULES = 244, 46


@pytest.mark.slow
def test_a_click_on_the_overview_runs_no_more_of_our_functions_than_now(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each function that a click runs is one more to read when it goes wrong; two families draw the most."""
    # What is kept for a minute is kept while this runs.
    monkeypatch.setattr(snapshot_reader, "monotonic", lambda: 0.0)
    app = opened(monkeypatch, sample_home)
    ran: set[tuple[str, str]] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS) and not code.co_name.startswith("<"):
            ran.add((code.co_filename, code.co_qualname))

    app.query_params["family"] = ["qwen", "claude"]
    # Streamlit runs the page in a thread of its own.
    threading.setprofile(note)
    try:
        app.run()
    finally:
        threading.setprofile(None)
    assert not app.exception
    assert 0 < len(ran) <= MOST_FUNCTIONS, sorted(ran)
    assert len({file for file, _ in ran}) <= MOST_MODULES
