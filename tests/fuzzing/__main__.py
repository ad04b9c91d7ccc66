"""Fuzzes the targets in turn for some minutes each: `python -m tests.fuzzing --minutes 2 --only robots`.

Prints a line per target, with its inputs and findings; a finding is written to a file, to become an example in
`tests/fuzzing/findings.py`.
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.fuzzing.inputs import mutate
from tests.fuzzing.running import Target, TooSlow, run_target
from tests.fuzzing.targets import make_targets

FOLDER = Path(".cache", "fuzzing")
ENOUGH = 5
"""Different findings after which a target is left alone."""


def fuzz(name: str, target: Target, seconds: float, seed: int) -> int:
    """Fuzzes one target, prints a line and returns the number of different findings."""
    chance, found, count = random.Random(seed), dict[str, str](), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end and len(found) < ENOUGH:
        text = mutate(target.grammar, chance)
        count += 1
        try:
            run_target(target, text)
        except (Exception, TooSlow) as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno} in {frame.name}"
            if place not in found:
                found[place] = _keep(name, len(found), text)
    print(f"{name:28} {count:9,} inputs {len(found):3} findings", flush=True)
    for place, path in found.items():
        print(f"    {place}: {path}", flush=True)
    return len(found)


def _keep(name: str, number: int, text: str) -> str:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name.replace('/', '-')}-{number}.txt"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return str(path)


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
