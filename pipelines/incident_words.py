"""What the words of status pages mean: severities, kinds and windows of time, as tables and rules that can be read and disputed."""

import re
from datetime import datetime, timedelta

RULES_VERSION = 2
"""Goes up whenever the same words would get another severity or kind."""

SEVERITIES: dict[str, int] = {
    # 0: a note. Statuspage and incident.io call it `none`, Google SERVICE_INFORMATION, xAI `available`, AWS `0` and `1`.
    "none": 0, "maintenance": 0, "under_maintenance": 0, "undermaintenance": 0, "operational": 0, "service_information": 0,
    "available": 0, "0": 0, "1": 0,
    # 1: slower or worse than it should be. Instatus leaves out the `_`, Better Stack, Datadog and xAI say `degraded`, AWS `2`.
    "minor": 1, "degraded_performance": 1, "degradedperformance": 1, "degraded": 1, "low": 1, "2": 1,
    # 2: part of it does not work. xAI's `disruption` is taken as Google's.
    "major": 2, "partial_outage": 2, "partialoutage": 2, "service_disruption": 2, "disruption": 2, "medium": 2,
    # 3: it does not work. Better Stack calls it `downtime`, xAI `outage`, AWS `3`.
    "critical": 3, "major_outage": 3, "majoroutage": 3, "full_outage": 3, "service_outage": 3, "downtime": 3, "outage": 3,
    "high": 3, "3": 3,
}  # fmt: skip
"""A word of an upstream, in small letters, and our level. A word that is not here has no level: it is kept raw and reported."""

UNGRADED = frozenset({"not_monitored"})
"""Words that we know and that say nothing of how well it works."""
ENDS = frozenset({"resolved", "completed", "available", "recovered"})
"""Words by which an upstream says that an incident ends with this update."""
RESOLVED = ENDS | {"postmortem"}
"""Words by which it says that it is over; the report about it comes days later and is no end."""
ONGOING = frozenset({
    "investigating", "identified", "monitoring", "update", "scheduled", "in_progress", "in progress", "verifying",
    "active", "ongoing", "went down", "notstartedyet", "inprogress", "service_information", "service_disruption", "service_outage",
})  # fmt: skip
"""Words by which it says that it is not."""

TITLE_RULES: tuple[tuple[str, str], ...] = (
    # The vendor took something away on purpose: not a fault, and not comparable with one.
    ("suspension", r"\b(?:suspend(?:ed|ing|s)?|suspension|withdr[ae]wn?|revok(?:ed|ing)) (?:of )?(?:access|model|availability)\b"),
    ("suspension", r"\baccess (?:to .{1,80}? )?(?:has been |is |was )?(?:suspended|withdrawn|revoked)\b"),
    (
        "maintenance",
        r"\b(?:scheduled|planned|emergency|routine) (?:\w+ )?(?:maintenance|upgrade|migration)|\bmaintenance\b|THIS IS A SCHEDULED EVENT",
    ),
    ("informational", r"\b(?:deprecation|retirement|end[ -]of[ -]life|reminder|announcement|advisory)\b"),
)
"""Kind and what a title must contain; the first rule that matches wins, and comes before the severity."""
OUTAGE_WORDS = r"\b(?:outages?|unavailab\w+|inaccessible|offline|(?:is|are|services?) down|not (?:available|working)|unable to)\b"
"""Used only where a page gives no severity at all: these words in a title make an outage, everything else a degradation."""


def severity(word: str | None) -> int | None:
    """Our level (0 note, 1 degraded, 2 partial, 3 outage) of an upstream's word; None for a missing or unknown word."""
    return SEVERITIES.get(word.lower()) if word else None


def kind(title: str, level: int | None, word: str | None = None) -> str:
    """outage, degraded, suspension, maintenance or informational: by the title's rules, then the severity, then the title's words."""
    for name, pattern in TITLE_RULES:
        if re.search(pattern, title, re.IGNORECASE):
            return name
    if (word or "").lower() in ("maintenance", "under_maintenance"):
        return "maintenance"
    if level is None:
        return "outage" if re.search(OUTAGE_WORDS, title, re.IGNORECASE) else "degraded"
    return {0: "informational", 3: "outage"}.get(level, "degraded")


def drift(**words: str | None) -> list[str]:
    """Words that are in none of the tables, as `impact: catastrophic`: reported, never guessed."""
    known = SEVERITIES.keys() | UNGRADED | RESOLVED | ONGOING
    return [f"{place}: {word[:40]}" for place, word in words.items() if word and word.lower() not in known]


_WINDOW = re.compile(
    r"\b(?:from|between)\s+(\d{1,2}):(\d\d)(?:\s*UTC)?\s*(?:-|–|—|to|and|until|through)\s*(\d{1,2}):(\d\d)\s*\(?UTC\b", re.IGNORECASE
)


def window(text: str, posted: datetime) -> tuple[datetime, datetime] | None:
    """The stretch of time that a text states ("From 20:04–20:10 UTC"), as the last one that ended before it was posted.

    Only times in UTC without a day are read; a text that states several windows, or a day, gives None.
    """
    found = _WINDOW.findall(text)
    if len(found) != 1:
        return None
    hour, minute, end_hour, end_minute = (int(part) for part in found[0])
    if max(hour, end_hour) > 23 or max(minute, end_minute) > 59:
        return None
    end = posted.replace(hour=end_hour, minute=end_minute, second=0, microsecond=0)
    end -= timedelta(days=1) if end > posted else timedelta()
    start = end.replace(hour=hour, minute=minute)
    start -= timedelta(days=1) if start >= end else timedelta()
    return start, end
