"""`python -m tests.tools.costs`: what a month costs, and which limit it meets first.

It prints the table of `DECISIONS.md`, and beneath it all limits; with `--write` it renews the table there.
"""

import re
import sys
from collections.abc import Sequence

from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.sources.github.client import MUST_REMAIN
from tests.paths import ROOT
from tests.tools.costs.fleets import ASSUMED, Fleet, make_fleets
from tests.tools.costs.limits import TakenShare, find_shares
from tests.tools.costs.months import MonthCost, cost_month
from tests.tools.costs.visits import VisitCost

DOCUMENT = ROOT / "DECISIONS.md"
TABLE = re.compile(r"^\| a month \|.*\n(?:^\|.*\n)+", re.MULTILINE)
GIGABYTE, HOUR = 1e9, 3600
NEAREST = ("nearest limit", "next limit")


def print_number(number: float) -> str:
    """Prints two significant digits: the model knows no more."""
    return f"{float(f'{number:.2g}'):,.2f}".rstrip("0").rstrip(".")


def print_share(taken: TakenShare) -> str:
    """Prints how much of a limit is taken."""
    much = f"{print_number(taken.share)} ×" if taken.share >= 10 else f"{print_number(100 * taken.share)} %"
    return f"{taken.limit}: {much}"


def list_figures(fleet: Fleet, month: MonthCost) -> dict[str, str]:
    """Lists what the table says of a fleet, by line."""
    total, github, hub = month.total, month.by_source["github"], month.by_source["huggingface"]
    hours = month.first.points / ASSUMED["limits"]["github_points_an_hour"] / (1 - MUST_REMAIN)
    numbers = {
        "channels": fleet.count_channels(), "builds": month.builds, "visits": sum(month.visits.values()),
        "requests": total.requests, "… of GitHub, charged": github.charged, "… of the Hub": hub.requests,
        "GitHub's points": total.points, "first visits: hours of one token": hours, "rows landed": total.rows,
        "GB landed": month.landed_bytes / GIGABYTE, "GB of a home after a year": month.home_bytes / GIGABYTE,
        "CPU hours, collecting": month.collect_seconds / HOUR, "CPU hours, building": month.build_seconds / HOUR,
    }  # fmt: skip
    nearest = zip(NEAREST, find_shares(fleet, month), strict=False)
    limits = {name: f"{print_share(taken)} (lifted by: {taken.lifted_by})" for name, taken in nearest}
    return {name: print_number(number) for name, number in numbers.items()} | limits


def make_table(fleets: Sequence[Fleet]) -> str:
    """Makes the table in Markdown."""
    columns = [list_figures(fleet, cost_month(fleet)) for fleet in fleets]
    rows = [["a month", *(fleet.name for fleet in fleets)], ["---"] * (len(fleets) + 1)]
    rows += [[name, *(column[name] for column in columns)] for name in columns[0]]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main(words: Sequence[str]) -> None:
    """Prints, and writes where asked to."""
    fleets = make_fleets(read_catalog([SHIPPED]))
    table = make_table(fleets)
    print(table)
    for fleet in fleets:
        month = cost_month(fleet)
        print(f"{fleet.name}\n  " + "\n  ".join(print_share(taken) for taken in find_shares(fleet, month)))
        for source, cost in month.by_source.items():
            print(f"    {source}: " + ", ".join(f"{name} {getattr(cost, name):,.0f}" for name in VisitCost.__slots__))
    if "--write" in words:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(TABLE.sub(lambda _: table, text, count=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
