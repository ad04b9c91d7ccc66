"""How openly the status pages of a test snapshot tell of their incidents."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tests.worlds.snapshots import rows

if TYPE_CHECKING:
    from tests.worlds.snapshots.rows import World
TOLD = {"with_cause": 0.3, "with_postmortem": 0.1, "names_components": 0.9, "states_start": 0.2, "retro_posted": 0.06}


def tables(world: "World") -> dict[str, pa.Table]:
    """The shares of incidents that are told of in each way."""
    told = [*shares(world)] if world.has_rows else []
    return {"metrics.disclosure_share": pa.Table.from_pylist(told, rows.METRIC_SCHEMA)}


def shares(world: "World") -> Iterator[dict[str, Any]]:
    """The same of all pages; Command's had too few incidents to say."""
    for statistic, share in TOLD.items():
        for family, _, rate, row in rows.status_pages(world, "share", statistic=statistic):
            yield _row(world, family, rate, share, row)


def _row(world: "World", family: str, rate: float | None, value: float, row: dict[str, Any]) -> dict[str, Any]:
    if rate is None:
        return row
    if not rate:
        return rows.metric(world, family, None, **row) | {"state": "not enough data", "note": "No incidents."}
    return rows.metric(world, family, value, 0.1, **row) | {"n": 60}
