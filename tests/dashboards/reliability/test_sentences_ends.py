"""What is said of the end of a model: a day, a month, a floor and nothing are four different things."""

from datetime import date, datetime
from typing import Any

import pytest

from dashboards.reliability import sentences_ends
from warehouse.ends import states
from warehouse.ends.model_ids import IdMatch, find_id, index_names

TODAY = date(2026, 11, 1)
LATER = "in 30\N{NO-BREAK SPACE}days or later"


def notice(on: date | None = date(2026, 11, 9), kind: str = "exact", **given: Any) -> dict[str, Any]:
    """A notice of a page, by default one with a day ahead."""
    return {
        "model": "gpt-4o", "title": "GPT", "side": "proprietary", "shutdown_on": on, "shutdown_kind": kind,
        "stage": None, "region": None,
        "replacement": ["gpt-9"], "notice_days": 180, "is_listed": True, "url": "https://a.example/x",
        "as_of_at": datetime(2026, 10, 31, 6), "last_seen_at": datetime(2026, 10, 31, 6),
    } | given  # fmt: skip


@pytest.mark.parametrize(
    ("row", "state", "left", "fate"),
    [
        (notice(), states.AHEAD, "in 8\N{NO-BREAK SPACE}days", "ends 9 Nov 2026"),
        (notice(TODAY), states.AHEAD, "today", "ends 1 Nov 2026"),
        (notice(date(2026, 10, 31)), states.PAST, "1\N{NO-BREAK SPACE}day ago", "already ended, 31 Oct 2026"),
        (notice(date(2026, 11, 1), "month"), states.AHEAD, (
            "within this "
            "month"
        ), "ends Nov 2026, no day given: a bound, not a promise"),
        (notice(date(2026, 12, 1), "month"), states.AHEAD, LATER, (
            "ends Dec 2026, no day given: a bound, not a "
            "promise"
        )),
        (notice(date(2026, 10, 1), "month"), states.PAST, "over", "already ended, Oct 2026, no day given"),
        (notice(date(2026, 12, 1), "not_before"), states.AHEAD, LATER, (
            "does not end before 1 Dec 2026: a bound, "
            "not a promise"
        )),
        (notice(date(2025, 12, 1), "not_before"), states.OPEN, (
            "may end any "
            "day"
        ), "may end any day: not before 1 Dec 2025"),
        (notice(None, "unknown", stage="active"), states.SILENT, "", "no end announced as of 31 Oct 2026"),
        (notice(None, "unknown", stage="legacy"), states.GONE, "", (
            "legacy on the deprecation page, without a "
            "date"
        )),
        (notice(None, "unknown", stage="retired"), states.PAST, "over", "already ended"),
    ],
)  # fmt: skip
def test_each_kind_of_end_is_said_in_its_own_way(row: dict[str, Any], state: str, left: str, fate: str) -> None:
    """A month is not over before its last day, and a floor that has passed is no end."""
    assert states.judge_state(row, TODAY) == state
    assert sentences_ends.describe_fate(row, TODAY, date(2026, 10, 31)) == fate
    if left and row["shutdown_on"]:
        assert sentences_ends.describe_time_left(row, TODAY) == left


def test_the_last_day_of_a_month_is_right_in_december() -> None:
    """The year turns."""
    assert [states.last_possible_day(notice(date(2026, month, 1), "month")) for month in (2, 12)] == [
        date(2026, 2, 28),
        date(2026, 12, 31),
    ]


def test_what_left_the_page_is_said() -> None:
    """A page may drop what is over, or what it no longer ends."""
    assert (
        sentences_ends.describe_fate(notice(is_listed=False), TODAY, None)
        == "ends 9 Nov 2026; no longer on the page, last seen 31 Oct 2026"
    )


def test_ids_are_answered_by_what_ends_first_and_the_unknown_before_the_quiet() -> None:
    """Nobody should read down a table to find what is broken."""
    quiet = notice(None, "unknown", stage="active")
    listed = {
        "model": "x/olmo",
        "title": "OLMo",
        "side": "open",
        "place": "the Hub",
        "as_of_at": None,
        "url": "https://h.example/x",
    }
    found = [
        IdMatch("quiet-1", (quiet,)), IdMatch("later-1", (notice(date(2027, 3, 1)),)), IdMatch("soon-1", (notice(),)),
        IdMatch("typo-1", nearest="soon-1"), IdMatch("over-1", (notice(date(2026, 1, 1)),)), IdMatch("olmo", (listed,)),
    ]  # fmt: skip
    lines = sentences_ends.list_ids(found, TODAY)
    assert [line["your id"] for line in lines] == ["over-1", "soon-1", "later-1", "typo-1", "olmo", "quiet-1"]
    said = {line["your id"]: line for line in lines}
    assert said["typo-1"]["what happens"] == "unknown here; closest known name: soon-1"
    assert (
        said["olmo"]["what happens"]
        == "no deprecation page is read; weights you have downloaded remain, but hosts may end it"
    )
    assert said["soon-1"]["use instead"] == "gpt-9" and said["soon-1"]["notice given"] == "180\N{NO-BREAK SPACE}days"
    verdict = sentences_ends.judge_ids(lines, 6, TODAY)
    assert verdict == "**1 of your 6 ids ended in at least one place, and 2 will within 12 months.**"
    assert sentences_ends.sum_up_ids(lines, TODAY) == (
        "First to end is soon\\-1, which ends 9 Nov 2026 (in 8\N{NO-BREAK SPACE}days); "
        "already ended: over\\-1; **1 is unknown here, which is not the same as safe**; for 1 the answer "
        "is not known, as no deprecation page is read for it."
    )  # fmt: skip


def test_a_list_of_a_family_whose_page_is_read_says_since_when_nothing_was_announced() -> None:
    """And when the list itself drops the name, that is an end as well."""
    listed = {
        "model": "anthropic/claude",
        "title": "Claude",
        "side": "proprietary",
        "place": "OpenRouter's list",
        "as_of_at": datetime(2026, 10, 31),
    }
    (quiet,) = sentences_ends.list_ids([IdMatch("claude", (listed,))], TODAY)
    (dropped,) = sentences_ends.list_ids([IdMatch("claude", (listed | {"expires_on": date(2026, 11, 30)},))], TODAY)
    assert quiet["what happens"] == "no end announced as of 31 Oct 2026, known from OpenRouter's list only"
    assert (dropped["what happens"], dropped["from now"]) == (
        "ends in OpenRouter's list, 30 Nov 2026",
        "in 29\N{NO-BREAK SPACE}days",
    )


def test_an_id_that_ended_at_one_place_only_is_said_so() -> None:
    """Another host may still serve it."""
    lines = sentences_ends.list_ids([IdMatch("a-1", (notice(date(2026, 1, 1)), notice()))], TODAY)
    assert "lready ended in at least one place: a\\-1" in sentences_ends.sum_up_ids(lines, TODAY)


def test_an_id_without_a_date_is_told_the_end_of_its_dated_versions() -> None:
    """An alias that no page names stops with the last version behind it, as `heartbeat ends` says."""
    old, new = notice(date(2026, 1, 1), model="opus-20240229"), notice(model="opus-20250301")
    host = notice(None, "unknown", stage="active", side="host", model="opus-20240229")
    names = index_names([old, new, host])
    (line,) = sentences_ends.list_ids([find_id("opus", names)], TODAY)
    assert (line["rank"], line["what happens"]) == (
        states.AHEAD,
        "its last known version, opus-20250301, ends 9 Nov 2026",
    )
    (over,) = sentences_ends.list_ids([find_id("opus-latest", index_names([old]))], TODAY)
    assert over["rank"] == states.PAST and "already ended, 1 Jan 2026" in over["what happens"]
    live = notice(None, "unknown", stage="active", model="opus-20260101")
    (unsure,) = sentences_ends.list_ids([find_id("opus", index_names([old, live]))], TODAY)
    assert (unsure["rank"], unsure["what happens"]) == (
        states.UNKNOWN,
        "known only in dated versions, not all of which end: opus-20240229 and opus-20260101",
    )


def test_what_the_verdict_counts_is_named_below_it_and_not_counted_again() -> None:
    """Ids that nobody knows were told twice in the same words."""
    lines = sentences_ends.list_ids([IdMatch(f"typo-{number}") for number in range(6)], TODAY)
    verdict, below = sentences_ends.judge_ids(lines, 6, TODAY), sentences_ends.sum_up_ids(lines, TODAY)
    assert "6 of your 6 ids are unknown here" in verdict
    assert "unknown" not in below and below.startswith("No page or list that is read names typo\\-0, typo\\-1")
    assert below.endswith("and 3 more.")


def test_the_answer_counts_days_apart_from_bounds_and_names_the_first_day() -> None:
    """A floor that comes earlier is no day."""
    floor, day = notice(date(2026, 11, 2), "not_before"), notice(model="**evil**")
    verdict = sentences_ends.judge_page([floor, day], TODAY)
    assert verdict == (
        "**1 end has a known day within 12 months**, the first in 8\N{NO-BREAK SPACE}days; more may come."
    )
    only = sentences_ends.judge_page([floor], TODAY)
    assert only.startswith("**1 end may come within 12 months**, the first in 1\N{NO-BREAK SPACE}day or later")
    told = sentences_ends.answer_page([floor, day], [floor, day], 2, TODAY, "now")
    assert told.startswith(
        "Of the ends that makers and hosts list, **1 has a known day within 12 months**; for 1 more, only a month"
    )
    assert "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}2 entries on 2 pages, as of now" in told
    assert told.endswith("The first is **\\*\\*evil\\*\\*** (GPT), on 9 Nov 2026, in 8\N{NO-BREAK SPACE}days.")


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (notice(), "**1 of your 1 id ends within 12 months.**"),
        (
            notice(date(2027, 6, 9), "not_before"),
            "**1 of your 1 id may end within 12 months**: only an earliest day is given.",
        ),
        (notice(date(2027, 11, 2), "not_before"), "**No end within 12 months is announced for your 1 id.**"),
        (notice(date(2029, 6, 1), "not_before"), "**No end within 12 months is announced for your 1 id.**"),
        (notice(None, "unknown", stage="legacy"), "**1 of your 1 id is on a deprecation page without a date.**"),
        (notice(None, "unknown", stage="active"), "**No end within 12 months is announced for your 1 id.**"),
    ],
)
def test_no_id_is_called_safe_or_ended_that_is_neither(row: dict[str, Any], verdict: str) -> None:
    """A day before which nothing ends is no end, and a stage without a day is no safety."""
    lines = sentences_ends.list_ids([IdMatch("gpt-4o", (row,), "")], TODAY)
    assert sentences_ends.judge_ids(lines, 1, TODAY) == verdict


def test_no_end_is_no_promise() -> None:
    """Nothing listed is not the same as nothing ending."""
    assert "Nothing listed there has an announced end" in sentences_ends.answer_page([notice()], [], 1, TODAY, "now")


def test_an_endless_name_is_cut_in_a_sentence() -> None:
    """A title of ten lines says no more than its first."""
    assert sentences_ends.name_model({"model": "a" * 64}) == "a" * 64
    assert sentences_ends.name_model({"model": "a" * 65}) == "a" * 64 + "…"
