"""Comparison of two engines' rows: it tells a difference, and none where there is none."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.tools.parity.comparing import compare_rows
from tests.tools.parity.inputs import list_models

pytestmark = pytest.mark.rests_on(
    "analytics", "warehouse", "tests/analytics/spark/test_comparing.py", "tests/tools/parity",
)  # fmt: skip
ROWS = "(values ('a', 1.5, 7), ('b', 0.1 + 0.2, null)) as t (name, amount, place_id)"


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        (ROWS, ""),
        (ROWS.replace("0.1 + 0.2", "0.3000000001"), ""),
        (ROWS.replace("0.1 + 0.2", "0.300001"), "of 2 rows differ 1 of amount"),
        (ROWS.replace("0.1 + 0.2", "null"), "of 2 rows differ 1 of amount"),
        (ROWS.replace("'b'", "'c'"), "of 2 rows differ 1 keys"),
        (ROWS.replace(", ('b', 0.1 + 0.2, null)", ""), "1 rows instead of 2"),
        (ROWS.replace("null)", "9)"), "of 2 rows differ 2 instead of 1 kinds of place_id"),
        (ROWS.replace("amount", "size"), "columns differ: amount, size"),
    ],
)
def test_every_difference_is_told(theirs: str, told: str, tmp_path: Path) -> None:
    """Numbers may be apart by rounding; hashes, which each engine makes in its way, only have to be as many."""
    connection, path = duckdb.connect(), tmp_path / "theirs.parquet"
    columns = "name, cast(amount as double) as amount, cast(place_id as ubigint) as place_id"
    connection.execute(f"create table toy as select {columns} from {ROWS}")
    hashes = "name, cast(amount as double) as amount, cast(place_id as bigint) as place_id".replace(
        "amount", "size" if "size" in theirs else "amount"
    )
    connection.execute(f"copy (select {hashes} from {theirs}) to '{path}'")
    model = list_models()[0]
    toy = replace(model, table="toy", header=replace(model.header, grain=("name",)))

    _, cause, apart = compare_rows(connection, toy, path)

    assert cause == told
    changed = {"0.3000000001": 1e-10, "0.300001": 1e-6}
    assert apart == pytest.approx(next((size for text, size in changed.items() if text in theirs), 0), rel=1e-3)
