"""What each of two families costs and leaves to its users: facts, in which chance plays no part."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.charts.axes import Unit
from dashboards.compare import sentences_compare
from dashboards.frame.measures import Measure
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow
from dashboards.overview.scoreboard import make_ends
from dashboards.reliability.reliability import load_uptimes
from dashboards.words import numbers

PRICE = Measure("price_usd", "median", "blended", "prices")
CHANGE = Measure("weight_freedom_points", "median", "all", "offers")
UPTIME = Measure("uptime_share", "weighted", "api", "status")
ENDS = "Models ending in a year"
INSTEAD = {"—": "weights stay yours", "○": "not collected"}
"""What is said of ends in place of a mark."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A published figure of two families that rests on no sample."""

    name: str
    measure: Measure
    form: Unit
    rows: Sequence[MetricRow]

    def value_of(self, family: str) -> float | None:
        """Returns the figure of a family, if it has one."""
        return next((row["value"] for row in self.rows if row["family_id"] == family), None)

    def word(self, family: str) -> str:
        """Words the figure of a family, or why it has none."""
        row = next((row for row in self.rows if row["family_id"] == family), None)
        if row is None or row["state"] not in numbers.NUMBERED:
            return row["state"] if row else "no such figure"
        text = (
            numbers.format_interval(row["low"], row["high"], self.form)
            if row["value"] is None
            else (numbers.FORMATS[self.form](row["value"]))
        )
        return text + numbers.mark_suspect(row)


def load_facts(page: View) -> list[Fact]:
    """Loads price, freedom and uptime, as far as one is known of either."""
    facts = [
        Fact("Price, 1 M tokens", PRICE, "usd", page.load_asked(*PRICE.address)),
        Fact("Yours to change, of 5", CHANGE, "count", page.load_asked(*CHANGE.address)),
        Fact("Posted uptime", UPTIME, "uptime", load_uptimes(page)),
    ]
    return [fact for fact in facts if any(row["state"] in numbers.NUMBERED for row in fact.rows)]


def draw_facts(page: View, facts: Sequence[Fact]) -> Figure:
    """Draws a row per fact and a column per family."""
    cells = {cell.family_id: cell for cell in make_ends(page).cells}
    ends = {
        page.titles[family]: INSTEAD.get(cell.said, ", ".join(filter(None, (cell.said, cell.spread))))
        for family, cell in ((family, cells[family]) for family in page.chosen)
    }
    lines = [{"fact": fact.name} | {page.titles[family]: fact.word(family) for family in page.chosen} for fact in facts]
    return Figure(
        name="facts",
        title=sentences_compare.start_upper(state_facts(page, facts)) or "Neither is cheaper or freer to change",
        subtitle="Facts, not samples: chance plays no part. Prices are medians; uptime is each vendor's own word.",
        rows=[{"measure": fact.name, "metric": fact.measure.metric, **row} for fact in facts for row in fact.rows],
        metric=PRICE.metric,
        source="price lists, licences, deprecation pages and status pages",
        shown=[*lines, {"fact": ENDS} | ends],
    )


def find_best(page: View, facts: Sequence[Fact], measure: Measure, is_least: bool) -> str:
    """Finds who has the least or the most of a fact; empty if both have as much, or it is not known of both."""
    for fact in facts:
        first, second = (fact.value_of(family) for family in page.chosen)
        if fact.measure == measure and first is not None and second is not None and first != second:
            return page.chosen[(first > second) == is_least]
    return ""


def state_facts(page: View, facts: Sequence[Fact]) -> str:
    """Words who is cheaper, and whose weights can be changed."""
    cheaper, freer = find_best(page, facts, PRICE, is_least=True), find_best(page, facts, CHANGE, is_least=False)
    locked = find_best(page, facts, CHANGE, is_least=True)
    least = next((fact.value_of(locked) for fact in facts if fact.measure == CHANGE and locked), 0)
    free = "freer to change" if least else "yours to change"
    return sentences_compare.word_facts(page.titles.get(cheaper, ""), page.titles.get(freer, ""), free)
