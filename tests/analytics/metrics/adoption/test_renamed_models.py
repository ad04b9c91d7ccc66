"""A model that its maker renames goes on: its counters neither begin again nor count under both names."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, found_items, measure, one

MOVED_DAYS = 10
"""Days since the maker renamed the model."""


def _move(rows: Rows, hub: str, ages: range, **counters: int) -> None:
    """A model that is seen daily, under its former name until the day of the move, when a list still had it."""
    for age in ages:
        names = ["new"] if age < MOVED_DAYS else ["old"] if age > MOVED_DAYS else ["old", "new"]
        for name in names:
            _look(rows, hub, name, age, **{counter: 1000 - daily * age for counter, daily in counters.items()})


def _look(rows: Rows, hub: str, name: str, age: int, **cells: Any) -> None:
    moved = {"renamed_on": NOW.date() - timedelta(days=MOVED_DAYS), "renamed_to": "new"} if name == "old" else {}
    rows.add(
        "models_daily", model_id=name, channel_id=hub, family_id="family", day_on=NOW.date() - timedelta(days=age),
        seen_at=NOW, created_at=NOW - timedelta(days=95), **moved, **cells,
    )  # fmt: skip


def test_the_day_of_a_move_is_a_day_like_any_other() -> None:
    """Ten a day are ten, of one model, and no day of the thirty is missing."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "hub", "hub")
    _move(rows, hub, range(60), downloads_all_time=10)
    for row in rows.tables["models_daily"]:
        row["downloads_30d"] = 300
    con = measure(rows)
    changes = found_items(con, "model_downloads")

    assert [cut(row, "model_id", "downloads_per_day") for row in changes] == [("new", 10)] * 30
    assert cut(one(con, "model_downloads", statistic="daily_difference"), "value", "n") == (10, 1)


def test_a_renamed_model_rose_from_what_it_had_under_its_former_name() -> None:
    """Two more a day are sixty in thirty days; it counts once in the total."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "hub", "hub")
    _move(rows, hub, range(60), finetunes=2)
    con = measure(rows)
    figures = {row["statistic"]: row for row in found(con, "model_derivatives", segment="finetune")}

    assert cut(figures["total"], "value", "n") == (1000, 1)
    assert cut(figures["new"], "value", "n") == (pytest.approx(60), 1)


def test_a_renamed_model_keeps_what_it_had_at_an_age() -> None:
    """It was 30 days old under its former name, and 90 days old under the present one."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "hub", "hub")
    _move(rows, hub, range(95), downloads_all_time=10)
    for row in rows.tables["models_daily"]:
        row["parameters"] = 7_000_000_000
    reached = found_items(measure(rows), "relative_adoption_ratio")

    assert {cut(row, "model_id", "age_days", "downloads_so_far") for row in reached} == {
        ("new", 30, 1000 - 650), ("new", 90, 1000 - 50),
    }  # fmt: skip
