"""Random sequences for as long as one likes: `python -m tests.faults.stress --minutes 60 [--seed 7]`.

Nine of ten are of the state machine, in this process; every tenth minute goes to real processes. The first failure is
shrunk and printed, and ends it with 1.
"""

import argparse
import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.machine import Home
from tests.faults.processes import walk

SEQUENCES, STEPS = 20, 25
DISTURBANCES = 8


def stress(minutes: float, first_seed: int) -> None:
    """Draws sequences until the time is over, and prints how many there were."""
    started = time.monotonic()
    walked, sequences, walks = 0.0, 0, 0
    while (passed := time.monotonic() - started) < minutes * 60:
        number = first_seed + sequences + walks
        print(f"{passed / 60:.0f} min: {sequences} sequences, {walks} of processes; seed {number}", flush=True)
        if walked < passed / 10:
            with TemporaryDirectory() as folder:
                walk(Path(folder), random.Random(number), DISTURBANCES)
            walked, walks = walked + time.monotonic() - started - passed, walks + 1
        else:
            _run_sequences(number)
            sequences += SEQUENCES
    print(f"{sequences} sequences and {walks} of processes: nothing found")


def _run_sequences(number: int) -> None:
    chosen = settings(
        max_examples=SEQUENCES, stateful_step_count=STEPS, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(seed(number)(Home), settings=chosen)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    stress(chosen.minutes, chosen.seed)
