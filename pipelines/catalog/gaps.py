"""Gaps that keep a family from full comparison. It is collected anyway; `heartbeat catalog check` lists what to add."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from pipelines.catalog.entries import PAIR_KINDS, ChannelKind, Family
from pipelines.catalog.faults import find_line
from pipelines.catalog.reader import Catalog

EVERYDAY = frozenset({"o1", "o3", "openai api", "llama", "llama.cpp", "api", "chat", "opus"})
"""Words that often mean something else: a compiler flag, a protocol that every runtime implements, a program."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing or duplicated in a family file, with the remedy."""

    entry: tuple[str, ...]
    """Its location: a key, or a table with the entry's index and key."""
    words: str
    value: str = ""
    """The value concerned, if a key has several."""


def find_gaps(catalog: Catalog, folders: Iterable[Path] = ()) -> list[str]:
    """Lists the gaps of all families, or of those in these folders, with file, line, entry and remedy."""
    wanted = set(folders)
    lines: list[str] = []
    for name, path in catalog.files.items():
        if wanted and path.parent not in wanted:
            continue
        text = path.read_text(encoding="utf-8")
        if not text.startswith("# "):
            lines.append(f"{path}:1: incomplete: start with a comment that cites the sources of this file")
        for family in (family for family in catalog.families if family.id == name):
            for gap in (*_find_family_gaps(family), *_find_mention_gaps(family, catalog.families)):
                line = find_line(text, list(gap.entry), gap.value)
                lines.append(f"{path}:{line}: {'.'.join(gap.entry)}: incomplete: {gap.words}")
    return lines


def _find_family_gaps(family: Family) -> Iterator[Gap]:
    yield from _find_host_gaps(family)
    yield from _find_kind_gaps(family)
    yield from _find_pair_gaps(family)
    yield from _find_fact_gaps(family)
    yield from _find_evidence_gaps(family)
    if family.ended_on and not family.successor:
        yield Gap(("ended_on",), 'an ended family names its `successor`; write "none" if there is none')


def _find_host_gaps(family: Family) -> Iterator[Gap]:
    # Open weights have no service of their own, so their reliability is that of their hosts.
    if family.side == "open" and not family.hosts:
        yield Gap(("hosts",), "an open family is as reliable as its hosts; list the hosts in the catalog that serve it")
    if family.side != "open" and family.hosts:
        yield Gap(("hosts",), f"only open families have hosts, and this one is {family.side}; remove it")


def _find_kind_gaps(family: Family) -> Iterator[Gap]:
    # Every kind is either present or absent for a reason, never both: a missing channel must not count as zero.
    present = {channel.kind for channel in family.channels if channel.enabled}
    absent = Counter(absence.kind for absence in family.absences)
    for kind in get_args(ChannelKind):
        stands_in = kind == "forum" and "hub" in present  # a hub's discussions are the forum of open models
        if kind not in present and not absent[kind] and not stands_in:
            yield Gap(("absent",), f"no channel of kind {kind!r}; add one, or an [[absent]] that explains why not")
    for number, absence in enumerate(family.absences):
        entry = ("absent", str(number), "kind")
        if absence.kind in present:
            yield Gap(entry, f"{absence.kind!r} is both absent and a channel; remove one of them")
        if absent[absence.kind] > 1:
            yield Gap(entry, f"{absence.kind!r} is listed as absent {absent[absence.kind]} times; keep one entry")


def _find_pair_gaps(family: Family) -> Iterator[Gap]:
    # Like is compared with like: a repository with a client library, a hub's discussions with a vendor's forum.
    paired = {channel.pair for channel in family.channels}
    absent = {absence.kind for absence in family.absences}
    for pair, kinds in PAIR_KINDS.items():
        if pair not in paired and not absent & set(kinds):
            remedy = f'set `pairs_with = "{pair}"` on a channel, or add an [[absent]] of kind {" or ".join(kinds)}'
            yield Gap(("channel",), f"no channel for the pair {pair!r}; {remedy}")


def _find_fact_gaps(family: Family) -> Iterator[Gap]:
    # A fact without a date cannot go stale, and a promise without days cannot be compared.
    if family.side != "host" and not any(fact.kind == "licence" for fact in family.facts):
        yield Gap(("fact",), "no licence; add a [[fact]] of kind 'licence' with `url` and `as_of_on`")
    for number, fact in enumerate(family.facts):
        table = ("fact", str(number))
        if fact.as_of_on > family.checked_on:
            yield Gap((*table, "as_of_on"), f"later than checked_on; set checked_on to {fact.as_of_on} or later")
        if fact.kind == "notice" and fact.days is None:
            yield Gap((*table, "kind"), "a promise without days cannot be compared; add `days`")
        if fact.kind != "notice" and fact.days is not None:
            yield Gap((*table, "days"), "only a notice has days; remove it")
        if fact.kind != "notice" and (fact.applies_to or fact.models):
            key = "applies_to" if fact.applies_to else "models"
            yield Gap((*table, key), "only a notice is for a class of models; remove it")
        elif fact.models and not fact.applies_to:
            yield Gap(
                (*table, "models"), "patterns of a class that has no name; say in `applies_to` which models they are"
            )
        if fact.kind == "fine-tuning" and not fact.method:
            yield Gap((*table, "kind"), "fine-tuning without a method; add `method`")
        if fact.kind != "fine-tuning" and fact.method:
            yield Gap((*table, "method"), "only fine-tuning has a method; remove it")


def _find_evidence_gaps(family: Family) -> Iterator[Gap]:
    # What others saw is worth as much as its day tells.
    tables = {"channel": family.channels, "absent": family.absences}
    for table, entries in tables.items():
        for number, entry in enumerate(entries):
            if entry.evidence != "A" and entry.seen_on is None:
                yield Gap(
                    (table, str(number), "evidence"), f"evidence of grade {entry.evidence} has a day; add `seen_on`"
                )
            if entry.seen_on and entry.seen_on > family.checked_on:
                remedy = f"set checked_on to {entry.seen_on} or later"
                yield Gap((table, str(number), "seen_on"), f"later than checked_on; {remedy}")


def _find_mention_gaps(family: Family, families: Iterable[Family]) -> Iterator[Gap]:
    # Threads of shared channels go to the family that they mention, so a name must mean one family and nothing else.
    owners = {word.lower(): other.id for other in families if other.id != family.id for word in other.mentions}
    uses = Counter(word.lower() for word in family.mentions)
    for word in family.mentions:
        if word.lower() in EVERYDAY:
            yield Gap(("mentions",), f"{word!r} has other meanings; move it to weak_mentions", word)
        if word.lower() in owners:
            yield Gap(
                ("mentions",), f"{word!r} is also a mention of {owners[word.lower()]}; keep it in one family", word
            )
        if uses[word.lower()] > 1:
            yield Gap(("mentions",), f"{word!r} is listed {uses[word.lower()]} times; list it once", word)
