"""Compares whole builds: all tables of a warehouse that one engine built with those of another one's."""

import tempfile
from pathlib import Path

import duckdb

from analytics.engine.models import Model, read_models
from analytics.engine.splitting import split_models
from analytics.spark.columns import list_columns, render_handed
from pipelines.commands.sample import CATALOG, NOW
from tests.tools.parity.comparing import Comparison, compare_rows

SAMPLE = {"HEARTBEAT_CATALOG": str(CATALOG), "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_NOW": NOW.isoformat()}
"""What a build of the sample world is told by the environment."""
MEMORY = "20%"
"""How much of the machine's memory each of two warehouses may take, before rows are sorted on the disk."""
STRATUM = "stratum_id"
NATURAL = 'subject, family_id, channel_kind, channel_role, segment, "window"'
"""What a stratum is a hash of, which each engine makes in its way."""


def compare_builds(ours: Path, theirs: Path) -> list[Comparison]:
    """Compares all rows and types of all tables."""
    models = [step.model for step in split_models(read_models())]
    with (
        duckdb.connect(str(ours), read_only=True) as connection,
        duckdb.connect(str(theirs), read_only=True) as other,
        tempfile.TemporaryDirectory() as scratch,
    ):
        for one in (connection, other):
            one.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute("set timezone = 'UTC'")
        path = Path(scratch) / "rows.parquet"
        _match_strata(connection, other, path)
        return [_compare_table(connection, other, model, path) for model in models]


def _match_strata(connection: duckdb.DuckDBPyConnection, other: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Finds which stratum of the one build is which of the other: the rows of a curve have no other key."""
    connection.execute(
        f"copy (select distinct {NATURAL}, {STRATUM} as own_id from metrics.survival_strata) to '{path}'"
    )
    other.execute(
        f"create temp table strata as select distinct s.{STRATUM}, o.own_id from metrics.survival_strata as s"
        f" join '{path}' as o using ({NATURAL})"
    )


def _compare_table(
    connection: duckdb.DuckDBPyConnection, other: duckdb.DuckDBPyConnection, model: Model, path: Path
) -> Comparison:
    wanted, given = (list_columns(one, model.table) for one in (connection, other))
    if wanted != given:
        return Comparison(model.table, 0, 0, f"types differ: {sorted(wanted.items() ^ given.items())}")
    rows = model.table
    if STRATUM in given:
        own = f"t.* replace (s.own_id as {STRATUM})"
        rows = f"(select {own} from {model.table} as t left join strata as s using ({STRATUM}))"
    other.execute(f"copy (select {render_handed(given)} from {rows}) to '{path}'")
    count, cause, apart = compare_rows(connection, model, path)
    return Comparison(model.table, count, 0, cause, apart)
