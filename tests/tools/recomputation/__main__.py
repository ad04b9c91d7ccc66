"""Recomputes published figures in other code: `python -m tests.tools.recomputation WAREHOUSE` prints the table.

First from the conformed tables of a built warehouse, with items, windows and clusters made anew; then from the
product's own items, for all metrics of a shape, waits and rates. What labels put right and what was not seen is in the
limits of shares. Estimators are numpy's, scipy's, pandas' and statsmodels', or brute force; none of the product's is
used. Metrics in neither part are named with the reason.
"""

import sys
from collections.abc import Sequence

import duckdb

from tests.tools.recomputation.estimators import Line
from tests.tools.recomputation.from_items import compare_items, compare_rates, compare_waits
from tests.tools.recomputation.from_staging import recompute
from tests.tools.recomputation.staged import Staged
from tests.worlds.warehouse_rows import MODELS

NOTHING = "no figure has a value here"
COUNTED = "a count or price read off one table, held by its golden case"
BY_ORACLE = "its estimator is held against statsmodels in tests/tools/oracles.py"
LEFT_OUT = {
    "answerer_absence_factor": BY_ORACLE, "contributor_absence_factor": BY_ORACLE, "naive_answer_hours": BY_ORACLE,
    "closure_gap_share": BY_ORACLE,
    "disclosure_points": "the mean of four shares that are compared above", "first_response_by_share": BY_ORACLE,
    "newcomer_penalty_share": BY_ORACLE, "outsider_merge_share": BY_ORACLE, "recovery_hours": BY_ORACLE,
    "resolution_hours": BY_ORACLE, "resolved_share": BY_ORACLE, "supported_lifetime_days": BY_ORACLE,
    "new_people_rate": BY_ORACLE,
    "uptime_share": "hour by hour in tests/tools/oracles.py", "naive_uptime_share": "as uptime_share",
    "uptime_days_share": "as uptime_share",
}  # fmt: skip


def main() -> None:
    """Prints a line for each metric and statistic, then what was left out."""
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        staged = _show("from the conformed tables", [*recompute(Staged(con))])
        items = _show("from the items of the product", [
            *compare_items(con, "share"), *compare_items(con, "median"), *compare_waits(con), *compare_rates(con)
        ])  # fmt: skip
    lines = [*staged, *items]
    compared = {line.name.split()[0] for line in lines if line.compared}
    without = {line.name.split()[0]: NOTHING for line in lines if not line.compared}
    print("left out:")
    for name in sorted(model.path.stem for model in MODELS if model.is_public and model.path.stem not in compared):
        print(f"  {name}: {(without | LEFT_OUT).get(name, COUNTED)}")


def _show(title: str, lines: Sequence[Line]) -> Sequence[Line]:
    print(f"{title:56} {'figures':>7} {'differ':>6} {'worst value':>12} {'worst limit':>12}")
    for line in lines:
        print(f"{line.name:56} {line.compared:7} {line.differing:6} {line.worst_value:12.1e} {line.worst_limit:12.1e}")
    print(f"{'all':56} {sum(line.compared for line in lines):7} {sum(line.differing for line in lines):6}\n")
    return lines


if __name__ == "__main__":
    main()
