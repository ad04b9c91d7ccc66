"""Measures as their own headers define them: names and better directions."""

from typing import NamedTuple

from dashboards.frame import snapshot_reader
from warehouse.snapshot import Snapshot

DIRECTIONS = {"high": 1, "low": -1}
WHOLE = ("all", "anyone")
"""Segments that hold everything and so are not named."""


class Measure(NamedTuple):
    """A figure of a metric."""

    metric: str
    statistic: str
    segment: str = "all"
    kind: str = ""
    """Kind of channel; empty for the kind that the filters select."""

    @property
    def address(self) -> tuple[str, tuple[str, ...], str, str]:
        """Returns what a view loads it by."""
        return self.metric, (self.statistic,), self.segment, self.kind


def read_title(snapshot: Snapshot, metric: str, statistic: str, segment: str = "all") -> str:
    """Reads a title such as `answered within a week`; returns the names of metric, statistic and segment if the
    snapshot has none."""
    definition = snapshot_reader.load_definition(snapshot, metric)
    titles = dict(definition.get("titles") or {})
    title = titles.get(f"{statistic}/{segment}") or titles.get(statistic) or definition.get("title")
    names = [metric, statistic, *([] if segment in WHOLE else [segment])]
    return str(title or ", ".join(name.replace("_", " ") for name in names))


def read_heading(snapshot: Snapshot, metric: str, statistic: str, segment: str = "all") -> str:
    """Reads the title as set above or beside figures, with an arrow where less is better."""
    title = read_title(snapshot, metric, statistic, segment)
    return title[:1].upper() + title[1:] + (" ↓" if read_direction(snapshot, metric) < 0 else "")


def read_direction(snapshot: Snapshot, metric: str) -> int:
    """Reads 1 where more is better for somebody who needs support, -1 where less is, 0 where neither is or the snapshot
    does not say."""
    return DIRECTIONS.get(str(snapshot_reader.load_definition(snapshot, metric).get("better")), 0)
