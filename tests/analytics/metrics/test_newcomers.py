"""Who is new, who comes back, who goes on to answer, and who has left."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.tools.reckonings import rate_limits
from tests.worlds.rows import NOW, Rows, cut, found, left_out, measure, one

DAY = timedelta(days=1)
EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker", "family_id": "family"}
READ_DAYS = 1000
"""Days for which the channel of these tests was read; the first 365 of them tell nobody who is new."""


def _world(things: tuple[str, ...] = ("issues", "pulls")) -> tuple[Rows, str]:
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for visit in rows.tables["collections"]:
        if visit["thing"] in things:
            visit["reach_at"] = NOW - READ_DAYS * DAY
    return rows, channel


def _asked(rows: Rows, channel: str, actor: str | None, *days: float, replies: Any = (), **cells: Any) -> None:
    """Threads that somebody opened so many days ago."""
    for one_day in days:
        rows.thread(channel, replies, age_hours=24 * one_day, actor_id=actor, **cells)


def _proposed(rows: Rows, channel: str, actor: str, days: float, **cells: Any) -> None:
    """A change that somebody proposed so many days ago."""
    opened_at: datetime = NOW - days * DAY
    rows.add(
        "changes", change_id=f"c{len(rows.tables['changes'])}", channel_id=channel, family_id="family",
        channel_role="sdk", actor_id=actor,
        opened_at=opened_at, seen_at=NOW, **{"author_role": "outsider", **cells},
    )  # fmt: skip


def test_new_people_in_thirty_days() -> None:
    """Six new askers and a new contributor in 90 days: 2 and 0.33 in 30 days. Bots, agents and the deleted are
    nobody."""
    rows, channel = _world()
    for number in range(6):
        _asked(rows, channel, f"new-{number}", 80, 10)
    _asked(
        rows,
        channel,
        "known",
        400,
        50,
        replies=[(1, "staff", {"actor_id": "ann"}), (2, "outsider", {"actor_id": "new-0"})],
    )
    _asked(rows, channel, "robot", 20, author_role="bot", replies=[(1, "agent", {"actor_id": "helper"})])
    _asked(rows, channel, None, 20, author_role="unknown")
    _proposed(rows, channel, "known", 30)
    _proposed(rows, channel, "old", 600)
    con = measure(rows)
    quarter = EVERY | {"window": "90d"}
    rows_by = {row["segment"]: row for row in found(con, "new_people_rate", **quarter)}

    assert {name: cut(row, "n", "value", "state") for name, row in rows_by.items()} == {
        "askers": (6, pytest.approx(2), "measured"),
        "answerers": (0, 0, "measured"),
        "contributors": (1, pytest.approx(1 / 3), "measured"),
    }
    limits = [pytest.approx(limit / 3, rel=1e-3) for limit in rate_limits(6, [0, 0, 6, *[0] * 9], 0.0, 400)]
    assert list(cut(rows_by["askers"], "low", "high")) == limits
    assert one(con, "new_people_rate", segment="answerers", **EVERY)["n"] == 2


def test_nobody_is_new_in_the_first_year_that_was_read() -> None:
    """Read for 1,000 days: 635 tell who is new. Read for 380: 15 do, which is too short to say."""
    rows, channel = _world()
    _asked(rows, channel, "early", 900)
    _asked(rows, channel, "late", 100)
    _proposed(rows, channel, "late", 100)
    forum = rows.channel("family", kind="forum", role="model")
    rows.tables["collections"][-1]["reach_at"] = NOW - 380 * DAY
    rows.thread(forum, age_hours=24, thing="topics", channel_kind="forum")
    con = measure(rows)
    row = one(con, "new_people_rate", segment="askers", **EVERY)

    assert cut(row, "n", "value") == (1, pytest.approx(30 / 635))
    assert row["note"] == "Known for 635.0 days. Left out: 1 first seen in the first year that was read."
    young = one(con, "new_people_rate", segment="askers", **EVERY | {"channel_kind": "forum"})
    assert cut(young, "state", "value", "n") == ("not enough data", None, 1)
    assert "Known for 15.0 days." in young["note"]
    assert (
        one(con, "new_people_rate", segment="contributors", **EVERY | {"channel_kind": "forum"})["state"]
        == "not applicable"
    )


def test_who_is_back_in_another_month() -> None:
    """Of 20 new people 5 are back after 40 days, 5 after 100, 10 never: who is back within 30 days is not back in
    another month."""
    rows, channel = _world()
    for number in range(20):
        again = {0: (260,), 1: (200,)}.get(number // 5, (280,))
        _asked(rows, channel, f"new-{number}", 300, *again)
    for number in range(3):
        _asked(rows, channel, f"early-{number}", 900, 700)
    con = measure(rows)
    figures = {row["statistic"]: row for row in found(con, "retention_share", segment="askers", **EVERY)}

    assert {name: cut(row, "value", "n", "n_events") for name, row in figures.items()} == {
        "within_90d": (0.25, 20, 10),
        "within_180d": (pytest.approx(0.5), 20, 10),
    }
    assert left_out(figures["within_90d"]) == "Left out: 3 first seen in the first year that was read."
    assert (
        one(con, "retention_share", segment="answerers", statistic="within_90d", **EVERY)["state"] == "not enough data"
    )


def test_who_only_just_came_counts_for_as_long_as_watched() -> None:
    """Ten of 20 new people are back after 40 days; ten others came 35 days ago and are censored before: 10 of the 10
    that were watched."""
    rows, channel = _world()
    for number in range(10):
        _asked(rows, channel, f"new-{number}", 300, 260)
        _asked(rows, channel, f"late-{number}", 35)
    row = one(measure(rows), "retention_share", segment="all", statistic="within_90d", **EVERY)

    assert cut(row, "value", "n", "n_events", "n_censored") == (1, 20, 10, 10)


def test_from_asking_to_answering_and_proposing() -> None:
    """Of 20 first askers 5 answer within 180 days, 2 propose a change, one answers after 190. Who answered before is
    left out."""
    rows, channel = _world()
    for number in range(20):
        _asked(rows, channel, f"new-{number}", 300)
    for number in range(5):
        _asked(rows, channel, "somebody", 200, replies=[(1, "outsider", {"actor_id": f"new-{number}"})])
    _asked(rows, channel, "somebody", 110, replies=[(0, "outsider", {"actor_id": "new-5"})])
    _proposed(rows, channel, "new-0", 250)
    _proposed(rows, channel, "new-9", 121)
    _asked(
        rows,
        channel,
        "somebody",
        500,
        replies=[(1, "outsider", {"actor_id": f"helper-{number}"}) for number in range(2)],
    )
    for actor in ("helper-0", "helper-1"):
        _asked(rows, channel, actor, 300)
    _asked(rows, channel, "recent", 100)
    _asked(rows, channel, "early", 900)
    con = measure(rows)
    figures = {row["statistic"]: row for row in found(con, "conversion_share", **EVERY)}

    assert cut(figures["to_answerer"], "n", "n_events") == (21, 5), "somebody, who asks for 500 days, never answers"
    assert left_out(figures["to_answerer"]) == (
        "Left out: 1 first seen in the first year that was read, 1 observed for less than 180 days, 2 who had done so "
        "before they asked."
    )
    assert cut(figures["to_contributor"], "n", "n_events") == (23, 2)


@pytest.mark.parametrize(
    ("visit", "reason"),
    [
        ({"as_of_at": None, "coverage_share": 0.0}, "20 where not all proposals were collected"),
        ({"reach_at": NOW - 299 * DAY}, "20 who asked before the first proposal that was read"),
    ],
)
def test_nobody_proposed_nothing_where_proposals_were_not_read(visit: dict[str, Any], reason: str) -> None:
    """Twenty ask; whether they proposed a change cannot be seen, but that none of them answered can."""
    rows, channel = _world()
    for number in range(20):
        _asked(rows, channel, f"new-{number}", 300)
    for one_visit in rows.tables["collections"]:
        if one_visit["thing"] == "pulls":
            one_visit.update(visit)
    figures = {row["statistic"]: row for row in found(measure(rows), "conversion_share", **EVERY)}

    assert cut(figures["to_contributor"], "n", "value") == (0, None)
    assert left_out(figures["to_contributor"]) == f"Left out: {reason}."
    assert cut(figures["to_answerer"], "n", "value") == (20, 0)


def test_inactive_is_silent_for_twice_their_own_gap() -> None:
    """Gaps of 60 days: silent for 110 is less than 120. Gaps of 10 days: 89 is less than 90. Of two who came once one
    is gone; the other came too lately to be."""
    rows, channel = _world()
    for number in range(5):
        _asked(rows, channel, f"slow-{number}", 230, 170, 110)
        _asked(rows, channel, f"slow-gone-{number}", 240, 180, 120)
        _asked(rows, channel, f"quick-{number}", 109, 99, 89)
        _asked(rows, channel, f"quick-gone-{number}", 110, 100, 90)
    _asked(rows, channel, "once", 89)
    _asked(rows, channel, "once-gone", 91)
    row = one(measure(rows), "inactive_people_share", segment="askers", statistic="inactive", **EVERY)

    assert cut(row, "n", "n_events", "value") == (21, 11, pytest.approx(11 / 21))
    assert left_out(row) == "Left out: 1 first seen less than 90 days ago."


def test_who_cannot_be_inactive_yet_does_not_lower_the_share() -> None:
    """Of two communities of which the same share leaves, one has grown lately by as many people as it had."""
    rows = Rows()
    for family in ("steady", "grown"):
        channel = rows.channel(rows.family(family))
        for number in range(40):
            _asked(rows, channel, f"{family}-{number}", *((200,) if number % 4 else (200, 20)), family_id=family)
        for number in range(40 * (family == "grown")):
            _asked(rows, channel, f"new-{number}", 5 + 2 * number, family_id=family)
    con = measure(rows)
    cells = EVERY | {"segment": "askers", "statistic": "inactive"}
    steady, grown = (one(con, "inactive_people_share", **cells | {"family_id": name}) for name in ("steady", "grown"))

    assert cut(steady, "value", "n") == cut(grown, "value", "n") == (0.75, 40)


def test_who_came_once_and_long_ago_is_occasional() -> None:
    """15 of 20 came on one day only, however much they wrote on it; who arrived only just may yet come again, and is
    left out also where that has happened."""
    rows, channel = _world()
    for number in range(15):
        _asked(rows, channel, f"once-{number}", *((200, 200.01) if number else (90,)))
    for number in range(5):
        _asked(rows, channel, f"twice-{number}", 200, 20)
    for number in range(3):
        _asked(rows, channel, f"new-{number}", 20)
    for number in range(4):
        _asked(rows, channel, f"back-{number}", 80, 20)
    row = one(measure(rows), "inactive_people_share", segment="all", statistic="occasional", **EVERY)

    assert cut(row, "n", "n_events", "value") == (20, 15, 0.75)
    assert left_out(row) == "Left out: 7 first seen less than 90 days ago."


def test_the_penalty_is_a_difference_with_newcombes_interval() -> None:
    """Of 20 newcomers 10 are answered within a week, of 20 known askers 15: -0.25, with the interval that the two
    limits make."""
    rows, channel = _world()
    for number in range(20):
        _asked(rows, channel, f"asker-{number}", 200, replies=[(24, "staff")] if number < 10 else [])
        _asked(rows, channel, f"asker-{number}", 100, replies=[(24, "staff")] if number < 15 else [])
    con = measure(rows)
    row = one(con, "newcomer_penalty_share", **EVERY)
    new, old = (
        one(con, "answered_share", segment=name, statistic="within_7d", **EVERY) for name in ("newcomer", "known")
    )

    assert cut(row, "value", "n", "n_events", "n_censored") == (pytest.approx(-0.25), 40, 25, 15)
    below = ((new["value"] - new["low"]) ** 2 + (old["high"] - old["value"]) ** 2) ** 0.5
    above = ((new["high"] - new["value"]) ** 2 + (old["value"] - old["low"]) ** 2) ** 0.5
    assert cut(row, "low", "high") == (pytest.approx(-0.25 - below), pytest.approx(-0.25 + above))
    assert row["note"] == "Newcomers: 0.5 of 20, known: 0.75 of 20."


def test_no_penalty_without_both_groups() -> None:
    """20 newcomers and 19 known askers are too few of one of them."""
    rows, channel = _world()
    for number in range(20):
        _asked(rows, channel, f"asker-{number}", *((200, 100) if number < 19 else (200,)), replies=[(24, "staff")])

    row = one(measure(rows), "newcomer_penalty_share", **EVERY)

    assert cut(row, "state", "value", "n") == ("not enough data", None, 39)
    assert row["note"] == "Not known yet. Newcomers: 1.0 of 20, known: 1.0 of 19."


def test_limits_belong_to_what_they_begin() -> None:
    """New from the 365th day on, back on the 30th, on the way within 180 days: to the very hour."""
    rows, channel = _world()
    for number in range(20):
        _asked(rows, channel, f"new-{number}", 635, 605 if number < 8 else 605.01)
        _asked(rows, channel, f"early-{number}", 635.01)
        _asked(rows, channel, f"early-{number}", 100, replies=[(0, "outsider", {"actor_id": "early-0"})])
    for number in range(9):
        days = 455 if number < 5 else 454.99
        _asked(rows, channel, "early-1", days, replies=[(0, "outsider", {"actor_id": f"new-{number}"})])
    con = measure(rows)

    assert one(con, "new_people_rate", segment="askers", **EVERY)["n"] == 20
    back = one(con, "retention_share", segment="askers", statistic="within_90d", **EVERY)
    assert cut(back, "value", "n") == (pytest.approx(8 / 20), 20)
    assert cut(one(con, "conversion_share", statistic="to_answerer", **EVERY), "n", "n_events") == (20, 5)


def test_people_of_shared_channels_are_not_pooled_with_the_familys_own() -> None:
    """A channel that many families share counts under its role alone."""
    rows, channel = _world()
    shared = rows.channel(rows.family("_shared"), role="runtime")
    _asked(rows, channel, "own", 500, 100)
    _asked(rows, shared, "other", 900, 100, family_id="family")
    for number in range(3):
        _asked(rows, shared, f"new-{number}", 150, family_id="family")
    con = measure(rows)
    idle = {name: cell for name, cell in EVERY.items() if name != "channel_role"} | {
        "segment": "askers",
        "statistic": "inactive",
    }

    assert [
        one(con, "new_people_rate", segment="askers", **EVERY | {"channel_role": role})["n"]
        for role in ("all", "sdk", "runtime")
    ] == [1, 1, 3]
    assert {row["channel_role"]: row["n"] for row in found(con, "inactive_people_share", **idle)} == {
        "all": 1,
        "sdk": 1,
        "runtime": 4,
    }


def test_where_no_changes_are_proposed_nobody_becomes_a_contributor() -> None:
    """Elsewhere than on GitHub the way does not exist; where changes were never collected nothing is known."""
    rows, channel = _world()
    for visit in rows.tables["collections"]:
        visit |= {"as_of_at": None, "coverage_share": 0.0} if visit["thing"] == "pulls" else {}
    forum = rows.channel("family", kind="forum", role="model")
    rows.tables["channels"][-1]["source"] = "discourse"
    for number in range(20):
        rows.thread(forum, age_hours=24 * 500, thing="topics", channel_kind="forum", actor_id=f"asker-{number}")
    rows.thread(forum, age_hours=24 * 900, thing="topics", channel_kind="forum", actor_id="early")
    _asked(rows, channel, "asker", 100)
    con = measure(rows)

    assert (
        one(con, "conversion_share", statistic="to_contributor", **EVERY | {"channel_kind": "forum"})["state"]
        == "not applicable"
    )
    assert cut(
        one(con, "conversion_share", statistic="to_answerer", **EVERY | {"channel_kind": "forum"}), "n", "n_events"
    ) == (20, 0)
    assert one(con, "new_people_rate", segment="contributors", **EVERY)["state"] == "not collected"


def test_a_family_knows_who_is_new_once_all_its_channels_do() -> None:
    """Of two channels the one read for a shorter time decides: 500 - 365 days are known."""
    rows, channel = _world()
    second = rows.channel("family", role="cli")
    next(visit for visit in rows.tables["collections"][-5:] if visit["thing"] == "issues")["reach_at"] = NOW - 500 * DAY
    _asked(rows, channel, "ann", 300)
    _asked(rows, channel, "bob", 100)
    _asked(rows, second, "cyd", 50)
    row = one(measure(rows), "new_people_rate", segment="askers", **EVERY)

    assert row["note"].startswith("Known for 135.0 days. Left out: 1 first seen")
    assert cut(row, "n", "value") == (2, pytest.approx(2 / 135 * 30))


def test_where_nobody_is_new_nobody_of_nobody_came_back() -> None:
    """A gap says that there is nobody, as gaps of other figures do; nobody proposed a change, which is no row."""
    rows, channel = _world()
    _asked(rows, channel, "old", 900)
    figures = found(measure(rows), "retention_share", **EVERY)

    assert {cut(row, "segment", "note") for row in figures} == {
        ("all", "No new people. Left out: 1 first seen in the first year that was read."),
        ("askers", "No new people. Left out: 1 first seen in the first year that was read."),
        ("answerers", "No new people."),
    }
    assert {cut(row, "state", "value", "n") for row in figures} == {("not enough data", None, 0)}
