"""What several failed collections have in common: if one cause stopped them all, it is stated once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from warehouse.faults import NOT_ASKED, find_cause


@dataclass(frozen=True, slots=True)
class Failure:
    """One cause, and the collections of one source that it stopped."""

    source: str
    fault: str
    cause: str
    """In the words of the visit; empty if none were written down."""
    rows: tuple[Mapping[str, Any], ...]

    @property
    def who(self) -> str:
        """The collection, or how many of how many channels."""
        if len(self.rows) == 1:
            return f"the collection {self.rows[0]['channel_id']} {self.rows[0]['thing']}"
        channels = len({row["channel_id"] for row in self.rows})
        return f"{len(self.rows):,} collections of {channels:,} {self.source} channel{'s' * (channels > 1)}"


def group_failures(rows: Iterable[Mapping[str, Any]]) -> list[Failure]:
    """Groups failed collections (as of `warehouse.freshness`) by source and cause, those of most collections first."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["condition"] == "failed":
            groups.setdefault((row["source"], find_cause(row["last_error"] or "")), []).append(row)
    failures = [_make_failure(source, cause, own) for (source, cause), own in groups.items()]
    return sorted(failures, key=lambda failure: (-len(failure.rows), failure.who))


def _make_failure(source: str, cause: str, rows: list[Mapping[str, Any]]) -> Failure:
    # Who met the cause knows its kind; who was not asked because of it need not.
    first = next((row for row in rows if NOT_ASKED not in (row["last_error"] or "")), rows[0])
    return Failure(source, str(first["last_fault"]), cause, tuple(rows))
