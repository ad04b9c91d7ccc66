"""Who answers whom, what counts, and what is said if there is too little to say anything."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Row, Rows, cut, found, measure, one, set_apart

ALL = {"channel_kind": "tracker", "channel_role": "all", "window": "all"}
PEOPLE = {"anyone", "with_me_too", "bots:strict", "bots:lenient"}
"""The clocks that any person stops."""


@pytest.mark.parametrize(
    ("role", "classes"),
    [
        ("staff", {*PEOPLE, "staff"}), ("maintainer", {*PEOPLE, "maintainer"}), ("outsider", {*PEOPLE, "outsider"}),
        ("unknown", PEOPLE), ("agent", {"agent", "bots:lenient"}), ("bot", set()), ("asker", set()),
    ],
)  # fmt: skip
def test_a_reply_stops_the_clock_of_its_own_class_only(role: str, classes: set[str]) -> None:
    """Bots and the asker stop none that counts people, agents their own and the lenient; deleted accounts are people of
    no class."""
    rows = Rows()
    rows.thread(rows.channel(rows.family("family")), [(3, role)])
    con = measure(rows)
    durations = {row["segment"]: cut(row, "is_event", "duration_hours") for row in found(con, "answer_waits")}

    assert durations == {
        name: (True, 3) if name in classes else (False, 720)
        for name in (*PEOPLE, "staff", "maintainer", "outsider", "agent")
    }


def test_a_deleted_reply_to_a_deleted_asker_may_be_their_own() -> None:
    """Two deleted accounts cannot be distinguished, so the doubtful reply is no answer; a named one is."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    gone: dict[str, Any] = {"actor_id": None, "author_role": "unknown"}
    doubtful = rows.thread(channel, [(1, "unknown")], **gone)
    rows.thread(channel, [(1, "unknown"), (2, "outsider")], **gone)
    waits = {
        row["item_id"]: cut(row, "is_event", "duration_hours")
        for row in found(measure(rows), "answer_waits", segment="anyone")
    }

    assert waits.pop(doubtful) == (False, 720)
    assert list(waits.values()) == [(True, 2)]


def test_the_asker_is_known_by_pseudonym_whatever_the_role() -> None:
    """Somebody of the staff who answers their own question has not been answered."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    rows.thread(channel, actor_id="somebody", author_role="staff")
    thread = rows.tables["threads"][0]
    rows.reply(thread, 720, "staff", actor_id="somebody")

    assert not any(row["is_event"] for row in found(measure(rows), "answer_waits"))


def test_a_closed_thread_that_nobody_answered_still_waits_when_last_seen() -> None:
    """Closing is no answer: its clock stops at the last visit, not at the closing."""
    rows = Rows()
    rows.thread(
        rows.channel(rows.family("family")),
        state="closed",
        closed_at=NOW - timedelta(hours=700),
        closed_by_role="asker",
    )
    con = measure(rows)

    assert cut(one(con, "answer_waits", segment="anyone"), "is_event", "duration_hours") == (False, 720)
    assert one(con, "threads")["outcome"] == "closed by asker unanswered"


def test_what_cannot_be_is_left_out_and_counted() -> None:
    """An answer before the question, a bot that asks and a thread of no family: never a wait of 0, always in the
    note."""
    rows = Rows()
    family = rows.family("family")
    own, shared = rows.channel(family), rows.channel("_shared", "runtime")
    rows.thread(own, [(-1, "staff")])
    rows.thread(own, author_role="bot")
    rows.thread(own, [(0, "outsider")])
    rows.thread(shared, family_id=family)
    rows.thread(shared, family_id=None)
    con = measure(rows)
    own_note, shared_note = (
        one(
            con,
            "first_response_hours",
            family_id=family,
            channel_kind="tracker",
            channel_role=role,
            segment="anyone",
            statistic="median",
            window="90d",
        )["note"]
        for role in ("all", "runtime")
    )

    assert sorted(row["duration_hours"] for row in found(con, "answer_waits", segment="anyone", is_excluded=False)) == [
        0,
        720,
    ]
    assert "1 answered before they were asked" in own_note and "1 opened by bots" in own_note
    assert "1 of shared channels that name no family" in shared_note and "shared channels" not in own_note


def test_the_role_all_pools_own_channels_and_shared_ones_count_under_their_role() -> None:
    """A library's tracker is compared with a library's; what is asked in everybody's channel is not its own."""
    rows = Rows()
    family = rows.family("family")
    for role, count in (("sdk", 3), ("model", 2)):
        channel = rows.channel(family, role)
        for _ in range(count):
            rows.thread(channel)
    rows.thread(rows.channel("_shared", "runtime"), family_id=family)
    con = measure(rows)
    counts = {
        row["channel_role"]: row["n"]
        for row in found(con, "answered_share", segment="anyone", statistic="within_7d", window="all")
    }
    channels = {row["channel_role"]: row["channels_count"] for row in found(con, "channel_coverage", subject="threads")}

    assert counts == {"all": 5, "sdk": 3, "model": 2, "runtime": 1}
    assert channels == {"all": 2, "sdk": 1, "model": 1, "runtime": 1}


def test_threads_older_than_what_was_read_whole_are_left_out_and_counted() -> None:
    """Of these only those came to us to which something happened later: most of them an answer, which would flatter."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for collection in rows.tables["collections"]:
        collection["reach_at"] = NOW - timedelta(days=100)
    for number in range(20):
        rows.thread(channel, [(5, "staff")], age_hours=24 * (90 - 4 * number))
    for _ in range(30):
        rows.thread(channel, [(3000, "outsider")], age_hours=24 * 300)
    row = one(measure(rows), "answered_share", segment="anyone", statistic="within_24h", **ALL)

    assert (row["n"], row["value"]) == (20, 1.0)
    assert "30 older than the completely read period" in row["note"]


def test_windows_are_counted_back_from_the_visit_to_the_channel() -> None:
    """A channel last read in spring has its last 30 days in spring."""
    rows = Rows()
    visited = NOW - timedelta(days=100)
    channel = rows.channel(rows.family("family"), as_of_at=visited)
    for days in (1, 29, 31, 89, 364, 400):
        rows.thread(channel, opened_at=visited - timedelta(days=days), observed_until_at=visited)
    rows.thread(
        channel, opened_at=visited - timedelta(days=2), observed_until_at=NOW
    )  # of a later visit that failed half way
    found_ = found(
        measure(rows),
        "answered_share",
        segment="anyone",
        statistic="within_7d",
        channel_kind="tracker",
        channel_role="all",
    )

    assert {row["window"]: row["n"] for row in found_} == {"30d": 3, "90d": 5, "365d": 6, "all": 7}
    assert {row["as_of_at"] for row in found_} == {visited}


@pytest.mark.parametrize(
    ("threads", "answered", "state", "median_state"),
    [
        (19, 19, "not enough data", "not enough data"),
        (20, 5, "measured", "measured"),
        (20, 4, "measured", "not enough data"),
        (60, 4, "measured", "not enough data"),
        (60, 20, "measured", "measured"),
    ],
)
def test_below_20_threads_or_a_quantile_of_5_answers_nothing_is_claimed(
    threads: int, answered: int, state: str, median_state: str
) -> None:
    """The gate, on both sides of it; the counts are given all the same."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(threads):
        is_answered = number * answered % threads < answered
        rows.thread(channel, [(1, "outsider")] if is_answered else [], age_hours=720 + 168 * number)
    con = measure(rows)
    row = one(con, "answered_share", segment="anyone", statistic="within_7d", **ALL)

    assert cut(row, "state", "n", "n_events", "n_censored") == (state, threads, answered, threads - answered)
    assert (row["value"] is not None) == (row["low"] is not None) == (row["high"] is not None) == (state == "measured")
    states = {
        found_["statistic"]: found_["state"] for found_ in found(con, "first_response_hours", segment="anyone", **ALL)
    }
    answered_state = "measured" if answered >= 20 else "not enough data"
    assert states == {"median": median_state, "answered_only_median": answered_state}


def test_a_median_that_is_not_reached_keeps_its_lower_end() -> None:
    """Thirty of a hundred answered: more than half wait longer than this, and no upper end is known."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(100):
        rows.thread(channel, [(number + 1, "outsider")] if number < 42 else [])
    row = one(measure(rows), "first_response_hours", segment="anyone", statistic="median", **ALL)

    assert cut(row, "value", "high", "state") == (None, None, "measured")
    assert row["low"] is not None and "Not reached" in row["note"]


def test_shares_are_empty_beyond_the_longest_watch() -> None:
    """Threads watched for three days tell nothing of the first week, whatever the arithmetic would give."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(30):
        asked = NOW - timedelta(days=7 * number + 3)
        rows.thread(
            channel,
            [(1, "outsider")] if number % 3 == 0 else [],
            opened_at=asked,
            observed_until_at=asked + timedelta(days=3),
        )
    day, week = (
        one(measure(rows), "answered_share", segment="anyone", statistic=name, **ALL)
        for name in ("within_24h", "within_7d")
    )

    assert cut(day, "value", "state") == (pytest.approx(1 / 3), "measured")
    assert cut(week, "value", "state", "n") == (None, "not enough data", 30)
    assert "observed for that long" in week["note"]


def test_half_of_the_interval_does_not_shrink_when_threads_are_too_young() -> None:
    """Censoring widens the band: 20 answered of 40 old threads is surer than 20 of 40 of which most were asked just
    now."""
    rows = Rows()
    for name, age in (("old", 720), ("young", 2)):
        family = rows.family(name)
        channel = rows.channel(family)
        for number in range(40):
            rows.thread(channel, [(1, "outsider")] if number < 20 else [], age_hours=720 if number < 21 else age)
        rows.thread(channel, [(30, "outsider")])
    con = set_apart(measure(rows))
    widths = {
        row["family_id"]: row["high"] - row["low"]
        for row in found(con, "answered_share", segment="anyone", statistic="within_7d", **ALL)
    }

    assert widths["young"] > widths["old"]


def test_a_thread_whose_replies_were_not_all_collected_is_not_called_unanswered() -> None:
    """What was not collected is unknown: a reply that is held answers, and of the others it was not seen."""
    rows = Rows()
    channel = rows.channel(rows.family("a"))
    for _ in range(20):
        rows.thread(channel, [(5, "staff")], has_all_replies=False)
        rows.thread(channel, has_all_replies=False)
        rows.thread(channel, has_all_replies=True)
    con = measure(rows)
    row = one(con, "answered_share", segment="anyone", statistic="within_7d", **ALL)

    assert cut(row, "n", "n_events") == (40, 20)
    assert "20 of 60 were not seen" in row["note"]
    assert [one_["outcome"] for one_ in found(con, "threads")].count("not seen") == 20
    assert {row["unseen_note"] for row in found(con, "thread_exclusions")} >= {
        "For 20 questions it is not known when they were answered, if at all: replies are missing."
    }


@pytest.mark.parametrize("worst", [4, 0])
def test_who_answers_least_is_last_and_does_not_vanish(worst: int) -> None:
    """Of 200 threads each, 196, 100 and 4 or none are answered: few answers are no lack of data."""
    rows = Rows()
    for family, answered in (("first", 196), ("second", 100), ("third", worst)):
        channel = rows.channel(rows.family(family))
        for number in range(200):
            replies = [(1, "staff")] if number * answered % 200 < answered else []
            rows.thread(channel, replies, age_hours=1000 + 17 * number, question_type="using it", language="en")
    con = measure(rows)
    figures = found(con, "answered_share", segment="anyone", statistic="within_24h", **ALL)
    how = {"metric": "answered_share", "segment": "anyone", "statistic": "within_24h", "window": "all"}
    ranks = {row["family_id"]: row["rank"] for row in found(con, "family_ranks", **how)}

    assert {row["family_id"]: cut(row, "state", "value", "n_events") for row in figures} == {
        "first": ("measured", pytest.approx(0.98), 196), "second": ("measured", 0.5, 100),
        "third": ("measured", pytest.approx(worst / 200), worst),
    }  # fmt: skip
    assert ranks == {"first": 1, "second": 2, "third": 3}
    median = one(con, "first_response_hours", segment="anyone", statistic="median", family_id="third", **ALL)
    assert median["state"] == "not enough data"


def test_a_share_of_a_wide_interval_is_not_enough_data() -> None:
    """Of 25 threads 23 are so young that only two are watched for a week."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(25):
        rows.thread(channel, [(150, "staff")] if number == 0 else [], age_hours=1000 if number < 2 else 100)
    row = one(measure(rows), "answered_share", segment="anyone", statistic="within_7d", **ALL)

    assert (row["state"], row["note"]) == ("not enough data", "Only 25 threads: the interval is too wide.")


def _closed(hours: float, role: str, age: float = 720, **cells: Any) -> dict[str, Any]:
    """Cells of a thread that was closed so many hours after it was opened."""
    return {"state": "closed", "closed_at": NOW - timedelta(hours=age - hours), "closed_by_role": role, **cells}


def test_what_came_first_shuts_out_all_the_rest() -> None:
    """Twenty threads, each with its own beginning: bots' replies are nothing, words at the time of the closing come
    before it."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(4):
        rows.thread(channel, [(1, "bot"), (2, "staff"), (3, "outsider")], **_closed(90, "asker"))
    for _ in range(3):
        rows.thread(channel, [(1, "outsider"), (2, "staff")])
    for _ in range(2):
        rows.thread(channel, [(1, "agent"), (2, "maintainer")])
        rows.thread(channel, [(1, "unknown")])
        rows.thread(channel, [(0.1, "bot")], **_closed(100, "bot", close_reason="not_planned"))
        rows.thread(channel, [(1, "asker")], **_closed(5, "asker", close_reason="completed"))
    rows.thread(channel, [(80, "staff")], **_closed(6, "maintainer", close_reason="duplicate"))
    rows.thread(channel, **_closed(7, "maintainer", fixed_at=NOW))
    rows.thread(channel, [(6, "maintainer")], **_closed(6, "maintainer"))
    rows.thread(channel, [(200, "staff")])
    rows.thread(channel)
    figures = {row["segment"]: row for row in found(set_apart(measure(rows)), "first_response_by_share", **ALL)}
    counts = {
        "staff": 4, "maintainer": 1, "outsider": 3, "unknown": 2, "agent": 2, "fixed": 1, "bot_closed": 2,
        "asker_closed": 2, "closed": 1,
        "closed_unknown": 0, "waiting": 2,
    }  # fmt: skip

    assert {name: row["value"] for name, row in figures.items()} == {
        name: pytest.approx(n / 20) for name, n in counts.items()
    }
    assert cut(figures["staff"], "n", "n_events", "n_censored") == (20, 5, 1)
    assert all(row["low"] <= row["value"] <= row["high"] for row in figures.values())


def test_who_first_closed_what_was_opened_again_is_not_known() -> None:
    """Only the closer of the last closing is known, which came after the answer."""
    rows = Rows()
    first: Row = {"first_closed_at": NOW - timedelta(hours=700), "reopened_at": NOW - timedelta(hours=690)}
    rows.thread(rows.channel(rows.family("family")), [(50, "staff")], **_closed(100, "bot"), **first)
    con = measure(rows)

    assert cut(one(con, "thread_ends", wait="first"), "cause", "duration_hours") == ("closed_unknown", 20)
    assert one(con, "thread_ends", wait="resolution")["cause"] == "bot_closed"


def test_a_newcomer_is_known_only_where_it_is_known_who_asked_before() -> None:
    """The first thread of somebody in the first year that was read may not be the first; the next ones tell that they
    are known. So it is with everybody who is called new."""
    rows = Rows()
    family = rows.family("family")
    channel, other = rows.channel(family), rows.channel(family, "model")
    for place, days in ((channel, 400), (other, 399)):
        rows.thread(place, age_hours=24 * days, actor_id="early")
    early = rows.thread(channel, age_hours=24 * 35.1, actor_id="young")
    first = rows.thread(channel, age_hours=24 * 35, actor_id="late")
    again = rows.thread(other, age_hours=24 * 20, actor_id="late")
    back = rows.thread(channel, age_hours=24 * 10, actor_id="early")
    gone = rows.thread(channel, age_hours=24 * 10, actor_id=None)
    con = measure(rows)
    segments = {row["thread_id"]: row["asked_by"] for row in found(con, "threads") if row["asked_by"]}
    people = found(con, "people_activity", activity="askers")

    assert segments == {first: "newcomer", again: "known", back: "known"}
    assert [row["person_id"] for row in people if row["is_known_first"]] == ["family late"]
    assert early not in segments and gone not in segments


def test_what_is_asked_is_a_group_of_its_own_with_all_roles_together() -> None:
    """A question of a type counts under it if there are twenty, in the family's own channels, and never for one role
    alone."""
    rows = Rows()
    family = rows.family("family")
    for role in ("sdk", "model"):
        channel = rows.channel(family, role)
        for number in range(15):
            rows.thread(
                channel, [(1, "staff")] if number % 5 < 2 else [], age_hours=720 + 168 * number,
                question_type="account and money", language="zh",
            )  # fmt: skip
    rows.thread(rows.channel("_shared", "runtime"), family_id=family, question_type="account and money")
    con = measure(rows)
    kept = {
        row["segment"]: cut(row, "channel_role", "value", "n")
        for row in found(con, "answered_share", statistic="within_7d", window="all", channel_kind="tracker")
        if row["segment"].startswith(("type:", "language:"))
    }

    assert kept == {name: ("all", pytest.approx(0.4), 30) for name in ("type:account and money", "language:zh")}
