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
MOST = {"overview": (126, 26), "support": (172, 28)}
"""Functions and modules that a click runs at most, whoever asks for a view first."""
MOST_KEPT = {"overview": (69, 18), "support": (66, 15)}
"""The same once somebody has seen the view: what it shows is kept for all readers."""


@pytest.mark.slow
@pytest.mark.parametrize("page", MOST)
def test_a_click_runs_no_more_of_our_functions_than_now(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """Each function that a click runs is one more to read when it goes wrong; two families draw the most."""
    # What is kept for a minute is kept while this runs.
    monkeypatch.setattr(snapshot_reader, "monotonic", lambda: 0.0)
    app = opened(monkeypatch, sample_home, f"{page}/{page}.py")
    ran: set[tuple[str, str]] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS) and not code.co_name.startswith("<"):
            ran.add((code.co_filename, code.co_qualname))

    for most_functions, most_modules in (MOST[page], MOST_KEPT[page]):
        app.query_params["family"] = []
        app.run()
        app.query_params["family"] = ["qwen", "claude"]
        ran.clear()
        # Streamlit runs the page in a thread of its own.
        threading.setprofile(note)
        try:
            app.run()
        finally:
            threading.setprofile(None)
        assert not app.exception and "This page could not be shown" not in [title.value for title in app.title]
        assert 0 < len(ran) <= most_functions, sorted(ran)
        assert len({file for file, _ in ran}) <= most_modules
