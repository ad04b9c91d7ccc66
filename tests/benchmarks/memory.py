"""The memory of a server over time, and whether it is flat."""

import statistics
from collections.abc import Sequence
from pathlib import Path

FLAT = 20.0
"""Megabytes an hour, or in 100 publishes, below which memory counts as flat: a twentieth of what a server takes."""
SAMPLE_SECONDS = 5
"""How often memory is looked at."""


def find_server(log: Path) -> int:
    """Finds the process that writes this log."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "fd" / "1").resolve() == log.resolve():
                return int(process.name)
        except OSError:
            continue
    return 0


def read_resident(process: int) -> float:
    """Returns the resident megabytes of a process, none if it has ended."""
    try:
        return int(Path(f"/proc/{process}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return float("nan")


class MemoryCourse:
    """The memory of some processes together over hours, or whatever else it is counted by."""

    def __init__(self, processes: Sequence[int], unit: str) -> None:
        """Takes the processes, and what their growth is told by ("an hour"); nothing is seen yet."""
        self._processes, self._unit = processes, unit
        self._seen: list[tuple[float, float]] = []

    def look(self, at: float) -> float:
        """Reads the megabytes that the processes take now, and keeps them."""
        self._seen.append((at, sum(map(read_resident, self._processes))))
        return self._seen[-1][1]

    def judge(self) -> str:
        """Tells how memory grew over the second half, and whether that is flat."""
        half = self._seen[-1][0] / 2
        later = [seen for seen in self._seen if seen[0] >= half]
        slope = statistics.linear_regression(*zip(*later, strict=True)).slope
        sizes = [size for _, size in later]
        verdict = "flat" if slope < FLAT else "NOT flat"
        return (
            f"memory is {verdict}: {min(sizes):.0f} to {max(sizes):.0f} MB in the second half, {slope:+.1f} MB "
            f"{self._unit} (flat below {FLAT:+.0f})"
        )
