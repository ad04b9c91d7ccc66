"""Prices of models of like kind: the verdict counts the marks of the chart below it."""

from pathlib import Path
from typing import Any

import pytest

from dashboards.openness import openness, sentences_openness
from dashboards.words import numbers
from tests.dashboards.test_pages import seen

TITLES = {"qwen": "Qwen", "gpt": "GPT*"}


def row(family: str, side: str, value: float | None) -> dict[str, Any]:
    """A family's middle price over that of both sides."""
    return {"family_id": family, "side": side, "value": value, "state": "measured" if value else "not enough data"}


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ((), "**1 open and no proprietary families cost less** than the median of comparable models."),
        (("qwen", "gpt"), "**Qwen costs less** than the median of comparable models."),
        (("gpt",), "**GPT\\* costs no less** than the median of comparable models."),
    ],
)
def test_the_verdict_counts_who_costs_less(chosen: tuple[str, ...], said: str) -> None:
    """By side, and of chosen families by name."""
    rows = [row("qwen", "open", 0.2), row("gpt", "proprietary", 1.4)]
    own = [one for one in rows if not chosen or one["family_id"] in chosen]
    assert sentences_openness.judge_prices(own, chosen, TITLES) == said
    assert sentences_openness.judge_prices([row("gpt", "proprietary", None)], chosen, TITLES) == ""


def test_the_chart_of_the_verdict_comes_first(sample_home: Path) -> None:
    page = seen(sample_home)
    figure = openness.story(page).figures()[0]
    assert (figure.name, figure.metric, figure.has_receipts) == ("like-price", "like_price_ratio", True)
    least = min((one for one in figure.rows if one["value"] is not None), key=lambda one: one["value"])
    assert numbers.escape_markdown(page.titles[least["family_id"]]) in figure.title
    assert len(openness.story(seen(sample_home, chosen=("qwen", "gpt"))).figures()[0].rows) == 2
