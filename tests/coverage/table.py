"""Prints how often each interval holds the truth, and how wide it is: `python -m tests.coverage.table [WORDS]`."""

import sys
import zlib

import numpy as np

from tests.coverage.test_coverage import CASES, SEED, WORLDS


def main(words: list[str]) -> None:
    """Prints a line a case whose name contains all words."""
    for name, case in CASES.items():
        if all(word in name for word in words):
            rng = np.random.default_rng([SEED, zlib.crc32(name.encode())])
            shown = [ends for ends in case.run(rng, WORLDS) if ends and None not in ends]
            table = np.array(shown, dtype=float).reshape(-1, 2)
            held = np.mean((table[:, 0] <= case.truth + 1e-9) & (case.truth - 1e-9 <= table[:, 1]))
            print(
                f"{name}: {100 * held:.1f} % of {len(table)}, width {np.mean(table[:, 1] - table[:, 0]):.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
