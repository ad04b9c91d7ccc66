"""Fuzzes one target under atheris, which follows coverage: `python -m tests.fuzzing.guided NAME`, then options of libFuzzer.

`python -m tests.fuzzing --guided` runs it for each target. Starts from the documents and pieces of the target's grammar,
and mixes the grammar's own inputs, which repeat pieces, with what libFuzzer makes of those that led somewhere new.
"""

import importlib
import random
import sys
from collections.abc import Sequence

from tests.fuzzing.hunt import Hunt
from tests.fuzzing.inputs import mutate
from tests.fuzzing.running import MOST_SECONDS

OURS = ("pipelines", "warehouse", "dashboards", "feedparser", "html", "_markupbase", "tomllib", "urllib")
"""Packages whose branches guide it: ours, and those written in Python that read for us."""
SLOWER = 4
"""How much longer an input may take while its branches are counted."""
GRAMMAR_SHARE = 0.05


def fuzz_guided(name: str, options: Sequence[str]) -> None:
    """Fuzzes a target until libFuzzer's time is over, which ends the process; prints each finding."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=OURS):
        targets = importlib.import_module("tests.fuzzing.targets")
    hunt = Hunt(name, targets.make_targets()[name])

    def try_bytes(data: bytes) -> None:
        before = len(hunt.found)
        hunt.try_input(data.decode("utf-8", "surrogateescape"), MOST_SECONDS * SLOWER)
        if len(hunt.found) > before:
            print(*[*hunt.found.values()][before:], flush=True)

    def mutate_bytes(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < GRAMMAR_SHARE:
            return mutate(hunt.target.grammar, chance).encode("utf-8", "surrogatepass")[:most]
        return bytes(atheris.Mutate(data, most))

    atheris.Setup([sys.argv[0], *options], try_bytes, custom_mutator=mutate_bytes)
    atheris.Fuzz()


if __name__ == "__main__":
    fuzz_guided(sys.argv[1], sys.argv[2:])
