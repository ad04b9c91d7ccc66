"""Each page says what is missing for want of a token, and the one line that brings it."""

from datetime import datetime
from typing import Any

from dashboards.frame.freshness import COMMAND, describe_missing_token
from pipelines.commands.tokens import COMMANDS
from warehouse.faults import Fault

THEN = datetime(2026, 11, 24)


def _row(thing: str, is_read: bool = False, fault: Fault = Fault.CREDENTIALS, source: str = "github") -> dict[str, Any]:
    return {"source": source, "thing": thing, "last_fault": fault.value, "as_of_at": THEN if is_read else None}


def test_what_was_not_read_is_counted() -> None:
    """Trackers of which the newest issues came, and those of which none did."""
    rows = [_row("issues", True), *[_row("issues")] * 3, _row("pulls"), *[_row("repositories")] * 2]
    assert describe_missing_token(rows) == (
        "**No GitHub token is set:** only the newest questions of 1 of 4 trackers were read. "
        "For the rest: `GITHUB_TOKEN=$(gh auth token) make up`"
    )


def test_nothing_is_said_where_nothing_is_missing() -> None:
    """Other sources have tokens of their own, and other faults other words."""
    rows = [_row("issues", True, Fault.NONE), _row("posts", source="reddit"), _row("pulls", fault=Fault.THROTTLED)]
    assert describe_missing_token(rows) == ""


def test_pages_and_commands_give_the_same_line() -> None:
    """The dashboard imports nothing of the collectors."""
    assert COMMANDS["GITHUB_TOKEN"] == COMMAND
