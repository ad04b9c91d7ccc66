"""What a figure says of its own rows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.frame.footer import compose_footer
from dashboards.frame.layout import explain_empty
from dashboards.frame.story import KEYS, Figure
from tests.dashboards.test_pages import seen
from warehouse.wording import GAP


@pytest.mark.parametrize(
    ("covers", "said"),
    [
        ((0.4, 1.0), "coverage 40 % to 100 %"),
        ((0.991, 0.991), "coverage 99 %"),
        ((0.991, 0.998), "coverage at least 99 %"),
        ((0.987, 0.998), "coverage at least 98 %"),
        ((0.998, 1.0), "coverage at least 99 %"),
        ((1.0, 1.0), "coverage 100 %"),
    ],
)
def test_a_range_of_coverage_that_says_nothing_is_its_least(
    covers: tuple[float, float], said: str, state_home: Callable[[str], Path]
) -> None:
    """It read "99 % to over 99 %"; a stated coverage holds for all rows."""
    rows = [{"coverage_share": cover} for cover in covers]
    assert compose_footer(seen(state_home("sample")), rows, "s").replace(GAP, " ").endswith(f" · {said}")


def test_an_empty_figure_says_why_of_each_family(state_home: Callable[[str], Path]) -> None:
    """All it said was that there is no value."""
    page = seen(state_home("sample"))
    unseen = dict.fromkeys(KEYS, "all") | {
        "family_id": "llama", "state": "not enough data", "n": 33,
        "note": "367 of 400 were not seen: too many for a value.",
    }  # fmt: skip
    few = unseen | {"family_id": "phi", "n": 2, "note": "Only 2."}
    rows = [
        few,
        unseen,
        unseen | {"statistic": "p90"},
        unseen | {"family_id": "grok", "state": "not collected", "note": ""},
    ]
    figure = Figure(name="f", title="", subtitle="", rows=rows, metric="answered_share", source="")
    assert explain_empty(page, figure).split("  \n") == [
        "≈ Phi and Llama: not enough data. Phi: Only 2\\. Llama: 367 of 400 were not seen\\: too many for a value\\.",
        "○ Grok: not collected. It exists, but we have not read it",
    ]
    assert "`heartbeat status`" in explain_empty(page, replace(figure, rows=[]))
