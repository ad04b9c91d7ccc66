"""Downloads, derivatives and who carries the work."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, found_items, measure, one

DAY = timedelta(days=1)


def _model(
    rows: Rows, hub: str, model: str, age_days: int, rolling: int | None, total: int | None = None, **cells: Any
) -> None:
    rows.add(
        "models_daily",
        model_id=model,
        channel_id=hub,
        family_id="family",
        day_on=NOW.date() - timedelta(days=age_days),
        downloads_30d=rolling,
        downloads_all_time=total,
        seen_at=NOW,
        **cells,
    )


def test_rolling_downloads_are_a_level_and_never_added_over_days() -> None:
    """Three days of 100 are 100; two models are added on the newest day only."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "hub", "hub")
    for age in (2, 1, 0):
        _model(rows, hub, "a", age, 100)
    _model(rows, hub, "b", 1, 999)
    _model(rows, hub, "b", 0, 30)

    assert cut(one(measure(rows), "model_downloads", statistic="rolling_30d"), "value", "n", "state") == (
        130,
        2,
        "measured",
    )


def test_a_model_that_the_newest_day_lacks_counts_as_last_seen() -> None:
    """A day that brought one model of four is no day of few downloads; what was not seen for eight days is gone,
    and a model without a count is none."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "hub", "hub")
    for model, age, rolling in [("a", 1, 999), ("a", 0, 100), ("b", 1, 2000), ("c", 7, 30000), ("d", 8, 400000)]:
        _model(rows, hub, model, age, rolling)
    _model(rows, hub, "e", 0, None)

    assert cut(one(measure(rows), "model_downloads", statistic="rolling_30d"), "value", "n", "state") == (
        32100,
        3,
        "measured",
    )


def test_the_daily_difference_spreads_what_came_between_two_visits() -> None:
    """Sixty in three days and ten in one are 20 and 10 a day; a model seen once has none."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "hub", "hub")
    for model, looks in {"a": [(4, 1000), (1, 1060)], "b": [(1, 7), (0, 17)], "c": [(0, 5)]}.items():
        for age, total in looks:
            _model(rows, hub, model, age, 1, total)
    con = measure(rows)

    items = found_items(con, "model_downloads")
    assert {row["item_id"]: row["downloads_per_day"] for row in items if row["previous_on"]} == {"a": 20, "b": 10}
    assert cut(one(con, "model_downloads", statistic="daily_difference"), "value", "n") == (30, 2)


def test_a_fall_of_one_model_leaves_the_family_without_a_difference() -> None:
    """What the others gained is not the family's gain; the 30-day level is not touched."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "hub", "hub")
    for model, totals in {"a": (100, 90), "b": (50, 80)}.items():
        for age, total in zip((1, 0), totals, strict=True):
            _model(rows, hub, model, age, 10, total)
    con = measure(rows)

    assert cut(one(con, "model_downloads", statistic="daily_difference"), "value", "low", "high") == (None, None, None)
    assert one(con, "model_downloads", statistic="rolling_30d")["value"] == 20


def test_derivatives_are_the_newest_level_and_its_rise_in_30_days() -> None:
    """By relation; a rise over 60 days is halved, and what was never counted is not 0."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "hub", "hub")
    _model(rows, hub, "a", 60, 1, finetunes=10, adapters=0)
    _model(rows, hub, "a", 10, 1, finetunes=50, adapters=0)
    _model(rows, hub, "a", 0, 1, finetunes=70, adapters=0)
    con = measure(rows)
    figures = {cut(row, "segment", "statistic"): cut(row, "value", "state") for row in found(con, "model_derivatives")}

    assert figures["finetune", "total"] == (70, "measured")
    assert figures["finetune", "new"] == (pytest.approx(30), "measured")
    assert figures["adapter", "total"] == (0, "measured")
    assert figures["merge", "total"] == (None, "not enough data")
    assert (
        one(con, "model_derivatives", segment="merge", statistic="new")["note"]
        == "Not known yet. Observed for less than 30 days."
    )
    assert one(con, "model_derivatives", segment="merge", statistic="total")["note"] == "Not known yet."


def test_a_young_model_rose_from_nothing_and_one_that_is_gone_counts_no_more() -> None:
    """Of 8 and 5 on models of 20 and of 40 days, first visited ten days ago, the 8 are new, and of the older one nobody
    knows; 30 on a model that was not there for ten days are none."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "hub", "hub")
    for model, age, level in (("young", 20, 8), ("older", 40, 5)):
        for days in (10, 0):
            _model(rows, hub, model, days, 1, finetunes=level - days // 5, created_at=NOW - timedelta(days=age))
    _model(rows, hub, "gone", 10, 1, finetunes=30, created_at=NOW - timedelta(days=12))
    figures = {row["statistic"]: row for row in found(measure(rows), "model_derivatives", segment="finetune")}

    assert cut(figures["total"], "value", "n") == (13, 2)
    assert cut(figures["new"], "value", "n") == (8, 1)


def test_bots_agents_and_deleted_accounts_carry_no_work() -> None:
    """Half of the merged changes of people, not of everything merged, nor of what was only proposed."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    makers = [
        ("ann", "outsider", 12, True),
        ("bob", "staff", 9, True),
        ("dep", "bot", 99, True),
        (None, "unknown", 50, True),
        ("eve", "agent", 40, True),
        ("cyd", "outsider", 70, False),
    ]
    for actor, role, count, is_merged in makers:
        for number in range(count):
            rows.add(
                "changes",
                change_id=f"{role}-{actor}-{number}",
                channel_id=channel,
                family_id="family",
                channel_role="sdk",
                actor_id=actor,
                author_role=role,
                opened_at=NOW - 9 * DAY,
                merged_at=NOW - 8 * DAY if is_merged else None,
                seen_at=NOW,
            )
    con = measure(rows)
    figures = {
        row["statistic"]: cut(row, "value", "n")
        for row in found(con, "contributor_absence_factor", segment="people", channel_role="all", window="30d")
    }

    assert figures == {"half": (1, 21), "half_of_100": (None, 21)}
