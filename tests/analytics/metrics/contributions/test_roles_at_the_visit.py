"""Sources tell the roles that people have now: of what is older than the first visit, no role at the time is known."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, measure, one
from tests.worlds.thread_cells import CODE

EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker"}
VISITED = NOW - timedelta(days=60)


def _world() -> Any:
    """Thirty threads asked before the first visit, answered and fixed by who is staff today, and thirty after it,
    answered by strangers with code; one of the old ones is answered again after the visit."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for collection in rows.tables["collections"]:
        collection["first_run_at"] = VISITED
    fixed: dict[str, Any] = {"fixed_at": NOW, "fixed_by_id": "one"}
    before: dict[str, Any] = {"fixed_at": NOW - timedelta(days=99), "fixed_by_id": "one"}
    for number in range(30):
        again = [(24 * 50, "staff")] if number == 0 else []
        rows.thread(channel, [(1, "staff"), *again], age_hours=24 * 100, **before | {"fixed_by_role": "staff"})
        rows.thread(channel, [(1, "outsider", CODE)], age_hours=24 * 50, **fixed | {"fixed_by_role": "outsider"})
    return measure(rows)


def test_only_what_came_after_the_first_visit_has_roles_of_its_time() -> None:
    """Half of all first answers are by the staff, none of those since the visit; of all since then one of 31."""
    con = _world()
    shares = {
        (metric, statistic): [
            cut(one(con, metric, statistic=statistic, segment=segment, **EVERY), "n", "n_events")
            for segment in ("all", "since_visit")
        ]
        for metric, statistic in (
            ("staff_answer_share", "first"), ("staff_answer_share", "all"), ("stranger_fix_share", "outsider"),
        )
    }  # fmt: skip

    assert shares == {
        ("staff_answer_share", "first"): [(60, 30), (30, 0)],
        ("staff_answer_share", "all"): [(61, 31), (31, 1)],
        ("stranger_fix_share", "outsider"): [(60, 30), (30, 30)],
    }


def test_outsiders_promoted_since_are_missing() -> None:
    """Of old changes those left to outsiders were all turned down, as whose was merged was promoted by then; of
    25 new ones ten were merged, and what was proposed at the very visit is new."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for collection in rows.tables["collections"]:
        collection["first_run_at"] = VISITED
    for number in range(50):
        days = timedelta(days=100 if number < 25 else 60 - number % 2)
        ended_at = NOW - days + timedelta(days=1)
        rows.add(
            "changes", change_id=f"change-{number}", channel_id=channel, family_id="family", channel_role="sdk",
            actor_id=f"maker-{number}", author_role="outsider", opened_at=NOW - days, closed_at=ended_at,
            merged_at=ended_at if number >= 40 else None, seen_at=NOW,
        )  # fmt: skip
    con = measure(rows)
    shares = [
        cut(one(con, "outsider_merge_share", statistic="merged_30d", segment=segment, **EVERY), "n", "value")
        for segment in ("all", "since_visit")
    ]

    assert shares == [(50, pytest.approx(0.2)), (25, pytest.approx(0.4))]


def test_a_wait_for_a_role_says_how_many_roles_are_of_another_time() -> None:
    """Beside the roles only: that anybody answered needs no role."""
    con = _world()
    said = "Roles in 30 threads are those at the first visit, which came later."
    for metric in ("answered_share", "first_response_hours"):
        rows = found(con, metric, **EVERY)
        assert {row["segment"] for row in rows if said in (row["note"] or "")} == {"staff", "maintainer", "outsider"}
    firsts = found(con, "first_response_by_share", **EVERY)
    assert {row["segment"] for row in firsts if said in (row["note"] or "")} == {"staff", "maintainer", "outsider"}
