"""Meanings of the words on status pages: severities and kinds, as tables and rules that anyone can check."""

import re
from collections.abc import Iterable

from pipelines.sources.status.causes import is_third_party
from pipelines.text.values import clean_line

RULES_VERSION = 7
"""Raise it whenever the same words would get another severity, kind, window, cause or report, or mean another part."""

SEVERITIES: dict[str, int] = {
    # 0: a note. Statuspage and incident.io call it `none`, Google SERVICE_INFORMATION, xAI `available`, AWS `0` and
    # `1`.
    "none": 0, "maintenance": 0, "under_maintenance": 0, "operational": 0,
    "service_information": 0,
    "available": 0, "recovered": 0, "0": 0, "1": 0,
    # 1: slower or worse than it should be. Better Stack, Datadog and xAI say `degraded`,
    # AWS `2`.
    "minor": 1, "degraded_performance": 1, "degraded": 1, "low": 1, "2": 1,
    # 2: part of it does not work. xAI's `disruption` is taken as Google's.
    "major": 2, "partial_outage": 2, "service_disruption": 2, "disruption": 2, "medium": 2,
    # 3: it does not work. Better Stack calls it `downtime`, xAI `outage`, AWS `3`.
    "critical": 3, "major_outage": 3, "full_outage": 3, "service_outage": 3, "downtime": 3,
    "outage": 3,
    "high": 3, "3": 3,
}  # fmt: skip
"""Our level of an upstream's word in lower case. A word missing here has no level: it is stored raw and reported."""

UNGRADED = frozenset({"not_monitored"})
"""Known words that say nothing about health."""
ENDS = frozenset({"resolved", "completed", "available", "recovered"})
"""Words that end an incident with this update."""
RESOLVED = ENDS | {"postmortem"}
"""Words that call it over. A post-mortem follows days later, so it is no end itself."""
ONGOING = frozenset({
    "investigating", "identified", "monitoring", "update", "scheduled", "in_progress", "in progress", "verifying",
    "active", "ongoing", "went down", "service_information", "service_disruption",
    "service_outage",
})  # fmt: skip
"""Words that call it ongoing."""

TITLE_RULES: tuple[tuple[str, str], ...] = (
    # The vendor withdrew something on purpose: this is no fault, and not comparable with one.
    (
        "suspension",
        r"\b(?:suspend(?:ed|ing|s)?|suspension|withdr[ae]wn?|revok(?:ed|ing)) (?:of )?(?:access|model|availability)\b",
    ),
    ("suspension", r"\baccess (?:to .{1,80}? )?(?:has been |is |was )?(?:suspended|withdrawn|revoked)\b"),
    (
        "maintenance",
        r"\b(?:scheduled|planned|emergency|routine) (?:\w+ )?(?:maintenance|upgrade|migration)|\bmaintenance\b|THIS IS "
        r"A SCHEDULED EVENT",
    ),
    ("informational", r"\b(?:deprecation|retirement|end[ -]of[ -]life|reminder|announcement|advisory)\b"),
)
"""(kind, pattern of the title). The first match wins, before cause and severity are considered."""
OUTAGE_WORDS = re.compile(
    r"\b(?:outages?|downtime|unavailab\w+|inaccessible|offline|(?:is|are|services?) down|down$|are broken"
    r"|not (?:available|functioning|working)|unable to (?:sign|log|access))|不可用",
    re.IGNORECASE,
)
"""Words for an outage of everything that the title names, unless `PARTLY` limits it."""
PARTLY = re.compile(
    r"\b(?:partial(?:ly)?|some|certain|subset|small|intermittent(?:ly)?|possible|potential|reports of|degraded|using"
    r"|may|might|metrics)\b|\d ?%",
    re.IGNORECASE,
)
TROUBLE_WORDS = re.compile(
    r"\b(?:issues?|errors?|error rates?|latenc\w+|slow\w*|delay\w*|fail\w*|unable|cannot|packet "
    r"loss|degrad\w+|disrupt\w+|drops?|lower"
    r"|elevated|increased|timeouts?|timing out|wrong|stale|missing|interrupt\w+|loss|impact\w*|unreachable)\b",
    re.IGNORECASE,
)
"""Words that make a degradation of an incident that its page grades as a note."""
_HELP = r"support (?:chat|case|ticket|widget|portal)s?|help cent(?:er|re)|status page|documentation"
HELP = re.compile(rf"\b(?:{_HELP})\b", re.IGNORECASE)
"""Parts for which only the page's grade counts, whatever else the title says."""
BESIDE = re.compile(rf"\b(?:(?:API )?(?:{_HELP}|docs)|API reference|playground|dashboard)\b", re.IGNORECASE)
"""Parts beside the product, through which no program calls it."""
_FILLERS = re.compile(
    r"\b(?:a|an|and|are|for|in|is|of|on|our|the|to|with|platforms?|(?:web)?sites?|pages?|portals?|performance|access\w*"
    r"|loading|rates?|services?|users?|investigating|experiencing|available|down)\b",
    re.IGNORECASE,
)
"""Words that name no part."""


def grade_word(word: str | None) -> int | None:
    """Grades an upstream's word: 0 note, 1 degraded, 2 partial, 3 outage; None for a missing or unknown word."""
    return SEVERITIES.get(word.lower()) if word else None


def classify_incident(
    title: str,
    level: int | None,
    word: str | None = None,
    texts: Iterable[str] = (),
    page: str = "",
    reports: Iterable[str] = (),
) -> str:
    """Classifies an incident: outage, degraded, suspension, maintenance, informational or third-party.

    The title's rules come first, then blame in the title, updates or reports, then the graver of the page's grade and
    the title.
    """
    kind = next((name for name, pattern in TITLE_RULES if re.search(pattern, title, re.IGNORECASE)), None)
    if kind is None and (word or "").lower() in ("maintenance", "under_maintenance"):
        kind = "maintenance"
    if kind:
        return kind
    if is_third_party(title, texts, page, reports):
        return "third-party"
    return _classify_by_gravity(title, level)


def is_beside_only(words: str) -> bool:
    """Returns whether a title, or a component's name, speaks of a part beside the product and of nothing else.

    "Docs platform degraded" does; "Dashboard and API errors" does not, nor whatever else leaves a word over.
    """
    rest, count = BESIDE.subn(" ", words)
    for pattern in (OUTAGE_WORDS, PARTLY, TROUBLE_WORDS, _FILLERS):
        rest = pattern.sub(" ", rest)
    return count > 0 and re.search(r"\w", rest) is None


def _classify_by_gravity(title: str, level: int | None) -> str:
    is_beside = level is not None and (HELP.search(title) is not None or is_beside_only(title))
    if level == 3 or (not is_beside and OUTAGE_WORDS.search(title) and not PARTLY.search(title)):
        return "outage"
    return "informational" if level == 0 and (is_beside or not TROUBLE_WORDS.search(title)) else "degraded"


def list_unknown_words(**words: str | None) -> list[str]:
    """Lists words missing from all tables, as `impact: catastrophic`. They are reported, never guessed."""
    tables = SEVERITIES.keys() | UNGRADED | RESOLVED | ONGOING
    return [f"{role}: {clean_line(word, 40)}" for role, word in words.items() if word and word.lower() not in tables]
