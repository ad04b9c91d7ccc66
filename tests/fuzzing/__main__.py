"""Fuzzes the targets in turn for some minutes each: `python -m tests.fuzzing --minutes 2 --only robots`.

Prints a line per target, with its inputs and findings; a finding is written to a file, to become an example in
`tests/fuzzing/findings.py`. With `--guided`, atheris follows which branches each input takes.
"""

import argparse
import importlib.util
import random
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzzing.hunt import FOLDER, MOST_MEMORY_MB, Hunt, name_file
from tests.fuzzing.inputs import LONGEST, Grammar, mutate
from tests.fuzzing.running import MOST_SECONDS, Target
from tests.fuzzing.targets import make_targets

ENOUGH = 5
"""Different findings after which a target is left alone."""
INSTALL = "--guided needs atheris, which is no part of the lock files: .venv/bin/pip install atheris (CPython on Linux, x86-64)"


def fuzz(name: str, target: Target, seconds: float, seed: int) -> int:
    """Fuzzes one target, prints a line and returns the number of different findings."""
    chance, hunt = random.Random(seed), Hunt(name, target)
    end = time.monotonic() + seconds
    while time.monotonic() < end and len(hunt.found) < ENOUGH:
        hunt.try_input(mutate(target.grammar, chance))
    return _report(hunt, seconds - (end - time.monotonic()))


def fuzz_guided(name: str, target: Target, seconds: float, seed: int) -> int:
    """Fuzzes one target in a process under atheris; what it finds counts if it breaks the target here too."""
    start = FOLDER / name_file(name)
    corpus = _write_start(start, target.grammar)
    limits = {
        "max_total_time": int(seconds), "timeout": int(MOST_SECONDS * 40), "rss_limit_mb": MOST_MEMORY_MB,
        "max_len": LONGEST, "len_control": 10, "seed": seed, "print_final_stats": 1, "dict": start.with_suffix(".dict"),
        "artifact_prefix": f"{start}-",
    }  # fmt: skip
    options = [f"-{option}={value}" for option, value in limits.items()]
    command = [sys.executable, "-m", "tests.fuzzing.guided", name, *options, str(corpus)]
    done = subprocess.run(command, capture_output=True, check=False)
    log = start.with_suffix(".log")
    log.write_bytes(done.stderr)
    hunt = Hunt(name, target)
    for path in done.stdout.decode().splitlines():
        hunt.try_input(Path(path).read_bytes().decode("utf-8", "surrogatepass"))
    if done.returncode:
        hunt.found[f"exit code {done.returncode} of libFuzzer, for time or memory"] = log
    ran = re.search(rb"Done (\d+) runs in (\d+) second", done.stderr)
    hunt.tried = int(ran[1]) if ran else 0
    return _report(hunt, float(ran[2]) if ran else 0)


def _write_start(start: Path, grammar: Grammar) -> Path:
    """Writes a grammar's documents into the folder of inputs to start from, and its pieces into a dictionary."""
    start.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(grammar.documents):
        (start / f"document-{number}").write_bytes(text.encode("utf-8", "surrogatepass"))
    words = ["".join(f"\\x{byte:02x}" for byte in piece.encode("utf-8", "surrogatepass")) for piece in grammar.pieces]
    start.with_suffix(".dict").write_text("".join(f'"{word}"\n' for word in words), encoding="ascii")
    return start


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
    parser.add_argument("--guided", action="store_true", help="guided by coverage; needs atheris")
    chosen = parser.parse_args(arguments)
    if chosen.guided and not importlib.util.find_spec("atheris"):
        parser.error(INSTALL)
    targets = {name: target for name, target in make_targets().items() if name.startswith(chosen.only)}
    print(f"{len(targets)} targets, seed {chosen.seed}", flush=True)
    run = fuzz_guided if chosen.guided else fuzz
    return int(sum(run(name, target, chosen.minutes * 60, chosen.seed) for name, target in targets.items()) > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
