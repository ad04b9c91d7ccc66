"""Fuzzes the targets in turn for some minutes each: `python -m tests.fuzzing --minutes 2 --only robots`.

Prints a line per target, with its inputs and findings; a finding is written to a file, to become an example in
`tests/fuzzing/findings.py`.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence

from tests.fuzzing.hunt import Hunt
from tests.fuzzing.inputs import mutate
from tests.fuzzing.running import Target
from tests.fuzzing.targets import make_targets

ENOUGH = 5
"""Different findings after which a target is left alone."""


def fuzz(name: str, target: Target, seconds: float, seed: int) -> int:
    """Fuzzes one target, prints a line and returns the number of different findings."""
    chance, hunt = random.Random(seed), Hunt(name, target)
    end = time.monotonic() + seconds
    while time.monotonic() < end and len(hunt.found) < ENOUGH:
        hunt.try_input(mutate(target.grammar, chance))
    return _report(hunt, seconds - (end - time.monotonic()))


def _report(hunt: Hunt, seconds: float) -> int:
    print(f"{hunt.name:28} {seconds:5.0f} s {hunt.tried:9,} inputs {len(hunt.found):3} findings", flush=True)
    for place, path in hunt.found.items():
        print(f"    {place}: {path}", flush=True)
    return len(hunt.found)


def main(arguments: Sequence[str]) -> int:
    """Fuzzes the chosen targets; exit code 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2, help="for each target")
    parser.add_argument("--only", default="", help="targets whose name begins so")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args(arguments)
    targets = {name: target for name, target in make_targets().items() if name.startswith(chosen.only)}
    print(f"{len(targets)} targets, seed {chosen.seed}", flush=True)
    return int(sum(fuzz(name, target, chosen.minutes * 60, chosen.seed) for name, target in targets.items()) > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
