"""Stretches of time as status pages write them: zones, days, halves of the day, and what must not become a length."""

from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.status.incident import Incident, Update, find_stated_window, make_incident_row
from pipelines.sources.status.stated_windows import (
    LONGEST,
    OLDEST,
    SLACK,
    ZONES,
    Setting,
    read_stated_window,
)

POSTED = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)


def _of(text: str, posted: datetime = POSTED, **known: datetime) -> tuple[str, ...]:
    setting = Setting(posted, known.pop("written", posted), **known)
    return tuple(at.strftime("%m-%dT%H:%M") for at in read_stated_window(text, setting) or ())


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("From 20:04–20:10 UTC, requests failed.", "11-24T20:04", "11-24T20:10"),
        ("Between 20:04 UTC and 20:10 UTC, requests failed", "11-24T20:04", "11-24T20:10"),
        ("from 23:50 to 00:10 UTC", "11-23T23:50", "11-24T00:10"),
        ("Impact occurred from 12:05 PT / 20:05 UTC to 12:31 PT / 20:31 UTC.", "11-24T20:05", "11-24T20:31"),
        ("from 3:50pm PT / 23:50 UTC to 4:10pm PT / 00:10 UTC", "11-23T23:50", "11-24T00:10"),
        ((
            "From 16:00 PT on November 23 / 00:00 UTC on November 24 to 17:40 PT on November 23 / 01:40 UTC on "
            "November 24"
        ), "11-24T00:00", "11-24T01:40"),
        ("between 12:05 PST (20:05 UTC) and 12:31 PST (20:31 UTC)", "11-24T20:05", "11-24T20:31"),
        ("Impact occurred from 16\u223655 to 19\u223616 UTC.", "11-24T16:55", "11-24T19:16"),
        ("between 21:30 and 22:00 UTC", "11-23T21:30", "11-23T22:00"),
        ("Between 16:03 and 16:29 UTC on November 12, some users saw errors.", "11-12T16:03", "11-12T16:29"),
        ("On November 6, 2026, between 15:05 UTC and 00:14 UTC on November 7, it failed", "11-06T15:05", "11-07T00:14"),
        ((
            "On November 9, the model failed for about 73 minutes, from 08:33 to 09:46 "
            "UTC."
        ), "11-09T08:33", "11-09T09:46"),
        ("2026-11-17 from 13:28 to 21:15 UTC (7h 47m)", "11-17T13:28", "11-17T21:15"),
        ("9:13 AM - 10:02 AM PST", "11-24T17:13", "11-24T18:02"),
        ("between 9:13 and 10:02 AM PT", "11-24T17:13", "11-24T18:02"),
        ("between 14:05 and 15:20 PT on November 3", "11-03T22:05", "11-03T23:20"),
        ("from 20:04 to 20:10 PT", "11-24T04:04", "11-24T04:10"),
        ("(All Times US/Pacific) **Incident Start:** 22 November 2026 19:10 **Incident End:** 23 November 2026 10:21",
         "11-23T03:10", "11-23T18:21"),
        ((
            "Incident Start: 20 Nov 2026 08:00 Incident End: 20 Nov 2026 09:00 (UTC). - Start: 20 Nov 2026 08:10 - "
            "End: "
            "20 Nov 2026 08:20"
        ),
         "11-20T08:00", "11-20T09:00"),
        ("The API failed for approximately 45 minutes starting at 14:05 UTC.", "11-24T14:05", "11-24T14:50"),
        ((
            "Starting at 09:10 UTC on November 20 it failed for a duration of 1 hour and 24 "
            "minutes."
        ), "11-20T09:10", "11-20T10:34"),
        ((
            "An issue beginning at Friday, 2026-11-20 09:00 US/Pacific. It has been resolved as of Saturday, "
            "2026-11-21 "
            "19:13 US/Pacific."
        ),
         "11-20T17:00", "11-22T03:13"),
    ],
)  # fmt: skip
def test_a_stretch_is_read_in_every_form(text: str, start: str, end: str) -> None:
    """Golden case 11: posted when it was over, the text says how long it was."""
    assert _of(text) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "at 20:04 UTC",
        "from 20:04 UTC",
        "from 20:04 to 20:10",
        "from 20:04 to 20:04 UTC",
        "from 20:04 to 20:10 CST",
        "from 20:04 to 20:10 UTC+8",
        "from 25:00 to 26:00 UTC",
        "from 13:00 to 13:90 UTC",
        "from 13:10 PM to 14:10 PM UTC",
        "From 9:00-9:10 UTC and from 11:00-11:05 UTC",
        "The work is scheduled between 14:00 and 15:00 UTC.",
        "A fix will be rolled out from 14:00 to 15:00 UTC.",
        "from 14:00 to 15:00 UTC on November 25",
        "On May 18, 2026, between 05:02 UTC and 11:30 UTC",
        "between 05:02 UTC and 11:30 UTC on February 30",
        "Incident Start: 3 Nov 2026 09:00 Incident End: 3 Nov 2026 08:00 UTC",
        "Incident Start: 1 Nov 2026 09:00 Incident End: 1 Nov 2026 10:00 UTC. Incident Start: 2 Nov 2026 09:00 "
        "Incident End: 2 Nov 2026 10:00",
    ],
)
def test_a_stretch_that_is_not_plain_is_none(text: str) -> None:
    """A guess would become a length: several, plans, the future, an unknown zone, a slip of the pen."""
    assert _of(text) == ()


@pytest.mark.parametrize(("day", "start"), [("March 7", "03-07T22:05"), ("March 8", "03-08T21:05")])
def test_the_clocks_of_a_place_are_followed(day: str, start: str) -> None:
    """America changed its clocks on 8 March 2026; "PST" of a page means the clock on its wall."""
    assert _of(f"between 14:05 and 15:20 PST on {day}", datetime(2026, 3, 10, tzinfo=UTC))[0] == start


def test_a_day_without_a_year_is_the_nearest() -> None:
    """A report of January is about December."""
    posted = datetime(2027, 1, 2, tzinfo=UTC)
    assert read_stated_window("between 14:05 and 15:20 UTC on December 30", Setting(posted, posted)) == (
        datetime(2026, 12, 30, 14, 5, tzinfo=UTC),
        datetime(2026, 12, 30, 15, 20, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("On November 12, from 10:00 to 1:30 PT requests failed.", ("11-12T18:00", "11-12T21:30")),
        ("Requests failed from 18:00 to 21:30 UTC.", ("11-12T18:00", "11-12T21:30")),
    ],
)
def test_a_report_of_ten_days_later_is_read_near_its_incident(text: str, window: tuple[str, str]) -> None:
    """Read nearest to the report, 1:30 was that of the night: 15.5 hours instead of 3.5."""
    known = {"ends_after": datetime(2026, 11, 12, 18, 20, tzinfo=UTC)}
    known["begins_before"] = datetime(2026, 11, 12, 21, 45, tzinfo=UTC)
    assert _of(text, datetime(2026, 11, 22, 9, 0, tzinfo=UTC), **known) == window


def test_the_newest_update_that_states_a_stretch_counts() -> None:
    """First posts guess. A last one that states none, or several, changes nothing."""
    first = Update(POSTED - timedelta(hours=2), "investigating", "Errors between 18:00 and 18:30 UTC.")
    middle = Update(POSTED - timedelta(hours=1), "update", "It failed from 18:00 to 19:10 UTC.")
    last = Update(POSTED, "resolved", "Thank you for your patience.")
    found = find_stated_window(Incident("a", "t", None, None, (last, middle, first)))
    assert found and found[1] - found[0] == timedelta(minutes=70)
    titled = find_stated_window(Incident("a", "Errors between 17:00 and 17:20 UTC", None, None, (last,)))
    assert titled and titled[1] - titled[0] == timedelta(minutes=20)
    assert find_stated_window(Incident("a", "Errors between 17:00 and 17:20 UTC", None, None, ())) is None


def _live(*posts: tuple[datetime, str, str]) -> dict[str, Any]:
    updates = tuple(Update(at, word, text) for at, word, text in posts)
    return dict(make_incident_row(Incident("a", "t", None, None, updates)).body)


@pytest.mark.parametrize(
    "text",
    [
        "A similar failure lasted from 09:00 to 10:00 UTC.",
        "On November 20 requests failed between 18:00 and 19:00 UTC.",
        "It may come back: it failed from 20:30 to 20:40 UTC.",
    ],
)
def test_a_window_of_another_time_is_none_of_an_incident_that_was_told_while_it_went_on(text: str) -> None:
    """13 hours of outage became one, since its report mentioned an earlier one, too."""
    first, end = POSTED - timedelta(hours=5), POSTED - timedelta(hours=1)
    body = _live((POSTED, "postmortem", text), (end, "resolved", ""), (first, "investigating", ""))
    assert (body["window_start_at"], body["window_end_at"], body["is_retro"]) == (None, None, False)
    inside = "Requests failed between 15:30 and 19:30 UTC."
    body = _live((POSTED, "postmortem", inside), (end, "resolved", ""), (first, "investigating", ""))
    assert (body["window_start_at"][11:16], body["window_end_at"][11:16]) == ("15:30", "19:30")


def test_a_window_before_the_post_of_what_was_over_by_then_is_read() -> None:
    """An incident that is only reported afterwards has no course of its own."""
    body = _live((POSTED, "resolved", "Requests failed from 09:00 to 10:00 UTC."))
    assert (body["window_start_at"][11:16], body["is_retro"]) == ("09:00", True)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("It failed from 1:48 - 5:21 PT.", "11-24T09:48", "11-24T13:21"),
        ("It failed from 9:48 - 12:21 PT.", "11-24T17:48", "11-24T20:21"),
        ("It failed from 11:48 - 12:59 PT.", "11-24T19:48", "11-24T20:59"),
        ("It failed between 2:15p and 3:45p ET.", "11-24T19:15", "11-24T20:45"),
        ("It failed between 2:15 and 3:45 ET.", "11-24T19:15", "11-24T20:45"),
        ("It failed from 11:48 - 1:21 PM ET.", "11-24T16:48", "11-24T18:21"),
        ("It failed from 1:48 - 5:21 UTC.", "11-24T01:48", "11-24T05:21"),
        ("It failed from 01:48 to 05:21 PT.", "11-24T09:48", "11-24T13:21"),
        ("It failed from 14:48 to 5:21 PT.", "11-23T22:48", "11-24T13:21"),
        ("It failed for 40 minutes, starting at 3:05 ET.", "11-24T20:05", "11-24T20:45"),
    ],
)
def test_a_time_without_a_half_of_the_day_is_read_nearest_to_the_post(text: str, start: str, end: str) -> None:
    """Americans leave it out: read on a clock of 24 hours, three windows lay twelve hours off."""
    assert _of(text) == (start, end)


def test_a_post_that_is_dated_back_does_not_move_its_window_a_day() -> None:
    """Owners set the day of a post to when it happened: its window may then end after the post, once it is written."""
    text = "Requests failed from 20:50 to 22:30 UTC."
    assert _of(text) == ("11-23T20:50", "11-23T22:30")
    assert _of(text, written=POSTED + timedelta(days=2)) == ("11-24T20:50", "11-24T22:30")
    rounded = "Requests failed from 20:10 to 21:10 UTC."
    assert _of(rounded) == ("11-24T20:10", "11-24T21:10")


@pytest.mark.parametrize(("hour", "day"), [(1, 23), (9, 23), (23, 24)])
def test_without_a_day_the_nearest_counts(hour: int, day: int) -> None:
    """An hour after midnight an evening's failure was yesterday's; in the evening it is today's."""
    posted = datetime(2026, 11, 24, hour, tzinfo=UTC)
    assert _of("It failed between 22:10 and 22:40 UTC.", posted) == (f"11-{day}T22:10", f"11-{day}T22:40")


days = st.dates(datetime(2020, 1, 2).date(), datetime(2030, 1, 1).date())
clocks = st.times()


@given(
    days, clocks, days, clocks, st.sampled_from(sorted(ZONES)), st.datetimes(datetime(2020, 1, 2), datetime(2030, 1, 1))
)
def test_no_stretch_is_negative_future_old_or_endless(
    first: datetime, begin: datetime, last: datetime, end: datetime, zone: str, posted: datetime
) -> None:
    at = posted.replace(tzinfo=UTC)
    for text in (
        f"from {begin:%H:%M} to {end:%H:%M} {zone}",
        f"between {first} {begin:%H:%M} {zone} and {last} {end:%H:%M} {zone}",
    ):
        found = read_stated_window(text, Setting(at, at))
        assert found is None or (
            found[0] < found[1] <= at + SLACK and found[1] - found[0] <= LONGEST and at - found[1] <= OLDEST
        )


def test_a_text_full_of_times_is_read_in_a_moment() -> None:
    """A page is somebody else's, too: a hundred thousand characters must not hold up a visit."""
    began = process_time()
    assert read_stated_window("started at 10:00 UTC resolved at 10:00-" * 3000, Setting(POSTED, POSTED)) is None
    assert process_time() - began < 2
