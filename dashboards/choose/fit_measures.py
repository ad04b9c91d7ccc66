"""The measures that can be weighed: where each is published, how it is said, and which way is better."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from dashboards.choose.ranking import KnownValue
from dashboards.frame.view import View
from dashboards.words import numbers

Row = Mapping[str, Any]


class FitMeasure(NamedTuple):
    """One figure of a family. Without a `kind` it is of the place where people ask, as the filters have it."""

    title: str
    metric: str
    statistic: str
    segment: str
    kind: str
    is_rising: bool
    """Whether more is better."""
    weight: int
    """What it counts where nobody has said anything else."""
    say: Callable[[float | None], str]


def _format_points(value: float | None) -> str:
    return f"{numbers.format_rate(value)} of 5"


def _format_usd(value: float | None) -> str:
    return f"{numbers.format_rate(value)}{numbers.GAP}USD"


def _format_memory(value: float | None) -> str:
    return f"{numbers.format_rate(value)}{numbers.GAP}GiB"


def _format_days(value: float | None) -> str:
    return numbers.format_hours(None if value is None else value * 24)


HELP = {
    "answered": "Share of those who ask, answered by a person.",
    "helped": "Share of those who ask, helped within 30 days; a lower end.",
    "never": "Share of those who ask and get no answer within 30 days; less is better.",
    "depth": "What the deepest answer holds, 0 to 5 points.",
    "carriers": "How few people made half of the merged changes; more is better.",
    "uptime": "As the maker's status page tells; open weights have no page of their own.",
    "freedom": "What one may do with the weights, 0 to 5 points.",
    "price": "For a million tokens, the middle of the family's models; less is better.",
    "memory": "To run it oneself at 4 bits, the middle of the family's models; less is better. An estimate.",
    "notice": "Days from an announcement to a model's last day; more is better.",
}
Listed = tuple[str, str, str, str, str, str, bool, int, Callable[[float | None], str]]
LISTED: tuple[Listed, ...] = (
    ("answered", "answered within a day", "answered_share", "within_24h", "anyone", "", True, 3, numbers.format_share),
    ("helped", "helped", "helped_share", "any", "all", "", True, 3, numbers.format_share),
    ("never", "never answered", "never_answered_share", "in_30d", "all", "", False, 2, numbers.format_share),
    ("depth", "depth of answers", "answer_depth_points", "deepest", "all", "", True, 2, _format_points),
    (
        "carriers",
        "people who carry it",
        "contributor_absence_factor",
        "half",
        "people",
        "tracker",
        True,
        1,
        numbers.format_count,
    ),
    ("uptime", "uptime", "uptime_share", "weighted", "api", "status", True, 1, numbers.format_uptime),
    ("freedom", "freedom", "weight_freedom_points", "median", "all", "offers", True, 2, _format_points),
    ("price", "price", "price_usd", "median", "blended", "prices", False, 1, _format_usd),
    ("memory", "memory", "smallest_memory_gib", "median", "4-bit", "hub", False, 0, _format_memory),
    ("notice", "notice of ends", "notice_days", "days", "all", "deprecations", True, 0, _format_days),
)
MEASURES = {listed[0]: FitMeasure(*listed[1:]) for listed in LISTED}
USUAL = {name: measure.weight for name, measure in MEASURES.items()}
RISING = {name: measure.is_rising for name, measure in MEASURES.items()}


def load_figures(page: View, weights: Mapping[str, int]) -> dict[str, list[Row]]:
    """The published rows of every measure that counts, by its name."""
    return {name: _load_rows(page, measure) for name, measure in MEASURES.items() if weights.get(name)}


def _load_rows(page: View, measure: FitMeasure) -> list[Row]:
    if measure.kind:
        return list(page.load_metric(measure.metric, measure.kind, measure.segment, (measure.statistic,)))
    return list(page.load_asked(measure.metric, (measure.statistic,), measure.segment))


def select_known(rows: Mapping[str, Sequence[Row]], families: Sequence[str]) -> dict[str, dict[str, KnownValue]]:
    """What is known of each family, as the ranking takes it: only what is measured."""
    values: dict[str, dict[str, KnownValue]] = {family: {} for family in families}
    for name, of_it in rows.items():
        for row in of_it:
            if row["family_id"] in values and row["state"] == "measured":
                values[row["family_id"]][name] = KnownValue(row["value"], row["low"], row["high"])
    return values


def format_figure(measure: FitMeasure, row: Row) -> str:
    """`49 % (40 % to 59 %)`, a range where there is no single value, or the state with its mark."""
    if row["state"] != "measured":
        return f"{numbers.STATES.get(row['state'], ('', ''))[0]} {row['state']}".strip()
    low, high = row["low"], row["high"]
    spread = "" if low is None or high is None or low == high else f"{measure.say(low)} to {measure.say(high)}"
    if row["value"] is None:
        return spread or "no value"
    return measure.say(row["value"]) + (f" ({spread})" if spread else "")
