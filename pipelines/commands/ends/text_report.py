"""Writes a check for people: as text, or in Markdown for a pull request or the summary of a job."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from pipelines.commands.ends.project import FoundId, JudgedId, ProjectReport
from pipelines.commands.ends.sentences import describe_fate, describe_place
from pipelines.commands.ends.tree import GROUPS
from pipelines.text.values import clean_line, escape_markdown
from warehouse.ends.fates import Urgency
from warehouse.ends.wording import NOT_SAFE
from warehouse.wording import count_things

MOST_PLACES = 3
HEADINGS: dict[Urgency, tuple[str, str]] = {
    "ended": ("Replace now", "ended"),
    "soon": ("Replace by the day given", "with an end by {until}"),
    "undated": ("May end on a day that is not announced", "that may end on a day that is not announced"),
    "unknown": ("Look up", f"unknown ({NOT_SAFE})"),
    "none": ("Nothing to do now", "with nothing to do by {until}"),
}
"""The heading above the ids of each urgency, and how they are counted."""


def write_text(report: ProjectReport) -> str:
    """Returns the check as lines: a summary, then each id that somebody has to act on."""
    lines = [*report.warn(), *sum_up(report)]
    for urgency, entries in groupby(_list_entries(report), key=lambda entry: entry[0]):
        lines += ["", f"{HEADINGS[urgency][0]}:"]
        lines += [line for _, alike in entries for line in _write_entry(alike, report.is_whole)]
    lines += [] if report.is_whole or not report.ids else ["", "--all lists every id, with the page that decides."]
    return "".join(f"{line}\n" for line in lines)


def _list_entries(report: ProjectReport) -> Iterator[tuple[Urgency, list[JudgedId]]]:
    """Lists what is shown, the most urgent first: unknown ids of which the same is said together, unless they fail."""
    for urgency in HEADINGS:
        found = [one for one in report.ids if one.fate.word.urgency == urgency]
        is_each = report.is_whole or urgency in report.failing or urgency == "undated"
        # What was asked for gets an answer, whatever it is.
        yield from ((urgency, [one]) for one in found if is_each or not one.places)
        if urgency == "unknown" and not is_each:
            alike: dict[str, list[JudgedId]] = {}
            for one in filter(lambda one: one.places, found):
                alike.setdefault(describe_fate(one.fate, one.id), []).append(one)
            yield from ((urgency, ids) for ids in alike.values())


def _write_entry(alike: Sequence[JudgedId], is_whole: bool) -> Iterator[str]:
    one, *others = alike
    asked = clean_line(one.id)
    sentence = describe_fate(one.fate, asked)
    yield f"{sentence}:" if others else f"{asked}: {sentence}"
    if others:
        yield f"    {', '.join(sorted(clean_line(found.id) for found in alike))}"
    elif one.places:
        yield f"    {_count_places(one.places)}"
    if is_whole and one.fate.word.url:
        yield f"    {one.fate.word.url}"


def _count_places(places: Sequence[FoundId]) -> str:
    """Counts places, and names the first: `4 places: a.py:1:2, a.py:9:2, b.py:3:1, …`."""
    first = [describe_place(place) for place in places[:MOST_PLACES]]
    return f"{count_things(len(places), 'place')}: {', '.join(first)}{', …' if len(places) > MOST_PLACES else ''}"


def write_markdown(report: ProjectReport) -> str:
    """Returns what the text holds as a table in Markdown."""
    found, *others = [escape_markdown(line) for line in [*sum_up(report), *report.warn()]]
    entries = [_write_row(alike) for _, alike in _list_entries(report)]
    head = ["| Model | What happens | Use instead | Places |", "| --- | --- | --- | --- |"] if entries else []
    return "\n".join(["### Models that end", "", found, "", *head, *entries, "", "<br>".join(others), ""])


def _write_row(alike: Sequence[JudgedId]) -> str:
    one, word = alike[0], alike[0].fate.word
    sentence = escape_markdown(describe_fate(one.fate, one.id, is_advising=False))
    sentence = sentence.replace("@", "@\u200b")  # mentions nobody
    # No sign of an address ends the link or the cell.
    address = re.sub(r"[()\[\]|]", lambda sign: f"%{ord(sign[0]):02X}", word.url or "")
    happens = f"[{sentence}]({address})" if address else sentence
    ids = ", ".join(_mark_code(found.id) for found in alike)
    places = [_mark_code(describe_place(place)) for place in one.places[:MOST_PLACES]] if len(alike) == 1 else []
    count = f"{len(one.places):,}: " if places else ""
    return f"| {ids} | {happens} | {', '.join(map(_mark_code, word.replacement))} | {count}{', '.join(places)} |"


def _mark_code(text: str) -> str:
    """Marks a text as code, in which nothing is a link, a mention or the end of a cell."""
    return f"`{clean_line(text, 1000).replace('`', chr(39)).replace('|', chr(92) + '|')}`"


def count_urgencies(report: ProjectReport) -> Counter[str]:
    """Counts the ids of each urgency."""
    return Counter(found.fate.word.urgency for found in report.ids)


def sum_up(report: ProjectReport) -> list[str]:
    """Returns what was found, read and skipped, and what it rests on."""
    ids = count_urgencies(report)
    kinds = [f"{ids[urgency]:,} {label}" for urgency, (_, label) in HEADINGS.items() if ids[urgency]]
    places = sum(len(found.places) for found in report.ids)
    where = f" at {count_things(places, 'place')} in {count_things(report.files_read, 'file')}" * bool(
        report.files_read
    )
    found = ", ".join(kinds).replace("{until}", str(report.until)) or "nothing found"
    evidence, skipped = report.evidence, report.skipped
    counts = {**skipped.counts, "unreadable": len(skipped.unreadable)}
    reasons = [f"{why.replace('_', ' ')} {count:,}" for why, count in counts.items() if count]
    groups = ",".join(group for group in GROUPS if skipped.counts[group])
    include = f"; read more with --include {groups}" if groups else ""
    made_up = ", made-up data" if evidence.is_sample else ""
    return [
        f"{count_things(len(report.ids), 'id')}{where}: {found}.",
        *([f"Ignored: {count_things(report.ignored, 'place')}."] if report.ignored else []),
        *([f"Files skipped: {', '.join(reasons)}{include}."] if reasons else []),
        f"Checked against the data of {evidence.published_at:%Y-%m-%d %H:%M} UTC (version {evidence.version} of "
        f"{clean_line(evidence.source, 300)}{made_up}).",
    ]
