"""Markdown files: a heading per release (release-please, Keep a Changelog), or a heading per day."""

import re
from collections import Counter
from datetime import UTC, datetime

from pipelines.markup.feeds import MONTHS
from pipelines.sources.changelog.releases import ChangelogFormat, Release, count_line, read_kind, split_lines

_RELEASE = re.compile(r"\[?v?(?P<version>\d+\.\d[0-9A-Za-z]*(?:[-.+][0-9A-Za-z]+)*)\]?(?:\((?P<link>\S*?)\))?(?:\s|$)")
_ISO_DAY = re.compile(r"\b(20\d\d-\d\d-\d\d)\b")
_DAY = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (20\d\d))?$")
_MONTH = re.compile(r"[A-Za-z]{3,9},? (20\d\d)$")


def read_changelog(markdown: str) -> list[Release]:
    """Reads the releases in the page's order; none if no heading names a version or a day."""
    releases: list[Release] = []
    year, kind = "", ""
    for is_heading, text, level in split_lines(markdown):
        if not is_heading:
            if releases:
                count_line(releases[-1], text, kind, level)
        elif release := _open_release(text, year):
            releases.append(release)
            kind = ""
        elif month := _MONTH.search(text):
            year = month[1]
        elif releases:
            kind = read_kind(releases[-1], text)
    _number_days(releases)
    return releases


def _open_release(heading: str, year: str) -> Release | None:
    """Makes the release that a heading opens by its version or its day, if any."""
    if version := _RELEASE.match(heading):
        return Release(version["version"], f"v{version['version']}", version["link"], _read_iso_day(heading))
    if _MONTH.search(heading):
        return None
    day = _read_day(heading, year)
    return Release("", day.date().isoformat(), None, day) if day else None


def _number_days(releases: list[Release]) -> None:
    """Names dated notes by day and number."""
    notes = Counter[str]()
    # From the oldest, at the end of the page: a second note on a day must not rename the first.
    for release in reversed(releases):
        if not release.id and release.published_at:
            day = release.published_at.date().isoformat()
            notes[day] += 1
            release.id = f"{day}.{notes[day]}"


def _read_iso_day(text: str) -> datetime | None:
    day = _ISO_DAY.search(text)
    try:
        return datetime.fromisoformat(day[1]).replace(tzinfo=UTC) if day else None
    except ValueError:
        return None


def _read_day(text: str, year: str) -> datetime | None:
    """Reads the day of `September 22, 2026`, or of `Sep 22` under a heading that names the year; `2026-09-22` too."""
    if re.fullmatch(r"20\d\d-\d\d-\d\d(?::? .*)?", text):
        return _read_iso_day(text)
    day = _DAY.match(text)
    if not day or not (day[3] or year):
        return None
    try:
        return datetime(int(day[3] or year), MONTHS.get(day[1], 0), int(day[2]), tzinfo=UTC)
    except ValueError:
        return None


FORMAT = ChangelogFormat(read_markdown=read_changelog)
