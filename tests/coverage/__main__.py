"""Simulates how often the published intervals hold the truth: `python -m tests.coverage [--worlds N] [--write]`.

The product's own shapes and estimates run on worlds drawn from fixed seeds, in which items come in weeks, incidents in
runs, notices in announcements, and replies are missing. `--write` renews `analytics/coverage.csv`.
"""

import argparse

from tests.coverage.cases import list_cases
from tests.coverage.table import LEAST, MOST, run_case, write_table


def main() -> None:
    """Prints a line for each case, and whether its coverage lies between 93 and 98 %."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=2000)
    parser.add_argument("--only", default="", help="only intervals whose name has this in it")
    parser.add_argument("--write", action="store_true", help="renew analytics/coverage.csv")
    options = parser.parse_args()
    results = []
    for case in list_cases():
        if options.only in case.interval:
            results.append(result := run_case(case, options.worlds))
            coverage = result.coverage
            told = "no interval" if coverage is None else f"{coverage:6.1%} ± {result.error:.1%}"
            mark = "" if coverage is None or LEAST <= coverage <= MOST else " <--"
            print(
                f"{case.interval:45} {case.world:58} {told:14} shown {result.shown / result.worlds:4.0%}"
                f"  width {result.width:.3g}  before {case.before or '?'}{mark}",
                flush=True,
            )
    if options.write:
        write_table(list_cases(), results)


if __name__ == "__main__":
    main()
