"""What one tool took for one piece of work; medians of several runs, and the table that sets tools side by side."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

OURS = "Heartbeat"
FORMATS = {
    "seconds": ",.2f",
    "cpu": ",.2f",
    "memory": ",.0f",
    "tables": ",.0f",
    "metrics": ",.0f",
}
TITLES = {
    "cpu": "CPU s",
    "memory": "peak MB",
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
