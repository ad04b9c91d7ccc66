"""What lies exactly on an edge: thirty days old, answered in the last instant that counts, watched for just as long as
is asked."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.figures import PUBLIC
from tests.worlds.rows import NOW, Row, Rows, cut, found, measure, one
from tests.worlds.thread_cells import closed

DAY = timedelta(days=1)
MONTH = timedelta(days=30)


@pytest.fixture(scope="module")
def month() -> Any:
    """Twenty threads, changes, releases and incidents exactly thirty days ago; the threads are answered, solved and
    closed just now."""
    rows = Rows()
    family = rows.family("family")
    channel, page = rows.channel(family), rows.page(family)
    common: Row = {"channel_id": channel, "family_id": family, "channel_role": "sdk"}
    cells = {
        "question_type": "getting it to run",
        "language": "en",
        "has_accepted": True,
        **closed(720, 720),
    }
    for number in range(20):
        rows.thread(
            channel, [(0, "bot"), (720, "staff", {"words_count": 5, "is_accepted": True})], age_hours=720, **cells
        )
        rows.add(
            "changes", change_id=f"change-{number}", actor_id=f"maker-{number}", author_role="outsider",
            opened_at=NOW - MONTH,
            merged_at=NOW - MONTH, closed_at=NOW - MONTH, seen_at=NOW,
            **common,
        )  # fmt: skip
        rows.add("releases", release_id=f"release-{number}", released_at=NOW - MONTH, is_prerelease=False, **common)
        rows.incident(page, NOW - MONTH, 1, 3)
    return measure(rows)


@pytest.mark.slow
def test_what_is_exactly_thirty_days_old_is_in_the_window_of_thirty_days(month: Any) -> None:
    """Whatever is counted in ninety days is counted in thirty."""
    counts: dict[tuple[Any, ...], dict[str, Any]] = {}
    for metric in PUBLIC:
        for row in found(month, metric):
            key = (metric, *cut(row, "channel_kind", "channel_role", "segment", "statistic"))
            counts.setdefault(key, {})[row["window"]] = cut(row, "n", "n_events")
    both = {key: count for key, count in counts.items() if {"30d", "90d"} <= count.keys() and count["90d"][0]}

    assert {key for key, count in both.items() if count["30d"] != count["90d"]} == set()
    assert len({metric for metric, *_ in both}) >= 20


def test_what_happens_in_the_last_instant_that_counts_still_counts(month: Any) -> None:
    """Answered, helped and closed at the end of the thirty days: nothing is excluded."""
    said = {"window": "30d", "channel_role": "all", "channel_kind": "tracker"}
    expected = {
        ("helped_share", "any", "all"): (20, 20),
        ("closed_unhelped_share", "closed", "all"): (20, 20),
        ("closed_unhelped_share", "helped", "all"): (20, 20),
        ("answered_share", "within_30d", "anyone"): (20, 20),
        ("answered_share", "within_7d", "anyone"): (20, 20),
        ("resolved_share", "within_30d", "resolved"): (20, 20),
    }
    figures = {
        (metric, statistic, segment): cut(
            one(month, metric, statistic=statistic, segment=segment, **said), "n", "n_events"
        )
        for metric, statistic, segment in expected
    }

    assert figures == expected
    # Of threads of a single week no share is shown; their curve falls from 1 to 0 at the end of the thirty days.
    curve = found(month, "wait_estimates", wait="answer", segment="anyone", **said, statistic="share")
    assert {row["hours"]: row["value"] for row in curve if row["hours"] >= 168} == {
        **dict.fromkeys((168, 192, 240, 288, 336, 408, 480, 600), 0), 720: 1,
    }  # fmt: skip


@pytest.mark.parametrize(("days", "is_enough"), [(20, True), (20 - 1e-4, False)])
def test_twenty_days_of_watching_are_enough(days: float, is_enough: bool) -> None:
    """For rates and shares of time; a moment less is not."""
    rows = Rows()
    page = rows.page(rows.family("family"), NOW - days * DAY)
    rows.incident(page, NOW - DAY, 1, 3)
    con = measure(rows)
    said = {"window": "30d", "segment": "api", "channel_role": "all"}
    figures = [
        one(con, "incident_rate", statistic="per_30d", **said),
        one(con, "uptime_share", statistic="as_others_count", **said),
        one(con, "uptime_share", statistic="weighted", **said),
    ]  # fmt: skip

    assert {row["state"] for row in figures} == {"measured" if is_enough else "not enough data"}


def test_an_incident_of_two_weeks_is_old_enough_for_a_report() -> None:
    """A moment younger is too young for one."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    for number in range(30):
        rows.incident(
            page, NOW - 14 * DAY + (DAY / 1440 if number < 10 else 0 * DAY), 1, 3, has_postmortem=number % 2 == 0
        )
    row = one(
        measure(rows), "disclosure_share", statistic="with_postmortem", window="90d", segment="api", channel_role="all"
    )

    assert cut(row, "n", "n_events") == (20, 10) and "10 too young" in row["note"]


def test_an_incident_counts_once_its_page_is_known_and_the_one_that_starts_the_clock_does_not() -> None:
    """A clock that starts at an event and counts it overstates the rate; one that begins with the visit is the last."""
    rows = Rows()
    page = rows.page(rows.family("family"), NOW - 40 * DAY)
    for began in (NOW - 40 * DAY, NOW - 40 * DAY + DAY / 1440, NOW):
        rows.incident(page, began, 1, 3)
    counted = found(measure(rows), "counted_incidents", segment="all")

    assert sorted(cut(row, "window", "incident_id") for row in counted) == [
        ("30d", "incident-2"),
        *((window, f"incident-{number}") for window in ("365d", "90d", "all") for number in (1, 2)),
    ]


def test_an_answer_in_the_very_instant_of_the_question_is_none_before_it() -> None:
    """A clock of whole seconds tells both at once; a second earlier it would be no answer to this question."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(20):
        rows.thread(
            channel, [(0, "staff", {"words_count": 5}), (0, "bot")], age_hours=800, question_type="getting it to run"
        )
    con = measure(rows)
    said = {"window": "all", "channel_role": "all", "channel_kind": "tracker"}
    counts = {
        (metric, statistic): one(con, metric, statistic=statistic, segment=segment, **said)["n"]
        for metric, statistic, segment in (
            ("staff_answer_share", "first", "all"),
            ("answered_share", "within_7d", "anyone"), ("first_response_hours", "median", "anyone"),
        )
    }  # fmt: skip

    assert counts == dict.fromkeys(counts, 20)
