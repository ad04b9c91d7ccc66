"""A channel whose visits nobody remembers: threads collected of it are still counted, and no figure claims to be
measured."""

from typing import Any

import pytest

from tests.worlds.rows import Rows, cut, measure, one


@pytest.fixture(scope="module")
def world() -> Any:
    """Thirty threads of one channel, and no word of a visit."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(30):
        rows.thread(channel, [(1, "staff")], age_hours=24 * 40)
    rows.tables["collections"].clear()
    return measure(rows)


def test_what_was_collected_counts_without_a_visit(world: Any) -> None:
    """Their number is beside the reason why there is no figure."""
    cells = {"statistic": "within_24h", "segment": "anyone", "channel_kind": "tracker"}
    row = one(world, "answered_share", window="365d", channel_role="sdk", **cells)

    assert cut(row, "state", "value", "n") == ("not collected", None, 30)
