"""What pages disclose, beside the uptime: for how many of its incidents a page states the cause."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame.view import View
from dashboards.reliability import disclosure
from tests.dashboards.test_pages import seen
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

Home = Callable[[str], Path]


@pytest.fixture
def page(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> View:
    """The sample world."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    return seen(state_home("sample"))


def share(family: str, value: float | None, low: float | None, high: float | None, state: str = "measured") -> Any:
    """The share of a page."""
    return {"family_id": family, "state": state, "value": value, "low": low, "high": high}


def test_pages_that_are_not_read_are_not_drawn() -> None:
    """Nothing is known of how they tell."""
    unread, few = share("qwen", None, None, None, "not observable"), share("gpt", None, None, None, "not enough data")
    assert disclosure.select_read([unread, few]) == [few]


def test_no_page_is_ranked_first_where_no_difference_is_shown(page: View) -> None:
    """A rank needs a gap; and one alone is no first."""
    gpt, claude = share("gpt", 0.4, 0.3, 0.5), share("claude", 0.7, 0.6, 0.8)
    name = disclosure.name_most_open
    assert name([gpt, claude], page) == "Claude's page states the most causes"
    assert name([gpt, claude | {"low": 0.35}], page) == "No page can be said to state more causes than all others"
    assert name([gpt], page) == f"GPT's page states the cause of 40{GAP}% of its incidents"
    assert name([gpt | {"state": "not enough data"}], page).startswith("How many causes are stated is not known")
