"""Measures as their own headers define them: names, better directions, and which of them are trials."""

from functools import lru_cache
from typing import NamedTuple

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.words import numbers
from warehouse.snapshot import Snapshot
from warehouse.wording import is_are

DIRECTIONS = {"high": 1, "low": -1}
WHOLE = ("all", "anyone")
"""Segments that hold everything and so are not named."""
MARK = "**Trial**, not a ranking. "
"""What stands before the measure of a trial; its reason is behind the info mark."""
TABLE = "metrics.trial_metrics"


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


@lru_cache(maxsize=2)
def load_trials(snapshot: Snapshot) -> dict[str, list[str]]:
    """Loads the features that make each trial one, in words."""
    found: dict[str, list[str]] = {}
    for row in snapshot_reader.load_rows(snapshot, f"select * from {TABLE} order by metric, feature"):
        name = row["feature"].replace("_", " ").removeprefix("has ").removeprefix("is ")
        found.setdefault(row["metric"], []).append(name)
    return found


def describe_trial(page: View, metric: str) -> str:
    """Says that a measure is a trial, and what is not known to be read well enough; empty for any other."""
    features = load_trials(page.snapshot).get(metric)
    if not features:
        return ""
    said = f"{numbers.join_words(features)} {is_are(len(features))} not known to be read accurately enough"
    return f"**Trial**: do not rank by it, because {said}. "
