"""Simulates what is published: `python -m tests.coverage [--worlds N] [--only KIND] [--write]`.

How often the intervals hold the truth, what the board finds, and how often what is said of sides and ranks is right.
The product's own shapes and estimates run on worlds drawn from fixed seeds, in which items come in weeks, incidents in
runs, notices in announcements, and replies are missing. `--write` renews `coverage.csv`, `power.csv` and `ranks.csv`
beside this file.
"""

import argparse
from collections.abc import Callable, Iterator
from typing import TypeVar

from tests.coverage.cases import list_cases
from tests.coverage.power import PowerLine, measure_power
from tests.coverage.ranks import Line, measure
from tests.coverage.table import LEAST, MOST, Result, settle_case, write_coverage, write_power, write_ranks

POWER, RANKS = "power", "ranks"
T = TypeVar("T")


def main() -> None:
    """Prints a line for each case, and whether it is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=2000)
    parser.add_argument("--only", default="", help="power, ranks, or intervals whose name or world has this in it")
    parser.add_argument("--write", action="store_true", help="renew the tables beside this file")
    options = parser.parse_args()
    if options.only not in (POWER, RANKS):
        cases = [case for case in list_cases() if options.only in f"{case.interval}, {case.world}"]
        results = _show((settle_case(case, options.worlds) for case in cases), _describe_result)
        if options.write:
            write_coverage(list_cases(), results)
    if options.only in ("", POWER):
        verdicts = _show(measure_power(options.worlds), _describe_power)
        if options.write:
            write_power(verdicts)
    if options.only in ("", RANKS):
        lines = _show(measure(options.worlds // 5), _describe_line)
        if options.write:
            write_ranks(lines)


def _show(found: Iterator[T], describe: Callable[[T], str]) -> list[T]:
    """Prints each line as soon as it is known."""
    lines = []
    for line in found:
        print(describe(line), flush=True)
        lines.append(line)
    return lines


def _describe_result(result: Result) -> str:
    case, coverage = result.case, result.coverage
    told = "no interval" if coverage is None else f"{coverage:6.1%} ± {result.error:.1%}"
    mark = "" if coverage is None or LEAST <= coverage <= MOST else f" <-- {case.explanation or 'UNEXPLAINED'}"
    return (
        f"{case.interval:45} {case.world:58} {told:14} shown {result.shown / result.worlds:4.0%}"
        f"  width {result.width:.3g}  before {case.before or '?'}{mark}"
    )


def _describe_power(line: PowerLine) -> str:
    shares = ", ".join(f"{word} {count / line.worlds:.0%}" for word, count in sorted(line.verdicts.items()))
    return f"{line.setting.name:72} {100 * line.effect:3.0f} points: {shares}"


def _describe_line(line: Line) -> str:
    mark = "" if line.is_met else f" <-- {line.explanation or 'UNEXPLAINED'}"
    return f"{line.what:62} {line.world:45} {100 * line.found:5.1f} {line.unit:7} wanted {line.wanted}{mark}"


if __name__ == "__main__":
    main()
