"""Quiet hours go by the clocks of a place, also on the days on which they change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.notifying.quiet import QuietHours, read_quiet_hours
from warehouse.settings import Settings, SettingsError

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC", "America/Argentina/Ushuaia")


def read(words: str) -> QuietHours | None:
    return read_quiet_hours(Settings(HEARTBEAT_QUIET=words, _env_file=None))


def test_quiet_hours_may_go_over_midnight() -> None:
    """The end is no part of them."""
    night, noon = read("22:00-07:00 Europe/Berlin"), read(" 12:30 - 13:00 UTC ")
    assert night and noon and read("") is None
    day = datetime(2026, 11, 20, tzinfo=ZoneInfo("Europe/Berlin"))
    assert [night.hold(day.replace(hour=hour)) for hour in (0, 6, 7, 12, 21, 22, 23)] == [
        True, True, False, False, False, True, True,
    ]  # fmt: skip
    assert noon.hold(datetime(2026, 11, 20, 12, 45, tzinfo=UTC)) and not noon.hold(day)


@pytest.mark.parametrize(("day", "hours"), [("2026-10-24", 10), ("2026-03-28", 8), ("2026-06-01", 9)])
def test_a_night_in_which_clocks_change_is_an_hour_longer_or_shorter(day: str, hours: int) -> None:
    """From ten in the evening to seven in the morning as people there live it."""
    night = read("22:00-07:00 Europe/Berlin")
    noon = datetime.fromisoformat(f"{day}T12:00+00:00")
    assert night and sum(night.hold(noon + timedelta(minutes=5 * step)) for step in range(288)) == hours * 12


@given(
    st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
def test_what_is_written_is_what_holds(start: time, end: time, zone: str, now: datetime) -> None:
    """Each instant lies in the quiet hours or in their complement, and never in both."""
    if start == end:
        return
    quiet, loud = (read(f"{one:%H:%M}-{other:%H:%M} {zone}") for one, other in ((start, end), (end, start)))
    assert quiet and loud and quiet.hold(now) != loud.hold(now)
    assert quiet == QuietHours(start, end, ZoneInfo(zone))


@pytest.mark.parametrize(
    "wrong", ["22-7", "22:00-07:00", "22:00-07:00 Mars/Base", "22:00-22:00 UTC", "25:00-07:00 UTC", "1:00-2:00 ../etc"]
)
def test_quiet_hours_that_cannot_be_read_are_refused(wrong: str) -> None:
    """With an example."""
    with pytest.raises(SettingsError, match=r"HEARTBEAT_QUIET.*22:00-07:00 Europe/Berlin"):
        read(wrong)
