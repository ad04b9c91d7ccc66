"""Warnings of a snapshot, in words: what was rejected, never matched, emptied or fell away, though no visit failed.

The terminal and the dashboard say the same sentences.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.snapshot import Snapshot, has_table, query

TABLE = "staging.warnings"
KINDS = {
    "same place": "places that are in the catalog twice", "model not read": "models that cannot be read",
    "never visited": "sources with channels never visited", "items skipped": "lists with items skipped",
    "volume fallen": "lists that bring far less than usual", "posting stopped": "lists to which nothing is added",
    "field emptied": "fields filled far less than usual", "field filled again": "fields that were empty before",
    "row rejected": "rows rejected", "value excluded": "values excluded",
    "key changed": "keys gone or of another type", "table skipped": "tables skipped",
    "pattern unmatched": "patterns without a match", "pattern lost": "patterns that match no more",
    "nothing read": "lists without a row", "family never named": "families never named",
    "mention unmatched": "families with mentions in no title",
}  # fmt: skip
"""Plural name of each kind, the gravest first."""
LONGEST = 80
"""Maximum length of a value or name quoted from an upstream."""
LONGEST_REPORT = 400
"""Maximum length of a visit's own report on what it skipped."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_ORDER = " ".join(f"when '{kind}' then {number}" for number, kind in enumerate(KINDS))
_SQL = f"""
select w.*, c.family_id, c.source, c.target, c.url, said.comment as meaning
from staging.warnings as w
left join staging.channels as c using (channel_id)
left join meta.columns as said on said.name = w.about and w.warning_kind in ('field emptied', 'field filled again')
where coalesce(c.is_enabled, true)
order by case w.warning_kind {_ORDER} else {len(KINDS)} end, w.channel_id, w.thing, w.about
"""


@dataclass(frozen=True, slots=True)
class Warning:
    """One warning in words."""

    where: str
    """Channel and thing."""
    finding: str
    effect: str
    """What it does to the figures."""
    remedy: str

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        return f"{self.where}: {self.finding}; {self.effect}. {self.remedy}"


def read_warnings(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Reads the warnings of a snapshot, the gravest first; none from one of an older version, or that is unreadable."""
    try:
        rows: list[dict[str, Any]] = query(snapshot, _SQL).to_pylist() if has_table(snapshot, TABLE) else []
    except duckdb.Error:
        return []
    return rows


def count_kinds(rows: Sequence[Mapping[str, Any]]) -> str:
    """Counts warnings by kind: `3 rows rejected, 1 list without a row`, as plural names."""
    kinds = [str(row["warning_kind"]) for row in rows]
    known = [kind for kind in KINDS if kind in kinds]
    return ", ".join(f"{KINDS[kind]}: {kinds.count(kind)}" for kind in known)


def describe_warning(row: Mapping[str, Any]) -> Warning:
    """Puts a warning into words. Texts from upstream are shortened and lose what nobody can see."""
    where = "mentions in shared channels" if row["thing"] == "mentions" else f"{row['channel_id']} {row['thing']}"
    describe = _DESCRIBE.get(str(row["warning_kind"]), _describe_unknown)
    return Warning(_quote(where), *describe(row, _quote(row["about"]), int(row["warning_count"] or 0)))


def _quote(text: object) -> str:
    cleaned = _UNSEEN.sub("", "" if text is None else str(text))
    return cleaned if len(cleaned) <= LONGEST else f"{cleaned[: LONGEST - 1]}…"


def _list_names(row: Mapping[str, Any], most: int = 8) -> str:
    names = [_quote(name) for name in row["seen_names"] or []]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _describe_row(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    # Without a value there was none, or this is a public copy, which holds no values.
    value = f"is {_quote(row['excerpt'])!r}" if row["excerpt"] is not None else "lacks a value or has a wrong one"
    where = f"row {_quote(row['key'])!r}" + (f" of {row['landed_path']}" if row["landed_path"] else "")
    is_one = count == 1
    them = "it" if is_one else "them"
    return (
        f"{count:,} landed {'row' if is_one else 'rows'} could not be read: {about!r} in {where} {value},"
        f" but must be {row['wanted']}",
        f"no figure counts {them}, and coverage falls accordingly",
        "A good row from the next visit will replace it. If none comes, report this line: the collector needs a fix.",
    )


def _describe_value(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    # A public copy holds no values.
    values = f" ({_list_names(row, 3)})" if row["seen_names"] else ""
    return (
        f"the source gave {count:,} {'value' if count == 1 else 'values'} of {about!r} that no figure can hold{values}",
        "they stay empty, which means unknown; the rest of their rows counts",
        "If this persists, report this line: the source or its reader is wrong.",
    )


def _describe_key(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    name, _, noun = about.partition(" of ")
    found, *wanted = [_quote(word) for word in row["seen_names"] or ["missing"]]
    times, always = ("once", "the one time") if count == 1 else (f"{count:,} times", f"all {count:,} times")
    change = f"{found} instead of {wanted[0]}, {times}" if wanted else f"{found}, {always} it was expected"
    return (
        f"the key {name!r} of {noun} is {change}",
        "the reader takes it as not given, a flag as no, so figures that rest on it may be wrong",
        "Report this line: the source has changed its form, and the reader must learn it.",
    )


def _describe_table(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    tables = "a table" if count == 1 else f"{count} tables"
    were = "was" if count == 1 else "were"
    return (
        f"{tables} under {about!r} {were} skipped, because the reader does not know the headings ({_list_names(row)})",
        "the models in it are missing from the figures of announced ends",
        "Compare it with the page and report this line, so that the reader learns the headings.",
    )


def _describe_pattern(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    ever = "no component any more" if row["warning_kind"] == "pattern lost" else f"no component in {count} visits"
    return (
        f"the channel's `components` match {ever}: {about}; the page names {_list_names(row)}",
        "incidents of components without a pattern do not count for the API, so outages may be missing",
        "Correct `components` of the channel in its family file.",
    )


def _describe_place(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    return (
        f"{_list_names(row)} are one place, {about!r}",
        f"its content counts {count} times in the figures of its family",
        "Keep one of the names in the family file and remove the others; what was landed under those no longer counts.",
    )


def _describe_model(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    remedy = "Correct or remove the name" if about == "gone" else "Set an HF_TOKEN that may read it, or remove the name"
    return (
        f"{count:,} tracked {'model is' if count == 1 else 'models are'} {about} on the Hub: {_list_names(row)}",
        "the figures collected so far stay, but no new ones arrive",
        f"{remedy} in `models` of the channel's family file, unless it comes back.",
    )


def _describe_empty(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    visits = "the only good visit" if count == 1 else f"{count} good visits"
    return (
        f"no row in {visits}",
        "an empty list looks like a calm one, so its figures have no value",
        "Open the page and compare; if it shows any, correct the channel's `target`, `base_url` or `format`.",
    )


def _describe_volume(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    return (
        f"the visit of {about} UTC brought {_list_names(row)} rows where about {count:,} are usual",
        "rows read before still count, but newer ones may be missing",
        "Open the page and compare. If it shows more, report this line. If the source really fell silent, the warning"
        " ends within four weeks.",
    )


def _describe_stop(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    gap = f"its longest gap of that year was {_list_names(row)} days" if count > 1 else "its only item of that year"
    return (
        f"nothing was posted since {about}; {gap}",
        "newer items may be missing, so its figures are suspect, and those of a status page have no value",
        "Open the page and compare. If it is only calm, its next item ends this; if it moved, correct the channel's"
        " `target`, `base_url` or `format`; if it shows more, report this line; if the vendor gave it up, set"
        " `enabled = false` for the channel.",
    )


def _describe_field(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    meaning = _quote(re.split(r"[.:;(]", row.get("meaning") or "")[0].strip())
    usual, share, since = [_quote(part) for part in (*(row["seen_names"] or []), "", "", "")[:3]]
    is_emptied = row["warning_kind"] == "field emptied"
    return (
        f"{about!r}{f' ({meaning})' if meaning else ''} holds something in {share} of {count:,} rows since the visit of"
        f" {since} UTC, where {usual} is usual",
        "figures that rest on it count these rows as having none, or leave them out"
        if is_emptied
        else "figures that rest on it change, though perhaps nothing else did",
        "Open the page and compare. If it says otherwise, report this line: the reader must be fixed. What truly"
        " changed is usual after 31 such visits, or weeks where each brings few rows.",
    )


def _describe_family(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    return (
        f"none of {count:,} threads names the family {about!r} ({_list_names(row)})",
        "no thread of a shared channel counts for it",
        "Correct `mentions` in its family file, unless nobody writes about it.",
    )


def _describe_items(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    it = "it" if count == 1 else "them"
    reported = _UNSEEN.sub("", str(row["about"]))[:LONGEST_REPORT]
    return (
        reported or f"items skipped because the source does not return them in full: {count:,}",
        f"no figure counts {it}, and coverage falls accordingly",
        "Later visits ask again, with pauses of up to a week.",
    )


def _describe_unvisited(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    return (
        f"{count:,} enabled {'channel was' if count == 1 else 'channels were'} never visited ({_list_names(row)})",
        "no figure includes them, and coverage does not count them",
        f"Run `heartbeat collect --source {about}`, unless the first collection is still running.",
    )


def _describe_mention(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    return (
        f"some mentions of {about!r} appear in none of {count:,} titles: {_list_names(row)}",
        "the family is found by its other mentions, so some of its threads may be missing",
        "Correct misspelt `mentions` in its family file; new and rare names are no fault.",
    )


def _describe_unknown(row: Mapping[str, Any], about: str, count: int) -> tuple[str, str, str]:
    return (
        f"{_quote(row['warning_kind'])}: {about} ({count:,}) {_list_names(row)}".rstrip(),
        "only a newer version knows what it does to the figures",
        "Update Heartbeat.",
    )


_DESCRIBE = {
    "same place": _describe_place, "model not read": _describe_model,
    "items skipped": _describe_items, "never visited": _describe_unvisited,
    "volume fallen": _describe_volume, "posting stopped": _describe_stop,
    "field emptied": _describe_field, "field filled again": _describe_field,
    "row rejected": _describe_row, "value excluded": _describe_value, "key changed": _describe_key,
    "table skipped": _describe_table,
    "pattern unmatched": _describe_pattern, "pattern lost": _describe_pattern, "nothing read": _describe_empty,
    "family never named": _describe_family, "mention unmatched": _describe_mention,
}  # fmt: skip
