"""What stands behind the scoreboard: the figures of every column with their receipts, and links that keep the view."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.frame.footer import FACTS, compose_footer
from dashboards.overview import overview, scoreboard
from tests.dashboards.compare.test_compare import seen
from tests.dashboards.test_pages import opened, texts


def test_every_column_has_its_figures_behind_the_board(sample_home: Path) -> None:
    """Of the families shown, each with its metric."""
    for chosen in ((), ("claude",), ("qwen", "claude")):
        page = seen(sample_home, *chosen)
        shown = scoreboard.make_board(page)
        board = overview.draw_board(page, shown).figure
        assert board.has_receipts
        assert {row["metric"] for row in board.rows} == {
            "answered_share", "helped_share", "uptime_share", "weight_freedom_points", "price_usd",
        }  # fmt: skip
        assert {row["family_id"] for row in board.rows} == set(shown.families)


def test_the_date_of_the_board_is_that_of_what_was_measured(sample_home: Path) -> None:
    """A fact that somebody read in a licence in 2025 made the whole board look 519 days old."""
    page = seen(sample_home)
    board, source = overview.draw_board(page, scoreboard.make_board(page))[1:]
    facts, measured = (
        [row["as_of_at"] for row in board.rows if row["as_of_at"] and is_fact == (row["channel_kind"] == FACTS)]
        for is_fact in (True, False)
    )
    assert min(facts) < min(measured)
    unread = [{**row, "state": "not collected", "coverage_share": 0} for row in board.rows]
    assert "coverage" not in compose_footer(page, unread, board.source), "of what is shown, and of nothing else"
    assert f"as of {min(measured).day} {min(measured):%b %Y}" in source


def test_the_board_has_a_table_receipts_and_downloads(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, sample_home, family=["qwen", "claude"])
    app.session_state["behind-scoreboard"] = True
    app.run()
    measures = {measure for table in app.dataframe for measure in table.value.get("measure", ())}
    assert {"answered within 24 hours", "uptime", "price of a million tokens"} <= measures
    app.session_state["side-scoreboard"] = "Receipt"
    app.run()
    assert not app.exception and "heartbeat receipt answered_share family=qwen" in texts(app)


def read_links(app: AppTest) -> set[str]:
    """Reads where the cells of the board lead."""
    (board,) = [str(one.proto.body) for one in app.get("html") if 'class="board"' in str(one.proto.body)]
    return set(re.findall(r'href="([^"]+)"', board))


def test_cells_of_the_board_keep_the_view(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Window and kind go along; a family that does not exist here does not."""
    app = opened(monkeypatch, sample_home, window="30d", kind="forum", family="nobody")
    links = read_links(app)
    assert "support?family=qwen&amp;window=30d&amp;kind=forum" in links and not any("nobody" in one for one in links)
    chosen = read_links(opened(monkeypatch, sample_home, family=["Qwen", "claude"], gpu="24"))
    assert "changes?family=qwen&amp;family=claude&amp;gpu=24" in chosen


def test_all_families_are_in_the_address(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to the whole board opens as that, and the switch goes back to a few."""
    app = opened(monkeypatch, sample_home, **{"all-families": "true"})
    assert app.toggle(key="all-families").value and len(read_families(app)) > 20
    app.toggle(key="all-families").set_value(False).run()
    assert not app.exception and len(read_families(app)) == 6


def read_families(app: AppTest) -> set[str]:
    """Reads which families have cells on the board."""
    return {address.partition("family=")[2] for address in read_links(app)}
