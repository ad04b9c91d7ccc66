"""The course of a year in figures, a line a month."""

import statistics
from dataclasses import dataclass, field

from tests.year.installation import Installation, Turn
from warehouse.snapshot import list_versions, published_folder
from warehouse.upkeep.sizes import measure_sizes

MONTH = 30
STEPS = ("collect", "build", "tidy", "alert")
WIDTH = 10


@dataclass
class Course:
    """What the turns came to, by month."""

    turns: list[Turn] = field(default_factory=list)
    """Those of the month that runs."""
    messages: list[tuple[float, str]] = field(default_factory=list)
    faults: list[tuple[float, str]] = field(default_factory=list)
    rows: int = 0

    def add_turn(self, day: float, turn: Turn) -> None:
        """Adds a turn of a day."""
        self.turns.append(turn)
        self.messages += [(day, title) for title in turn.titles]
        self.faults += [(day, fault) for fault in turn.faults]
        self.rows += turn.rows

    def print_head(self) -> None:
        """Prints what the columns are."""
        words = ("month", "turns", "visits", "requests", "rows", "messages", "files", "landed MB", "house MB",
                 "published", "other MB", *(f"{step} s" for step in STEPS))  # fmt: skip
        print("".join(f"{word:>{WIDTH}}" for word in words), flush=True)

    def print_month(self, month: float, home: Installation) -> None:
        """Prints the month that ends: its counts, what is kept now, and the median CPU seconds of each step."""
        sizes = {size.kind: size for size in measure_sizes(home.settings)}
        megabytes = {kind: size.bytes / 1e6 for kind, size in sizes.items()}
        main = megabytes.pop("landed", 0.0), megabytes.pop("warehouse", 0.0)
        megabytes.pop("published", None)
        counts: list[float] = [
            month, len(self.turns), sum(len(turn.visited) for turn in self.turns),
            sum(turn.requests for turn in self.turns), self.rows, len(self.messages),
            sum(size.files for size in sizes.values()),
        ]  # fmt: skip
        medians = [_find_median(step, self.turns) for step in STEPS]
        versions = len(list_versions(published_folder(home.home)))
        figures = [
            f"{counts[0]:.1f}",
            *(f"{count:,.0f}" for count in counts[1:]),
            *(f"{size:.1f}" for size in main),
            str(versions),
        ]
        figures += [f"{sum(megabytes.values()):.1f}", *(f"{median:.2f}" for median in medians)]
        print("".join(f"{figure:>{WIDTH}}" for figure in figures), flush=True)
        self.turns = []


def _find_median(step: str, turns: list[Turn]) -> float:
    seconds = [turn.seconds[step] for turn in turns if step in turn.seconds]
    return statistics.median(seconds) if seconds else float("nan")
