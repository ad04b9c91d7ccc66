"""How reports end, how fast, and how large the pile is that is left."""

import math
from datetime import timedelta
from typing import Any

import pytest

from tests.tools.reckonings import weekly_worth
from tests.worlds.rows import NOW, Row, Rows, cut, found, measure, one, set_apart

ALL = {"channel_kind": "tracker", "channel_role": "all", "window": "all"}
DAY = timedelta(days=1)


def _report(
    rows: Rows, channel: str, role: str = "", hours: float = 10, *, age_hours: float = 2400, **cells: Any
) -> None:
    """A report that was closed by somebody after so many hours; open if nobody did."""
    closed: Row = (
        {"state": "closed", "closed_at": NOW - timedelta(hours=age_hours - hours), "closed_by_role": role}
        if role
        else {}
    )
    rows.thread(channel, age_hours=age_hours, **closed | cells)


def test_only_what_was_completed_by_others_is_resolved() -> None:
    """Closed as completed by a bot, by the asker or for no reason is something else, and so is what was opened
    again."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(8):
        _report(rows, channel, "maintainer", close_reason="completed")
    for _ in range(4):
        _report(rows, channel, "bot", close_reason="not_planned", fixed_at=NOW)
        _report(rows, channel, "bot", close_reason="completed")
        _report(rows, channel, "staff", close_reason="not_planned")
        _report(rows, channel, "maintainer", close_reason="duplicate")
        _report(rows, channel, "asker", close_reason="completed")
        _report(rows, channel, "maintainer")
        _report(rows, channel, "staff", 1000, close_reason="completed")
    for _ in range(2):
        _report(rows, channel, first_closed_at=NOW - DAY, reopened_at=NOW)
        _report(rows, channel)
    figures = found(set_apart(measure(rows)), "resolved_share", **ALL)
    month = {row["segment"]: round(row["value"] * 40, 9) for row in figures}

    others = {"bot_closed": 4, "not_planned": 4, "duplicate": 4, "asker_closed": 4, "otherwise_closed": 4, "unknown": 0}
    assert month == others | {"resolved": 12, "open": 8}


def test_half_is_reached_only_where_half_is_resolved() -> None:
    """Of 40, 24 are resolved at one hour after another, or only 16: what was closed otherwise never will be, but is not
    excluded. One that a wrong clock closed before it was opened is: how long it took is unknown."""
    rows = Rows()
    for name, count in (("many", 24), ("few", 16)):
        channel = rows.channel(rows.family(name))
        for number in range(40):
            if number < count:
                _report(rows, channel, "maintainer", number + 1, close_reason="completed")
            else:
                _report(rows, channel, "bot", 0.5)
        _report(rows, channel, "maintainer", -1, close_reason="completed")
    con = measure(rows)
    many = {row["statistic"]: row for row in found(con, "resolution_hours", family_id="many", **ALL)}
    few = {row["statistic"]: row for row in found(con, "resolution_hours", family_id="few", **ALL)}

    assert cut(many["median"], "value", "n", "n_events", "n_censored") == (20, 40, 24, 0)
    assert many["median"]["low"] < 20 and many["median"]["high"] is None
    assert (
        cut(few["median"], "state", "value") == ("measured", None) and "too few are resolved" in few["median"]["note"]
    )


def test_the_pile_is_as_old_as_its_middle() -> None:
    """Of 21 open reports, one to 201 days old: what is closed is none, and neither is what a bot opened."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(21):
        _report(rows, channel, age_hours=24 * (10 * number + 1))
        _report(rows, channel, "staff")
        _report(rows, channel, author_role="bot")
    con = measure(rows)

    assert cut(one(con, "open_age_days", **ALL), "value", "n") == (101, 21)


@pytest.mark.parametrize("days", [29, 88.9])
def test_a_pile_that_was_not_read_whole_is_not_measured(days: float) -> None:
    """Of a tracker read for a month, but for a day, the pace of 30 days is known; that of 90 is not, where more than a
    day lacks."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for collection in rows.tables["collections"]:
        collection["reach_at"] = NOW - days * DAY
    for _ in range(20):
        _report(rows, channel, age_hours=240)
        _report(rows, channel, "staff", age_hours=240)
        _change(rows, channel, 5, 3)
    con = measure(rows)
    states = {
        row["window"]: row["state"]
        for row in found(con, "change_closure_ratio", channel_kind="tracker", channel_role="all")
    }

    assert {window for window, state in states.items() if state == "measured"} == {"30d"}


def _change(rows: Rows, channel: str, opened_days: float, closed_days: float | None, role: str = "outsider") -> None:
    """A change that was proposed, and perhaps closed, so many days ago."""
    rows.add(
        "changes",
        change_id=f"{channel}#{len(rows.tables['changes'])}",
        channel_id=channel,
        family_id=channel.split(".")[0],
        channel_role="sdk",
        author_role=role,
        opened_at=NOW - opened_days * DAY,
        closed_at=None if closed_days is None else NOW - closed_days * DAY,
        seen_at=NOW,
    )


def test_closed_over_proposed_is_one_ratio_of_two_counts() -> None:
    """Closed counts whenever it was proposed: 25 proposed and 30 closed in 30 days make 1.2; 90 days have a ratio of
    their own."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(25):
        _change(rows, channel, 10, 5 if number < 10 else None)
    for number in range(20):
        _change(rows, channel, 50, 20)
        _change(rows, channel, 50, 20 if number < 5 else 40, "bot")
    con = measure(rows)
    figures = {
        (row["segment"], row["window"]): row
        for row in found(con, "change_closure_ratio", channel_kind="tracker", channel_role="all")
    }
    month = figures["people", "30d"]

    assert cut(month, "value", "n", "n_events") == (pytest.approx(30 / 25), 25, 30)
    assert month["low"] < 1 < month["high"] and "30 closed, 25 proposed." in month["note"]
    assert figures["all", "30d"]["value"] == pytest.approx(35 / 25)
    assert figures["people", "90d"]["value"] == pytest.approx(30 / 45)


def test_the_interval_of_a_ratio_is_that_of_the_changes_in_it() -> None:
    """80 closed in four weeks, of which half were proposed before the month: the variance of what each change does to
    the ratio, by the sums of the weeks."""
    rows, proposed = Rows(), (16, 2, 14, 8)
    channel = rows.channel(rows.family("family"))
    for week, count in enumerate(proposed):
        for number in range(20):
            _change(rows, channel, 7 * week + 3 if number < count else 60, 7 * week + 2)
    row = one(measure(rows), "change_closure_ratio", segment="all", **ALL | {"window": "30d"})
    worth = weekly_worth([20] * 4, [20 - 2 * count for count in proposed], 80)[1]
    error = math.sqrt(80 * 80 / worth + 1) / 80

    assert worth < 80
    assert cut(row, "value", "low", "high") == pytest.approx(
        (2, 2 * math.exp(-1.959964 * error), 2 * math.exp(1.959964 * error)), rel=1e-3
    )


def test_where_nothing_was_closed_the_ratio_has_an_upper_end_for_changes_that_are_alike() -> None:
    """None of 30: the most that chance in a Poisson count of none leaves, over what they are worth. All of one week had
    the end of 30 independent ones, 0.12."""
    highs = []
    for days in (0, 7):
        rows = Rows()
        channel = rows.channel(rows.family("family"))
        for number in range(30):
            _change(rows, channel, 10 + days * number, None)
        row = one(measure(rows), "change_closure_ratio", segment="all", **ALL | {"window": "365d"})
        assert cut(row, "value", "low") == (0, 0)
        highs.append(row["high"])
    bandwidth = math.ceil(1.3 * math.sqrt(30)) / 30
    quantile = 1.959964 + 2.9694 * bandwidth + 0.4160 * bandwidth**2 - 0.5324 * bandwidth**3

    assert highs[1] == pytest.approx(-math.log(0.025) / 30 * (quantile / 1.959964) ** 2, rel=1e-5)
    assert highs[0] > 1


def test_closings_that_were_not_read_make_nothing_resolved_and_nothing_unresolved() -> None:
    """Threads read without a token: their waits for an answer count, their endings do not, closed or open."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(30):
        answers = [(5, "staff")] if number < 15 else []
        closed: Row = {"state": "closed", "closed_at": NOW - DAY, "close_reason": "completed"} if number % 2 else {}
        rows.thread(channel, answers, age_hours=2400, has_all_fields=False, has_all_replies=True, **closed)
    tables = measure(rows)
    assert {row["n"] for row in found(tables, "answered_share", **ALL, segment="anyone", statistic="within_24h")} == {
        30
    }
    for metric, cells in (
        ("resolved_share", {"statistic": "within_30d"}),
        ("closed_unhelped_share", {}),
        ("first_response_by_share", {}),
    ):
        figures = found(tables, metric, **ALL, **cells)
        # Of 15 closed threads the 7 that a person answered are known not to have been closed unanswered.
        counts = {0, 7} if metric == "closed_unhelped_share" else {0}
        assert figures and {(row["value"], row["n"]) for row in figures} == {(None, n) for n in counts}, metric


def test_a_share_of_which_nearly_anything_is_possible_is_not_measured() -> None:
    """Of 40 reports one was watched for a month: none is a duplicate by then, and that was 0 % (0 to 98)."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(40):
        _report(rows, channel, age_hours=24 * 31 if number == 0 else 24 * 10 + 11 * number)
    month = one(set_apart(measure(rows)), "resolved_share", segment="duplicate", **ALL)

    assert cut(month, "value", "state", "note") == (
        None, "not enough data", "Only 40 threads: the interval is too wide."
    )  # fmt: skip
