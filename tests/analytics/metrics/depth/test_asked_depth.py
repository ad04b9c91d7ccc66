"""Depth of all who asked, beside depth of the answered."""

from typing import Any

import pytest

from tests.worlds.rows import Rows, cut, found, left_out, measure, one
from tests.worlds.thread_cells import CODE, OLD

EVERY = {"channel_role": "all", "window": "all", "segment": "all", "channel_kind": "tracker"}


def test_depth_of_all_who_asked_and_of_the_answered() -> None:
    """Who answers 20 of 80, always with code, looks deeper than who answers 60 of 80, with code in 40; but 20 of its
    askers get code, and 40 of the other's."""
    rows = Rows()
    for family, answered in (("choosy", [CODE] * 20), ("open", [CODE] * 40 + [{}] * 20)):
        channel = rows.channel(rows.family(family))
        for number in range(80):
            replies = [(1, "staff", answered[number])] if number < len(answered) else []
            rows.thread(channel, replies, age_hours=OLD)
    con = measure(rows)
    code = {row["family_id"]: row["value"] for row in found(con, "code_answer_share", statistic="any", **EVERY)}
    asked = {row["family_id"]: row["value"] for row in found(con, "asked_depth_share", statistic="code", **EVERY)}

    assert code == {"choosy": 1, "open": pytest.approx(2 / 3)}
    assert asked == {"choosy": 0.25, "open": 0.5}


def test_what_could_not_be_seen_may_be_deep() -> None:
    """20 unanswered, 4 with source, deep in 2, one of which nothing is held, and one too young."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    deep = CODE | {"source_links_count": 1, "has_version": True}
    threads: list[list[Any]] = [[]] * 20 + [[(1, "staff", {"source_links_count": 1})]] * 2 + [[(1, "staff", deep)]] * 2
    for replies in threads:
        rows.thread(channel, replies, age_hours=OLD)
    rows.thread(channel, age_hours=OLD, has_all_replies=False)
    rows.thread(channel, [(1, "staff", deep)], age_hours=719)
    figures = {row["statistic"]: row for row in found(measure(rows), "asked_depth_share", **EVERY)}

    assert {name: cut(row, "n", "n_events", "value") for name, row in figures.items()} == {
        "code": (24, 2, pytest.approx(2 / 24)), "source": (24, 4, pytest.approx(4 / 24)),
        "deep": (24, 2, pytest.approx(2 / 24)),
    }  # fmt: skip
    assert left_out(figures["deep"]) == "Left out: 1 observed for less than 30 days."
    assert one(measure(rows), "asked_depth_share", statistic="deep", **EVERY)["high"] > 3 / 25
