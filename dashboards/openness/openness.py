"""The page "Openness": what a family costs, what it runs on, what you may do with it, and what others did with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboards.charts import axes
from dashboards.frame import layout
from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.tables import safe_link
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow
from dashboards.openness import like_prices, sentences_access, sentences_tuning
from dashboards.openness.sentences_levels import name_first
from dashboards.words import numbers, sentences
from dashboards.words.numbers import format_usd

OfferRow = Mapping[str, Any]
"""A dated offer to tune a model: a row of `metrics.tuning_offers`."""
QUESTION = "Can you get in, and make it yours?"
HUB = "the model hub"
INDEX = "the index of Python packages, mirrors excluded"
LISTED = "OpenRouter's list of models"
READ = "the makers' own pages, read by hand"
TERMS = f"{HUB}; terms of closed weights read by hand"
NOT_PEOPLE = "Downloads are requests, mostly of machines, and not people. Compare models with models only."
OFFERS = (
    "select * from metrics.tuning_offers order by min(from_on) over (partition by family_id) nulls last, family_id, "
    "from_on nulls last, tuning_method, url"
)
"""Offers in display order: the longest open first, each family together."""


def story(page: View) -> Story:
    """Tells prices and memory, what licences allow, who offers tuning, and what was built and downloaded."""
    memory = page.load_metric("smallest_memory_gib", "hub", segment="4-bit", statistics=("median",))
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


def _draw_levels(page: View, rows: Sequence[MetricRow], **given: Any) -> Figure:
    """Draws counts of all that is listed, as last seen; such counts have no interval."""
    figure = draw_dot_figure(page, rows, is_narrow=False, lines="", where=given["source"], **given)
    return replace(figure, subtitle=figure.subtitle.replace(", all time", ", as last seen"))


def _order_upwards(page: View, rows: Sequence[MetricRow]) -> list[str]:
    """Orders families by side and then from the least value."""
    return page.order_families([{**row, "value": -row["value"]} for row in sentences.select_measured(rows)])


def draw_prices(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws the cheapest and the median price of each family's models."""
    cheapest = [row for row in rows if row["statistic"] == "cheapest"]
    return _draw_levels(
        page,
        rows,
        name="price",
        metric="price_usd",
        title=name_first(cheapest, page.titles, "Cheapest", format_usd, is_less=True),
        measure="Dollars per million tokens, three parts input to one part output: cheapest (small mark) and median "
        "(large mark) of a family's models",
        alt="dollars per million tokens",
        unit="usd",
        statistics=("cheapest", "median"),
        headline=cheapest,
        order=_order_upwards(page, cheapest),
        source=LISTED,
    )


def draw_memory(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws the memory of the median model at four bits."""
    return _draw_levels(
        page,
        rows,
        name="memory",
        metric="smallest_memory_gib",
        title=sentences_access.name_smallest(rows),
        measure="Memory to load the median model at 4 bits, in GiB, estimated",
        alt="estimated memory of the median model in GiB",
        unit="rate",
        order=_order_upwards(page, rows),
        source=HUB,
        note="At 16 bits it needs about four times as much, and a long context needs more.",
    )


def draw_weights(page: View) -> Figure:
    """Draws the freedoms that licences grant: lowest, median and highest over a family's models."""
    names = ("lowest", "median", "highest")
    rows = page.load_metric("weight_freedom_points", "offers", "all", names)
    return _draw_levels(
        page,
        rows,
        name="weights",
        metric="weight_freedom_points",
        title=sentences_access.name_freest(rows, page.titles),
        measure="A point each if the weights can be downloaded, downloaded without asking, modified, passed on, and "
        "used commercially without a cap: lowest (small mark), median and highest of a family's models",
        alt="points of freedom out of 5",
        unit="count",
        statistics=names,
        headline=[row for row in rows if row["statistic"] == "median"],
        source=TERMS,
        note="No legal advice.",
    )


def draw_offers(page: View, offers: Sequence[OfferRow], counts: Sequence[MetricRow]) -> Figure:
    """Draws every offer to tune with its page and its days, and names the families whose offers were not read."""
    return Figure(
        name="offers",
        title=sentences_tuning.name_offers(offers, page.now.date()),
        subtitle="What the makers' pages said on the day they were read. ◆ was read too long ago to rely on."
        + sentences_tuning.name_unread(counts, page.titles),
        chart=None,
        rows=offers,
        counted="offers",
        metric="tuning_offers",
        source=READ,
        shown=[_describe_offer(row, page) for row in offers],
    )


def _describe_offer(row: OfferRow, page: View) -> dict[str, Any]:
    return {
        "family": page.titles[row["family_id"]],
        "how": row["tuning_method"],
        "through": row["offer_channel"],
        "from": str(row["from_on"] or "not stated"),
        "ended": str(row["ended_on"] or ""),
        "read on": f"{row['as_of_on']}{' ◆' if row['is_stale'] else ''}",
        "link": safe_link(row["url"]),
    }


def draw_changed(page: View) -> Figure:
    """Draws how much of what others publish on top of a family's models is changed, not only packed smaller."""
    rows = page.load_metric("changed_derivative_share", "hub", statistics=("changed",))
    return _draw_levels(
        page,
        rows,
        name="changed",
        metric="changed_derivative_share",
        title=name_first(rows, page.titles, "Most changed, not only packed smaller", numbers.format_share),
        measure="Share of the models that others made of a family's which are tuned, adapted or merged; the rest is "
        "quantized",
        alt="derived models that are changed",
        source=HUB,
        note="What is built on closed weights is not visible.",
    )


def draw_hosts(page: View) -> Figure:
    """Draws the number of other hosts that offer the same model."""
    rows = page.load_metric("hosts_count", "hub", "all", ("median", "most"))
    most = [row for row in rows if row["statistic"] == "most"]
    return _draw_levels(
        page,
        rows,
        name="hosts",
        metric="hosts_count",
        title=name_first(most, page.titles, "Most hosts of one model", numbers.format_count),
        measure="Hosts that serve a model through the hub: median (small mark) and most (large mark) over a family's "
        "models",
        alt="hosts of a model",
        unit="count",
        statistics=("median", "most"),
        headline=most,
        source=HUB,
        note="Hosts of closed models are not collected.",
    )


def draw_downloads(page: View) -> Figure:
    """Draws the last 30 days of every family's models."""
    rows = page.load_metric("model_downloads", "hub", statistics=("rolling_30d",))
    return _draw_levels(
        page,
        rows,
        name="downloads",
        metric="model_downloads",
        title=sentences.name_leader(rows, "count", page.titles, "Most downloaded models"),
        measure=f"Downloads of all models of a family{name_scale(rows)}",
        alt="downloads of the last 30 days",
        unit="count",
        source=HUB,
    )


def draw_packages(page: View) -> Figure:
    """Draws the last 30 days of every family's client packages, which both sides may have."""
    rows = page.load_metric("package_downloads", "packages", "all", ("rolling_30d",))
    return _draw_levels(
        page,
        rows,
        name="packages",
        metric="package_downloads",
        title=sentences.name_leader(rows, "count", page.titles, "Most downloaded client packages"),
        measure=f"Downloads of the maker's own Python packages{name_scale(rows)}",
        alt="downloads of client packages in the last 30 days",
        unit="count",
        source=INDEX,
    )


def name_scale(rows: Sequence[MetricRow]) -> str:
    """Names the scale on which counts are drawn, if it is not an even one."""
    scale, _ = axes.make_scale("count", sentences.select_measured(rows))
    return ", on a logarithmic scale" if scale.get("type") == "symlog" else ""


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
