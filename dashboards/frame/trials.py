"""Metrics that rest on a reader of texts which has not passed its gate: shown, but no order is drawn from them."""

from functools import lru_cache

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.words import numbers
from warehouse.snapshot import Snapshot
from warehouse.wording import is_are

MARK = "**Trial**, not a ranking. "
"""What stands before the measure of a trial; its reason is behind the info mark."""
TABLE = "metrics.trial_metrics"


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
