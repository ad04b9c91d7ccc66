"""What several failed collections have in common: what stopped them all is stated once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from warehouse.faults import find_cause


@dataclass(frozen=True, slots=True)
class Failure:
    """One kind of fault, and the collections of one source that it stopped."""

    source: str
    fault: str
    rows: tuple[Mapping[str, Any], ...]

    @property
    def who(self) -> str:
        """The collection, or how many of how many channels."""
        if len(self.rows) == 1:
            channel, thing = self.rows[0]["channel_id"], self.rows[0]["thing"]
            return f"the collection {channel} {thing}" if thing else f"the channel {channel}"
        channels = len({row["channel_id"] for row in self.rows})
        return f"{len(self.rows):,} collections of {channels:,} {self.source} channel{'s' * (channels > 1)}"


def group_failures(rows: Iterable[Mapping[str, Any]]) -> list[Failure]:
    """Groups failed collections (as of `warehouse.freshness`) by source and kind of fault, those of most collections
    first: hosts of one source fail each in words of their own."""
    failed = [(row["source"], find_cause(row["last_error"] or ""), row) for row in rows if row["condition"] == "failed"]
    # Who met a cause knows its kind; who was not asked because of it need not.
    met = {(source, cause): row["last_fault"] for source, cause, row in failed if cause == row["last_error"]}
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for source, cause, row in failed:
        groups.setdefault((source, str(met.get((source, cause), row["last_fault"]))), []).append(row)
    failures = [Failure(source, fault, tuple(own)) for (source, fault), own in groups.items()]
    return sorted(failures, key=lambda failure: (-len(failure.rows), failure.who))
