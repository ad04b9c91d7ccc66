"""The ratios of all runs of the benchmarks, and a picture of them."""

import csv
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import vl_convert

from tests.benchmarks.measurements import COMPARED, OURS, Measurement, compare_to_ours
from tests.paths import ROOT

HISTORY = ROOT / "tests" / "benchmarks" / "history.csv"
PLOT = ROOT / ".cache" / "benchmarks.svg"
COLUMNS = ("measured_on", "commit", "work", "tool", *(f"{name}_ratio" for name in COMPARED))
"""Each ratio is the tool's figure divided by ours in the same run: more than one where ours took less."""


def add_to_history(found: Sequence[Measurement], history: Path = HISTORY) -> None:
    """Adds the ratios of a run, by day and commit."""
    ratios = {name: compare_to_ours(found, name) for name in COMPARED}
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()
    is_new = not history.exists()
    with history.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if is_new:
            writer.writerow(COLUMNS)
        for one in found:
            if one.tool != OURS:
                shown = [ratios[name].get((one.work, one.tool)) for name in COMPARED]
                cells = ["" if ratio is None else f"{ratio:.3g}" for ratio in shown]
                writer.writerow([datetime.now(UTC).date().isoformat(), commit, one.work, one.tool, *cells])


def draw_history(history: Path = HISTORY, plot: Path = PLOT) -> None:
    """Draws the ratios of CPU seconds over all runs, a panel for each work and a line for each tool."""
    with history.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["cpu_ratio"]]
    runs = list(dict.fromkeys((row["measured_on"], row["commit"]) for row in rows))
    values = [
        {"run": f"{1 + runs.index((row['measured_on'], row['commit']))} ({row['commit']})", "work": row["work"],
         "tool": row["tool"], "ratio": float(row["cpu_ratio"])}
        for row in rows
    ]  # fmt: skip
    plot.parent.mkdir(exist_ok=True)
    plot.write_text(vl_convert.vegalite_to_svg(_describe_plot(values)), encoding="utf-8")


def _describe_plot(values: Sequence[dict[str, Any]]) -> dict[str, Any]:
    ratio = {"field": "ratio", "type": "quantitative", "scale": {"type": "log"}, "title": "CPU seconds ÷ ours"}
    run = {"field": "run", "type": "ordinal", "sort": None, "title": "run"}
    return {
        "data": {"values": list(values)}, "columns": 3, "resolve": {"scale": {"y": "independent"}},
        "facet": {"field": "work", "type": "nominal", "sort": None, "title": None},
        "spec": {
            "width": 220, "height": 140, "mark": {"type": "line", "point": True},
            "encoding": {"x": run, "y": ratio, "color": {"field": "tool", "type": "nominal"}},
        },
    }  # fmt: skip
