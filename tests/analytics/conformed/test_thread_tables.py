"""What is known of each thread before it is counted: whose turn a reply is, who answered first, and how it
ended."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Row, Rows, cut, found, measure, one
from tests.worlds.thread_cells import OLD

HOUR = timedelta(hours=1)
ASKER: Row = {"actor_id": "asker-0", "author_role": "outsider"}
DELETED: Row = {"actor_id": None, "author_role": "unknown"}
TURNS = [
    (ASKER, "staff", {}, ("staff", True)),
    (ASKER, "maintainer", {}, ("maintainer", True)),
    (ASKER, "outsider", {}, ("outsider", True)),
    (ASKER, "unknown", {}, ("unknown", True)),
    (ASKER, "agent", {}, ("agent", False)),
    (ASKER, "bot", {}, ("bot", False)),
    (ASKER, "outsider", {"actor_id": "asker-0"}, ("asker", False)),
    (DELETED, "staff", {}, ("staff", True)),
    (DELETED, "unknown", {}, (None, False)),
    (DELETED | {"author_role": "outsider"}, "unknown", {}, (None, False)),
    (DELETED | {"actor_id": "somebody"}, "unknown", {}, (None, False)),
]


@pytest.mark.parametrize(("asker", "role", "cells", "turn"), TURNS)
def test_whose_turn_a_reply_is(asker: Row, role: str, cells: Row, turn: tuple[str | None, bool]) -> None:
    """A reply by a deleted account is a person's, unless it may be the asker's own."""
    rows = Rows()
    rows.thread(rows.channel(rows.family("family")), [(1, role, cells)], **asker)
    turns = [cut(row, "turn_role", "is_answer") for row in found(measure(rows), "replies")]

    assert turns == [turn]


def test_the_first_of_each_class_is_its_earliest() -> None:
    """Each class answers twice; among people the earliest is an outsider, though an agent and a bot come before."""
    rows = Rows()
    roles = ("bot", "agent", "outsider", "unknown", "maintainer", "staff")
    replies = [(hours + later, role) for later in (10, 0) for hours, role in enumerate(roles, 1)]
    rows.thread(rows.channel(rows.family("family")), replies, age_hours=OLD)
    row = one(measure(rows), "threads")
    hours = {role: (row[f"first_{role}_at"] - row["opened_at"]) / HOUR for role in (*roles, "anyone")}

    assert hours == {"bot": 1, "agent": 2, "outsider": 3, "unknown": 4, "maintainer": 5, "staff": 6, "anyone": 3}


def test_what_is_own_and_what_is_before_reach() -> None:
    """A thread from the very instant that was reached is read whole; one of a shared channel is nobody's own."""
    rows = Rows()
    own, shared = rows.channel(rows.family("family")), rows.channel("_shared")
    for collection in rows.tables["collections"]:
        collection["reach_at"] = NOW - OLD * HOUR
    threads = {
        rows.thread(own, age_hours=OLD): (True, False),
        rows.thread(own, age_hours=OLD + 1): (True, True),
        rows.thread(shared, age_hours=1, family_id="family"): (False, False),
        rows.thread(shared, age_hours=1, family_id=None): (False, False),
    }

    assert {
        row["thread_id"]: cut(row, "is_own", "is_before_reach") for row in found(measure(rows), "threads")
    } == threads


STAFF = [(5, "staff")]
ENDS: list[tuple[list[tuple[Any, ...]], Row, tuple[Any, ...]]] = [
    ([], {}, (None, None)),
    (STAFF, {}, ("staff", None)),
    ([(5, "maintainer")], {}, ("maintainer", None)),
    ([(5, "outsider")], {}, ("outsider", None)),
    ([(5, "unknown")], {}, ("unknown", None)),
    ([(5, "agent"), (6, "staff")], {}, ("agent", None)),
    ([(4, "asker"), (5, "bot")], {}, (None, None)),
    (STAFF, {"closed_by_role": "maintainer", "close_reason": "completed"}, ("staff", "resolved")),
    (STAFF, {"closed_by_role": "asker", "close_reason": "completed"}, ("staff", "asker_closed")),
    (STAFF, {"closed_by_role": "asker", "close_reason": "duplicate"}, ("staff", "asker_closed")),
    (STAFF, {"closed_by_role": "asker", "close_reason": "not_planned"}, ("staff", "asker_closed")),
    (STAFF, {"closed_by_role": "staff", "close_reason": "duplicate"}, ("staff", "duplicate")),
    (STAFF, {"closed_by_role": "staff", "close_reason": "resolved"}, ("staff", "resolved")),
    (STAFF, {"closed_by_role": "staff", "close_reason": "not_planned"}, ("staff", "not_planned")),
    (STAFF, {"closed_by_role": "bot", "close_reason": "not_planned"}, ("staff", "bot_closed")),
    (STAFF, {"closed_by_role": "bot", "close_reason": "completed", "fixed_at": NOW}, ("staff", "resolved")),
    (STAFF, {"closed_by_role": "staff"}, ("staff", "otherwise_closed")),
    ([(11, "staff")], {"closed_by_role": "staff"}, ("closed", "otherwise_closed")),
    ([], {"closed_by_role": "staff"}, ("closed", "otherwise_closed")),
    ([], {"closed_by_role": "agent"}, ("bot_closed", "bot_closed")),
    ([], {"closed_by_role": "asker"}, ("asker_closed", "asker_closed")),
    ([], {"closed_by_role": "bot", "fixed_at": NOW}, ("fixed", "resolved")),
    ([(10, "staff")], {"closed_by_role": "bot"}, ("staff", "bot_closed")),
]


@pytest.mark.parametrize(("replies", "closed", "causes"), ENDS)
def test_how_a_thread_first_and_finally_ends(
    replies: list[tuple[Any, ...]], closed: Row, causes: tuple[Any, ...]
) -> None:
    """Closed after ten hours, or open. What is answered in the instant of closing is answered."""
    rows = Rows()
    end: Row = {"state": "closed", "closed_at": NOW - (OLD - 10) * HOUR, **closed} if closed else {}
    rows.thread(rows.channel(rows.family("family")), replies, age_hours=OLD, **end)
    first, last = (one(measure(rows), "thread_ends", wait=wait) for wait in ("first", "resolution"))

    assert (first["cause"], last["cause"]) == causes
    assert cut(last, "is_event", "duration_hours") == ((True, 10) if end else (False, OLD))


def test_an_answer_accepted_of_whom_nothing_is_known_is_one_of_another() -> None:
    """By a deleted account, or not collected: help by others, from when it was written or accepted."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    rows.thread(channel, [(6, "unknown", {"is_accepted": True})], age_hours=OLD, has_accepted=True)
    rows.thread(channel, age_hours=OLD, has_accepted=True, accepted_at=NOW - (OLD - 7) * HOUR)
    by_deleted, unseen = found(measure(rows), "threads")

    assert cut(by_deleted, "is_self_accepted", "helped_at") == (False, NOW - (OLD - 6) * HOUR)
    assert cut(unseen, "is_self_accepted", "helped_at") == (False, NOW - (OLD - 7) * HOUR)


def test_what_concerns_nobody_is_told_where_it_was_asked() -> None:
    """Beside the figures of channels of the same kind and part, and beside no others, and never in those of all parts
    together."""
    rows = Rows()
    rows.channel(rows.family("family"), "sdk")
    rows.channel("family", "runtime")
    rows.channel("family", "forum", "forum")
    shared = rows.channel("_shared", "sdk")
    rows.thread(shared, family_id=None)
    rows.thread(shared, family_id=None)
    counts = {
        cut(row, "family_id", "channel_kind", "channel_role"): row["unattributed_count"]
        for row in found(measure(rows), "thread_exclusions", segment="anyone", window="all")
    }

    assert {key: count for key, count in counts.items() if key[0] == "family"} == {("family", "tracker", "sdk"): 2}
