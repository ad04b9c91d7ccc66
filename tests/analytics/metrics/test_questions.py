"""What people ask about."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.worlds.rows import Rows, cut, found, left_out, measure, one, set_apart
from tests.worlds.thread_cells import OLD, SOLVED

EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker", "family_id": "family"}


def _asked(counts: Mapping[str, int]) -> Any:
    """The metrics of a family that was asked so many questions of each class; `unread` were not read."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for name, count in counts.items():
        for _ in range(count):
            rows.thread(channel, question_type=None if name == "unread" else name)
    return set_apart(measure(rows))


def test_the_shares_of_the_classes_add_up() -> None:
    """8, 6, 4 and 2 of 20; what was not read is excluded, and of what was never asked there are 0 of 20."""
    con = _asked({"getting it to run": 8, "account and money": 6, "something broke": 4, "other": 2, "unread": 3})
    figures = {row["statistic"]: row for row in found(con, "question_mix_share", **EVERY)}

    assert {name: row["value"] for name, row in figures.items() if row["value"]} == {
        "getting it to run": 0.4,
        "account and money": 0.3,
        "something broke": 0.2,
        "other": 0.1,
    }
    assert sum(row["value"] for row in figures.values()) == pytest.approx(1)
    assert cut(figures["using it"], "n", "n_events", "value") == (20, 0, 0)
    assert left_out(figures["using it"]) == "Excluded: 3 of unread topic."


def test_a_class_has_its_segment_elsewhere() -> None:
    """20 of 50 ask how to use it; of those a quarter is helped."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(5):
        rows.thread(channel, [(1, "staff"), (2, "asker", SOLVED)], age_hours=OLD, question_type="using it")
        rows.thread(channel, [(1, "staff")], age_hours=OLD, question_type="using it")
        for _ in range(2):
            rows.thread(channel, age_hours=OLD, question_type="using it")
    for _ in range(30):
        rows.thread(channel, [(1, "staff"), (2, "asker", SOLVED)], age_hours=OLD, question_type="something broke")
    con = set_apart(measure(rows))

    helped = one(con, "helped_share", segment="type:using it", statistic="any", **EVERY)
    assert cut(helped, "n", "value") == (20, 0.25)
    assert cut(one(con, "helped_share", segment="all", statistic="any", **EVERY), "n", "value") == (50, 0.7)
