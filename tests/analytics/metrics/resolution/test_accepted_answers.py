"""Whether an answer was accepted is the source's own word, whichever replies are held."""

from typing import Any

import pytest

from tests.worlds.rows import NOW, Row, Rows, cut, measure, one
from tests.worlds.thread_cells import OLD

EVERY = {"channel_role": "all", "window": "all", "segment": "all", "channel_kind": "forum"}
ACCEPTED = {"is_accepted": True}
UNREAD = {"reader_version": 1}
MISSING = {"has_all_replies": False}
HELD: list[Any] = [(5, "staff")]


@pytest.mark.parametrize(
    ("replies", "cells", "counts"),
    [
        (HELD, {"has_accepted": False}, (20, 0, 0)),
        (HELD, {"has_accepted": False} | MISSING, (20, 0, 0)),
        ([(5, "staff", UNREAD)], {"has_accepted": False}, (20, 0, 0)),
        (HELD, {"has_accepted": True, "accepted_at": NOW} | MISSING, (20, 0, 0)),
        ([(5, "staff", UNREAD | ACCEPTED)], {"has_accepted": True} | MISSING, (20, 20, 0)),
        ([(5, "asker", ACCEPTED)], {"has_accepted": True} | MISSING, (20, 0, 0)),
        (HELD, {"has_accepted": True} | MISSING, (0, 0, 20)),
        (HELD, {"has_accepted": True}, (0, 0, 20)),
        ([*HELD, (730, "asker")], {"has_accepted": True} | MISSING, (20, 0, 0)),
    ],
    ids=[
        "none", "none, and replies are missing", "none, and a reply was not analysed", "after a month",
        "within a month", "the asker's own", "missing and without a time", "taken down and without a time",
        "missing, and after a month",
    ],
)  # fmt: skip
def test_what_the_source_says_of_acceptance_needs_no_replies(
    replies: list[Any], cells: Row, counts: tuple[int, int, int]
) -> None:
    """Only an accepted answer that is not held, and of which no time is given, was not seen; one beyond thirty days
    of replies that are held came later."""
    rows = Rows()
    channel = rows.channel(rows.family("family"), "forum", "forum")
    for _ in range(20):
        rows.thread(channel, replies, age_hours=OLD, channel_kind="forum", thing="topics", **cells)
    row = one(measure(rows), "helped_share", statistic="accepted", **EVERY)
    hidden = f"{counts[2]} of {sum(counts[::2])} were not seen" in (row["note"] or "")

    assert (*cut(row, "n", "n_events"), hidden) == (*counts[:2], counts[2] > 0), row["note"]
