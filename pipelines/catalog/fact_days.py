"""The days on which the catalog's facts were last read, and their renewal in the family's own file."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.catalog.entries import Fact
from pipelines.catalog.faults import CatalogError, find_line, suggest
from pipelines.catalog.reader import Catalog
from warehouse.freshness import count_days


@dataclass(frozen=True, slots=True)
class DatedFact:
    """A fact of a family, with the file that holds it and a key that names it on the command line."""

    key: str
    """Family, kind and method: `gpt.fine-tuning.supervised`; a second one of the same name ends in `.2`."""
    family: str
    number: int
    """Its place among the facts of its file."""
    path: Path
    fact: Fact

    def count_days(self, today: date) -> int:
        """Counts the days since somebody read it."""
        return count_days(self.fact.as_of_on, today)


def list_dated_facts(catalog: Catalog) -> list[DatedFact]:
    """Lists the facts of all families, the one read longest ago first."""
    return sorted(_name_facts(catalog), key=lambda dated: (dated.fact.as_of_on, dated.key))


def _name_facts(catalog: Catalog) -> Iterator[DatedFact]:
    for family in catalog.families:
        uses = Counter[str]()
        for number, fact in enumerate(family.facts):
            name = ".".join(part for part in (family.id, fact.kind.replace(" ", "-"), fact.method) if part)
            uses[name] += 1
            key = name if uses[name] == 1 else f"{name}.{uses[name]}"
            yield DatedFact(key, family.id, number, catalog.files[family.id], fact)


def renew_fact(catalog: Catalog, key: str, seen_on: date, today: date) -> DatedFact:
    """Writes the day on which a fact was read again into its family's file, and returns the fact as it was.

    Raises CatalogError with the reason if there is no such fact, the day cannot be, or the file cannot be written.
    """
    facts = {dated.key: dated for dated in _name_facts(catalog)}
    dated = facts.get(key)
    if dated is None:
        raise CatalogError(f"no fact {key!r}{suggest(key, facts)}; `heartbeat catalog facts` lists them")
    if not dated.fact.as_of_on <= seen_on <= today:
        raise CatalogError(f"{key}: {seen_on} is not between {dated.fact.as_of_on}, when it was last read, and {today}")
    text = dated.path.read_text(encoding="utf-8")
    _replace_file(dated.path, _write_days(text, dated.number, seen_on))
    return dated


def _write_days(text: str, number: int, seen_on: date) -> str:
    """Sets the fact's day, and the day of the file's last check if it was earlier."""
    lines = text.splitlines(keepends=True)
    place = find_line(text, ["fact", str(number), "as_of_on"], "") - 1
    lines[place] = re.sub(r"\d{4}-\d\d-\d\d", str(seen_on), lines[place], count=1)
    place = find_line(text, ["checked_on"], "") - 1
    checked = re.search(r"\d{4}-\d\d-\d\d", lines[place])
    if checked and date.fromisoformat(checked[0]) < seen_on:
        lines[place] = lines[place].replace(checked[0], str(seen_on), 1)
    return "".join(lines)


def _replace_file(path: Path, text: str) -> None:
    # Renamed into place, so that an interrupted command leaves no half file.
    staged = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        staged.write_text(text, encoding="utf-8")
        os.replace(staged, path)
    except OSError as error:
        staged.unlink(missing_ok=True)
        raise CatalogError(
            f"{path}: cannot be written ({error.strerror}), so the fact keeps its day; copy the file into a folder of "
            "your own, name that folder in HEARTBEAT_CATALOG, and renew it there"
        ) from None
