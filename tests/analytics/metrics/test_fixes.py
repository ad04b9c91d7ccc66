"""The code that strangers share: said to work, or merged, and how long that takes."""

from datetime import timedelta
from typing import Any

from tests.worlds.rows import NOW, Rows, cut, found, left_out, measure, one
from tests.worlds.thread_cells import CODE, OLD, SOLVED, fixed

EVERY = {"channel_role": "all", "window": "all", "segment": "all", "channel_kind": "tracker"}


def test_code_of_strangers_counts_when_it_is_said_to_work() -> None:
    """Three lines or a patch by an outsider; confirmed by the asker or a maintainer right after it, or accepted. Staff
    are no strangers."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    confirmed: list[list[Any]] = [
        [(5, "outsider", CODE), (6, "asker", SOLVED)],
        [(5, "outsider", {"has_patch": True, "code_lines": 1}), (6, "maintainer", SOLVED)],
        [(5, "outsider", CODE | {"is_accepted": True})],
    ]
    shared: list[list[Any]] = [
        [(5, "outsider", CODE)],
        [(5, "outsider", CODE), (6, "outsider"), (7, "asker", SOLVED)],
        [(5, "outsider", CODE), (6, "outsider", SOLVED)],
        [(5, "outsider", CODE), (721, "asker", SOLVED)],
    ]
    neither: list[list[Any]] = [
        [(5, "outsider", {"has_code": True, "code_lines": 2}), (6, "asker", SOLVED)],
        [(5, "staff", CODE), (6, "asker", SOLVED)],
        [(5, "asker", CODE), (6, "maintainer", SOLVED)],
    ]
    for replies in [*confirmed, *shared, *neither] * 2:
        rows.thread(channel, replies, age_hours=OLD)
    late = NOW - timedelta(hours=OLD - 721)
    rows.thread(
        channel, [(5, "outsider", CODE | {"is_accepted": True})], age_hours=OLD, has_accepted=True, accepted_at=late
    )
    con = measure(rows)

    assert cut(one(con, "thread_fix_share", statistic="shared", **EVERY), "n", "n_events") == (21, 15)
    assert cut(one(con, "thread_fix_share", statistic="confirmed", **EVERY), "n", "n_events") == (21, 6)


def test_the_ledger_names_each_fix_by_a_stranger_with_its_time() -> None:
    """The first of each thread: a snippet after 6 hours, a change after 8. The asker's own is marked, that of staff is
    not there."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    url = {"url": "https://x/comment"}
    rows.thread(channel, [(5, "outsider", CODE | url), (6, "asker", SOLVED)], age_hours=OLD, **fixed(8, "outsider"))
    rows.thread(channel, [(5, "outsider")], age_hours=OLD, **fixed(8, "outsider"))
    rows.thread(channel, age_hours=OLD, **fixed(8, "outsider", "asker-2"))
    rows.thread(channel, age_hours=OLD, **fixed(8, "maintainer"))
    rows.thread(channel, age_hours=OLD, **fixed(8, "agent"))
    rows.thread(channel, age_hours=OLD, **fixed(-90, "outsider", closed_hours=7))

    assert [
        cut(row, "fix_kind", "fix_url", "fixer_id", "fix_hours", "is_own_fix")
        for row in found(measure(rows), "stranger_fixes")
    ] == [
        ("confirmed snippet", "https://x/comment", "outsider-0", 6, False),
        ("merged change", "https://x/pull/1", "fixer", 8, False),
        ("merged change", "https://x/pull/1", "asker-2", 8, True),
    ]


def test_a_fix_that_was_there_before_the_question_hides_no_later_one() -> None:
    """A change that was merged before the thread was opened is no fix of it; the snippet that came after is."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    early = fixed(-90, "outsider", closed_hours=7)
    url = {"url": "https://x/comment"}
    rows.thread(channel, [(5, "outsider", CODE | url), (6, "asker", SOLVED)], age_hours=OLD, **early)

    assert [
        cut(row, "fix_kind", "fix_url", "fixer_id", "fix_hours") for row in found(measure(rows), "stranger_fixes")
    ] == [("confirmed snippet", "https://x/comment", "outsider-0", 6)]


def test_the_middle_of_the_ledger_is_that_of_other_peoples_fixes() -> None:
    """20 changes after 30 hours, 20 snippets after 10: the middle of all is 20. What the asker mended after an hour is
    left out."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(20):
        rows.thread(channel, age_hours=OLD, **fixed(30, "outsider"))
        rows.thread(channel, [(9, "outsider", CODE), (10, "asker", SOLVED)], age_hours=OLD)
        rows.thread(channel, age_hours=OLD, **fixed(1, "outsider", f"asker-{3 * number + 2}"))
    figures = {row["statistic"]: row for row in found(measure(rows), "stranger_fix_hours", **EVERY, family_id="family")}

    assert {name: cut(row, "value", "n") for name, row in figures.items()} == {
        "any": (20, 40), "merged_change": (30, 20), "confirmed_snippet": (10, 20),
    }  # fmt: skip
    assert left_out(figures["merged_change"]) == "Left out: 20 fixed by the asker."
