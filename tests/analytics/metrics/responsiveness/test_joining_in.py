"""A reply that only joins in is no answer; its effect on the figures is a statistic of its own."""

from typing import Any

from tests.worlds.rows import Rows, cut, found, measure, one
from tests.worlds.thread_cells import OLD, SOLVED

EVERY = {"channel_role": "all", "window": "all", "segment": "all", "channel_kind": "tracker"}
JOINS: dict[str, Any] = {"is_me_too": True}


def test_a_mere_plus_one_answers_nobody() -> None:
    """Of 40 ten are answered, ten get company, and ten both; an older reader's replies count as answers."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(10):
        age = OLD + 168 * number
        rows.thread(channel, [(1, "outsider", {"is_me_too": None})], age_hours=age)
        rows.thread(channel, [(1, "outsider", JOINS)], age_hours=age)
        rows.thread(channel, [(1, "outsider", JOINS), (200, "staff", {"is_me_too": False})], age_hours=age)
        rows.thread(channel, [(2, "bot", JOINS)], age_hours=age)
    con = measure(rows)
    week = {
        name: one(con, "answered_share", statistic="within_7d", **EVERY | {"segment": name})["value"]
        for name in ("anyone", "outsider", "with_me_too", "bots:lenient")
    }

    assert {name: round(value, 9) for name, value in week.items()} == {
        "anyone": 0.25, "outsider": 0.25, "with_me_too": 0.75, "bots:lenient": 0.25,
    }  # fmt: skip


def test_who_joins_in_is_neither_answerer_nor_helper() -> None:
    """An asker who says that it works was helped by anyone who answered, and not by company."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    helped = rows.thread(
        channel, [(1, "staff"), (2, "outsider", JOINS), (3, "asker", SOLVED), (4, "maintainer", JOINS)], age_hours=OLD
    )
    alone = rows.thread(channel, [(2, "outsider", JOINS), (3, "asker", SOLVED)], age_hours=OLD)
    con = measure(rows)
    stated = {row["thread_id"]: row["is_helped_30d"] for row in found(con, "threads")}

    assert stated == {helped: True, alone: False}
    assert [row["activity"] for row in found(con, "people_events")].count("answerers") == 1
    assert cut(one(con, "threads", thread_id=helped), "first_outsider_at", "first_maintainer_at") == (
        None,
        None,
    )
