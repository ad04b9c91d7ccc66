"""Which queries were equal before, over the same rows and carried by the same code: they need not run again."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import duckdb

from analytics.engine.digests import digest_rows
from analytics.engine.models import Model
from analytics.spark.building import INPUTS
from tests.gate.digests import digest
from tests.paths import ROOT

KEPT = ROOT / ".cache" / "parity.json"
MOST = 2000
"""So many are kept: branches take turns."""


def digest_queries(connection: duckdb.DuckDBPyConnection, models: list[Model]) -> dict[str, str]:
    """Digests by table all that its rows on the other engine rest on, and the rows that they are compared with."""
    code = digest("analytics/spark", "tests/tools/parity", "tests/benchmarks/peers/sail.lock")
    tables = INPUTS.union(*(model.reads | {model.table} for model in models))
    rows = {table: digest_rows(connection, table).whole for table in sorted(tables)}
    return {
        model.table: hashlib.sha256(
            json.dumps([code, model.text, [[table, rows[table]] for table in sorted(model.reads | {model.table})],
                        rows["ledger.files"]]).encode()
        ).hexdigest()
        for model in models
    }  # fmt: skip


def read_proofs(kept: Path = KEPT) -> dict[str, int]:
    """Reads the number of equal rows by the digest of what they rest on."""
    proofs: dict[str, int] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    return proofs


def keep_proofs(proofs: Mapping[str, int], kept: Path = KEPT) -> None:
    """Adds proofs to those that are kept, the newest last; a run that is killed leaves the former ones."""
    former = {name: rows for name, rows in read_proofs(kept).items() if name not in proofs}
    kept.parent.mkdir(exist_ok=True)
    aside = kept.with_suffix(f".{os.getpid()}")
    aside.write_text(json.dumps(dict([*former.items(), *proofs.items()][-MOST:])), encoding="utf-8")
    aside.replace(kept)
