"""The page "Outages": every incident, uptime beside disclosure, their frequency and length, and what others count."""

from collections.abc import Sequence
from dataclasses import replace

from dashboards.frame import layout
from dashboards.frame.dots import DotSpec, draw_dots, load_dots
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow
from dashboards.reliability import incident_strip, sentences_uptime
from dashboards.reliability.sentences_uptime import select_read
from dashboards.words import sentences

QUESTION = "Does it stay up, and do they tell you?"
SOURCE = "the vendors' own status pages"
PLACE = "status pages"
KIND = "status"
SEGMENT = "api"
UPTIME = DotSpec(
    name="uptime",
    metric="uptime_share",
    unit="uptime",
    measure="Uptime by posted incidents: outages count in full, others for 0.3",
    source=SOURCE,
    where=PLACE,
    lines="",
    note="The line runs from counting every incident as an outage to counting only partial failures and worse, and "
    "covers every possible value where ends, severities or components are not stated. Status pages count no "
    "degradation: to hold a figure against the page, take Statuspage's formula in the table.",
)
CAUSES = DotSpec(
    name="causes",
    metric="disclosure_share",
    kind=KIND,
    segment=SEGMENT,
    statistics=("with_cause",),
    measure="Share of posted incidents whose cause the page states",
    source=SOURCE,
    where=PLACE,
    note="Pages are in order of uptime.",
)
RATE = DotSpec(
    name="rate",
    metric="incident_rate",
    kind=KIND,
    segment=SEGMENT,
    statistics=("per_30d",),
    unit="rate",
    best="Fewest posted incidents a month",
    is_least_first=True,
    measure="Outages and degradations of the API, per 30 observed days; a line without a point is the range from none "
    "to all of those that name no component",
    source=SOURCE,
    where=PLACE,
    lines="lines are 95 % intervals that allow for incidents that come in runs; zero incidents have an upper bound",
)
RECOVERY = DotSpec(
    name="recovery",
    metric="recovery_hours",
    kind=KIND,
    segment=SEGMENT,
    statistics=("median", "p90"),
    headline="median",
    unit="hours",
    best="Shortest incidents",
    is_least_first=True,
    measure="Time until this share of the incidents is over",
    source=SOURCE,
    where=PLACE,
    note="Open incidents count as at least as long as so far, and those that were never closed as lasting at least "
    "until their last post.",
)
NAIVE = DotSpec(
    name="naive",
    metric="uptime_share",
    kind=KIND,
    segment=SEGMENT,
    statistics=("as_others_count", "weighted"),
    headline="as_others_count",
    unit="uptime",
    measure="Uptime by the same status page",
    source=SOURCE,
    where=PLACE,
    lines="",
    note="Trackers count overlapping incidents twice, extend an incident without an end to the present, and treat "
    "notices as outages.",
)
WEIGHTS = ("any_severity", "weighted", "partial_or_worse")
THEIRS = "statuspage_formula"
"""The formula by which pages of Statuspage count, for readers who hold a figure against the page."""


def story(page: View) -> Story:
    """Tells the strip of incidents, uptime beside disclosure, their frequency and length, and what others show."""
    rates, shares = load_dots(page, RATE), load_dots(page, CAUSES)
    weights = page.load_metric("uptime_share", KIND, SEGMENT, (*WEIGHTS, THEIRS))
    uptimes = sentences.as_range(weights, *WEIGHTS)
    order = page.order_families(select_read(uptimes))
    weighted = [row for row in weights if row["statistic"] == "weighted"]
    answer = sentences.tell_in_steps(
        sentences_uptime.judge_page(weighted, page.titles),
        sentences_uptime.answer_page(weighted, shares, page.titles, page.describe_scope(weighted, PLACE)),
    )
    read = select_read(shares)
    recovery = draw_dots(page, RECOVERY, rows=select_read(load_dots(page, RECOVERY)))
    causes = draw_dots(page, CAUSES, rows=read, order=order, title=sentences_uptime.name_most_open(read, page.titles))
    pair = draw_uptime(page, weights, uptimes, order), causes
    parts: list[Part] = [
        incident_strip.draw_strip(page, rates, SOURCE),
        pair if sentences.select_measured(shares) else pair[0],
        Words(sentences.describe_absences(rates, page.titles), is_small=True),
        Words(HONEST, is_small=True),
        (draw_dots(page, RATE, rows=select_read(rates)), recovery),
        Words("## What would other dashboards show?"),
        draw_naive(page, order),
    ]
    return Story(QUESTION, answer, parts)


HONEST = (
    "A status page shows what its owner posts: a page that discloses more looks worse on uptime and better on "
    "disclosure. Read the two together; nobody outside can see an incident that was never posted."
)


def draw_uptime(page: View, weights: Sequence[MetricRow], uptimes: Sequence[MetricRow], order: Sequence[str]) -> Figure:
    """Draws uptime at the usual weights as a point, and as a line how far other weights move it."""
    drawn = select_read(uptimes)
    title = sentences_uptime.name_highest(drawn, page.titles, incident_strip.load_observed_days(page))
    return replace(draw_dots(page, UPTIME, rows=drawn, order=order, title=title), rows=select_read(weights))


def draw_naive(page: View, order: Sequence[str]) -> Figure:
    """Draws the uptime of trackers that take a page at its word, beside ours of the same page."""
    rows = select_read(load_dots(page, NAIVE))
    return draw_dots(page, NAIVE, rows=rows, order=order, title=sentences_uptime.compare_naive(rows, page.titles))


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
