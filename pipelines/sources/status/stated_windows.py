"""The stretch of time that a text of a status page states for an incident, whatever zone and form it is written in."""

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
"""A word for a zone, and the place whose clock is meant: many write PST in summer. CST, IST and BST are several
places': not read."""
LONGEST = timedelta(days=62)
"""A longer stretch is taken for a slip of the pen, as is one that ended longer than `OLDEST` before it was posted."""
OLDEST = timedelta(days=31)
MANY = 12
"""More stretches of one form need not be read: they cannot all be the same."""
LONG_TEXT = 30_000
"""Characters read of one post; the longest that we have seen has 8,412."""
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


def _moment(name: str) -> str:
    """The pattern of a time of day with the day and the zone that may stand before or after it."""
    return (
        rf"(?:(?P<{name}day>{_DATE}){_LEAD})?~?(?<![\d:])(?P<{name}time>{_TIME})(?:\s*(?P<{name}zone>{_ZONE}))?"
        rf"(?:,?\s+on\s+(?:the\s+)?(?P<{name}later>{_DATE}))?"
    )


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
        rf"\bincident start(?: time)?\s*:\s*{_moment('a')}.{{0,40}}?\bincident end(?: time)?\s*:\s*{_moment('b')}",
        re.IGNORECASE,
    ),
    "labels": re.compile(
        rf"\bstart(?: time)?\s*:\s*{_moment('a')}.{{0,40}}?\bend(?: time)?\s*:\s*{_moment('b')}", re.IGNORECASE
    ),
    "range": re.compile(rf"(?<![\d:.]){_moment('a')}{_TO}{_moment('b')}", re.IGNORECASE),
    "start and end": re.compile(rf"{_START}{_moment('a')}.{{0,200}}?{_END}{_moment('b')}", re.IGNORECASE),
    "length, then start": re.compile(rf"(?:{_SPAN})[\s,]*{_START}{_moment('a')}", re.IGNORECASE),
    "start, then length": re.compile(
        rf"{_START}{_moment('a')}[^.!?]{{0,60}}?\b(?:lasted|lasting|for)\D{{0,30}}(?:{_SPAN})", re.IGNORECASE
    ),
}
"""How a stretch is written, the surest first; a text is read in the first form of which it holds any."""
_ALL_TIMES = re.compile(rf"\ball times\s+(?:are\s+)?(?:in\s+)?(?P<zone>{_ZONE})", re.IGNORECASE)
_ANY_ZONE = re.compile(rf"(?<![A-Za-z]){_ZONE}")
_ANY_DATE = re.compile(_DATE, re.IGNORECASE)


def stated(text: str, posted: datetime) -> tuple[datetime, datetime] | None:
    """Beginning and end (UTC) of the stretch that a text states, as of the instant it was posted.

    None where it states none, or several, or one that lies in the future, is older than `OLDEST` or longer than
    `LONGEST`.
    Without a day, it is the last such stretch that ended before the text was posted.
    """
    plain = " ".join(_MARKS.sub("", text[:LONG_TEXT]).split())
    past = " ".join(one for one in re.split(r"(?<=[.!?])\s+", plain) if not _FUTURE.search(one))
    for name, form in FORMS.items():
        whole = plain if "labels" in name else past
        found = [_window(one, whole, posted) for one in islice(form.finditer(whole), MANY)]
        if found:
            return found[0] if len(set(found)) == 1 else None
    return None


def _window(found: re.Match[str], text: str, posted: datetime) -> tuple[datetime, datetime] | None:
    parts = found.groupdict()
    zone = _zone(parts, text)
    if zone is None:
        return None
    windows = _ends(parts, zone, text, posted) if "btime" in parts else _lengths(parts, zone, text, posted)
    return next((one for one in windows if _is_sane(*one, posted)), None)


def _is_sane(start: datetime, end: datetime, posted: datetime) -> bool:
    return start < end <= posted and end - start <= LONGEST and posted - end <= OLDEST


def _zone(parts: dict[str, str | None], text: str) -> ZoneInfo | None:
    """The zone that stands beside the times, else that of all times, else the only one in the text."""
    said = parts.get("bzone") or parts.get("azone")
    if said is None and (every := _ALL_TIMES.search(text)):
        said = every["zone"]
    others = {ZONES[_key(one)] for one in _ANY_ZONE.findall(text)} if said is None else set()
    name = ZONES[_key(said)] if said else (others.pop() if len(others) == 1 else None)
    return ZoneInfo(name) if name else None


def _key(word: str) -> str:
    bare = word.strip("()").lower()
    return next(one for one in ZONES if one.lower() == bare)


def _ends(
    parts: dict[str, str | None], zone: ZoneInfo, text: str, posted: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Stretches that these two times may mean, the likeliest first."""
    start_clock = _clock(parts["atime"], parts["btime"])
    end_clock = _clock(parts["btime"])
    if start_clock is None or end_clock is None:
        return
    said, later = parts["aday"] or parts["alater"], parts["bday"] or parts["blater"]
    first, last = _day(said, posted), _day(later, posted)
    if (said and first is None) or (later and last is None):
        return
    for day in [last] if last else [first] if first else _days(text, posted, zone):
        for shift in (0, 1) if last is None else (0,):
            end = _at(day + timedelta(days=shift), end_clock, zone)
            begin = _at(first or day + timedelta(days=shift), start_clock, zone)
            yield (begin, end) if begin <= end or first else (begin - timedelta(days=1), end)


def _lengths(
    parts: dict[str, str | None], zone: ZoneInfo, text: str, posted: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Stretches that a beginning and a length may mean."""
    clock = _clock(parts["atime"])
    length = timedelta(hours=int(parts["hours"] or 0), minutes=int(parts["rest"] or parts["minutes"] or 0))
    said = parts["aday"] or parts["alater"]
    first = _day(said, posted)
    if said and first is None:
        return
    for day in [first] if first else _days(text, posted, zone):
        if clock is not None:
            start = _at(day, clock, zone)
            yield start, start + length


def _days(text: str, posted: datetime, zone: ZoneInfo) -> list[date]:
    """Days that times without one may belong to: the only one that the text names, else that of the post and the one
    before."""
    named = {day for one in _ANY_DATE.findall(text) if (day := _day(one, posted))}
    here = posted.astimezone(zone).date()
    return list(named) if len(named) == 1 else [here, here - timedelta(days=1)]


def _clock(text: str | None, other: str | None = None) -> tuple[int, int] | None:
    """Hour and minute; in "9:13 - 10:02 AM" the half of the day counts for both."""
    numbers = [int(one) for one in re.findall(r"\d+", text or "")]
    half = re.search(r"[ap](?=\.?m)", text or "", re.IGNORECASE) or re.search(
        r"[ap](?=\.?m)", other or "", re.IGNORECASE
    )
    if not numbers or numbers[0] > (12 if half else 23) or (numbers[1:] and numbers[1] > 59):
        return None
    hour = numbers[0] % 12 + 12 * (half[0].lower() == "p") if half else numbers[0]
    return hour, numbers[1] if numbers[1:] else 0


def _day(text: str | None, posted: datetime) -> date | None:
    """The day; without a year the nearest to the post."""
    if not text:
        return None
    if iso := re.search(r"(\d{4})-(\d\d)-(\d\d)", text):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    month = next(number for name, number in MONTHS.items() if re.search(rf"\b{name}", text, re.IGNORECASE))
    numbers = [int(one) for one in re.findall(r"\d+", text)]
    day, year = next(one for one in numbers if one < 32), next((one for one in numbers if one > 31), None)
    years = [year] if year else [posted.year - 1, posted.year, posted.year + 1]
    known = [one for one in (_date(number, month, day) for number in years) if one]
    return min(known, key=lambda one: abs(one - posted.date()), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _at(day: date, clock: tuple[int, int], zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, *clock, tzinfo=zone).astimezone(ZoneInfo("UTC"))
