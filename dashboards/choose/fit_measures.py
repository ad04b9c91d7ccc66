"""The measures of support that can be weighed: where each is published, and which end is better."""

from collections.abc import Mapping, Sequence

from dashboards.choose.ranking import KnownValue
from dashboards.compare import ranking
from dashboards.frame import measures
from dashboards.frame.measures import Measure
from dashboards.frame.view import View
from dashboards.menu import COMPARED
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.receipts.receipt import BOUNDED

HELP = {
    "answered": "Share of askers answered by a person.",
    "helped": "Share of askers helped within 30 days; a lower bound.",
    "carriers": "How few people made half of 100 merged changes, drawn at random from all.",
    "uptime": "As the maker's status page shows; most open weights have none of their own.",
    "notice": "Days from an announcement to a model's last day.",
}
MEASURES = {
    "answered": Measure("answered_share", "within_24h", "anyone"),
    "helped": Measure("helped_share", "any"),
    "carriers": Measure("contributor_absence_factor", "half_of_100", "people", "tracker"),
    "uptime": Measure("uptime_share", "weighted", "api", "status"),
    "notice": Measure("notice_days", "days", "all", "deprecations"),
}
PLACES = {"status": "status pages", "deprecations": "deprecation pages"}
"""Kinds of channel that the filters do not offer, in words."""
USUAL = {"answered": 3, "helped": 3, "carriers": 1, "uptime": 1, "notice": 0}
"""The default weights."""


def title_of(page: View, name: str) -> str:
    """Returns the title of a measure, as its metric defines it."""
    measure = MEASURES[name]
    return measures.read_title(page.snapshot, measure.metric, measure.statistic, measure.segment)


def read_rising(page: View) -> dict[str, bool]:
    """Reads whether more is better, by measure; those that the snapshot does not describe are absent."""
    directions = {name: measures.read_direction(page.snapshot, one.metric) for name, one in MEASURES.items()}
    return {name: direction > 0 for name, direction in directions.items() if direction}


def describe_suspect(page: View) -> str:
    """Names the measures of which some figures are suspect, and so weigh nothing; empty if there are none."""
    names = [
        title_of(page, name)
        for name, one in MEASURES.items()
        if any(row["state"] == "suspect" for row in load_compared(page, one))
    ]
    if not names:
        return ""
    return f"Suspect figures do not count; there are some of: {numbers.join_words(names)} (see *Data and method*)."


def load_figures(page: View, weights: Mapping[str, int]) -> dict[str, list[Row]]:
    """Loads the published rows of every measure with a weight, by name."""
    return {name: load_compared(page, MEASURES[name]) for name in read_rising(page) if weights.get(name)}


def load_compared(page: View, measure: Measure) -> list[Row]:
    """Loads the rows by which families are compared: adjusted if the filters ask for it."""
    if page.window not in COMPARED or page.chosen_segment(measure.metric):
        return list(page.load_asked(*measure.address))
    rows = ranking.load_rows(page, measure, list(page.titles))
    return [ranking.show_row(row) for row in rows if row["family_id"] in page.wanted]


def describe_scopes(page: View, figures: Mapping[str, Sequence[Row]]) -> str:
    """Describes which place and window the figures are of: of the first measure as such, of those that differ by their
    names; empty without figures."""
    names: dict[str, list[str]] = {}
    for name, rows in figures.items():
        if rows:
            names.setdefault(page.describe_scope(rows, PLACES.get(MEASURES[name].kind, "")), []).append(name)
    stated = [
        (f"{numbers.join_words([title_of(page, name) for name in own])}: " if place else "") + scope
        for place, (scope, own) in enumerate(names.items())
    ]
    return ". ".join(text[:1].upper() + text[1:] if place else text for place, text in enumerate(stated))


def select_known(rows: Mapping[str, Sequence[Row]], families: Sequence[str]) -> dict[str, dict[str, KnownValue]]:
    """Selects the known values of each family for the ranking: measured figures only."""
    values: dict[str, dict[str, KnownValue]] = {family: {} for family in families}
    for name, of_it in rows.items():
        for row in of_it:
            if row["family_id"] in values and row["state"] == "measured":
                # Of a range whose ends are bounds no value is likelier than others.
                value = None if MEASURES[name].metric in BOUNDED else row["value"]
                values[row["family_id"]][name] = KnownValue(value, row["low"], row["high"])
    return values
