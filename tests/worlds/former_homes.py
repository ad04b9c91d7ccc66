"""Homes that the code of former versions made (`tests/faults/formats/former_home.py`), for tests of what takes them
over."""

import shutil
from pathlib import Path

import duckdb

from tests.paths import ROOT
from warehouse.database import OFFLINE, warehouse_path

FORMATS = ROOT / "tests" / "faults" / "formats"
"""The tables of the warehouse itself as each format first made them, by its number, and the homes."""


def restore_home(name: str, home: Path) -> None:
    """Makes a home that the code of a former version made, its warehouse of the SQL that it was kept as."""
    shutil.copytree(FORMATS / "homes" / name, home)
    with duckdb.connect(str(warehouse_path(home)), config=dict(OFFLINE)) as connection:
        connection.execute((home / "warehouse.sql").read_text(encoding="utf-8"))
