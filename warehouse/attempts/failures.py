"""What several failed collections have in common: what stopped them all is stated once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from warehouse.faults import NOT_ASKED, find_cause


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
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["condition"] == "failed":
            groups.setdefault((row["source"], find_cause(row["last_error"] or "")), []).append(row)
    kinds: dict[tuple[str, str], Failure] = {}
    for (source, _), own in groups.items():
        one = _make_failure(source, own)
        met = kinds.get((source, one.fault), one)
        kinds[source, one.fault] = met if met is one else replace(met, rows=(*met.rows, *one.rows))
    return sorted(kinds.values(), key=lambda failure: (-len(failure.rows), failure.who))


def _make_failure(source: str, rows: list[Mapping[str, Any]]) -> Failure:
    # Who met the cause knows its kind; who was not asked because of it need not.
    first = next((row for row in rows if NOT_ASKED not in (row["last_error"] or "")), rows[0])
    return Failure(source, str(first["last_fault"]), tuple(rows))
