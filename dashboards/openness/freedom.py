"""The page "Can you make it yours?": what may be tuned, since when and through whom, what has ended, and what people
built from it."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes
from dashboards.frame import layout
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.tables import safe_link
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow
from dashboards.openness import levels
from dashboards.openness.charts import offers as charts_offers
from dashboards.openness.charts import panels
from dashboards.openness.sentences import freedom
from dashboards.openness.sentences import levels as sentences_levels
from dashboards.openness.sentences.levels import format_level
from dashboards.words import numbers, sentences
from warehouse.wording import count_things

OfferRow = Mapping[str, Any]
"""A dated offer to tune a model: a row of `metrics.tuning_offers`."""
QUESTION = "Can you make it yours?"
SHOWN = 2
"""Figures shown by themselves: who may tune, and what the licences allow."""
READ = "the makers' own pages, read by hand"
HUB = "the model hub"
LISTED = "OpenRouter's list of models"
RELATIONS = {"finetune": "fine-tuned", "adapter": "adapters", "quantized": "quantized", "merge": "merges"}
"""Relations of a model on the Hub to its base model, in words."""
OFFERS = (
    "select * from metrics.tuning_offers order by min(from_on) over (partition by family_id) nulls last, family_id, "
    "from_on nulls last, tuning_method, url"
)
"""Offers in display order: the longest open first, each family together."""
BASES = (
    "Where a maker serves both, a tuned model ends with its base model; your own weights last as long as somebody "
    "keeps a copy. Not collected: which tuned models ended this way, and whether a named replacement can be tuned "
    "like the old model."
)


def story(page: View) -> Story:
    """Tells the dated offers, then what the weights allow, and what was built from them."""
    offers = page.load_rows("metrics.tuning_offers", OFFERS)
    counts = page.load_metric("tuning_offers_count", "offers", "all", ("methods",))
    today = page.now.date()
    answer = sentences.tell_in_steps(
        freedom.judge_page(offers, counts, page.families, today),
        freedom.answer_page(offers, counts, page.families, page.titles, today),
    )
    parts: list[Part] = [
        draw_offers(page, offers, counts),
        draw_weights(page),
        draw_controls(page),
        Words("## What people built from them"),
        draw_derivatives(page),
    ]
    return Story(
        QUESTION,
        answer,
        [
            *parts,
            Words(BASES, True),
            draw_offer_table(page, offers),
        ],
        SHOWN,
    )


def draw_offers(page: View, offers: Sequence[OfferRow], counts: Sequence[MetricRow]) -> Figure:
    """Draws the bars of all offers, and a label for each family whose offers have not been researched."""
    families_read = {row["family_id"] for row in offers}
    silent = [row for row in counts if row["family_id"] not in families_read and row["side"] != "host"]
    sides = page.sides
    title = freedom.describe_offers(offers, page.now.date())
    return Figure(
        name="offers",
        title=title,
        subtitle="A bar is an offer: ● own weights, □ the maker's service, ◇ a cloud; pale after the day it was last "
        "read, as it may have ended since. ▸ no known end; dotted: no stated start.",
        chart=charts_offers.draw_gantt(offers, silent, page.titles, sides, page.now.date(), page.theme)
        if offers
        else None,
        rows=offers,
        counted="lines",
        metric="tuning_offers",
        source=READ,
        alt=freedom.describe_bars(offers, silent, page.titles),
    )


def draw_weights(page: View) -> Figure:
    """Draws the freedoms that licences grant: lowest and highest over a family's models."""
    names = ("lowest", "median", "highest")
    rows = page.load_metric("weight_freedom_points", "offers", "all", names)
    scaled = {"domain": [0, 5], "nice": False}, {"values": [0, 1, 2, 3, 4, 5], "format": "d", "title": None}
    return Figure(
        name="weights",
        title=freedom.name_freest(rows, page.titles),
        subtitle="A point each if the weights can be downloaded, downloaded without asking, modified, passed on, and "
        "used commercially without a cap: lowest (small mark), median and highest of a family's models.",
        chart=levels.draw_ordered_levels(page, rows, names, "median", format_level, scaled),
        rows=rows,
        metric="weight_freedom_points",
        source=f"{HUB}; terms of closed weights read by hand",
        alt=sentences_levels.describe_levels(
            rows, "statistic", format_level, page.titles, "points of freedom out of 5"
        ),
    )


def draw_controls(page: View) -> Figure:
    """Draws the controls of a request, for readers who do not tune."""
    names = ("fewest", "median", "most")
    rows = page.load_metric("control_surface_count", "prices", "all", names)
    most = [row for row in rows if row["statistic"] == "most"]
    scaled = axes.make_count_scale([row["value"] for row in sentences.select_measured(rows)])
    return Figure(
        name="controls",
        title=freedom.name_most_controls(most, page.titles),
        subtitle="Parameters that a request may set (temperature, tools, seed …), without any tuning: fewest (small "
        f"mark), median and most of a family's listed models; {levels.describe_scope(page, rows, LISTED)}. Holding the "
        "weights allows more than this.",
        chart=levels.draw_ordered_levels(page, rows, names, "median", format_level, scaled),
        rows=rows,
        metric="control_surface_count",
        source=LISTED,
        alt=sentences_levels.describe_levels(rows, "statistic", format_level, page.titles, "controls in a request"),
    )


def draw_derivatives(page: View) -> Figure:
    """Draws derivatives per thousand downloads by relation: freedom that was used."""
    rows = [row for row in page.load_metric("derivative_rate", "hub") if row["segment"] in RELATIONS]
    measured_rows = sentences.select_measured(rows)
    finetunes = [row for row in rows if row["segment"] == "finetune"]
    why = freedom.describe_unseen(rows, page.titles)
    return Figure(
        name="made",
        title=sentences_levels.name_first(
            finetunes, page.titles, "Most fine-tuned models per thousand downloads", numbers.format_rate
        ),
        subtitle="Models on the hub that name one of the family's as their base, per 1,000 downloads of it; "
        f"{levels.describe_scope(page, rows, HUB)}. Downloads are requests, mostly by machines, and relations are "
        f"partly inferred: treat this as an order of magnitude. A count of all, so there is no interval.{why}",
        chart=panels.draw_panels(
            measured_rows, "rate", RELATIONS, "segment", page.order_families(finetunes), page.titles, page.theme
        )
        if measured_rows
        else None,
        rows=rows,
        metric="derivative_rate",
        source=HUB,
        alt=sentences_levels.describe_levels(
            rows, "segment", numbers.format_rate, page.titles, "models made per thousand downloads"
        ),
    )


def draw_offer_table(page: View, offers: Sequence[OfferRow]) -> Figure:
    """Draws every offer in words, with its page and the day on which it was read."""
    stale = sum(bool(row["is_stale"]) for row in offers)
    counted = count_things(len(offers), "offer was", "offers were")
    return Figure(
        name="read",
        title=f"{counted} read, {stale} of them long ago" if offers else "No offer was read",
        subtitle="What the makers' pages said on the day they were read. ◆ was read too long ago to rely on.",
        chart=None,
        rows=offers,
        metric="tuning_offers",
        source=READ,
        counted="offers",
        shown=[
            _describe_offer(row, page) for row in sorted(offers, key=lambda row: page.titles[row["family_id"]].lower())
        ],
    )


def _describe_offer(row: OfferRow, page: View) -> dict[str, Any]:
    return {
        "family": page.titles[row["family_id"]],
        "how": row["tuning_method"],
        "through": row["offer_channel"],
        "what the maker says": row["fact_words"],
        "from": str(row["from_on"] or "not stated"),
        "ended": str(row["ended_on"] or ""),
        "read on": f"{row['as_of_on']}{' ◆' if row['is_stale'] else ''}",
        "link": safe_link(row["url"]),
    }


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
