"""The table of coverage: how often each published interval holds the truth, with the error of the simulation."""

import csv
import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.coverage.cases import Case
from tests.coverage.product import Interval
from tests.paths import ROOT

FILE = ROOT / "analytics" / "coverage.csv"
COLUMNS = (
    "interval", "world", "worlds_count", "shown_share", "held_share", "simulation_error", "mean_width",
    "held_before",
)  # fmt: skip
LEAST, MOST = 0.93, 0.98
SEED = 20_261_126


@dataclass(frozen=True, slots=True)
class Result:
    """What one case came to."""

    case: Case
    worlds: int
    shown: int
    """Worlds in which there was an interval."""
    held: int
    """Intervals that held the truth."""
    width: float
    """Mean width of those with two ends."""

    @property
    def coverage(self) -> float | None:
        """Returns the share of shown intervals that hold the truth; None if none was shown."""
        return self.held / self.shown if self.shown else None

    @property
    def error(self) -> float | None:
        """Returns the standard error of the coverage, from the number of worlds."""
        if not self.shown:
            return None
        share = (self.held + 1) / (self.shown + 2)
        return math.sqrt(share * (1 - share) / self.shown)


def run_case(case: Case, worlds: int) -> Result:
    """Runs a case on so many worlds (fewer if it is dear), drawn from its own seed."""
    rng = np.random.default_rng([SEED, zlib.crc32(f"{case.interval}/{case.world}".encode())])
    intervals = case.run(rng, max(50, worlds // case.cost))
    shown = [one for one in intervals if one is not None]
    widths = [high - low for low, high in shown if low is not None and high is not None]
    held = sum(_holds(one, case.truth) for one in shown)
    return Result(case, len(intervals), len(shown), held, float(np.mean(widths)) if widths else math.nan)


def _holds(interval: Interval, truth: float) -> bool:
    low, high = interval or (None, None)
    return (low is None or low <= truth + 1e-9) and (high is None or truth - 1e-9 <= high)


def write_table(cases: Iterable[Case], results: Iterable[Result], path: Path = FILE) -> None:
    """Writes the committed table in the order of the cases; lines of cases that were not run stay."""
    lines: dict[tuple[str, ...], list[str]] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            lines = {tuple(row[:2]): row for row in csv.reader(file)}
    lines |= {tuple(row[:2]): row for row in _format_rows(results)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(lines[key] for case in cases if (key := (case.interval, case.world)) in lines)


def _format_rows(results: Iterable[Result]) -> Iterator[list[str]]:
    for result in results:
        coverage, error = result.coverage, result.error
        yield [
            result.case.interval, result.case.world, str(result.worlds), f"{result.shown / result.worlds:.3f}",
            "" if coverage is None else f"{coverage:.4f}", "" if error is None else f"{error:.4f}",
            "" if math.isnan(result.width) else f"{result.width:.4g}", result.case.before,
        ]  # fmt: skip
