"""What must not matter to a figure does not: the order of rows, how ties fall, the time zone and the threads of the
connection."""

import random
from datetime import datetime
from typing import Any

import pytest

from analytics.engine.models import read_models
from tests.worlds.figures import PUBLIC, Figures, differences, figures
from tests.worlds.rows import Rows, compute, measure
from tests.worlds.sample_part import conformed

pytestmark = pytest.mark.slow
LAST_DAY = datetime(2026, 11, 1)
"""That of the last visits to the sample world: the day on which America sets its clocks back, a week after Europe."""


def _figures(rows: Rows) -> Figures:
    connection = measure(rows)
    compute(connection, *PUBLIC)
    return figures(connection)


def _crowded() -> Rows:
    """Rows of every conformed table, with instants before the last day cut to it: much happens at once, so that ties
    must be settled."""
    rows = Rows()
    for name, table in conformed().items():
        rows.tables[name] = [{column: _cut(value) for column, value in row.items()} for row in table]
    # No channel of it has a warning of its own.
    rows.add("warnings", channel_id="claude.reddit.claudeai", thing="posts", warning_kind="volume fallen")
    return rows


def _cut(value: Any) -> Any:
    is_early = isinstance(value, datetime) and value < LAST_DAY
    return value.replace(hour=0, minute=0, second=0, microsecond=0) if is_early else value


@pytest.fixture(scope="module")
def crowded() -> Figures:
    """All figures of the crowded world, in UTC and with its rows as they came."""
    return _figures(_crowded())


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_neither_zone_nor_order_nor_threads_change_a_figure_of_any_table(crowded: Figures, zone: str) -> None:
    """Across the nights on which clocks change, too: every instant is UTC, and days are 24 hours. One thread computed
    the figures before, four do now."""
    rows = _crowded()
    for table in rows.tables.values():
        random.Random(zone).shuffle(table)
    connection = measure(rows)
    try:
        connection.execute(f"set threads = 4; set TimeZone = '{zone}'")
        assert differences(_figures(rows), crowded) == []
    finally:
        connection.execute("set threads = 1; set TimeZone = 'UTC'")


def test_the_crowded_world_has_rows_in_all_tables_that_metrics_read() -> None:
    """What is not there cannot come out differently."""
    read = {table for model in read_models() if model.layer == "metrics" for table in model.reads}
    empty = {name for name, table in _crowded().tables.items() if not table}

    # Nobody in it answers as bots do, and nothing in it gives cause to warn; others test both.
    rare = {"staging.unknown_words", "staging.price_checks", "staging.account_roles", "staging.warnings"}
    assert {f"staging.{name}" for name in empty} & read <= rare
