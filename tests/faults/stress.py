"""Random sequences for as long as one likes: `python -m tests.faults.stress --minutes 60 [--seed 7]`.

Three of four seeds draw sequences of the state machine, in this process, and every fourth one of real processes. The
first failure is shrunk and printed, and ends it with 1; its seed alone finds it again.
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
WALK_EVERY = 4


def stress(minutes: float, first_seed: int) -> None:
    """Draws sequences until the time is over, and prints how many there were, of what, and the faults in them."""
    started, number, tally = time.monotonic(), first_seed, Home.tally
    try:
        while (passed := time.monotonic() - started) < minutes * 60:
            print(f"{passed / 60:.0f} min, seed {number}: {tally.describe()}", flush=True)
            if number % WALK_EVERY:
                _run_sequences(number)
            else:
                with TemporaryDirectory() as folder:
                    walk(Path(folder), random.Random(number), DISTURBANCES, tally)
            number += 1
    except BaseException:
        print(f"seed {number} found something\n{tally.describe()}", flush=True)
        raise
    print(f"seeds {first_seed} to {number - 1} found nothing\n{tally.describe()}", flush=True)


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
