"""What has no number is one line of a page, and no figure, heading or axis."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards.charts.colours import LIGHT
from dashboards.evidence import board
from dashboards.frame.footer import FACTS, compose_footer
from dashboards.frame.freshness import COMMAND
from dashboards.frame.layout import explain_absent, name_absent
from dashboards.frame.story import KEYS, Figure, Story, Words, drop_blank
from tests.dashboards.test_pages import opened, seen
from tests.worlds.page_worlds import NOW

KNOWN = Figure(name="known", title="Known", subtitle="", rows=(), metric="", source="", chart={"layer": []})
HEAD, OTHER = Words("## Who answers?"), Words("## What is asked?")


def blank(name: str, **row: Any) -> Figure:
    """A figure of one family that has no number."""
    given: dict[str, Any] = dict.fromkeys(KEYS, "all") | {"family_id": "llama", "state": "not enough data", "n": 3}
    return replace(
        KNOWN, name=name, title=f"{name}: no family has a number", rows=[given | {"note": "Only 3."} | row], chart=None
    )


def test_a_figure_without_a_number_disappears_with_the_heading_above_it() -> None:
    """Six of them stood below each other, an hour after a start. What stood beside one gets its place."""
    unread = blank("Who answers first")
    assert drop_blank([HEAD, unread, OTHER, (unread, KNOWN), Words("So much.")]) == [OTHER, KNOWN, Words("So much.")]
    assert drop_blank([(KNOWN, [unread, KNOWN]), HEAD, (unread, [unread])]) == [(KNOWN, [KNOWN])]
    assert drop_blank([([unread], [KNOWN, KNOWN])]) == [(KNOWN, KNOWN)], "a narrow column alone gets the whole width"


def test_the_line_names_a_few_and_each_reason_is_given_once(state_home: Callable[[str], Path]) -> None:
    """The families in the charts that are drawn are not counted as missing."""
    page = seen(state_home("sample"))
    rows = [dict(blank("", family_id=family, note="").rows[0]) for family in page.titles]
    charted = replace(KNOWN, rows=[rows[0] | {"state": "measured", "value": 1}, *rows[1:]])
    story = Story("", "", [charted, blank("Who answers first"), blank("AI agents"), blank("Help", note="No answers.")])
    absent = [title for family, title in page.titles.items() if family != rows[0]["family_id"]]
    few = f"{', '.join(absent[:3])} and {len(absent) - 3} more"
    assert name_absent(page, story).replace("\\", "") == (
        f"**No number here:** who answers first, AI agents and help; {few}."
    )
    said = explain_absent(page, story).replace("\\", "").splitlines()
    assert said[:2] == [
        "- **Who answers first and AI agents:** ≈ Llama: not enough data. Only 3.",
        "- **Help:** ≈ Llama: not enough data. No answers.",
    ]
    assert len(said) == 3 and f"{len(absent) - 3} more" in said[2]


def test_facts_read_by_hand_have_dates_of_their_own(state_home: Callable[[str], Path]) -> None:
    """One of June 2025 made the whole board look 519 days old."""
    page = seen(state_home("sample"))
    rows = [{"channel_kind": kind, "as_of_at": NOW.replace(month=month)} for kind, month in
            (("tracker", 12), (FACTS, 6), (FACTS, 11))]  # fmt: skip
    assert "· as of 1 Dec 2026 06:00 UTC · facts read 1 Jun 2026 to 1 Nov 2026 ·" in compose_footer(page, rows, "s")
    assert "as of" not in compose_footer(page, rows[1:], "s")


def test_no_axis_is_drawn_for_claims_without_an_effect() -> None:
    """Eleven empty scales said that nothing could be judged."""
    claim = {"claim_id": "h1", "title": "", "verdict": "too few data", "tests": [{"effect": None}]}
    assert board.draw_board([claim], LIGHT) is None


def test_what_waits_for_a_token_takes_one_line_with_the_command_to_copy(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two banners of two lines each pushed the board below the fold."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    app = opened(monkeypatch, state_home("begun"), "support/support.py")
    assert [code.value for code in app.code][:1] == [COMMAND]
    assert sum("No GitHub token is set" in one.value and COMMAND not in one.value for one in app.markdown) == 1
