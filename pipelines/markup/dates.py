"""Reads promised dates as vendors write them: exact days, earliest days, months, and words for "not known yet"."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.markup.feeds import MONTHS

PromiseKind = Literal["exact", "not_before", "month", "unknown"]

_HYPHENS = re.compile(r"[\u2010-\u2015\u2212]")
_FOOTNOTE = re.compile(r"(?:\\?[*†‡§¶]|\[\^?\w{1,3}\]|[⁰¹²³⁴-⁹])+")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_NO_DATE = re.compile(
    r"(?:-+|n/?a|none|tbd|tba|to be (?:determined|announced|decided)|not (?:yet "
    r")?(?:announced|set|scheduled|determined)|unknown"
    r"|no (?:\w+ )?(?:date|shutdown)(?: (?:announced|set|yet))*)?\.?",
    re.IGNORECASE,
)
_FLOOR = re.compile(
    r"\b(?:not|no) (?:sooner|earlier|before)\b|\b(?:sooner|earlier) than\b|\bearliest\b|\b(?:on )?or (?:later|after)\b",
    re.IGNORECASE,
)
_DAYS = (
    re.compile(r"\b(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b"),
    re.compile(r"\b(?P<name>[A-Z][a-z]{2})[a-z]*\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>20\d\d)\b"),
    re.compile(r"\b(?P<d>\d{1,2})(?:st|nd|rd|th)? (?P<name>[A-Z][a-z]{2})[a-z]*\.?,? (?P<y>20\d\d)\b"),
    re.compile(r"\b(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>(?:20)?\d\d)\b"),
    re.compile(r"(?<![\d.])(?P<y>20\d\d)\.(?P<m>\d{1,2})\.(?P<d>\d{1,2})(?![\d.]\d)"),
)
"""Forms of days; that with slashes has the American order of Groq and AWS."""
_MONTHS = (
    re.compile(r"\b(?P<name>[A-Z][a-z]{2})[a-z]*\.?,? (?P<y>20\d\d)\b"),
    re.compile(r"\b(?P<y>20\d\d)-(?P<m>0[1-9]|1[0-2])\b(?!-)"),
)


@dataclass(frozen=True, slots=True)
class Promise:
    """A day promised on a page."""

    on: str | None = None
    """The day, or the earliest possible day; the first of the month if only that is known."""
    kind: PromiseKind = "unknown"
    drift: str = ""
    """Unrecognized words, as the page has them."""


UNKNOWN = Promise()


def strip_footnotes(text: str) -> str:
    """Removes footnote marks and backticks, and normalizes hyphens and spaces."""
    return " ".join(_HYPHENS.sub("-", _FOOTNOTE.sub("", text.replace("`", "").replace("\xa0", " "))).split())


def read_promise(text: str, is_floor: bool = False) -> Promise:
    """Reads the day named by a cell or a sentence, the earliest of several.

    `is_floor` is True if the page calls all its dates the earliest possible ones.
    """
    clean = strip_footnotes(text)
    bare = " ".join(_IN_BRACKETS.sub(" ", clean).split()) or clean
    days = _find_days(bare, _DAYS)
    months = [] if days else _find_days(bare, _MONTHS)
    if not days and not months:
        is_known = _NO_DATE.fullmatch(bare) is not None or _NO_DATE.fullmatch(clean) is not None
        return Promise(drift="" if is_known else bare[:80])
    first = min(days or months)
    if is_floor or _FLOOR.search(clean):
        return Promise(first.isoformat(), "not_before")
    return Promise(first.isoformat(), "exact" if days else "month")


def _find_days(text: str, patterns: tuple[re.Pattern[str], ...]) -> list[date]:
    return [day for pattern in patterns for match in pattern.finditer(text) if (day := _make_day(match.groupdict()))]


def _make_day(parts: dict[str, str]) -> date | None:
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    month = MONTHS.get(parts["name"], 0) if "name" in parts else int(parts["m"])
    try:
        return date(year, month, int(parts.get("d", 1)))
    except ValueError:
        return None
