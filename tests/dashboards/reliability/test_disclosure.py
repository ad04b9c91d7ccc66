"""What pages disclose, beside the uptime: for how many of its incidents a page states the cause."""

from datetime import datetime
from typing import Any

from dashboards.reliability import sentences_uptime
from warehouse.wording import GAP

TITLES = {"gpt": "GPT", "claude": "Claude"}


def share(family: str, value: float | None, low: float | None, high: float | None, state: str = "measured") -> Any:
    """The share of a page."""
    return {"family_id": family, "state": state, "value": value, "low": low, "high": high}


def test_pages_that_are_not_read_are_not_drawn() -> None:
    unread, few = share("qwen", None, None, None, "not observable"), share("gpt", None, None, None, "not enough data")
    silent = unread | {"as_of_at": datetime(2026, 11, 24)}
    unread |= {"as_of_at": None}
    assert sentences_uptime.select_read([unread, few, silent]) == [few, silent]


def test_no_page_is_ranked_first_where_no_difference_is_shown() -> None:
    """A rank needs a gap; and one alone is no first."""
    gpt, claude = share("gpt", 0.4, 0.3, 0.5), share("claude", 0.7, 0.6, 0.8)
    name = sentences_uptime.name_most_open
    assert name([gpt, claude], TITLES) == "Claude's page states the most causes"
    assert name([gpt, claude | {"low": 0.35}], TITLES) == "No page leads in stating causes"
    assert name([gpt], TITLES) == f"GPT's page states the cause of 40{GAP}%"
    assert name([gpt | {"state": "not enough data"}], TITLES).startswith("How many causes are stated is not known")
