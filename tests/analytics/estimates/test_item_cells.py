"""Cells: replies stay with their thread, threads with their week, and matching sees what is alike."""

from typing import Any

import pytest

from analytics.claims.comparing import fit_like_items, read_items
from analytics.claims.reader import MetricStatistic
from analytics.engine.items import Items, list_metrics, read_metric_header, read_share_items
from analytics.estimates.item_cells import render_cells
from analytics.statistics.family_effects import fit_families
from tests.worlds.rows import Row, Rows, cut, found, measure
from tests.worlds.thread_cells import CODE

REPLIES = """
select
    r.reply_id as item_id, t.family_id, t.channel_kind, t.channel_role, r.reply_id not like '%-9' as is_pooled,
    'all' as segment, 'any' as statistic, t.age_days, r.author_role = 'staff' as is_yes,
    case when r.author_role = 'bot' then 'by a bot' end as exclusion_reason
from staging.replies as r
join staging.threads as t on t.thread_id = r.thread_id
"""
UNHELPED = MetricStatistic(metric="closed_unhelped_share", statistic="bot_closed_unanswered")
CLOSED: Row = {"state": "closed", "closed_by_role": "bot", "has_all_replies": True}


def _asked(rows: Rows, channel: str, count: int, unanswered: int, **cells: Any) -> None:
    asked: Row = {"age_hours": 1000, "question_type": "getting it to run"} | CLOSED | cells
    for number in range(count):
        rows.thread(channel, [] if number < unanswered else [(1, "staff")], **asked)


def test_replies_are_counted_in_the_week_of_their_thread() -> None:
    """Two threads of staff twice and an outsider once are of one channel and week, a later one of another; bots, and
    what is not the family's own, are in none."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(2):
        rows.thread(channel, [(1, "staff"), (2, "outsider"), (3, "staff"), (4, "bot")], age_hours=100)
    rows.thread(channel, [(1, "outsider"), (2, "staff")], age_hours=10_000)
    con = measure(rows, "threads")
    items = Items("staff_share", f"select *, false as is_unseen from ({REPLIES})")
    figure = MetricStatistic(metric="staff_share", statistic="any")
    cells = con.sql(render_cells(items, [figure])).to_arrow_table()

    columns = ("family_id", "channel_role", "week", "age_group", "items_count", "yes_count")
    assert sorted(cut(row, *columns) for row in cells.to_pylist()) == [
        ("family", "sdk", 0, "30d", 6, 4), ("family", "sdk", 59, "all", 1, 0),
    ]  # fmt: skip


def test_groups_know_the_role_the_question_and_the_language() -> None:
    """What is not known of a thread is a group of its own."""
    rows = Rows()
    channel = rows.channel(rows.family("family"), role="model")
    _asked(rows, channel, 5, 2, language="en")
    _asked(rows, channel, 3, 3, language=None, question_type=None)
    cells = found(measure(rows), "item_cells", metric="closed_unhelped_share")

    columns = ("channel_role", "question_type", "language", "age_group", "items_count", "yes_count")
    assert sorted(cut(row, *columns) for row in cells) == [
        ("model", "getting it to run", "en", "90d", 5, 2), ("model", "unknown", "unknown", "90d", 3, 3),
    ]  # fmt: skip


def test_answers_of_one_person_are_told_apart_from_those_of_a_week() -> None:
    """Of shares of answers only: four threads of one week, three of them answered by one person, one by another; one
    thread alone has code."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(4):
        answer = {"actor_id": "ann" if number else "bob", "words_count": 9, "reader_version": 4}
        answer |= CODE if number == 1 else {}
        rows.thread(channel, [(1, "outsider", answer)], age_hours=1000, has_all_replies=True, reader_version=4)
    con = measure(rows)
    cells = found(con, "item_cells", metric="code_answer_share", statistic="any", segment="all")
    waits = found(con, "item_cells", metric="answered_share", statistic="within_7d", segment="anyone")

    assert sorted(cut(row, "items_count", "yes_count") for row in cells) == [(1, 0), (3, 1)]
    assert len({row["person_key"] for row in cells}) == 2 and {row["week"] for row in cells} == {5}
    assert [cut(row, "items_count", "person_key", "week") for row in waits] == [(4, None, 5)]


def test_a_young_thread_is_left_out_of_a_horizon_answered_or_not() -> None:
    """Of four threads two are a day old: neither the answered nor the waiting one of them counts within a week."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for age_hours in (24, 1000):
        rows.thread(channel, [(1, "staff")], age_hours=age_hours)
        rows.thread(channel, age_hours=age_hours)
    cells = found(measure(rows), "item_cells", metric="answered_share", statistic="within_7d", segment="anyone")

    assert [cut(row, "age_group", "items_count", "yes_count") for row in cells] == [("90d", 2, 1)]


def test_families_are_compared_on_like_questions() -> None:
    """Simpson's case: the busy one leaves more alone of either kind, yet fewer in all, since it is asked more of what
    is easy."""
    rows = Rows()
    busy, calm = rows.channel(rows.family("busy")), rows.channel(rows.family("calm"))
    _asked(rows, busy, 100, 20)
    _asked(rows, busy, 10, 9, question_type="something broke")
    _asked(rows, calm, 10, 1)
    _asked(rows, calm, 100, 80, question_type="something broke")
    con = measure(rows)
    (row,) = found(con, "matched_differences", metric="closed_unhelped_share", window="all")
    loose = UNHELPED.model_copy(update={"matched_by": ("language", "age_group")})
    items = read_items(con, loose, "all")
    unmatched = fit_families(items.counts, 2).values

    assert cut(row, "first_id", "second_id", "n") == ("busy", "calm", 220)
    assert row["effect"] == pytest.approx(0.1)
    assert unmatched[0] - unmatched[1] == pytest.approx(29 / 110 - 81 / 110)
    assert row["p_adjusted"] < 0.5


def test_a_window_holds_only_what_is_young_enough() -> None:
    """Of the last year, and of all time."""
    rows = Rows()
    for family, side in (("one", "open"), ("two", "proprietary")):
        channel = rows.channel(rows.family(family, side))
        _asked(rows, channel, 25, 5)
        _asked(rows, channel, 25, 25, age_hours=24 * 400)
    con = measure(rows)
    found(con, "item_cells")
    found(con, "channel_states")

    assert fit_like_items(read_items(con, UNHELPED, "365d")).items.tolist() == [25, 25]
    assert fit_like_items(read_items(con, UNHELPED, "all")).items.tolist() == [50, 50]


def test_waits_are_items_and_curves_of_other_things_are_none() -> None:
    """Only a share of items, and the waits for an answer, can be matched one by one."""
    waits = read_share_items("answered_share")

    assert waits is not None
    assert read_share_items("first_response_hours") is read_share_items("price_usd") is None


@pytest.mark.parametrize("metric", sorted(list_metrics()))
def test_a_metric_declares_whether_its_items_are_waits(metric: str) -> None:
    """Else waits could not be matched."""
    header = read_metric_header(metric)
    is_wait = "metrics.answer_waits" in header.items
    has_shares = any(name.startswith("within_") for name in header.statistics)

    assert (header.waits == "answer_waits") == (is_wait and has_shares)
