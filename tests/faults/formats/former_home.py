"""Made the homes of former versions in `homes/`: run it where the code of one is checked out.

    git worktree add /tmp/former COMMIT
    cd /tmp/former && PYTHONPATH=. python former_home.py OUT

`homes/homes.toml` names the commit of each. It lands two visits of three days of downloads, loads the first, writes a
row into each log of the warehouse, publishes, and keeps all but the files of the engine, and the warehouse as SQL.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CHANNEL = "example.packages.one"
START = datetime(2026, 10, 1, 6, tzinfo=UTC)


def land(landing: Any, zone: Any, day: int, rows: list[tuple[int, int]]) -> None:
    """Lands a visit with the code of whichever version this is."""
    at = START + timedelta(days=day)
    begin = getattr(landing, "open_writer", None) or landing.begin
    writer = begin(zone, CHANNEL, "packages", at)
    keep = getattr(writer, "add_rows", None) or writer.keep
    days = [(f"2026-10-{number:02d}", downloads) for number, downloads in rows]
    keep(
        [("downloads", on, at, json.dumps({"package": "one", "day_on": on, "downloads": count})) for on, count in days],
        at,
    )
    manifest = getattr(writer, "manifest", None) or writer.slip
    manifest.cursors["downloads"] = {"after": rows[-1][0]}
    manifest.outcomes["downloads"] = {
        "state": "complete", "rows": len(rows), "expected": len(rows), "requests": 1, "points": 0, "error": "",
    }  # fmt: skip
    writer.finish(at)


def dump(connection: Any) -> str:
    """Writes the tables of a warehouse with their rows as SQL."""
    lines = ["create schema if not exists raw;", "create schema if not exists ledger;"]
    tables = connection.execute(
        "select schema_name, table_name, sql from duckdb_tables() where schema_name in ('raw', 'ledger') order by all"
    ).fetchall()
    for schema, table, sql in tables:
        lines.append(sql)
        rows = connection.execute(f"from {schema}.{table}").fetchall()
        lines += [f"insert into {schema}.{table} values ({', '.join(map(render, row))});" for row in rows]
    return "\n".join(lines) + "\n"


def render(value: Any) -> str:
    """Renders a value as a literal."""
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if isinstance(value, dict):
        return "map {" + ", ".join(f"{render(key)}: {render(own)}" for key, own in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(render, value))}]"
    return "'" + str(value).replace("'", "''") + "'"


def fill_logs(connection: Any) -> None:
    """Writes a row into each log that cannot be made again; a former version may lack some."""
    logs = {
        "methods": "select 'uptime_share' as name, 2 as version, 'digest' as digest, 1 as number,"
        " timestamp '2026-10-02' as as_of_at",
        "verdicts": "select 'h1' as claim_id, 1 as number, 1 as claim_version, 'holds' as verdict, 0.5 as effect,"
        " timestamp '2026-10-02' as as_of_at",
        "restatements": "select 'uptime_share' as name, 1 as number, 1 as old_version, 2 as new_version,"
        " timestamp '2026-10-02' as as_of_at, 0.9 as old_value, 0.8 as new_value",
    }
    for log, sql in logs.items():
        if connection.execute("select 1 from duckdb_tables() where table_name = ?", [log]).fetchall():
            connection.execute(f"insert into ledger.{log} by name {sql}")


def record_attempt(out: Path) -> None:
    """Records a build that failed, where the version has a ledger of attempts."""
    if not find_spec("warehouse.attempts"):
        return
    from warehouse.attempts.entries import AttemptKind, AttemptState, Beginning
    from warehouse.attempts.writer import AttemptWriter

    writer = AttemptWriter(Beginning(kind=AttemptKind.BUILD, version="0.1.0", pid=1, started_at=START))
    writer.open(out)
    writer.close(AttemptState.FAILED, START, "disk", "no room")


def main(out: Path) -> None:
    """Makes the home."""
    from warehouse import database, landing, load, publish

    zone = landing.open_zone(str(out / "landing"))
    opening = (
        getattr(database, "open_warehouse", None) or getattr(database, "open_writer", None) or vars(database)["writer"]
    )
    loading = getattr(load, "load_new_files", None) or vars(load)["load"]
    land(landing, zone, 1, [(1, 10), (2, 20)])
    connection = opening(out)
    loading(connection, zone, START + timedelta(days=1))
    fill_logs(connection)
    land(landing, zone, 2, [(2, 21), (3, 30)])
    (out / "warehouse.sql").write_text(dump(connection), encoding="utf-8")
    publishing = getattr(publish, "publish_snapshot", None) or vars(publish)["publish"]
    path = publishing(connection, out, START + timedelta(days=2), "0.1.0").path
    connection.close()
    # What a pointer names is made of the warehouse again; the files of the engine would be large.
    for rest in (path, out / "warehouse.duckdb"):
        rest.unlink()
    record_attempt(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
