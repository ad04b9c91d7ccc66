"""What one tool took for one piece of work; medians of several runs, and the table that sets tools side by side."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

OURS = "Heartbeat"
MEASURED = (sys.executable, str(Path(__file__).with_name("measured.py")))
FORMATS = {
    "told": ",.1f", "requests": ",.0f", "charged": ",.0f", "points": ",.0f", "seconds": ",.2f", "cpu": ",.2f", "memory": ",.0f",
    "megabytes": ",.1f", "tables": ",.0f", "metrics": ",.0f",
}  # fmt: skip
TITLES = {
    "told": "s to first words",
    "cpu": "CPU s",
    "memory": "peak MB",
    "megabytes": "MB",
    "tables": "tables made",
    "metrics": "measures made",
}
COMPARED = ("seconds", "cpu", "memory")
"""Figures that are also told as ratios to ours of the same run."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Figures (seconds, CPU seconds, megabytes, requests) that a tool took for a piece of work."""

    work: str
    tool: str
    figures: Mapping[str, float] = field(default_factory=dict)


def measure_command(command: Sequence[str], environment: Mapping[str, str] | None = None) -> dict[str, float]:
    """Runs a process to its end, and returns its seconds, CPU seconds and peak megabytes. Raises SystemExit with its
    last words where it fails."""
    with tempfile.NamedTemporaryFile("r") as took:
        done = subprocess.run([*MEASURED, took.name, *command], env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{' '.join(command)[:200]} failed:\n{done.stdout[-2000:]}")
        return dict(json.load(took))


def find_medians(runs: Iterable[Measurement]) -> list[Measurement]:
    """Finds the median of each figure over all runs of a tool and a work, in the order in which they came."""
    seen: dict[tuple[str, str], list[Mapping[str, float]]] = {}
    for one in runs:
        seen.setdefault((one.work, one.tool), []).append(one.figures)
    return [
        Measurement(work, tool, {name: statistics.median(one[name] for one in figures) for name in figures[0]})
        for (work, tool), figures in seen.items()
    ]


def compare_to_ours(found: Sequence[Measurement], figure: str) -> dict[tuple[str, str], float]:
    """Divides a figure of each tool by ours in the same work, by work and tool."""
    ours = {one.work: one.figures.get(figure) for one in found if one.tool == OURS}
    return {
        (one.work, one.tool): one.figures[figure] / base
        for one in found
        if figure in one.figures and (base := ours.get(one.work))
    }


def print_table(found: Sequence[Measurement]) -> None:
    """Prints one row for each work and tool: what it took, and its ratios to ours."""
    names = [name for name in FORMATS if any(name in one.figures for one in found)]
    compared = [name for name in COMPARED if name in names]
    ratios = {name: compare_to_ours(found, name) for name in compared}
    titles = [TITLES.get(name, name) for name in names]
    head = ("work", "tool", *titles, *(f"{TITLES.get(name, name)} ÷ ours" for name in compared))
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for one in found:
        cells = [format(one.figures[name], FORMATS[name]) if name in one.figures else "" for name in names]
        shown = [ratios[name].get((one.work, one.tool)) for name in compared]
        cells += [f"{ratio:.2f}" if ratio is not None and one.tool != OURS else "" for ratio in shown]
        print(f"| {' | '.join((one.work, one.tool, *cells))} |", flush=True)
