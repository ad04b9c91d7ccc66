"""Counts what random sequences met, for the summary of `make stress`."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """How many sequences and steps there were, and the faults that befell them, by kind."""

    sequences: int = 0
    checks: int = 0
    """Checks between two steps, and one before the first step of each sequence."""
    walks: int = 0
    """Sequences of real processes."""
    commands: int = 0
    """Commands run in these."""
    faults: Counter[str] = field(default_factory=Counter)

    def describe(self) -> str:
        """Describes the counts in two lines."""
        kinds = ", ".join(f"{name} {count:,}" for name, count in self.faults.most_common() if count)
        return (
            f"{self.sequences:,} sequences of {self.checks - self.sequences:,} steps,"
            f" and {self.walks:,} of {self.commands:,} commands\n"
            f"{self.faults.total():,} faults: {kinds}"
        )
