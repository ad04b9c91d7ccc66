"""What is said of the end of a model: a day, a month, a floor and nothing are four different things."""

from datetime import date
from typing import Any

import pytest

from dashboards.reliability import sentences_ends
from warehouse.ends import states

TODAY = date(2026, 11, 1)
LATER = "in 30\N{NO-BREAK SPACE}days or later"


def notice(on: date | None = date(2026, 11, 9), kind: str = "exact", **given: Any) -> dict[str, Any]:
    """A notice of a page, by default one with a day ahead."""
    return {
        "model": "gpt-4o", "title": "GPT", "shutdown_on": on, "shutdown_kind": kind, "stage": None,
    } | given  # fmt: skip


@pytest.mark.parametrize(
    ("row", "state", "left", "said"),
    [
        (notice(), states.AHEAD, "in 8\N{NO-BREAK SPACE}days", "9 Nov 2026"),
        (notice(TODAY), states.AHEAD, "today", "1 Nov 2026"),
        (notice(date(2026, 10, 31)), states.PAST, "1\N{NO-BREAK SPACE}day ago", "31 Oct 2026"),
        (notice(date(2026, 11, 1), "month"), states.AHEAD, "within this month", "Nov 2026, no day given"),
        (notice(date(2026, 12, 1), "month"), states.AHEAD, LATER, "Dec 2026, no day given"),
        (notice(date(2026, 10, 1), "month"), states.PAST, "over", "Oct 2026, no day given"),
        (notice(date(2026, 12, 1), "not_before"), states.AHEAD, LATER, "not before 1 Dec 2026"),
        (notice(date(2025, 12, 1), "not_before"), states.OPEN, "may end any day", "not before 1 Dec 2025"),
        (notice(None, "unknown", stage="active"), states.SILENT, "", "no day given"),
        (notice(None, "unknown", stage="legacy"), states.GONE, "", "no day given"),
        (notice(None, "unknown", stage="retired"), states.PAST, "", "no day given"),
    ],
)
def test_each_kind_of_end_is_said_in_its_own_way(row: dict[str, Any], state: str, left: str, said: str) -> None:
    """A month is not over before its last day, and an earliest day that has passed is no end."""
    assert states.judge_state(row, TODAY) == state
    assert (sentences_ends.describe_end(row), sentences_ends.describe_time_left(row, TODAY)) == (said, left)


def test_the_last_day_of_a_month_is_right_in_december() -> None:
    assert [states.last_possible_day(notice(date(2026, month, 1), "month")) for month in (2, 12)] == [
        date(2026, 2, 28),
        date(2026, 12, 31),
    ]


def test_the_answer_counts_days_apart_from_bounds_and_names_the_first_day() -> None:
    """A floor that comes earlier is no day."""
    floor, day = notice(date(2026, 11, 2), "not_before"), notice(model="**evil**")
    verdict = sentences_ends.judge_page([floor, day], TODAY)
    assert verdict == (
        "**1 end has a known day within 12 months**, the first in 8\N{NO-BREAK SPACE}days; more may come."
    )
    only = sentences_ends.judge_page([floor], TODAY)
    assert only.startswith("**1 end may come within 12 months**, the first in 1\N{NO-BREAK SPACE}day or later")
    stated = sentences_ends.answer_page([floor, day], 2, "now").replace("\N{NO-BREAK SPACE}", " ")
    assert stated == (
        "The first is \\*\\*evil\\*\\* (GPT), on 9 Nov 2026 (2 pages read, as of now). For 1 more, only a "
        "month or an earliest day is known."
    )


def test_no_end_is_no_promise() -> None:
    """Nothing listed is not the same as nothing ending."""
    assert "Nothing listed has an announced end" in sentences_ends.judge_page([], TODAY)
    assert "not a promise" in sentences_ends.answer_page([], 1, "now")


def test_an_endless_name_is_cut_in_a_sentence() -> None:
    assert sentences_ends.name_model({"model": "a" * 64}) == "a" * 64
    assert sentences_ends.name_model({"model": "a" * 65}) == "a" * 64 + "…"
