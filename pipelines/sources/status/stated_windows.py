"""Reads the window of time that a status page's text states for an incident, in any of its zones and forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, product
from zoneinfo import ZoneInfo

from pipelines.markup.feeds import MONTHS

ZONES: dict[str, str] = {
    "UTC": "UTC", "GMT": "UTC",
    "US/Pacific": "America/Los_Angeles", "Pacific Time": "America/Los_Angeles", "Pacific": "America/Los_Angeles",
    "PT": "America/Los_Angeles", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
    "US/Eastern": "America/New_York", "Eastern Time": "America/New_York", "Eastern": "America/New_York",
    "ET": "America/New_York", "EST": "America/New_York", "EDT": "America/New_York",
    "CET": "Europe/Paris", "CEST": "Europe/Paris",
    "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "SGT": "Asia/Singapore", "Beijing Time": "Asia/Shanghai",
    "北京时间": "Asia/Shanghai",
}  # fmt: skip
"""A zone's word, and the place whose clock it means: many write PST in summer. CST, IST and BST are ambiguous, so they
are not read."""
LONGEST = timedelta(days=62)
"""A longer window is taken for a typing error, as is one that ended more than `OLDEST` before its post."""
OLDEST = timedelta(days=31)
MANY = 12
"""Windows of one form that are read at most: a text with more cannot mean the same one each time."""
MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)
SLACK = timedelta(minutes=15)
"""How far after its post a window may end: people round ends up, and date posts back a little."""
LONG_TEXT = 30_000
"""Characters of a post that are read; the longest post seen so far has 8,412."""
_FUTURE = re.compile(
    r"\b(?:will|shall|expect\w*|scheduled|planned|estimated?|estimates|ETA|next update)\b", re.IGNORECASE
)
_MARKS = re.compile(r"[*_`#]+")

_MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]{{0,9}}\.?"
_DATE = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:,?\s+\d{{4}})?|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,?\s+\d{{4}})?)"
)
_HALF = r"(?:\s*[ap]\.?m\b\.?|[ap]\b)"
_TIME = rf"(?:\d{{1,2}}(?::\d\d){{1,2}}(?!\d){_HALF}?|\d{{1,2}}{_HALF})"
_ZONE = rf"\(?(?:{'|'.join(sorted(ZONES, key=len, reverse=True))})(?![\w/]|[+]\d|-\d{{1,2}}(?![\d:]))\)?"
_TO = r"\s*(?:-|–|—|to|and|until|till|through)\s*"
_LEAD = r"(?:[\s,T~]|at|from|between|around|about|approximately)*"


def _build_moment_pattern(name: str) -> str:
    """Builds the pattern of a time of day with an optional day and zone before or after it."""
    return (
        rf"(?:(?P<{name}day>{_DATE}){_LEAD})?~?(?<![\d:])(?P<{name}time>{_TIME})(?:\s*(?P<{name}zone>{_ZONE}))?"
        rf"(?:,?\s+on\s+(?:the\s+)?(?P<{name}later>{_DATE}))?"
    )


_UTC = r"\(?(?:UTC|GMT)\b\)?"
_TWICE = re.compile(
    rf"(?<![\d:])~?{_TIME}\s*(?!{_UTC}){_ZONE}(?:,?\s+on\s+(?:the\s+)?{_DATE})?\s*"
    rf"(?:/\s*(?={_TIME}\s*{_UTC})|\(\s*(?P<utc>{_TIME}\s*{_UTC})\s*\))",
    re.IGNORECASE,
)
"""A time by two clocks, as in `05:40 PT / 12:40 UTC`: without the first one, the second is read."""
_COLONS = str.maketrans(dict.fromkeys("∶：", ":"))

_START_MOMENT, _END_MOMENT = _build_moment_pattern("a"), _build_moment_pattern("b")
_SPAN = (
    r"(?<!\d)(?P<hours>\d{1,4})[\s-]*(?:hours?|hrs?|h)\b(?:,?\s*(?:and\s+)?(?P<rest>\d{1,4})[\s-]*(?:minutes?|mins?|m)\b)?"
    r"|(?<!\d)(?P<minutes>\d{1,4})[\s-]*(?:minutes?|mins?)\b"
)
_START = r"\b(?:start(?:ed|ing)?|begin(?:ning)?|began)\b[\s:]*(?:at|on|around|from|approximately|about|~|\s)*"
_END = (
    r"\b(?:ended|resolved|recovered|restored|mitigated)\b[^.!?]{0,80}?\s(?:at|as "
    r"of|by)\s+(?:around\s+|approximately\s+)?"
)
FORMS = {
    "the incident's labels": (
        rf"\bincident start(?: time)?\s*:\s*{_START_MOMENT}.{{0,40}}?\bincident end(?: time)?\s*:\s*{_END_MOMENT}"
    ),
    "labels": (rf"\bstart(?: time)?\s*:\s*{_START_MOMENT}.{{0,40}}?\bend(?: time)?\s*:\s*{_END_MOMENT}"),
    "range": rf"(?<![\d:.]){_START_MOMENT}{_TO}{_END_MOMENT}",
    "start and end": rf"{_START}{_START_MOMENT}.{{0,200}}?{_END}{_END_MOMENT}",
    "length, then start": rf"(?:{_SPAN})[\s,]*{_START}{_START_MOMENT}",
    "start, then length": (rf"{_START}{_START_MOMENT}[^.!?]{{0,60}}?\b(?:lasted|lasting|for)\D{{0,30}}(?:{_SPAN})"),
}
"""Forms of a written window, the most reliable first. A text is read in the first form that matches."""
_ALL_TIMES = re.compile(rf"\ball times\s+(?:are\s+)?(?:in\s+)?(?P<zone>{_ZONE})", re.IGNORECASE)
_ANY_ZONE = re.compile(rf"(?<![A-Za-z]){_ZONE}")
_ANY_DATE = re.compile(_DATE, re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

StatedWindow = tuple[datetime, datetime]
"""Start and end in UTC."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What else is known of an incident when a text of it is read."""

    posted: datetime
    """Instant that the page gives for the post."""
    written: datetime
    """When the post was written, if the page dates it back; else the same."""
    ends_after: datetime | None = None
    """First post of an incident that was posted while it went on: no window of it ended before."""
    begins_before: datetime | None = None
    """The incident's end: no window of it began later."""

    @property
    def near(self) -> datetime:
        """The instant to which open days and halves are read nearest: a report of ten days later is of its incident."""
        return min(self.posted, self.begins_before or self.posted)

    def allows(self, start: datetime, end: datetime) -> bool:
        """Returns whether a window is possible: not in the future, not endless, not of another incident."""
        return (
            start < end <= max(self.posted, self.written) + SLACK
            and end - start <= LONGEST
            and self.posted - end <= OLDEST
            and (self.ends_after is None or end > self.ends_after - MINUTE)
            and (self.begins_before is None or start < self.begins_before + MINUTE)
        )


def read_stated_window(text: str, setting: Setting) -> StatedWindow | None:
    """Reads the window that a text states.

    None if it states none, several, or one that the setting does not allow. What a text leaves open, the day or the
    half of the day, is read so that the window ends nearest to the incident's end, or to an earlier post.
    """
    plain = " ".join(_MARKS.sub("", text[:LONG_TEXT]).translate(_COLONS).split())
    plain = _TWICE.sub(lambda match: match["utc"] or "", plain)
    past = " ".join(sentence for sentence in _SENTENCE_END.split(plain) if not _FUTURE.search(sentence))
    for name in FORMS:
        # A label states what happened, whatever else its sentence announces.
        searched = plain if "labels" in name else past
        windows = [
            _read_window(match, searched, setting) for match in islice(_compile_form(name).finditer(searched), MANY)
        ]
        if windows:
            return windows[0] if len(set(windows)) == 1 else None
    return None


@cache
def _compile_form(name: str) -> re.Pattern[str]:
    """Compiles a form when the first text is read, since most commands read none."""
    return re.compile(FORMS[name], re.IGNORECASE)


def _read_window(match: re.Match[str], text: str, setting: Setting) -> StatedWindow | None:
    parts = match.groupdict()
    zone = _find_zone(parts, text)
    if zone is None:
        return None
    # Only the forms with two moments have a group of the second one's time.
    read_windows = _read_start_and_end if "btime" in parts else _read_start_and_length
    for days in _list_possible_days(match, text, setting.near, zone):
        possible = [window for window in read_windows(parts, zone, days) if setting.allows(*window)]
        if possible:
            return min(possible, key=lambda window: (abs(setting.near - window[1]), window[1] - window[0]))
    return None


def _find_zone(parts: dict[str, str | None], text: str) -> ZoneInfo | None:
    """Finds the zone beside the times, else the one for all times, else the only one in the text."""
    word = parts.get("bzone") or parts.get("azone")
    if word is None and (match := _ALL_TIMES.search(text)):
        word = match["zone"]
    others = {ZONES[_normalise_zone(other)] for other in _ANY_ZONE.findall(text)} if word is None else set()
    name = ZONES[_normalise_zone(word)] if word else (others.pop() if len(others) == 1 else None)
    return ZoneInfo(name) if name else None


def _normalise_zone(word: str) -> str:
    bare = word.strip("()").lower()
    return next(zone for zone in ZONES if zone.lower() == bare)


@dataclass(frozen=True, slots=True)
class PossibleDays:
    """Days on which a window may have begun and ended; None: on the same day as the other, or the evening before."""

    first: tuple[date, ...] | None
    last: tuple[date, ...] | None


def _list_possible_days(match: re.Match[str], text: str, near: datetime, zone: ZoneInfo) -> Iterator[PossibleDays]:
    """Yields the days that a window may mean: those it names; else the only one in the text, then those around."""
    parts = match.groupdict()
    first_text, last_text = parts["aday"] or parts["alater"], parts.get("bday") or parts.get("blater")
    first, last = _read_day(first_text, near), _read_day(last_text, near)
    # A day that is written but does not exist (31 June) makes the window unreadable, not undated.
    if (first_text and first is None) or (last_text and last is None):
        return
    if first or last:
        yield PossibleDays((first,) if first else None, (last,) if last else None)
        return
    before, after = text[: match.start()], text[match.start() :]
    beside = _find_days(_SENTENCE_END.split(before)[-1] + _SENTENCE_END.split(after)[0], near)
    named = beside or _find_days(text, near)
    if len(named) == 1:
        yield PossibleDays(None, tuple(named))
    # A day in the window's own sentence is the window's, one in another sentence need not be.
    if not beside:
        today = near.astimezone(zone).date()
        yield PossibleDays(None, tuple(today + timedelta(days=shift) for shift in (-2, -1, 0, 1)))


def _find_days(text: str, near: datetime) -> set[date]:
    return {day for match in _ANY_DATE.findall(text) if (day := _read_day(match, near))}


def _read_start_and_end(parts: dict[str, str | None], zone: ZoneInfo, days: PossibleDays) -> Iterator[StatedWindow]:
    """Yields the windows that two times may mean."""
    is_open = _may_be_either_half(parts, zone)
    starts, ends = _read_clocks(parts["atime"], parts["btime"], is_open), _read_clocks(parts["btime"], None, is_open)
    for start_clock, end_clock in product(starts, ends):
        # Without a day of its own, an end earlier than the start is on the next morning.
        shift = ONE_DAY if end_clock < start_clock else timedelta()
        lasts = days.last or tuple(first + shift for first in days.first or ())
        for last in lasts:
            end = _make_instant(last, end_clock, zone)
            yield from ((_make_instant(day, start_clock, zone), end) for day in days.first or (last - shift,))


def _read_start_and_length(parts: dict[str, str | None], zone: ZoneInfo, days: PossibleDays) -> Iterator[StatedWindow]:
    """Yields the windows that a start and a length may mean."""
    length = timedelta(hours=int(parts["hours"] or 0), minutes=int(parts["rest"] or parts["minutes"] or 0))
    clocks = _read_clocks(parts["atime"], None, _may_be_either_half(parts, zone))
    for day, clock in product(days.first or days.last or (), clocks):
        start = _make_instant(day, clock, zone)
        yield start, start + length


def _may_be_either_half(parts: dict[str, str | None], zone: ZoneInfo) -> bool:
    """Returns whether "1:48" may be of the afternoon: in America only, unless a time or day has a form of 24 hours."""
    times = [parts["atime"] or "", parts.get("btime") or ""]
    days = " ".join(parts.get(name) or "" for name in ("aday", "alater", "bday", "blater"))
    is_of_24_hours = any(re.match(r"0|1[3-9]|2\d", text) for text in times) or re.search(r"\d{4}-", days)
    return zone.key.startswith("America/") and not is_of_24_hours and any(re.match(r"\d:", text) for text in times)


def _read_clocks(text: str | None, other: str | None, is_open: bool) -> list[time]:
    """Reads the times of day that a text may mean; `is_open`: without a half of the day it may be of either.

    In "9:13 - 10:02 AM" the half of the day may apply to both times, in "11:48 - 1:21 PM" it does to the second only.
    """
    numbers = [int(digits) for digits in re.findall(r"\d+", text or "")]
    half = _read_half(text)
    if not numbers or numbers[0] > (12 if half else 23) or (numbers[1:] and numbers[1] > 59):
        return []
    hour, minute = numbers[0], numbers[1] if numbers[1:] else 0
    if half:
        return [time(hour % 12 + 12 * (half == "p"), minute)]
    if 1 <= hour <= 12 and (is_open or _read_half(other)):
        return [time(hour % 12, minute), time(hour % 12 + 12, minute)]
    return [time(hour, minute)]


def _read_half(text: str | None) -> str | None:
    half = re.search(r"[ap]", text or "", re.IGNORECASE)
    return half[0].lower() if half else None


def _read_day(text: str | None, near: datetime) -> date | None:
    """Reads a day; without a year, the nearest."""
    if not text:
        return None
    if iso := re.search(r"(\d{4})-(\d\d)-(\d\d)", text):
        return _make_day(int(iso[1]), int(iso[2]), int(iso[3]))
    month = next(number for name, number in MONTHS.items() if re.search(rf"\b{name}", text, re.IGNORECASE))
    numbers = [int(digits) for digits in re.findall(r"\d+", text)]
    day = next((number for number in numbers if number < 32), 0)
    year = next((number for number in numbers if number > 31), None)
    years = [year] if year else [near.year - 1, near.year, near.year + 1]
    # 29 February exists in some of these years only.
    days = [candidate for year in years if (candidate := _make_day(year, month, day))]
    return min(days, key=lambda candidate: abs(candidate - near.date()), default=None)


def _make_day(year: int, month: int, day: int) -> date | None:
    try:
        # At either end of the calendar a time of another zone has no instant in UTC.
        return date(year, month, day) if 1 < year < 9999 else None
    except ValueError:
        return None


def _make_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
