"""Whether answers hold code."""

from typing import Any

import pytest

from tests.worlds.rows import Rows, cut, found, left_out, measure, one, set_apart
from tests.worlds.thread_cells import CODE, OLD

EVERY = {"channel_role": "all", "window": "all", "segment": "all", "channel_kind": "tracker"}


def _world(*threads: list[Any], times: int = 5, role: str = "sdk", side: str = "open", **cells: Any) -> Any:
    """The metrics of one family in whose channel each of these threads was asked so many times."""
    rows = Rows()
    channel = rows.channel(rows.family("family", side), role)
    for replies in threads * times:
        rows.thread(channel, replies, age_hours=OLD, **cells)
    return measure(rows)


def test_code_in_any_answer_counts_once() -> None:
    """Of six threads that a person answered in 30 days four got code, one of them two lines; the asker's own, a bot's
    and late code are none."""
    con = _world(
        [(1, "staff"), (2, "outsider", CODE), (3, "outsider", CODE)],
        [(1, "staff", {"has_patch": True})],
        [(1, "unknown"), (720, "maintainer", {"has_command": True})],
        [(1, "staff", {"has_code": True})],
        [(1, "staff"), (2, "asker", CODE), (3, "bot", CODE), (4, "agent", CODE)],
        [(1, "staff"), (721, "staff", CODE)],
        [(1, "bot", CODE)],
        [(721, "staff", CODE)],
        [],
    )

    row = one(set_apart(con), "code_answer_share", **EVERY)

    assert (*cut(row, "n", "n_events", "value"), left_out(row)) == (30, 20, pytest.approx(2 / 3), "")


def test_an_answer_that_is_held_counts_and_of_what_is_missing_nothing_is_known() -> None:
    """Code that is held was given, whatever else is missing; without it, it may be in what is missing or was not
    read: 2 of 25."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(20):
        rows.thread(channel, [(1, "staff")], age_hours=OLD)
    rows.thread(channel, [(1, "staff", CODE)], age_hours=719)
    rows.thread(channel, [(1, "staff", CODE)], age_hours=OLD, has_all_replies=False)
    rows.thread(channel, [(1, "staff", CODE), (2, "staff", {"reader_version": 1})], age_hours=OLD)
    rows.thread(channel, [(1, "staff"), (2, "staff", {"reader_version": 1})], age_hours=OLD)
    rows.thread(channel, age_hours=OLD, has_all_replies=False)
    rows.thread(channel, [(1, "staff"), (721, "staff")], age_hours=OLD, has_all_replies=False)
    rows.thread(channel, [(-1, "staff", CODE)], age_hours=OLD)
    row = one(measure(rows), "code_answer_share", **EVERY)

    assert (*cut(row, "n", "n_events", "value"), left_out(row)) == (
        23, 2, None, "Excluded: 1 answered before they were asked, 1 observed for less than 30 days.",
    )  # fmt: skip
    assert "2 of 25 were not seen: the share lies between 8.0 and 16.0 %." in row["note"]


def test_depth_is_told_by_what_is_asked_about() -> None:
    """The same threads again in the segment of their type, and in none of a language."""
    con = _world([(1, "staff", CODE)], times=20, question_type="something broke", language="en")
    segments = {
        row["segment"]: row["n"]
        for row in found(con, "code_answer_share", family_id="family", channel_role="all", window="all")
        if row["n"]
    }

    assert segments == {"all": 20, "type:something broke": 20}
