"""Reads the window of time that a status page's text states for an incident, in any of its zones and forms."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
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
LONG_TEXT = 30_000
"""Characters of a post that are read; the longest post seen so far has 8,412."""
_FUTURE = re.compile(
    r"\b(?:will|shall|expect\w*|scheduled|planned|estimated?|estimates|ETA|next update)\b", re.IGNORECASE
)
_MARKS = re.compile(r"[*_`#]+")

_MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]*\.?"
_DATE = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:,?\s+\d{{4}})?|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,?\s+\d{{4}})?)"
)
_TIME = r"(?:\d{1,2}(?::\d\d){1,2}(?!\d)(?:\s*[ap]\.?m\b\.?)?|\d{1,2}\s*[ap]\.?m\b\.?)"
_ZONE = rf"\(?(?:{'|'.join(sorted(ZONES, key=len, reverse=True))})(?![\w/]|[+]\d|-\d{{1,2}}(?![\d:]))\)?"
_TO = r"\s*(?:-|–|—|to|and|until|till|through)\s*"
_LEAD = r"(?:[\s,T~]|at|from|between|around|about|approximately)*"


def _build_moment_pattern(name: str) -> str:
    """Builds the pattern of a time of day with an optional day and zone before or after it."""
    return (
        rf"(?:(?P<{name}day>{_DATE}){_LEAD})?~?(?<![\d:])(?P<{name}time>{_TIME})(?:\s*(?P<{name}zone>{_ZONE}))?"
        rf"(?:,?\s+on\s+(?:the\s+)?(?P<{name}later>{_DATE}))?"
    )


_START_MOMENT, _END_MOMENT = _build_moment_pattern("a"), _build_moment_pattern("b")
_SPAN = (
    r"(?P<hours>\d+)[\s-]*(?:hours?|hrs?|h)\b(?:,?\s*(?:and\s+)?(?P<rest>\d+)[\s-]*(?:minutes?|mins?|m)\b)?"
    r"|(?P<minutes>\d+)[\s-]*(?:minutes?|mins?)\b"
)
_START = r"\b(?:start(?:ed|ing)?|begin(?:ning)?|began)\b[\s:]*(?:at|on|around|from|approximately|about|~|\s)*"
_END = (
    r"\b(?:ended|resolved|recovered|restored|mitigated)\b[^.!?]{0,80}?\s(?:at|as "
    r"of|by)\s+(?:around\s+|approximately\s+)?"
)
FORMS: dict[str, re.Pattern[str]] = {
    "the incident's labels": re.compile(
        rf"\bincident start(?: time)?\s*:\s*{_START_MOMENT}.{{0,40}}?\bincident end(?: time)?\s*:\s*{_END_MOMENT}",
        re.IGNORECASE,
    ),
    "labels": re.compile(
        rf"\bstart(?: time)?\s*:\s*{_START_MOMENT}.{{0,40}}?\bend(?: time)?\s*:\s*{_END_MOMENT}", re.IGNORECASE
    ),
    "range": re.compile(rf"(?<![\d:.]){_START_MOMENT}{_TO}{_END_MOMENT}", re.IGNORECASE),
    "start and end": re.compile(rf"{_START}{_START_MOMENT}.{{0,200}}?{_END}{_END_MOMENT}", re.IGNORECASE),
    "length, then start": re.compile(rf"(?:{_SPAN})[\s,]*{_START}{_START_MOMENT}", re.IGNORECASE),
    "start, then length": re.compile(
        rf"{_START}{_START_MOMENT}[^.!?]{{0,60}}?\b(?:lasted|lasting|for)\D{{0,30}}(?:{_SPAN})", re.IGNORECASE
    ),
}
"""Forms of a written window, the most reliable first. A text is read in the first form that matches."""
_ALL_TIMES = re.compile(rf"\ball times\s+(?:are\s+)?(?:in\s+)?(?P<zone>{_ZONE})", re.IGNORECASE)
_ANY_ZONE = re.compile(rf"(?<![A-Za-z]){_ZONE}")
_ANY_DATE = re.compile(_DATE, re.IGNORECASE)

StatedWindow = tuple[datetime, datetime]
"""Start and end in UTC."""


def read_stated_window(text: str, posted: datetime) -> StatedWindow | None:
    """Reads the window that a text posted at an instant states.

    None if it states none, several, or one in the future, older than `OLDEST` or longer than `LONGEST`. Without a day,
    it is the last such window that ended before the post.
    """
    plain = " ".join(_MARKS.sub("", text[:LONG_TEXT]).split())
    past = " ".join(sentence for sentence in re.split(r"(?<=[.!?])\s+", plain) if not _FUTURE.search(sentence))
    for name, form in FORMS.items():
        # A label states what happened, whatever else its sentence announces.
        searched = plain if "labels" in name else past
        windows = [_read_window(match, searched, posted) for match in islice(form.finditer(searched), MANY)]
        if windows:
            return windows[0] if len(set(windows)) == 1 else None
    return None


def _read_window(match: re.Match[str], text: str, posted: datetime) -> StatedWindow | None:
    parts = match.groupdict()
    zone = _find_zone(parts, text)
    if zone is None:
        return None
    # Only the forms with two moments have a group of the second one's time.
    read_windows = _read_start_and_end if "btime" in parts else _read_start_and_length
    return next((window for window in read_windows(parts, zone, text, posted) if _is_plausible(*window, posted)), None)


def _is_plausible(start: datetime, end: datetime, posted: datetime) -> bool:
    return start < end <= posted and end - start <= LONGEST and posted - end <= OLDEST


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


def _read_start_and_end(
    parts: dict[str, str | None], zone: ZoneInfo, text: str, posted: datetime
) -> Iterator[StatedWindow]:
    """Yields the windows that two times may mean, the likeliest first."""
    start_clock = _read_clock(parts["atime"], parts["btime"])
    end_clock = _read_clock(parts["btime"])
    if start_clock is None or end_clock is None:
        return
    first_text, last_text = parts["aday"] or parts["alater"], parts["bday"] or parts["blater"]
    first, last = _read_day(first_text, posted), _read_day(last_text, posted)
    # A day that is written but does not exist (31 June) makes the window unreadable, not undated.
    if (first_text and first is None) or (last_text and last is None):
        return
    for day in [last] if last else [first] if first else _list_possible_days(text, posted, zone):
        for shift in (0, 1) if last is None else (0,):
            end = _make_instant(day + timedelta(days=shift), end_clock, zone)
            start = _make_instant(first or day + timedelta(days=shift), start_clock, zone)
            # Without a day of its own, a start later than the end was on the evening before.
            yield (start, end) if start <= end or first else (start - timedelta(days=1), end)


def _read_start_and_length(
    parts: dict[str, str | None], zone: ZoneInfo, text: str, posted: datetime
) -> Iterator[StatedWindow]:
    """Yields the windows that a start and a length may mean."""
    clock = _read_clock(parts["atime"])
    length = timedelta(hours=int(parts["hours"] or 0), minutes=int(parts["rest"] or parts["minutes"] or 0))
    day_text = parts["aday"] or parts["alater"]
    first = _read_day(day_text, posted)
    if day_text and first is None:
        return
    for day in [first] if first else _list_possible_days(text, posted, zone):
        if clock is not None:
            start = _make_instant(day, clock, zone)
            yield start, start + length


def _list_possible_days(text: str, posted: datetime, zone: ZoneInfo) -> list[date]:
    """Lists the days of an undated time: the only day in the text, else the post's day and the day before."""
    named = {day for match in _ANY_DATE.findall(text) if (day := _read_day(match, posted))}
    posted_on = posted.astimezone(zone).date()
    return list(named) if len(named) == 1 else [posted_on, posted_on - timedelta(days=1)]


def _read_clock(text: str | None, other: str | None = None) -> tuple[int, int] | None:
    """Reads hour and minute; in "9:13 - 10:02 AM" the half of the day applies to both times."""
    numbers = [int(digits) for digits in re.findall(r"\d+", text or "")]
    half = re.search(r"[ap](?=\.?m)", text or "", re.IGNORECASE) or re.search(
        r"[ap](?=\.?m)", other or "", re.IGNORECASE
    )
    if not numbers or numbers[0] > (12 if half else 23) or (numbers[1:] and numbers[1] > 59):
        return None
    hour = numbers[0] % 12 + 12 * (half[0].lower() == "p") if half else numbers[0]
    return hour, numbers[1] if numbers[1:] else 0


def _read_day(text: str | None, posted: datetime) -> date | None:
    """Reads a day; without a year, the nearest to the post."""
    if not text:
        return None
    if iso := re.search(r"(\d{4})-(\d\d)-(\d\d)", text):
        return _make_day(int(iso[1]), int(iso[2]), int(iso[3]))
    month = next(number for name, number in MONTHS.items() if re.search(rf"\b{name}", text, re.IGNORECASE))
    numbers = [int(digits) for digits in re.findall(r"\d+", text)]
    day = next(number for number in numbers if number < 32)
    year = next((number for number in numbers if number > 31), None)
    years = [year] if year else [posted.year - 1, posted.year, posted.year + 1]
    # 29 February exists in some of these years only.
    days = [candidate for year in years if (candidate := _make_day(year, month, day))]
    return min(days, key=lambda candidate: abs(candidate - posted.date()), default=None)


def _make_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _make_instant(day: date, clock: tuple[int, int], zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, *clock, tzinfo=zone).astimezone(ZoneInfo("UTC"))
