"""The requests that a host grants an address without a token: counted before each request, corrected by each answer.

GitHub's REST interface answers 60 requests an hour from one address. A request beyond what is left is not sent.
"""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pipelines.http.errors import TokenWanted
from pipelines.http.waits import parse_http_date

ASSUMED = 60
"""Requests an hour, until the first answer says how many there are."""
WINDOW = timedelta(hours=1)
_COUNTED = re.compile(r"(?:/api/v3)?/(?:repos|repositories)/")
"""Paths of GitHub's REST interface; its feeds and raw files are not counted."""


def is_counted(url: str, headers: Mapping[str, str]) -> bool:
    """Returns whether a request counts against what an address may ask without a token."""
    return "authorization" not in headers and _COUNTED.match(urlsplit(url).path) is not None


def make_limit_url(url: str) -> str:
    """Makes the address that says how many requests are left; asking there counts as none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{'/api/v3' if parts.path.startswith('/api/v3/') else ''}/rate_limit"


@dataclass(slots=True)
class _Window:
    left: int
    resets_at: datetime | None = None
    """None until an answer says when the window ends."""
    was_asked_for: bool = False
    """True once the host was asked how many requests are left."""


@dataclass(slots=True)
class AnonymousAllowance:
    """The requests without a token that each host still grants; shared by all channels of a run."""

    reserved: int = 0
    """Requests kept for the trackers still to come; only `release` makes them available."""
    hosts: dict[str, _Window] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def must_ask(self, url: str, clock: Callable[[], datetime]) -> bool:
        """Tells, once per window, that the host has not said yet how many requests are left."""
        with self._lock:
            window = self._get_window(url, clock())
            is_unknown, window.was_asked_for = window.resets_at is None and not window.was_asked_for, True
            return is_unknown

    def take(self, url: str, clock: Callable[[], datetime]) -> None:
        """Counts a request that is about to be sent. Raises TokenWanted instead if none is left for it."""
        with self._lock:
            window = self._get_window(url, clock())
            if window.left <= self.reserved:
                raise TokenWanted(describe_end(window.resets_at, is_reserved=window.left > 0))
            window.left -= 1

    def learn(self, url: str, headers: Mapping[str, str], clock: Callable[[], datetime]) -> None:
        """Corrects the count by the headers of an answer."""
        remaining, reset = (headers.get(f"x-ratelimit-{name}", "") for name in ("remaining", "reset"))
        if not (re.fullmatch(r"\d{1,6}", remaining) and re.fullmatch(r"\d{9,11}", reset)):
            return
        resets_at = clock() + _measure_rest(int(reset), headers.get("date", ""), clock())
        with self._lock:
            window = self.hosts.setdefault(urlsplit(url).netloc, _Window(ASSUMED))
            window.left, window.resets_at = min(window.left, int(remaining)), resets_at

    def check_left(self, url: str, requests: int, clock: Callable[[], datetime]) -> None:
        """Raises TokenWanted if too few requests are left for something that is of no use in part."""
        with self._lock:
            window = self._get_window(url, clock())
            if window.left - self.reserved < requests:
                raise TokenWanted(describe_end(window.resets_at))

    def release(self, requests: int) -> None:
        """Makes reserved requests available."""
        with self._lock:
            self.reserved = max(0, self.reserved - requests)

    def _get_window(self, url: str, now: datetime) -> _Window:
        """Returns the host's present window; one that has ended begins again, with what was assumed at first."""
        window = self.hosts.setdefault(urlsplit(url).netloc, _Window(ASSUMED))
        if window.resets_at is not None and now >= window.resets_at:
            window.left, window.resets_at, window.was_asked_for = ASSUMED, None, False
        return window


def _measure_rest(reset: int, date: str, now: datetime) -> timedelta:
    """Returns how long a host's window still lasts, by the host's own clock if it says what that shows."""
    # A clock of ours that is ahead would take every window for ended, and every refusal for a fresh start.
    rest = timedelta(seconds=reset - (parse_http_date(date) or now).timestamp())
    return rest if timedelta(0) < rest <= WINDOW else WINDOW


def describe_end(resets_at: datetime | None, is_reserved: bool = False) -> str:
    """Describes what a request that was not sent waits for."""
    when = f"the hour ends at {resets_at.astimezone():%H:%M}" if resets_at else "an hour passes"
    kept = "; what is left of this hour is kept for the families' trackers" if is_reserved else ""
    return f"needs GITHUB_TOKEN, or waits until {when}: without a token GitHub answers {ASSUMED} requests an hour{kept}"
