"""The table beside the uptime: who tells how much of its incidents."""

from pathlib import Path

import pytest

from dashboards import words
from tests.snapshot_rows import NOW, World, publish_world
from tests.test_pages import opened, texts

PAGE = "pages_reliability.py"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the worlds were published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def test_openness_stands_beside_the_uptime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line for each page that is read, holes named, and never only the uptime."""
    publish_world(tmp_path)
    app = opened(monkeypatch, tmp_path, PAGE)
    (shown,) = [frame.value for frame in app.dataframe]
    lines = {row.pop("page"): {name: cell.replace(words.GAP, " ") for name, cell in row.items()} for row in shown.to_dict("records")}

    assert list(lines) == ["Mistral", "DeepSeek", "Claude", "GPT", "Command"]
    assert lines["Claude"] == {
        "uptime": "98.32 %", "points of 100": "80 (72–88)", "cause told": "30 % (27–33 %)",
        "report published": "10 % (9.0–11 %)", "parts named": "90 % (81–99 %)", "posted when over": "6.0 % (5.4–6.6 %)",
        "posts an hour": "1.5 (1.4–1.7)",
    }  # fmt: skip
    assert set(lines["Command"].values()) == {"100 %", "not enough data"}
    assert "### Claude's page tells most of its incidents" in texts(app)


def test_no_page_is_ranked_first_where_the_intervals_overlap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Claude all tell alike; and one alone is no first."""
    publish_world(tmp_path)
    app = opened(monkeypatch, tmp_path, PAGE, family="gpt")
    alone = texts(app)
    app = opened(monkeypatch, tmp_path, PAGE)
    app.session_state["family"] = ["gpt", "mistral"]

    assert "### How much GPT's page tells of its incidents" in alone
    assert "No page can be said to tell more of its incidents than all others" in texts(app.run())


def test_an_older_snapshot_has_no_such_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows nothing of it, and the page shows what it knows."""
    publish_world(tmp_path, World(without=("metrics.disclosure_points",)))
    app = opened(monkeypatch, tmp_path, PAGE)

    assert not app.exception and len(app.dataframe) == 0
