"""Writes a check for other programs: the lines of a change on GitHub, a calendar, a badge, a baseline."""

import hashlib
import json
import re
from collections.abc import Iterator

from pipelines.commands.ends.accepted import write_line
from pipelines.commands.ends.project import JudgedId, ProjectReport
from pipelines.commands.ends.sentences import describe_fate
from pipelines.commands.ends.text_report import count_urgencies
from pipelines.text.values import clean_line

LEVELS = {"ended": "error", "soon": "warning", "undated": "notice", "unknown": "notice"}


def write_annotations(report: ProjectReport) -> str:
    """Returns the commands by which GitHub marks the lines of a change."""
    return "".join(
        f"::{LEVELS[found.fate.word.urgency]} file={_escape(clean_line(place.path.as_posix(), 300), ':,')},"
        f"line={place.line},col={place.column},title={_escape(clean_line(found.id), ':,')}"
        f"::{_escape(describe_fate(found.fate, clean_line(found.id)))}\n"
        for found in report.ids
        if found.fate.word.urgency in LEVELS and _is_shown(found, report)
        for place in found.places
    )


def _is_shown(found: JudgedId, report: ProjectReport) -> bool:
    return found.fate.word.urgency != "unknown" or "unknown" in report.failing


def _escape(text: str, more: str = "") -> str:
    return re.sub(f"[%\r\n{more}]", lambda sign: f"%{ord(sign[0]):02X}", text)


def write_calendar(report: ProjectReport) -> str:
    """Returns a calendar (RFC 5545) with the day of each id that ended or is to end."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Heartbeat//ends//EN"]
    for found in report.ids:
        if found.fate.word.ends_on and found.fate.word.state not in ("not_before", "any_day"):
            lines += _write_event(found, report)
    folded = (part for line in [*lines, "END:VCALENDAR"] for part in _fold(line))
    return "".join(f"{line}\r\n" for line in folded)


def _write_event(found: JudgedId, report: ProjectReport) -> list[str]:
    word, asked = found.fate.word, clean_line(found.id)
    return [
        "BEGIN:VEVENT",
        f"UID:{hashlib.sha256(asked.encode()).hexdigest()[:32]}@heartbeat",
        f"DTSTAMP:{report.evidence.published_at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{word.ends_on:%Y%m%d}",
        f"SUMMARY:{_quote(asked)} ends",
        f"DESCRIPTION:{_quote(describe_fate(found.fate, asked))}",
        *([f"URL:{word.url}"] if word.url else []),
        "END:VEVENT",
    ]


def _quote(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text)


def _fold(line: str) -> Iterator[str]:
    """Folds a line after 70 characters, as calendars want it."""
    yield line[:70]
    yield from (f" {line[start : start + 69]}" for start in range(70, len(line), 69))


def write_baseline(report: ProjectReport) -> str:
    """Returns a line for each id and file that fails now, for `--baseline`."""
    failing = (found for found in report.ids if found.fate.word.urgency in report.failing)
    lines = {write_line(found.id, place.path) for found in failing for place in found.places}
    return "".join(f"{line}\n" for line in sorted(lines))


def write_badge(report: ProjectReport) -> str:
    """Returns what shields.io draws as a badge from an address."""
    counts = count_urgencies(report)
    urgent = [f"{counts['ended']} ended"] * bool(counts["ended"])
    urgent += [f"{counts['soon']} by {report.until}"] * bool(counts["soon"])
    colour = "red" if counts["ended"] else "orange" if counts["soon"] else "green"
    message = ", ".join(urgent) or f"none end by {report.until}"
    return json.dumps({"schemaVersion": 1, "label": "models", "message": message, "color": colour}) + "\n"
