"""`heartbeat status`: how fresh and complete each collection is, and what went wrong last."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from textwrap import shorten
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.commands.terminal import say
from warehouse.findings import Finding, describe_mark
from warehouse.freshness import (
    FRESH,
    NOW,
    UNVISITED,
    describe_freshness,
    find_present,
    format_age,
    load_collections,
    load_fact_ages,
    read_limits,
)
from warehouse.settings import Settings
from warehouse.snapshot import Snapshot, query
from warehouse.warnings import Warning, count_kinds, describe_warning, read_warnings
from warehouse.wording import count_things, format_coverage

_WORDS = """
select channel_id as channel, thing, unknown_word, rows_count
from staging.unknown_words
order by channel_id, thing, unknown_word
"""
_WARNING_FIELDS = ("channel_id", "thing", "warning_kind", "about", "seen_names", "warning_count", "landed_path", "key")
LONGEST_WHY = 200
MOST_LISTED = 5
"""Collections, words and warnings of each kind that a summary names."""
STATES = {
    "complete": "fresh", "partial": "partial", "stale": "late", "overdue": "overdue",
    "failed": "failed", "never": "never visited",
    "skipped": "skipped", "not observable": "silent",
}  # fmt: skip
"""Conditions of collections, in the words of the pages."""
MOST_WARNINGS = 20
"""Maximum number of warnings printed; `--json` gives all."""


def read_status(snapshot: Snapshot, settings: Settings, problems: Sequence[Finding] = ()) -> dict[str, Any]:
    """Returns every collected stream with its state and age in hours. `problems` come first in the freshness, as on
    the pages."""
    now = find_present(snapshot, settings.clock())
    collections, facts = load_collections(snapshot, now, read_limits(settings)), load_fact_ages(snapshot, now)
    label, colour = describe_mark(problems, describe_freshness(collections, now, snapshot.is_sample))
    things = [_describe_thing(row, now) for row in collections]
    return {
        "snapshot": str(snapshot.path),
        "version": snapshot.version,
        "published_at": snapshot.published_at.isoformat(),
        "is_sample": snapshot.is_sample,
        "trouble": snapshot.trouble,
        "origin": _describe_origin(snapshot),
        "told_at": now.isoformat(),
        "freshness": label,
        "colour": colour,
        "facts": {"count": facts.count, "old_count": facts.old_count, "oldest_on": str(facts.oldest_on or "")},
        "things": things,
        "unknown_words": query(snapshot, _WORDS).to_pylist(),
        "warnings": [
            {**{name: row[name] for name in _WARNING_FIELDS}, **asdict(describe_warning(row))}
            for row in read_warnings(snapshot)
        ],
    }


def _describe_origin(snapshot: Snapshot) -> dict[str, Any] | None:
    """Returns whose a followed snapshot is; None for one of this installation's own."""
    if snapshot.origin is None:
        return None
    origin = asdict(snapshot.origin)
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in origin.items()}


def _describe_thing(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    age = (now - row["as_of_at"].replace(tzinfo=UTC)).total_seconds() / 3600 if row["as_of_at"] else None
    return {
        "channel": row["channel_id"], "thing": "all" if row["thing"] == UNVISITED else row["thing"],
        "source": row["source"], "state": row["last_state"] or UNVISITED, "condition": row["condition"],
        "fault": row["last_fault"] or "none", "error": row["last_error"] or "",
        "as_of_at": row["as_of_at"].isoformat() if row["as_of_at"] else None,
        "age": format_age(row["as_of_at"], now),
        "age_hours": None if age is None else round(age, 2), "coverage_share": row["coverage_share"],
        "passed_over": row["passed_over_count"],
        # A stream skipped for lack of a token is not stale: nobody expects it to move.
        "is_stale": row["last_state"] != "skipped" and row["lateness"] != FRESH,
    }  # fmt: skip


def print_status(console: Console, status: dict[str, Any], is_whole: bool = False) -> None:
    """Prints the result of `read_status`: a summary with what needs attention, or with every collection."""
    sample = " (sample world)" if status["is_sample"] else ""
    published = f"{datetime.fromisoformat(status['published_at']):%Y-%m-%d %H:%M} UTC"
    say(console, f"snapshot version {status['version']}{sample}, published {published}", "bold")
    say(console, str(status["snapshot"]))
    if origin := status.get("origin"):
        say(console, f"published by {origin['publisher']}, followed from {origin['source']}")
    _print_states(console, status)
    if is_whole:
        console.print(_make_table(status["things"]))
    for word in status["unknown_words"][: None if is_whole else MOST_LISTED]:
        what = f"{word['channel']} {word['thing']}: unrecognized word {word['unknown_word']!r}"
        say(console, f"{what} in {count_things(word['rows_count'], 'row')}; counted as unknown")
    _print_warnings(console, status["warnings"], MOST_WARNINGS if is_whole else MOST_LISTED)
    if not is_whole:
        say(console, "")
        say(console, "`heartbeat status --all` lists every collection")


def _print_states(console: Console, status: Mapping[str, Any]) -> None:
    """Prints how fresh the data are in the words of the pages, and the states in all and by source."""
    things = status["things"]
    say(console, status["freshness"], status["colour"].replace("orange", "yellow"))
    states = Counter(thing["condition"] for thing in things)
    words = [f"{states[state]:,} {word}" for state, word in STATES.items() if states[state]]
    say(console, f"{count_things(len(things), 'collection')}: {', '.join(words) or 'none'}")
    for source, own in groupby(sorted(things, key=lambda thing: str(thing["source"])), key=lambda one: one["source"]):
        say(console, _describe_source(str(source), list(own)), indent=2)


def _describe_source(source: str, own: list[dict[str, Any]]) -> str:
    fresh = sum(thing["condition"] == "complete" for thing in own)
    aged = (thing for thing in own if thing["age_hours"] is not None)
    oldest_thing = max(aged, key=itemgetter("age_hours"), default=None)
    covers = [thing["coverage_share"] for thing in own if thing["coverage_share"] is not None]
    oldest = f", the oldest from {oldest_thing['age']}" if oldest_thing and oldest_thing["age"] != NOW else ""
    least = f", at least {format_coverage(min(covers))} of each covered" if covers and min(covers) < 1 else ""
    return f"{source}: {fresh:,} of {len(own):,} fresh{oldest}{least}"


def _make_table(things: list[dict[str, Any]]) -> Table:
    table = Table("channel", "thing", "state", "age", "coverage", "why", box=None, pad_edge=False)
    for thing in things:
        share, age = thing["coverage_share"], thing["age"]
        coverage = "" if share is None else format_coverage(share)
        state = thing["state"] + (", late" if thing["is_stale"] else "")
        why = shorten(f"{thing['fault']}: {thing['error']}", LONGEST_WHY, placeholder=" …") if thing["error"] else ""
        table.add_row(*(escape(word) for word in (thing["channel"], thing["thing"], state, age, coverage, why)))
    return table


def _print_warnings(console: Console, warnings: list[dict[str, Any]], most: int) -> None:
    """Prints what no visit failed at and yet is missing from figures, the gravest first."""
    if warnings:
        say(console, "")
        say(console, f"warnings ({count_kinds(warnings)}):", "yellow")
    for row in warnings[:most]:
        say(console, f"- {Warning(row['where'], row['finding'], row['effect'], row['remedy']).sentence}")
    if len(warnings) > most:
        say(console, f"and {len(warnings) - most:,} more: `heartbeat status --json` lists all")
