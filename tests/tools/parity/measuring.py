"""Measures the parity of two engines over one warehouse."""

import json
import os
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analytics.engine.models import Model
from tests.benchmarks.peers.environments import prepare_environment
from tests.paths import ROOT
from tests.tools.parity.comparing import Comparison, compare_rows
from tests.tools.parity.inputs import export_inputs, list_models
from tests.tools.parity.proofs import digest_queries, keep_proofs, read_proofs

SCRIPT = Path(__file__).with_name("on_engine.py")
NOT_CARRIED = Path(__file__).with_name("not_carried.toml")
ENGINES = {"sail": "Sail", "pyspark": "PySpark"}
"""Engines that run Spark's SQL, by the names of their environments."""


@dataclass(frozen=True, slots=True)
class EngineUse:
    """An engine beside DuckDB: its name, and the Python of its environment."""

    name: str
    python: Path


def prepare_engine(name: str) -> EngineUse:
    """Prepares an engine; raises SystemExit where its packages, or the Java that it needs, cannot be had."""
    if name == "pyspark" and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise SystemExit("PySpark needs Java 17 or later: on Debian, apt-get install openjdk-17-jre-headless")
    return EngineUse(name, prepare_environment(name))


def measure_parity(
    warehouse: Path, folder: Path, engine: EngineUse, only: str = "", keeps_proofs: bool = False
) -> list[Comparison]:
    """Runs every query, or those whose table's name holds a word, over the tables of a warehouse, on another engine,
    and compares all rows with those of the warehouse; may pass over what was equal before."""
    models = [model for model in list_models() if only in model.table]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        digests = digest_queries(connection, models) if keeps_proofs else {}
        proofs = read_proofs() if keeps_proofs else {}
        proved = {table: proofs[name] for table, name in digests.items() if name in proofs}
        fresh = [model for model in models if model.table not in proved]
        compared = _compare_models(connection, fresh, folder, engine) if fresh else []
    if keeps_proofs:
        equal = proved | {item.table: item.rows for item in compared if not item.cause}
        keep_proofs({digests[table]: rows for table, rows in equal.items()})
    return [*(Comparison(table, rows, 0, "") for table, rows in proved.items()), *compared]


def _compare_models(
    connection: duckdb.DuckDBPyConnection, models: list[Model], folder: Path, engine: EngineUse
) -> list[Comparison]:
    export_inputs(connection, models, folder)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "RUST_LOG": "error"}
    command = [str(engine.python), str(SCRIPT), engine.name, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{SCRIPT.name}: {done.stderr.strip()[-2000:]}")
    notes = json.loads((folder / "notes.json").read_text(encoding="utf-8"))
    return [_compare_model(connection, model, folder, notes[model.table]) for model in models]


def _compare_model(
    connection: duckdb.DuckDBPyConnection, model: Model, folder: Path, note: dict[str, str | float]
) -> Comparison:
    seconds, error = float(note["seconds"]), str(note["error"])
    if error:
        return Comparison(model.table, 0, seconds, f"fails: {error}")
    rows, cause, apart = compare_rows(connection, model, folder / f"{model.table}.parquet")
    return Comparison(model.table, rows, seconds, cause, apart)


def read_not_carried() -> dict[str, str]:
    """Reads why a table is not equal yet, by its name."""
    return {table: entry["cause"] for table, entry in tomllib.loads(NOT_CARRIED.read_text(encoding="utf-8")).items()}
