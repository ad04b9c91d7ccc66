"""The days on which the catalog's facts were last read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.catalog.entries import Fact
from pipelines.catalog.reader import Catalog
from warehouse.freshness import count_days


@dataclass(frozen=True, slots=True)
class DatedFact:
    """A fact of a family, with a key that names it."""

    key: str
    """Family, kind and method: `gpt.fine-tuning.supervised`; a second one of the same name ends in `.2`."""
    family: str
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
        for fact in family.facts:
            name = ".".join(part for part in (family.id, fact.kind.replace(" ", "-"), fact.method) if part)
            uses[name] += 1
            key = name if uses[name] == 1 else f"{name}.{uses[name]}"
            yield DatedFact(key, family.id, fact)
