"""All benchmarks with peers: `python -m tests.benchmarks [--only tracker,building] [--times 5]`, or `make bench`.

Prints one table of medians and of ratios to ours in the same run, adds the ratios to the history, and draws it.
"""

import argparse
from collections.abc import Callable

from tests.benchmarks.building import measure_building
from tests.benchmarks.commands import measure_commands
from tests.benchmarks.history import HISTORY, PLOT, add_to_history, draw_history
from tests.benchmarks.measurements import Measurement, print_table
from tests.benchmarks.slow_line import measure_visits
from tests.benchmarks.tracker import PEERS, measure_tracker

THREADS, LATENCY = 1_420, 0.05
"""Of the tracker that is read: about 2,000 issues and pull requests, each answer after 50 ms."""


def list_suites(threads: int) -> dict[str, Callable[[int], list[Measurement]]]:
    """Lists the suites by name: each measures so many times, and returns medians."""
    return {
        "tracker": lambda times: measure_tracker(times, THREADS, LATENCY, PEERS),
        "building": lambda times: measure_building(threads, times),
        "commands": measure_commands,
        "visits": measure_visits,
    }


def main() -> None:
    """Runs the suites that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument(
        "--only", default="", help="names of suites, divided by commas: tracker, building, commands, visits"
    )
    parser.add_argument("--times", type=int, default=5, help="how often each work is measured")
    parser.add_argument("--threads", type=int, default=100_000, help="threads of the world that is built")
    asked = parser.parse_args()
    suites = list_suites(asked.threads)
    names = [name.strip() for name in asked.only.split(",") if name.strip()] or list(suites)
    if unknown := set(names) - suites.keys():
        parser.error(f"no suite is named {', '.join(sorted(unknown))}; there are: {', '.join(suites)}")
    found = [one for name in names for one in suites[name](asked.times)]
    print_table(found)
    add_to_history(found)
    draw_history()
    print(f"\nThe ratios are added to {HISTORY}, and drawn in {PLOT}.")


if __name__ == "__main__":
    main()
