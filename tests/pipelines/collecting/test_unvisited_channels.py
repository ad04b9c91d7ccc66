"""A channel whose visits nobody remembers: what was collected of it is still counted, and no figure claims to be
measured."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, measure, one

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def world() -> Any:
    """Thirty threads, changes and releases of one channel, and no word of a visit."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(30):
        rows.thread(channel, [(1, "staff")], age_hours=24 * 40)
        common: dict[str, Any] = {"channel_id": channel, "family_id": "family", "channel_role": "sdk"}
        rows.add(
            "changes", change_id=f"change-{number}", actor_id=f"maker-{number}", author_role="outsider",
            opened_at=NOW - 9 * DAY,
            merged_at=NOW - 8 * DAY, closed_at=NOW - 8 * DAY, seen_at=NOW,
            **common,
        )  # fmt: skip
        rows.add(
            "releases",
            release_id=f"release-{number}",
            released_at=NOW - (number + 1) * DAY,
            is_prerelease=False,
            **common,
        )
    rows.tables["collections"].clear()
    return measure(rows)


@pytest.mark.parametrize(
    ("metric", "cells"),
    [
        ("change_closure_ratio", {"segment": "all"}),
        ("release_gap_days", {"statistic": "median", "segment": "stable"}),
        ("answered_share", {"statistic": "within_24h", "segment": "anyone", "channel_kind": "tracker"}),
    ],
)
def test_what_was_collected_counts_without_a_visit(world: Any, metric: str, cells: dict[str, str]) -> None:
    """Their number is shown with the reason why there is no figure."""
    row = one(world, metric, window="365d", channel_role="sdk", **cells)

    assert cut(row, "state", "value", "n") == ("not collected", None, 30)
