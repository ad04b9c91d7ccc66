"""Writes a check as text: warnings, a line for each id at each place, then what was found, read and skipped, and by
which snapshot."""

from collections import Counter
from collections.abc import Iterator

from pipelines.commands.ends.project import FoundId, ProjectReport
from pipelines.commands.ends.sentences import describe_fate, describe_place
from pipelines.text.values import clean_line
from warehouse.ends.wording import NOT_SAFE
from warehouse.wording import count_things


def write_text(report: ProjectReport, is_whole: bool = False) -> str:
    """Returns the check as lines of text: a summary, then each id that somebody has to act on; whole with the others,
    too."""
    calm = sum(not _is_urgent(match) for match in report.ids)
    left = "" if is_whole or not calm else f"{count_things(calm, 'place')} with nothing to do now: --all lists them."
    lines = [*report.warn(), *sum_up(report), *([left] if left else []), *_list_ids(report, is_whole)]
    return "".join(f"{line}\n" for line in lines)


def _is_urgent(match: FoundId) -> bool:
    """Returns whether somebody has to act on an id, or to find out what becomes of it."""
    return match.fate.word.is_soon or match.fate.word.state not in CALM


def _list_ids(report: ProjectReport, is_whole: bool) -> Iterator[str]:
    for match in report.ids:
        if not (is_whole or _is_urgent(match)):
            continue
        link = f"; {match.fate.word.url}" if match.fate.word.url else ""
        asked = clean_line(match.id)
        yield f"{describe_place(match)}: {asked}: {describe_fate(match.fate, asked)}{link}"


def sum_up(report: ProjectReport) -> list[str]:
    """Returns what was found, read and skipped, and whose snapshot it rests on."""
    snapshot, skipped = report.snapshot, report.skipped
    published = f"{snapshot.published_at:%Y-%m-%d %H:%M} UTC"
    lines = [
        f"{count_things(len({match.id for match in report.ids}), 'id')} at {count_things(len(report.ids), 'place')} in "
        f"{count_things(report.files_read, 'file')}: {_count_states(report)}."
    ]
    counts = {"too large": skipped.too_large, "binary": skipped.binary, "unreadable": len(skipped.unreadable)}
    reasons = [f"{count:,} {why}" for why, count in counts.items() if count]
    lines += [f"{count_things(sum(counts.values()), 'file')} skipped: {', '.join(reasons)}."] if reasons else []
    made_up = ", made-up data" if snapshot.is_sample else ""
    source = clean_line(report.source, 300)
    lines.append(f"Checked against the snapshot of {published} (version {snapshot.version} of {source}{made_up}).")
    return lines


def _count_states(report: ProjectReport) -> str:
    """Counts ids by what becomes of them, the most urgent first."""
    words = {match.id: match.fate.word for match in report.ids}
    counts = Counter("soon" if word.is_soon else word.state for word in words.values())
    labels = [f"{counts[state]:,} {label}" for state, label in LABELS.items() if counts[state]]
    return ", ".join(labels).replace("{until}", str(report.until)) or "nothing found"


CALM = frozenset({"ends", "not_before", "unread", "no_end_announced"})
"""States of ids that need nothing within the window."""
LABELS: dict[str, str] = {
    "ended": "ended",
    "soon": "with an end by {until}",
    "closed_to_new": "closed to new accounts",
    "any_day": "that may end any day",
    "ends": "with a later end",
    "not_before": "with an earliest day only",
    "undated": "deprecated without a day",
    "host_unknown": "whose host's own date is not known",
    "unknown": f"unknown ({NOT_SAFE})",
    "unread": "listed, but no deprecation page is read",
    "no_end_announced": "without an announced end",
}
