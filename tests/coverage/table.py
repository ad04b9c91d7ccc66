"""The tables of coverage, of power and of ranks: what the simulations came to, with the error of the simulation."""

import csv
import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.coverage.case import Case
from tests.coverage.draws import Rng
from tests.coverage.power import PowerLine
from tests.coverage.product import Interval
from tests.coverage.ranks import Line

FILE, POWER_FILE, RANKS_FILE = (Path(__file__).parent / f"{name}.csv" for name in ("coverage", "power", "ranks"))
COLUMNS = (
    "interval", "world", "worlds_count", "shown_share", "held_share", "simulation_error", "mean_width",
    "held_before", "deviation_reason",
)  # fmt: skip
VERDICTS = ("holds", "mixed", "refuted", "too close to call")
POWER_COLUMNS = (
    "world", "true_effect", "is_realised", "worlds_count", "holds_share", "mixed_share", "refuted_share", "close_share",
    "holds_before", "deviation_reason",
)  # fmt: skip
RANKS_COLUMNS = (
    "statement", "world", "worlds_count", "found_value", "unit", "wanted_range", "found_before", "deviation_reason",
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

    @property
    def is_open(self) -> bool:
        """Returns whether a bound of what is wanted is nearer than two errors, or crossed."""
        if self.coverage is None or self.error is None:
            return False
        return not LEAST + 2 * self.error < self.coverage < MOST - 2 * self.error


def run_case(case: Case, worlds: int) -> Result:
    """Runs a case on so many worlds (fewer if it is dear), drawn from its own seed."""
    return _sum_up(case, case.run(_seed(case), max(50, worlds // case.cost)))


def settle_case(case: Case, worlds: int) -> Result:
    """Runs a case like `run_case`, and longer where that leaves open whether 93 to 98 of 100 intervals hold the truth.

    Then three times as many fresh worlds are drawn, and all of them count.
    """
    rng, count = _seed(case), max(50, worlds // case.cost)
    result = _sum_up(case, case.run(rng, count))
    if result.is_open:
        result = _add_up(result, _sum_up(case, case.run(rng, 3 * count)))
    return result


def _seed(case: Case) -> Rng:
    return np.random.default_rng([SEED, zlib.crc32(f"{case.interval}/{case.world}".encode())])


def _sum_up(case: Case, intervals: Sequence[Interval]) -> Result:
    shown = [one for one in intervals if one is not None]
    widths = [high - low for low, high in shown if low is not None and high is not None]
    held = sum(_holds(one, case.truth) for one in shown)
    return Result(case, len(intervals), len(shown), held, float(np.mean(widths)) if widths else math.nan)


def _add_up(one: Result, other: Result) -> Result:
    width = float(np.average([one.width, other.width], weights=[one.shown, other.shown]))
    return Result(one.case, one.worlds + other.worlds, one.shown + other.shown, one.held + other.held, width)


def _holds(interval: Interval, truth: float) -> bool:
    low, high = interval or (None, None)
    return (low is None or low <= truth + 1e-9) and (high is None or truth - 1e-9 <= high)


def write_coverage(cases: Iterable[Case], results: Iterable[Result], path: Path = FILE) -> None:
    """Writes the table of coverage in the order of the cases; lines of cases that were not run stay."""
    kept = _read_rows(path, 2) | {tuple(row[:2]): row for row in _format_results(results)}
    _write_rows(path, COLUMNS, [kept[key] for case in cases if (key := (case.interval, case.world)) in kept])


def _format_results(results: Iterable[Result]) -> Iterator[list[str]]:
    for result in results:
        coverage, error = result.coverage, result.error
        yield [
            result.case.interval, result.case.world, str(result.worlds), f"{result.shown / result.worlds:.3f}",
            "" if coverage is None else f"{coverage:.4f}", "" if error is None else f"{error:.4f}",
            "" if math.isnan(result.width) else f"{result.width:.4g}", result.case.before,
            "" if coverage is None or LEAST <= coverage <= MOST else result.case.explanation,
        ]  # fmt: skip


def write_power(lines: Iterable[PowerLine], path: Path = POWER_FILE) -> None:
    """Writes the table of power; what the board found before stays, as its code is gone."""
    before = _read_rows(path, 2)
    rows = []
    for line in lines:
        key = (line.setting.name, f"{line.effect:g}")
        shares = [f"{line.verdicts[verdict] / line.worlds:.3f}" for verdict in VERDICTS]
        was = before[key][-2] if key in before else ""
        rows.append(
            [*key, str(line.setting.is_realised).lower(), str(line.worlds), *shares, was, line.setting.explanation]
        )
    _write_rows(path, POWER_COLUMNS, rows)


def write_ranks(lines: Iterable[Line], path: Path = RANKS_FILE) -> None:
    """Writes the table of sides and ranks; what the code of 25 November 2026 came to stays, as it is gone."""
    before = _read_rows(path, 2)
    _write_rows(path, RANKS_COLUMNS, [
        [line.what, line.world, str(line.worlds), f"{line.found:.4f}", line.unit, line.wanted,
         before[key][-2] if (key := (line.what, line.world)) in before else "", line.explanation]
        for line in lines
    ])  # fmt: skip


def _read_rows(path: Path, keys: int) -> dict[tuple[str, ...], list[str]]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {tuple(row[:keys]): row for row in csv.reader(file)}


def _write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
