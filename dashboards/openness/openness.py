"""The page "Openness": what a family costs, what you may do with it, and what others did with it."""

from functools import partial

from dashboards.frame import layout
from dashboards.frame.dots import DotSpec, draw_dots, load_dots
from dashboards.frame.story import Part, Story
from dashboards.frame.view import View, current_view
from dashboards.openness import sentences_openness
from dashboards.words import sentences

QUESTION = "Can you get in, and make it yours?"
HUB = "the model hub"
LISTED = "OpenRouter's list of models"
TERMS = f"{HUB}; terms of closed weights read by hand"
OFFERS = "select * from metrics.tuning_offers order by family_id, from_on nulls last, tuning_method, url"


ListedSpec = partial(DotSpec, is_listed=True)
"""A figure of counts of all that a source lists, as last seen."""
LIKE_PRICE = ListedSpec(
    name="like-price",
    metric="like_price_ratio",
    kind="prices",
    statistics=("median",),
    unit="times",
    best="Cheapest against comparable models",
    is_least_first=True,
    measure="Median price divided by that of comparable models of both sides",
    source=LISTED,
    note="Comparable: context of one class, and the same of images, tools and reasoning. Only kinds that both sides "
    "offer count.",
)
PRICE = ListedSpec(
    name="price",
    metric="price_usd",
    kind="prices",
    segment="blended",
    statistics=("cheapest", "median"),
    headline="cheapest",
    unit="usd",
    best="Cheapest",
    is_least_first=True,
    measure="Dollars per million tokens, three parts input to one part output",
    source=LISTED,
)
WEIGHTS = ListedSpec(
    name="weights",
    metric="weight_freedom_points",
    kind="offers",
    statistics=("lowest", "median", "highest"),
    headline="median",
    unit="count",
    word_title=sentences_openness.name_freest,
    measure="Freedoms of five, over a family's models",
    source=TERMS,
    note="A point each if the weights can be downloaded, downloaded without asking, modified, passed on, and used "
    "commercially without a cap. No legal advice.",
)
CHANGED = ListedSpec(
    name="changed",
    kind="hub",
    source=HUB,
    metric="changed_derivative_share",
    statistics=("changed",),
    best="Most often changed",
    measure="Share of derived models that are tuned, adapted or merged, not only quantized",
    note="What is built on closed weights is not visible.",
)


def story(page: View) -> Story:
    """Shows prices, what licences allow, who offers tuning, and what was built."""
    prices, weights = load_dots(page, LIKE_PRICE), load_dots(page, WEIGHTS)
    offers = page.load_rows(OFFERS)
    counts = page.load_metric("tuning_offers_count", "offers", "all", ("methods",))
    parts: list[Part] = [
        (draw_dots(page, LIKE_PRICE, rows=prices), draw_dots(page, WEIGHTS, rows=weights)),
        (draw_dots(page, PRICE), draw_dots(page, CHANGED)),
    ]
    stated = [
        sentences_openness.describe_free(weights, page.titles),
        sentences_openness.describe_tuning(offers, counts, page.families, page.titles, page.now.date()),
    ]
    none = "The data give no answer: no licence is known of these families."
    verdict = sentences_openness.judge_prices(prices, page.chosen, page.titles)
    known = [said for said in stated if said]
    if not verdict and len(known) > 1:
        verdict = f"**{known.pop(0)}**"
    return Story(QUESTION, sentences.join_answer(verdict, " ".join(known) or none), parts)


if __name__ == "__main__":
    layout.draw_story(current_view(), story)
