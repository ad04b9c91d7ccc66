"""Holds this machine's clock against the time that hosts state in their answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipelines.http.errors import WrongClock
from pipelines.http.waits import parse_http_date

TOLERANCE = timedelta(hours=1)
"""Difference of two clocks that changes no figure: the finest unit of any is an hour."""

ENOUGH_HOSTS = 3
"""Hosts that must state another time before a run believes them of all: one may be wrong, and answer first."""


@dataclass(slots=True)
class ClockWatch:
    """What the hosts of a run say of this machine's clock."""

    is_vouched: bool = False
    """True once a host has stated the same time: from then on, it is the others that are wrong."""
    trouble: str = ""
    """How the first host stated another time."""
    odd_hosts: set[str] = field(default_factory=set)
    """The hosts that stated another time before any stated the same."""

    @property
    def is_wrong(self) -> bool:
        """Returns whether hosts stated another time, and none the same."""
        return bool(self.trouble) and not self.is_vouched

    @property
    def is_settled(self) -> bool:
        """Returns whether so many hosts stated another time that none needs to be asked any more."""
        return self.is_wrong and len(self.odd_hosts) >= ENOUGH_HOSTS

    def judge(self, host: str, headers: Mapping[str, str], now: datetime) -> None:
        """Judges the clock by the headers of an answer. Raises WrongClock if only other times were stated."""
        stated = _read_stated_time(headers)
        if stated is None:
            return
        if abs(stated - now) <= TOLERANCE:
            self.is_vouched = True
        if not self.is_vouched:
            self.odd_hosts.add(host)
            self.trouble = self.trouble or (
                f"this machine's clock says {format_minute(now)} and {host} says {format_minute(stated)}"
            )
            raise WrongClock(f"nothing is kept under a wrong clock: {self.trouble}")


def _read_stated_time(headers: Mapping[str, str]) -> datetime | None:
    """Reads the time at which an answer was sent; one from a cache has been lying there for its age."""
    date, age = parse_http_date(headers.get("date", "")), headers.get("age", "")
    is_age = age.isascii() and age.isdigit() and len(age) < 10
    try:
        return date + timedelta(seconds=int(age) if is_age else 0) if date else None
    except OverflowError:
        return date


def format_minute(instant: datetime) -> str:
    """Formats an instant for an operator who compares two: `2031-01-01 00:00 UTC`."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"
