"""What keeps a family from being compared fully. It is collected all the same; `heartbeat catalog check` says what to
add."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from pipelines.catalog.entries import PAIR_KINDS, ChannelKind, Family
from pipelines.catalog.faults import find_line
from pipelines.catalog.reader import Catalog

EVERYDAY = frozenset({"o1", "o3", "openai api", "llama", "llama.cpp", "api", "chat", "opus"})
"""Words that mean something else as often: a compiler's flag, the protocol of every runtime, a program of that name."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a family file does not say, or says twice, and what to do about it."""

    entry: tuple[str, ...]
    """Where it belongs: a key, or a table with the number of its entry and its key."""
    words: str
    value: str = ""
    """The value that is meant, where a key has several."""


def find_gaps(catalog: Catalog, folders: Iterable[Path] = ()) -> list[str]:
    """Lists the gaps of all families, or of those whose files lie in these folders: file, line, entry and what to
    do."""
    wanted = set(folders)
    lines: list[str] = []
    for name, path in catalog.files.items():
        if wanted and path.parent not in wanted:
            continue
        text = path.read_text(encoding="utf-8")
        if not text.startswith("# "):
            lines.append(f"{path}:1: incomplete: begin with a comment that says where the facts of this file are from")
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


def _find_host_gaps(family: Family) -> Iterator[Gap]:
    """Open weights have no service of their own: their reliability is that of whoever hosts them."""
    if family.side == "open" and not family.hosts:
        yield Gap(("hosts",), "an open family is as reliable as its hosts; name those of the catalog that serve it")
    if family.side != "open" and family.hosts:
        yield Gap(("hosts",), f"only open families are served by others, and this one is {family.side}; leave it out")


def _find_kind_gaps(family: Family) -> Iterator[Gap]:
    """Each kind of channel is there or absent for a reason, and never both: what is missing is no zero."""
    present = {channel.kind for channel in family.channels if channel.enabled}
    absent = Counter(absence.kind for absence in family.absences)
    for kind in get_args(ChannelKind):
        stands_in = kind == "forum" and "hub" in present  # a hub's discussions are the forum of open models
        if kind not in present and not absent[kind] and not stands_in:
            yield Gap(
                ("absent",), f"no channel of kind {kind!r}; add one, or an [[absent]] that says why there is none"
            )
    for number, absence in enumerate(family.absences):
        entry = ("absent", str(number), "kind")
        if absence.kind in present:
            yield Gap(entry, f"{absence.kind!r} is said to be absent, and is a channel, too; leave one of them out")
        if absent[absence.kind] > 1:
            yield Gap(entry, f"{absence.kind!r} is said to be absent {absent[absence.kind]} times; say it once")


def _find_pair_gaps(family: Family) -> Iterator[Gap]:
    """Like is compared with like: a repository with a client library, a hub's discussions with a vendor's forum."""
    paired = {channel.pair for channel in family.channels}
    absent = {absence.kind for absence in family.absences}
    for pair, kinds in PAIR_KINDS.items():
        if pair not in paired and not absent & set(kinds):
            remedy = (
                f'give a channel `pairs_with = "{pair}"`, or say by an [[absent]] of kind {" or ".join(kinds)} why not'
            )
            yield Gap(("channel",), f"nothing to compare in the pair {pair!r}; {remedy}")


def _find_fact_gaps(family: Family) -> Iterator[Gap]:
    """What nobody can date cannot go stale, and a promise without days cannot be compared."""
    if family.side != "host" and not any(fact.kind == "licence" for fact in family.facts):
        yield Gap(("fact",), "no licence; add a [[fact]] of kind 'licence' with its address and day")
    for number, fact in enumerate(family.facts):
        table = ("fact", str(number))
        if fact.as_of_on > family.checked_on:
            yield Gap(
                (*table, "as_of_on"), f"read after the file was checked; set checked_on to {fact.as_of_on} or later"
            )
        if fact.kind == "notice" and fact.days is None:
            yield Gap((*table, "kind"), "a promise without days cannot be compared; add `days`")
        if fact.kind != "notice" and fact.days is not None:
            yield Gap((*table, "days"), "only a notice has days; leave it out")
        if fact.kind == "fine-tuning" and not fact.method:
            yield Gap((*table, "kind"), "what can be tuned is not said; add `method`")
        if fact.kind != "fine-tuning" and fact.method:
            yield Gap((*table, "method"), "only fine-tuning has a method; leave it out")


def _find_mention_gaps(family: Family, families: Iterable[Family]) -> Iterator[Gap]:
    """Threads of shared channels go to the family that they mention: a name must mean one family, and nothing else."""
    owners = {word.lower(): other.id for other in families if other.id != family.id for word in other.mentions}
    uses = Counter(word.lower() for word in family.mentions)
    for word in family.mentions:
        if word.lower() in EVERYDAY:
            yield Gap(("mentions",), f"{word!r} means other things, too; put it into weak_mentions", word)
        if word.lower() in owners:
            yield Gap(
                ("mentions",), f"{word!r} is a mention of {owners[word.lower()]}, too; leave it to one family", word
            )
        if uses[word.lower()] > 1:
            yield Gap(("mentions",), f"{word!r} is named {uses[word.lower()]} times; name it once", word)
