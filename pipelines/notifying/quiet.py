"""Quiet hours: when only what is urgent is told."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from warehouse.settings import Settings, SettingsError

_FORM = re.compile(r"(?P<start>\d{1,2}:\d{2})\s*-\s*(?P<end>\d{1,2}:\d{2})\s+(?P<zone>[A-Za-z][\w+-]*(?:/[\w+-]+)*)")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A part of each day by the clocks of a place, also over midnight."""

    start: time
    end: time
    zone: ZoneInfo

    def hold(self, now: datetime) -> bool:
        """Tells whether it is quiet: by what the clocks there show, also on the days on which they change."""
        clock = now.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


def read_quiet_hours(settings: Settings) -> QuietHours | None:
    """Reads HEARTBEAT_QUIET, such as `22:00-07:00 Europe/Berlin`; None if it is not set. Raises SettingsError."""
    if not settings.quiet.strip():
        return None
    match = _FORM.fullmatch(settings.quiet.strip())
    try:
        if match is None:
            raise ValueError
        start, end = (_read_clock(match[name]) for name in ("start", "end"))
        zone = ZoneInfo(match["zone"])
    except (ValueError, OSError, ZoneInfoNotFoundError):
        start = end = time()
    if start == end:
        raise SettingsError(
            f"HEARTBEAT_QUIET: {settings.quiet!r}: write two different times and a time zone, such as"
            " 22:00-07:00 Europe/Berlin"
        )
    return QuietHours(start, end, zone)


def _read_clock(word: str) -> time:
    hours, _, minutes = word.partition(":")
    return time(int(hours), int(minutes))
