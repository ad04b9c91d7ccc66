"""What ten million to a billion replies cost, from what fits on one machine: `python -m tests.tools.costs.growth`.

Time and room grow by the power of the number of threads that two measured sizes show. It prints the table of
`DECISIONS.md`; with `--write` it renews the table there.
"""

import math
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.sources.github.client import MUST_REMAIN
from tests.tools.costs.__main__ import DOCUMENT, print_number
from tests.tools.costs.fleets import ASSUMED
from tests.tools.costs.visits import MEASURED

TABLE = re.compile(r"^\| replies \|.*\n(?:^\|.*\n)+", re.MULTILINE)
GROWTH: dict[str, Any] = ASSUMED["growth"]
PRICES: dict[str, float] = ASSUMED["prices"]
SIZES = {"10 million": 1e7, "100 million": 1e8, "1 billion": 1e9}
BUILDS_A_MONTH = {"whole": 30, "after news": 690}
"""One whole build each night, and one of what changed in each other hour."""
HOUR, GIGABYTE = 3600, 1e9


@dataclass(frozen=True, slots=True)
class Growth:
    """What a number of replies costs."""

    replies: float

    @property
    def threads(self) -> float:
        """Threads that they answer."""
        return float(self.replies / GROWTH["replies_a_thread"])

    @property
    def points(self) -> float:
        """GitHub's points to read them once."""
        return float(self.replies * GROWTH["github_points"] / GROWTH["replies_read"])

    @property
    def token_hours(self) -> float:
        """Hours of one token to read them once."""
        return float(self.points / (ASSUMED["limits"]["github_points_an_hour"] * (1 - MUST_REMAIN)))

    @property
    def collect_hours(self) -> float:
        """CPU hours to read them once."""
        return float(self.replies * GROWTH["collect_cpu"] / GROWTH["replies_read"] / HOUR)

    @property
    def landed_gigabytes(self) -> float:
        """Room in the landing zone."""
        rows = self.replies * GROWTH["rows_read"] / GROWTH["replies_read"]
        return float(rows * MEASURED["bytes_a_row"] / GIGABYTE)

    @property
    def build_hours(self) -> float:
        """CPU hours of a whole build."""
        return extrapolate("build_cpu", self.threads) / HOUR

    @property
    def monthly_hours(self) -> float:
        """CPU hours of a month's builds."""
        builds = BUILDS_A_MONTH["whole"] + BUILDS_A_MONTH["after news"] * GROWTH["changed_share"]
        return float(builds * self.build_hours)

    @property
    def monthly_dollars(self) -> float:
        """What the CPU of a month's builds and the room cost."""
        room = self.landed_gigabytes + extrapolate("warehouse_gigabytes", self.threads)
        return self.monthly_hours * PRICES["a_core_hour"] + room * PRICES["a_gigabyte_of_disk_a_month"]


def extrapolate(what: str, threads: float) -> float:
    """Extrapolates what was measured at two sizes by the power between them."""
    (few, many), (small, large) = GROWTH["threads"], GROWTH[what]
    power = math.log(large / small) / math.log(many / few)
    return float(large * (threads / many) ** power)


def make_table() -> str:
    """Makes the table in Markdown."""
    columns = [Growth(replies) for replies in SIZES.values()]
    lines = {
        "threads": [one.threads for one in columns],
        "GitHub's points to read them once": [one.points for one in columns],
        "… hours of one token": [one.token_hours for one in columns],
        "… CPU hours": [one.collect_hours for one in columns],
        "GB landed": [one.landed_gigabytes for one in columns],
        "GB of a warehouse": [extrapolate("warehouse_gigabytes", one.threads) for one in columns],
        "CPU hours of a whole build": [one.build_hours for one in columns],
        "… after one issue": [one.build_hours * GROWTH["changed_share"] for one in columns],
        "CPU hours of a month, building hourly": [one.monthly_hours for one in columns],
        "$ a month, CPU of builds and disk": [one.monthly_dollars for one in columns],
    }
    rows = [["replies", *SIZES], ["---"] * (len(SIZES) + 1)]
    rows += [[name, *map(print_number, numbers)] for name, numbers in lines.items()]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main(words: Sequence[str]) -> None:
    """Prints, and writes where asked to."""
    table = make_table()
    print(table)
    if "--write" in words:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(TABLE.sub(lambda _: table, text, count=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
