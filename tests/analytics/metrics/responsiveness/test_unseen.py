"""What could not be seen is neither answered nor unanswered: a reply that is held answers, whatever else is missing."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, measure, one, set_apart
from tests.worlds.thread_cells import OLD

EVERY = {"channel_role": "all", "window": "all", "segment": "all", "channel_kind": "tracker"}
FIRST = {"channel_role": "all", "window": "all", "channel_kind": "tracker"}
OPENED = NOW - timedelta(hours=OLD)


def _measure(*threads: tuple[int, list[Any], dict[str, Any]]) -> Any:
    """A world of so many threads with these replies and cells each."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for count, replies, cells in threads:
        for _ in range(count):
            rows.thread(channel, replies, age_hours=OLD, **cells)
    return measure(rows)


PART: dict[str, Any] = {"has_all_replies": False}
NEWEST = PART | {"replies_known_until_at": OPENED}
"""Of a source that gives the newest replies first: nothing before those held is known."""


def test_a_reply_that_is_held_answers() -> None:
    """Of 200, 120 answered in full view, 50 with more missing; of 8 nothing is held."""
    con = _measure((120, [(5, "staff")], {}), (50, [(5, "staff")], PART), (22, [], {}), (8, [(1, "bot")], PART))
    waits = found(con, "answer_waits", segment="anyone")
    assert [sum(wait[name] for wait in waits) for name in ("is_event", "is_unseen", "is_excluded")] == [170, 8, 8]


@pytest.mark.parametrize(
    ("replies", "cells", "is_unseen"),
    [
        ([], PART, True),
        ([(1, "bot"), (2, "asker")], PART, True),
        ([(1, "bot"), (721, "asker")], PART, True),
        ([(3, "outsider")], PART, False),
        ([(3, "outsider")], NEWEST, True),
        ([(725, "outsider")], NEWEST, True),
        ([(725, "outsider")], PART, False),
        ([(725, "outsider")], {}, False),
    ],
)
def test_what_is_held_tells_as_much_as_its_order_allows(
    replies: list[Any], cells: dict[str, Any], is_unseen: bool
) -> None:
    """Replies held newest first may lack an earlier answer; those held oldest first do not."""
    con = _measure((20, replies, cells), (400, [(1, "staff")], {}))
    waits = found(con, "answer_waits", segment="anyone", is_unseen=True)

    assert len(waits) == (20 if is_unseen else 0)
    assert {wait["exclusion_reason"] for wait in waits} <= {"not seen"}


def test_a_held_reply_counts_in_every_share_after_it() -> None:
    """Of 457 threads 57 miss earlier replies; 40 of those have a reply within the hour, 8 one after 30 hours."""
    con = _measure(
        (200, [(5, "staff")], {}), (200, [], {}),
        (40, [(0.5, "staff")], NEWEST), (8, [(30, "staff")], NEWEST), (9, [], NEWEST),
    )  # fmt: skip
    shares = {
        row["statistic"]: cut(row, "n", "n_events", "value", "state")
        for row in found(con, "answered_share", segment="anyone", **FIRST)
    }

    assert shares == {
        "within_24h": (440, 240, pytest.approx(240 / 440), "measured"),
        "within_7d": (448, 248, pytest.approx(248 / 448), "measured"),
        "within_30d": (448, 248, pytest.approx(248 / 448), "measured"),
    }


def test_an_answer_by_the_staff_may_be_among_what_is_missing() -> None:
    """That somebody answered is known, that the staff did not is not."""
    con = _measure((1, [(3, "outsider")], PART))

    assert {row["segment"] for row in found(con, "answer_waits", is_unseen=True)} == {
        "staff",
        "maintainer",
        "agent",
    }


def test_a_closing_by_an_unknown_hand_is_not_told_to_be_somebody_elses() -> None:
    """Neither a bot's nor nobody's: if no person answered it was not seen, and the share has bounds."""
    unknown: dict[str, Any] = {"state": "closed", "closed_at": NOW}
    con = _measure((40, [(1, "staff")], unknown), (38, [], unknown | {"closed_by_role": "bot"}), (22, [], unknown))
    row = one(con, "closed_unhelped_share", statistic="bot_closed_unanswered", **EVERY)

    assert cut(row, "n", "n_events", "value", "note") == (
        78, 38, None, "22 of 100 were not seen: the share lies between 38.0 and 60.0 %.",
    )  # fmt: skip


def test_the_gap_between_closing_and_help_has_bounds_too() -> None:
    """20 closed and 80 open, none helped, and of 5 closed ones it was not seen: 20 to 25 of 105 points, by hand."""
    at = OPENED + timedelta(hours=9)
    closed: dict[str, Any] = {"state": "closed", "closed_at": at, "first_closed_at": at, "closed_by_role": "staff"}
    con = set_apart(_measure((20, [], closed), (80, [], {}), (5, [], closed | PART)))
    row = one(con, "closure_gap_share", **EVERY)
    errors = [((20 + more + 1 - (20 + more) ** 2 / 107) ** 0.5 / 107) for more in (0, 5)]

    assert cut(row, "value", "n") == (pytest.approx(0.2), 100)
    assert cut(row, "low", "high") == pytest.approx(
        (20 / 107 - 1.96 * errors[0], 25 / 107 + 1.96 * errors[1]), abs=1e-5
    )
    assert (
        "For 5 of 105 it is not known whether they were helped: the gap lies between 19.0 and 23.8 points."
        in row["note"]
    )


def test_what_came_first_was_not_seen_where_replies_are_missing() -> None:
    """38 of 438 are more than a twentieth: no share of any of the ways; 20 of 420 only widen them."""
    few = found(set_apart(_measure((400, [(1, "staff")], {}), (20, [], PART))), "first_response_by_share", **FIRST)
    many = found(_measure((400, [(1, "staff")], {}), (38, [], PART)), "first_response_by_share", **FIRST)

    assert {row["value"] for row in few} == {0, 1}
    assert all("For 20 of 420 it is not known what came first." in row["note"] for row in few)
    assert {row["segment"]: row["low"] for row in few}["staff"] < 400 / 420
    assert {(row["value"], row["state"]) for row in many} == {(None, "not enough data")}
    assert all(row["note"].startswith("For 38 of 438 it is not known what came first.") for row in many)
