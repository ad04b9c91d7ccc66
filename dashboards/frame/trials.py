"""Metrics that rest on a reader of texts which has not passed its gate: shown, but no order is drawn from them."""

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.words import numbers
from warehouse.wording import is_are

MARK = "**Trial**, not a ranking. "
"""What stands before the measure of a trial; its reason is behind the info mark."""
TABLE = "metrics.trial_metrics"


def load_trials(page: View) -> dict[str, dict[str, bool]]:
    """Loads the features that make each trial one, and whether it is known that they are read too badly; empty where
    the snapshot does not know them."""
    found: dict[str, dict[str, bool]] = {}
    for row in snapshot_reader.load_rows(page.snapshot, f"select * from {TABLE} order by metric, feature"):
        # Snapshots of older versions know one reason only.
        name = row["feature"].replace("_", " ").removeprefix("has ").removeprefix("is ")
        found.setdefault(row["metric"], {})[name] = row.get("is_misread", True)
    return found


def describe_trial(page: View, metric: str) -> str:
    """Says that a measure is a trial, and what it is that is read too badly, or read in replies that nobody labelled
    together; empty for any other."""
    trial = load_trials(page).get(metric, {})
    if not trial:
        return ""
    features = [feature for feature, is_misread in trial.items() if is_misread]
    if not features:
        said = f"how often {numbers.join_words(list(trial))} {is_are(len(trial))} misread in a thread's replies"
        return f"**Trial**: do not rank by it, because it is not known {said}. "
    said = f"{numbers.join_words(features)} {is_are(len(features))} not read accurately enough"
    return f"**Trial**: do not rank by it, because {said}. "
