"""The page "Openness": what a family costs, what it runs on, what you may do with it, and what others did with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboards.charts import axes
from dashboards.charts.axes import Scaled
from dashboards.charts.marks import draw_dots
from dashboards.frame import layout
from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow
from dashboards.openness import charts_levels, charts_offers, like_prices, sentences_access, sentences_tuning
from dashboards.openness.sentences_levels import describe_levels, describe_scope, format_level, name_first
from dashboards.words import numbers, sentences
from dashboards.words.numbers import format_usd

OfferRow = Mapping[str, Any]
"""A dated offer to tune a model: a row of `metrics.tuning_offers`."""
QUESTION = "Can you get in, and make it yours?"
HUB = "the model hub"
INDEX = "the index of Python packages, mirrors excluded"
LISTED = "OpenRouter's list of models"
READ = "the makers' own pages, read by hand"
PACKED = ("4-bit", "8-bit", "bf16")
GIB = {"type": "log", "base": 2, "nice": False}
NOT_PEOPLE = "Downloads are requests, mostly of machines, and not people. Compare models with models only."
OFFERS = (
    "select * from metrics.tuning_offers order by min(from_on) over (partition by family_id) nulls last, family_id, "
    "from_on nulls last, tuning_method, url"
)
"""Offers in display order: the longest open first, each family together."""


def story(page: View) -> Story:
    """Tells prices and memory, what licences allow, who offers tuning, and what was built and downloaded."""
    memory = page.load_metric("smallest_memory_gib", "hub", statistics=("median",))
    prices = page.load_metric("price_usd", "prices", segment="blended", statistics=("cheapest", "median"))
    offers = page.load_rows("metrics.tuning_offers", OFFERS)
    counts = page.load_metric("tuning_offers_count", "offers", "all", ("methods",))
    parts: list[Part] = [
        like_prices.draw_like_prices(page, LISTED),
        (draw_prices(page, prices), draw_memory(page, memory)),
        draw_weights(page),
        draw_offers(page, offers, counts),
        (draw_changed(page), draw_hosts(page)),
        (draw_downloads(page), draw_packages(page)),
        Words(NOT_PEOPLE, True),
    ]
    return Story(QUESTION, _answer_page(page, prices, memory, offers, counts), parts)


def _answer_page(
    page: View,
    prices: Sequence[MetricRow],
    memory: Sequence[MetricRow],
    offers: Sequence[OfferRow],
    counts: Sequence[MetricRow],
) -> str:
    licences = page.load_metric("licence_class", "offers", "all", ("lowest", "highest"))
    gates = page.load_metric("gated_share", "hub", "all", sentences_access.CLOSED_GATES)
    test = like_prices.load_test(page)
    verdict = like_prices.judge_sides(test) or sentences_access.judge_page(prices, licences)
    told = [
        like_prices.describe_sides(test) or sentences_access.describe_cost(prices, page.titles),
        sentences_access.describe_free(licences, page.titles, gates),
        sentences_access.describe_small(memory, page.titles),
        sentences_tuning.describe_tuning(offers, counts, page.families, page.titles, page.now.date()),
    ]
    none = "The data give no answer: neither prices nor licences nor memory are known of these families."
    return sentences.tell_in_steps(verdict, " ".join(filter(None, told)) or none)


def draw_prices(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws the cheapest and the median price of both sides."""
    cheapest = [row for row in rows if row["statistic"] == "cheapest"]
    return Figure(
        name="price",
        title=name_first(cheapest, page.titles, "Cheapest", format_usd, is_less=True),
        subtitle="Dollars per million tokens on a logarithmic scale, three parts input to one part output: cheapest "
        "(small mark) and median (large mark) of a family's models.",
        chart=charts_levels.draw_ordered_levels(
            page, rows, ("cheapest", "median"), "cheapest", format_usd, scale_dollars(rows), is_least_first=True
        ),
        rows=rows,
        metric="price_usd",
        source=LISTED,
        alt=describe_levels(rows, "statistic", format_usd, page.titles, "dollars per million tokens"),
    )


def scale_dollars(rows: Sequence[MetricRow]) -> Scaled:
    """Returns a logarithmic scale from cents to the highest price."""
    ends = [row["value"] for row in sentences.select_measured(rows)]
    scale = {"type": "log", "nice": False, "domain": [min([0.1, *ends]) * 0.8, max([10.0, *ends]) * 1.2]}
    return scale, {"values": [0.01, 0.1, 1, 10, 100], "labelExpr": "'$' + format(datum.value, '~r')", "title": None}


def draw_memory(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws the memory of the median model by precision, beside two common cards."""
    measured = sentences.select_measured(rows)
    ends = [row["value"] for row in measured]
    scale = GIB | {"domain": [min(ends, default=1.0) * 0.8, max([96.0, *ends]) * 1.2]}
    axis = {"values": [1, 4, 16, 64, 256, 1024], "format": "d", "title": None}
    return Figure(
        name="memory",
        title=sentences_access.name_smallest(rows),
        subtitle="Memory to load the median model, in GiB on a logarithmic scale, estimated: at 4 bits (small mark), 8 "
        "and 16 (large mark). A long context needs more.",
        chart=charts_levels.draw_ordered_levels(
            page,
            measured,
            PACKED,
            "bf16",
            sentences_access.format_gib,
            (scale, axis),
            "segment",
            sentences_access.CARDS,
            is_least_first=True,
        ),
        absent=sentences.name_absent(rows, page.titles),
        rows=rows,
        metric="smallest_memory_gib",
        source=HUB,
        alt=describe_levels(
            rows, "segment", sentences_access.format_gib, page.titles, "estimated memory of the median model"
        ),
    )


def draw_weights(page: View) -> Figure:
    """Draws the freedoms that licences grant: lowest and highest over a family's models."""
    names = ("lowest", "median", "highest")
    rows = page.load_metric("weight_freedom_points", "offers", "all", names)
    scaled = {"domain": [0, 5], "nice": False}, {"values": [0, 1, 2, 3, 4, 5], "format": "d", "title": None}
    return Figure(
        name="weights",
        title=sentences_access.name_freest(rows, page.titles),
        subtitle="A point each if the weights can be downloaded, downloaded without asking, modified, passed on, and "
        "used commercially without a cap: lowest (small mark), median and highest of a family's models. No legal "
        "advice.",
        chart=charts_levels.draw_ordered_levels(page, rows, names, "median", format_level, scaled),
        rows=rows,
        metric="weight_freedom_points",
        source=f"{HUB}; terms of closed weights read by hand",
        alt=describe_levels(rows, "statistic", format_level, page.titles, "points of freedom out of 5"),
    )


def draw_offers(page: View, offers: Sequence[OfferRow], counts: Sequence[MetricRow]) -> Figure:
    """Draws a bar for each offer to tune, and names the families whose offers were not read."""
    unread = sentences_tuning.name_unread(counts, page.titles)
    return Figure(
        name="offers",
        title=sentences_tuning.name_offers(offers, page.now.date()),
        subtitle="A bar is an offer: ● own weights, □ the maker's service, ◇ a cloud; pale after the day it was last "
        f"read, as it may have ended since. ▸ no known end; dotted: no stated start.{unread}",
        chart=charts_offers.draw_gantt(offers, page.titles, page.sides, page.now.date(), page.theme)
        if offers
        else None,
        rows=offers,
        counted="lines",
        metric="tuning_offers",
        source=READ,
        alt=sentences_tuning.describe_bars(offers, page.titles),
    )


def draw_changed(page: View) -> Figure:
    """Draws how much of what others publish on top of a family's models is changed, not only packed smaller."""
    rows = page.load_metric("changed_derivative_share", "hub", statistics=("changed",))
    figure = draw_dot_figure(
        page,
        rows,
        name="changed",
        metric="changed_derivative_share",
        title=name_first(rows, page.titles, "Most changed, not only packed smaller", numbers.format_share),
        measure="Share of the models that others made of a family's which are tuned, adapted or merged; the rest is "
        "quantized",
        alt="derived models that are changed",
        source=HUB,
        where=HUB,
        lines="a count of all, so there is no interval",
        note="What is built on closed weights is not visible.",
        is_narrow=False,
    )
    return replace(figure, subtitle=figure.subtitle.replace(", all time", ", as last seen"))


def draw_hosts(page: View) -> Figure:
    """Draws the number of other hosts that offer the same model."""
    rows = page.load_metric("hosts_count", "hub", "all", ("median", "most"))
    measured = sentences.select_measured(rows)
    most = max([4.0, *(row["value"] for row in measured)])
    scaled = {"domain": [0, most * 1.05], "nice": False}, {"tickCount": 4, "format": "d", "title": None}
    return Figure(
        name="hosts",
        title=name_first(
            [row for row in rows if row["statistic"] == "most"], page.titles, "Most hosts of one model", format_level
        ),
        subtitle="Hosts that serve a model through the hub: median (small mark) and most (large mark) over a family's "
        f"models; {describe_scope(page, rows, HUB)}. Hosts of closed models are not collected.",
        chart=charts_levels.draw_ordered_levels(page, measured, ("median", "most"), "most", format_level, scaled),
        absent=sentences.name_absent(rows, page.titles),
        rows=rows,
        metric="hosts_count",
        source=HUB,
        alt=describe_levels(rows, "statistic", format_level, page.titles, "hosts of a model"),
    )


def draw_downloads(page: View) -> Figure:
    """Draws the last 30 days of every family's models."""
    rows = page.load_metric("model_downloads", "hub", statistics=("rolling_30d",))
    return draw_dot_figure(
        page,
        rows,
        name="downloads",
        metric="model_downloads",
        title=sentences.name_leader(rows, "count", page.titles, "Most downloaded models"),
        measure=f"Downloads of all models of a family{name_scale(rows)}",
        alt="downloads of the last 30 days",
        unit="count",
        source=HUB,
        where=HUB,
        lines="",
        is_narrow=False,
    )


def draw_packages(page: View) -> Figure:
    """Draws the last 30 days of every family's client packages, which both sides may have."""
    rows = page.load_metric("package_downloads", "packages", "all", ("rolling_30d",))
    some = [row for row in rows if row["state"] != "not applicable"]
    return Figure(
        name="packages",
        title=sentences.name_leader(rows, "count", page.titles, "Most downloaded client packages"),
        subtitle=f"Downloads of the maker's own Python packages{name_scale(some)}; "
        f"{page.describe_scope(rows, 'package index')}.",
        absent=sentences.name_absent(rows, page.titles),
        chart=draw_dots(some, "count", page.order_families(rows), page.titles, page.theme) if some else None,
        rows=rows,
        metric="package_downloads",
        source=INDEX,
        alt=sentences.describe_points(rows, "count", page.titles, "downloads of client packages in the last 30 days"),
    )


def name_scale(rows: Sequence[MetricRow]) -> str:
    """Names the scale on which counts are drawn, if it is not an even one."""
    scale, _ = axes.make_scale("count", sentences.select_measured(rows))
    return ", on a logarithmic scale" if scale.get("type") == "symlog" else ""


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
