"""The page "Outages": every incident, uptime beside disclosure, their frequency and length, and what others count."""

from collections.abc import Sequence
from typing import Any

from dashboards.charts import marks
from dashboards.frame import layout
from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow
from dashboards.reliability import disclosure, incident_strip, sentences_uptime
from dashboards.words import sentences

QUESTION = "Does it stay up, and do they tell you?"
SOURCE = "the vendors' own status pages"
PLACE = "status pages"
KIND = "status"
SEGMENT = "api"
WEIGHTS = ("any_severity", "weighted", "partial_or_worse")
THEIRS = "statuspage_formula"
"""The formula by which pages of Statuspage count, for readers who hold a figure against the page."""


def story(page: View) -> Story:
    """Tells the strip of incidents, uptime beside disclosure, their frequency and length, and what others show."""
    rates = page.load_metric("incident_rate", KIND, SEGMENT, ("per_30d",))
    weights = page.load_metric("uptime_share", KIND, SEGMENT, (*WEIGHTS, THEIRS))
    uptimes = sentences.as_range(weights, *WEIGHTS)
    shares = page.load_metric(disclosure.METRIC, KIND, SEGMENT, (disclosure.STATISTIC,))
    order = page.order_families(disclosure.select_read(uptimes))
    weighted = [row for row in weights if row["statistic"] == "weighted"]
    answer = sentences.tell_in_steps(
        sentences_uptime.judge_page(weighted, page.titles),
        sentences_uptime.answer_page(
            weighted, shares, page.titles, incident_strip.describe_hosts(page), page.describe_scope(weighted, PLACE)
        ),
    )
    pair = draw_uptime(page, weights, uptimes, order), disclosure.draw_causes(page, shares, order, SOURCE)
    parts: list[Part] = [
        incident_strip.draw_strip(page, rates, SOURCE),
        pair if sentences.select_measured(shares) else pair[0],
        *incident_strip.explain_absent(page, rates),
        Words(HONEST, is_small=True),
        (draw_rate(page, rates), draw_recovery(page)),
        Words("## What would other dashboards show?"),
        draw_naive(page, order),
    ]
    return Story(QUESTION, answer, parts)


HONEST = (
    "A status page shows what its owner posts: a page that discloses more looks worse on uptime and better on "
    "disclosure. Read the two together; nobody outside can see an incident that was never posted."
)


def draw_uptime(page: View, weights: Sequence[MetricRow], uptimes: Sequence[Any], order: Sequence[str]) -> Figure:
    """Draws uptime at the usual weights as a point, and as a line how far other weights move it."""
    drawn = disclosure.select_read(uptimes)
    return Figure(
        name="uptime",
        title=sentences_uptime.name_highest(drawn, page.titles, incident_strip.load_observed_days(page)),
        subtitle="Uptime by posted incidents: outages count in full, others for 0.3; "
        f"{page.describe_scope(drawn, PLACE)}.",
        how="The point counts an incident graded as an outage fully and any other in part; the line runs from counting "
        "every incident as an outage to counting only partial failures and worse, and covers every possible value "
        "where ends, severities or components are not stated. Status pages count no degradation: to hold a figure "
        "against the page, take Statuspage's formula in the table.",
        chart=marks.draw_dots(drawn, "uptime", order, page.titles, page.theme, is_narrow=True) if drawn else None,
        rows=disclosure.select_read(weights),
        metric="uptime_share",
        source=SOURCE,
        alt=sentences.describe_points(
            drawn, "uptime", page.titles, "uptime with its range under the other two weightings"
        ),
    )


def draw_rate(page: View, rates: Sequence[MetricRow]) -> Figure:
    """Draws the rate of incidents with the exact interval of a rate."""
    rows = disclosure.select_read(rates)
    return draw_dot_figure(
        page,
        rows,
        name="rate",
        metric="incident_rate",
        title=sentences.name_leader(rows, "rate", page.titles, "Fewest posted incidents a month", is_least_first=True),
        measure="Outages and degradations of the API, per 30 observed days; a line without a point is the range from "
        "none to all of those that name no component",
        alt="incidents per 30 days",
        unit="rate",
        source=SOURCE,
        where=PLACE,
        lines="lines are 95 % intervals that allow for incidents that come in runs; zero incidents have an upper bound",
    )


def draw_recovery(page: View) -> Figure:
    """Draws the time until an incident is over, for half of them and for nine in ten."""
    rows = disclosure.select_read(page.load_metric("recovery_hours", KIND, SEGMENT, ("median", "p90")))
    medians = [row for row in rows if row["statistic"] == "median"]
    return draw_dot_figure(
        page,
        rows,
        name="recovery",
        metric="recovery_hours",
        title=sentences.name_leader(medians, "hours", page.titles, "Shortest incidents", is_least_first=True),
        measure="Time until half (small mark) and nine in ten (large mark) of the incidents are over; open ones "
        "count as at least as long as so far, and those that were never closed as lasting at least until their last "
        "post",
        alt="median time until an incident is over",
        unit="hours",
        statistics=("median", "p90"),
        headline=medians,
        source=SOURCE,
        where=PLACE,
    )


def draw_naive(page: View, order: Sequence[str]) -> Figure:
    """Draws the uptime of trackers that take a page at its word, beside ours of the same page."""
    names = ("theirs", "ours")
    rows = disclosure.select_read(page.load_metric("naive_uptime_share", KIND, SEGMENT, names))
    return draw_dot_figure(
        page,
        rows,
        name="naive",
        metric="naive_uptime_share",
        title=sentences_uptime.compare_naive(rows, page.titles),
        measure="Uptime as status-page trackers count it (small mark) and as counted here (large mark, or a line "
        "where only a range is known)",
        alt="uptime as other trackers count it",
        unit="uptime",
        statistics=names,
        headline=[row for row in rows if row["statistic"] == "theirs"],
        order=order,
        source=SOURCE,
        where=PLACE,
        lines="",
        note="Trackers count overlapping incidents twice, extend an incident without an end to the present, and treat "
        "notices as outages.",
    )


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
