"""A figure of items that are alike is worth fewer independent ones, and below ten of these there is none."""

import re
from datetime import timedelta
from typing import Any

import pytest

from analytics.engine.models import read_models
from tests.worlds.rows import NOW, Rows, cut, found, measure, one

DAY = timedelta(days=1)
EVERY = {"channel_kind": "tracker", "channel_role": "all", "window": "365d"}


def test_a_figure_that_rests_on_an_estimate_passes_what_its_items_are_worth() -> None:
    """Whatever reads a table that says how many independent items there are; without it the gate counts all as such."""
    models = read_models()
    # `rules` holds the limit, and each shape reckons the worth of its items by itself.
    stated = {
        one.table
        for one in models
        if ("n_effective" in one.query or "statistics/waits.py" in one.header.data)
        and not one.is_public
        and one.table != "metrics.rules"
    }
    figures = [one for one in models if one.header.shape == "figure"]
    reading = [one for one in figures if stated & {*re.findall(r"\bmetrics\.\w+", one.query)}]

    assert len(reading) > 10
    assert [one.table for one in reading if "n_effective" not in one.query] == []


@pytest.mark.parametrize(
    ("metric", "cells"),
    [
        ("answered_share", {"segment": "anyone", "statistic": "within_7d"}),
        ("first_response_by_share", {"segment": "staff"}),
        ("first_response_hours", {"segment": "anyone", "statistic": "median"}),
        ("resolved_share", {"segment": "resolved", "statistic": "within_30d"}),
        ("resolution_hours", {"statistic": "p25"}),
    ],
)
def test_two_weeks_that_are_unlike_are_two_cases(metric: str, cells: dict[str, str]) -> None:
    """Thirty threads of one week were answered and resolved, and thirty of another were not."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(60):
        is_helped, opened_at = number < 30, NOW - (64 if number < 30 else 71) * DAY
        closed: dict[str, Any] = {
            "state": "closed", "closed_at": opened_at + DAY, "first_closed_at": opened_at + DAY,
            "closed_by_role": "staff", "close_reason": "completed",
        }  # fmt: skip
        rows.thread(
            channel, [(5, "staff")] if is_helped else [], age_hours=(NOW - opened_at) / timedelta(hours=1),
            **(closed if is_helped else {}),
        )  # fmt: skip
    con = measure(rows)
    row = one(con, metric, **EVERY, **cells)

    assert cut(row, "state", "value", "low", "high") == ("not enough data", None, None, None)
    assert "that do not depend on each other." in row["note"]
    assert found(con, "resolution_estimates", cause="resolved", **EVERY)[0]["n_effective"] < 10
