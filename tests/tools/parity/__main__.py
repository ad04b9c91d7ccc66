"""Prints how many queries give the same rows on Sail or PySpark as on DuckDB, over the sample world: `make parity`."""

import argparse
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from analytics.engine.models import find_models
from tests.paths import ROOT
from tests.tools.parity.builds import SAMPLE, compare_builds
from tests.tools.parity.comparing import Comparison
from tests.tools.parity.measuring import ENGINES, measure_parity, prepare_engine, read_not_carried
from tests.tools.parity.sail import serve_sail, start_client
from tests.worlds.page_worlds import make_sample


def print_table(compared: list[Comparison], engine: str) -> None:
    """Prints the number of queries by layer, what differs, and the sum of all."""
    known = read_not_carried()
    folders = {path.stem: path.relative_to(ROOT / "analytics").parts[0] for path in find_models(ROOT / "analytics")}
    layers = Counter(folders[item.table.partition(".")[2]] for item in compared)
    equal = Counter(folders[item.table.partition(".")[2]] for item in compared if not item.cause)
    for layer, files in layers.items():
        print(f"{layer:<14}{files:>5} files {equal[layer]:>5} equal")
    for item in compared:
        if item.cause:
            print(f"{item.table}: {item.cause}\n    {known.get(item.table, 'not known')}")
    print(f"{'all':<14}{layers.total():>5} files {equal.total():>5} equal {sum(item.rows for item in compared):>9} rows"
          f" {sum(item.seconds for item in compared):>6.0f} s on {ENGINES[engine]}, numbers with a fraction at most"
          f" {max((item.apart for item in compared), default=0):.1e} apart")  # fmt: skip


def build_sample(folder: Path, warehouse: Path) -> Path:
    """Builds the sample world on Sail, and returns its warehouse."""
    shutil.copytree(warehouse.parent / "landing", folder / "spark" / "landing")
    with serve_sail() as (address, _):
        client = start_client(folder / "spark", "build", "--engine", "spark", "--remote", address, environment=SAMPLE)
        told = "".join(client.communicate())
    if client.returncode:
        raise SystemExit(told)
    return folder / "spark" / "warehouse.duckdb"


def print_builds(theirs: Path, ours: Path) -> None:
    """Prints how many tables of two warehouses are equal, and what differs."""
    compared = compare_builds(ours, theirs)
    equal = [item for item in compared if not item.cause]
    print(f"{len(compared)} tables, {len(equal)} equal, {sum(item.rows for item in equal):,} equal rows")
    for item in compared:
        if item.cause:
            print(f"{item.table}: {item.cause}")


def main() -> None:
    """Measures over a home, or over the sample world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, help="another warehouse than that of the sample world")
    parser.add_argument("--only", default="", help="a word in the names of the tables to look at")
    parser.add_argument("--engine", choices=ENGINES, default="sail", help="pyspark needs Java")
    parser.add_argument(
        "--builds", action="store_true", help="build on Sail from what was landed, and compare all tables"
    )
    chosen = parser.parse_args()
    engine = prepare_engine(chosen.engine)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "carried").mkdir()
        warehouse = chosen.warehouse or make_sample(folder / "home") / "sample" / "warehouse.duckdb"
        if chosen.builds:
            print_builds(build_sample(folder, warehouse), warehouse)
            return
        print_table(measure_parity(warehouse, folder / "carried", engine, chosen.only), engine.name)


if __name__ == "__main__":
    main()
