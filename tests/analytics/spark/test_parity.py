"""Two engines give the same rows: every query on DuckDB and, by Spark's SQL, on Sail, over the sample world."""

from pathlib import Path

import pytest

from tests.tools.parity.measuring import measure_parity, prepare_engine, read_not_carried

pytestmark = [
    pytest.mark.slow,
    pytest.mark.rests_on(
        "analytics", "pipelines", "warehouse", "tests/analytics/spark/test_parity.py", "tests/benchmarks/peers",
        "tests/tools/parity", "tests/upstream", "tests/worlds", "tests/gate", "tests/paths.py",
    ),
]  # fmt: skip


def test_every_query_gives_the_same_rows_on_both_engines(
    sample_home: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """Those that do not are named with their cause, and leave the list as soon as they do. With --keep-proofs only
    queries run that changed, or rest on rows that did: all of them take two minutes of a core."""
    try:
        engine = prepare_engine("sail")
    except SystemExit as error:
        pytest.skip(str(error))

    keeps_proofs = bool(pytestconfig.getoption("--keep-proofs"))
    compared = measure_parity(sample_home / "sample" / "warehouse.duckdb", tmp_path, engine, keeps_proofs=keeps_proofs)

    assert {item.table: item.cause for item in compared if item.cause}.keys() == read_not_carried().keys()
    assert sum(item.rows for item in compared) > 2_000_000
