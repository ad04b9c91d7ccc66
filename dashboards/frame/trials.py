"""Metrics that rest on a reader of texts which has not passed its gate: shown, but no order is drawn from them."""

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.words import numbers

TABLE = "metrics.trial_metrics"


def load_trials(page: View) -> dict[str, list[str]]:
    """Loads the features that make each trial one; empty where the snapshot does not know them."""
    if not snapshot_reader.has_table(page.snapshot, TABLE):
        return {}
    found: dict[str, list[str]] = {}
    for row in snapshot_reader.load_rows(page.snapshot, f"select metric, feature from {TABLE} order by all"):
        found.setdefault(row["metric"], []).append(row["feature"].replace("_", " "))
    return found


def describe_trial(page: View, metric: str) -> str:
    """Says that a measure is a trial, and what it is that is read too badly; empty for any other."""
    features = load_trials(page).get(metric, [])
    if not features:
        return ""
    said = f"{numbers.join_words(features)} {numbers.is_are(len(features))} read too badly"
    return f"**Trial**: its order says nothing, for {said}. "
