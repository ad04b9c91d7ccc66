"""How many faults in `analytics/` the tests notice: small faults are put in one at a time, and the tests that know the file are run.

`python -m tests.mutation --every 7` tries every seventh fault of each file (all with 1), and prints the score and the survivors by name.
Not part of the tests: it takes minutes to hours. A fault that changes nothing that can be seen (an order within a tie) survives rightly.
"""

import argparse
import os
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

# Loaded once, and there for every process that is started from here.
import duckdb  # noqa: F401
import hypothesis  # noqa: F401
import numpy  # noqa: F401
import pyarrow  # noqa: F401
import pytest
import scipy.stats  # noqa: F401
import statsmodels.api  # noqa: F401

from analytics.build import Model, read_models

ROOT = Path(__file__).parent.parent
FOLDERS = ("conformed", "metrics", "shapes", "staging")
SECONDS = 240
"""A fault that makes the tests run longer than that is noticed, too."""
SKIPPED = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\"[^\"\n]*\"|\"\"\".*?\"\"\"|#[^\n]*", re.DOTALL)
"""Comments and texts: a fault there is no fault of the reckoning."""
SLOW = re.compile(r"playwright|Upstream\(|subprocess|open_sample\(")
"""Tests that start whole worlds: others know the file better."""
FAULTS: tuple[tuple[str, str, str], ...] = (
    ("boundary", r"(?<= )<=(?= )", "<"),
    ("boundary", r"(?<= )>=(?= )", ">"),
    ("boundary", r"(?<= )<(?= )", "<="),
    ("boundary", r"(?<= )>(?= )", ">="),
    ("equality", r"(?<= )=(?= )", "<>"),
    ("equality", r"(?<= )<>(?= )", "="),
    ("equality", r"(?<= )==(?= )", "!="),
    ("logic", r"\band\b", "or"),
    ("logic", r"\bor\b", "and"),
    ("logic", r"\bnot (?!null|in \()", ""),
    ("null", r"\bis null\b", "is not null"),
    ("null", r"\bis not null\b", "is null"),
    ("arithmetic", r"(?<=[\w)] )\+(?= [\w(])", "-"),
    ("arithmetic", r"(?<=[\w)] )-(?= [\w(])", "+"),
    ("arithmetic", r"(?<=[\w)] )\*(?= [\w(])", "/"),
    ("arithmetic", r"(?<=[\w)] )/(?= [\w(])", "*"),
    ("aggregate", r"\bmin\(", "max("),
    ("aggregate", r"\bmax\(", "min("),
    ("aggregate", r"\bavg\(", "max("),
    ("aggregate", r"\bbool_or\(", "bool_and("),
    ("aggregate", r"\bleast\(", "greatest("),
    ("aggregate", r"\bgreatest\(", "least("),
    ("join", r"\bleft join\b", "join"),
    ("order", r" desc\b", ""),
    ("constant", r"(?<![\w.])(?:[1-9]\d*)(?:\.\d+)?(?![\w.])", "{+1}"),
    ("constant", r"\btrue\b", "false"),
    ("constant", r"\bfalse\b", "true"),
)
"""Kind, what is sought, what stands there instead."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One change of one file."""

    path: Path
    start: int
    end: int
    kind: str
    new: str

    def told(self) -> str:
        """Where it is, and what it does."""
        text = self.path.read_text(encoding="utf-8")
        line = text.count("\n", 0, self.start) + 1
        return f"{self.path.relative_to(ROOT)}:{line} {self.kind}: {text[self.start : self.end]!r} -> {self.new!r}"


def faults(path: Path) -> Iterator[Fault]:
    """All small faults of a file, in the order of their places."""
    text = path.read_text(encoding="utf-8")
    hidden = SKIPPED.sub(lambda found: re.sub(r"[^\n]", "\x00", found[0]), text)
    found = [(match, kind, new) for kind, pattern, new in FAULTS for match in re.finditer(pattern, hidden)]
    for match, kind, new in sorted(found, key=lambda one: (one[0].start(), one[1])):
        yield Fault(path, match.start(), match.end(), kind, f"{float(match[0]) + 1:g}" if new == "{+1}" else new)


def tests_of(path: Path) -> list[str]:
    """The test files that speak of the file's table or of what is made of it, those that speak of it itself first."""
    if path.parent.name == "shapes" or path.parent.name == "analytics":
        return ["tests/test_shapes.py", "tests/test_build.py", "tests/test_restating.py", "tests/test_golden.py"]
    models = {model.table: model for model in read_models()}
    table = next(model.table for model in models.values() if model.path == path)
    reached, names = {table}, [path.stem]
    for model in models.values():  # in the order in which they are built, so that one pass is enough
        if model.reads & reached:
            reached.add(model.table)
            names.append(model.path.stem)
    texts = {test: test.read_text(encoding="utf-8") for test in sorted((ROOT / "tests").glob("test_*.py"))}
    texts = {test: text for test, text in texts.items() if not SLOW.search(text)}
    ranked = {
        test: min((at for at, name in enumerate(names) if re.search(rf"\b{name}\b", text)), default=None) for test, text in texts.items()
    }
    chosen = sorted((at, f"tests/{test.name}") for test, at in ranked.items() if at is not None)
    proofs = [f"tests/{file}" for name in names for file in re.findall(r"test_\w+\.py", _proof(models, name))]
    return list(dict.fromkeys([*proofs[:3], *(test for _, test in chosen[:5]), *proofs]))[:8]


def _proof(models: dict[str, Model], name: str) -> str:
    return models[f"metrics.{name}"].header.proof if f"metrics.{name}" in models else ""


def run_with(fault: Fault) -> int:
    """Starts a process of its own in which the file reads as if the fault were in it; gives its number. No file is touched."""
    tests = tests_of(fault.path)
    child = os.fork()
    if child:
        return child
    try:
        signal.alarm(SECONDS)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        _pretend(fault)
        os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests])))
    finally:
        os._exit(3)


def _pretend(fault: Fault) -> None:
    """SQL is read as text, Python as code; what was loaded of ours before is loaded anew."""
    text = fault.path.read_text(encoding="utf-8")
    text = text[: fault.start] + fault.new + text[fault.end :]
    read, load = Path.read_text, SourceFileLoader.get_code

    def read_text(path: Path, *args: Any, **kwargs: Any) -> str:
        return text if path == fault.path else read(path, *args, **kwargs)

    def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
        return compile(text, loader.path, "exec") if Path(loader.path) == fault.path else load(loader, name)

    Path.read_text = read_text  # type: ignore[method-assign, assignment]
    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    for name in [name for name in sys.modules if name.partition(".")[0] in ("analytics", "warehouse")]:
        del sys.modules[name]


def main(words: list[str]) -> None:
    """Tries the faults that were asked for, and prints the score and the survivors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=7, help="every so manieth fault of each file")
    parser.add_argument("--only", default="", help="only files whose path holds this")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(words)
    paths = [path for folder in FOLDERS for path in sorted((ROOT / "analytics" / folder).iterdir()) if path.suffix in (".sql", ".py")]
    paths += sorted((ROOT / "analytics").glob("*.py"))
    chosen = [fault for path in paths if asked.only in str(path) for fault in list(faults(path))[:: asked.every]]
    noticed = dict(_try_all(chosen, asked.workers))
    print(f"\n{sum(noticed.values())} of {len(noticed)} faults noticed: {sum(noticed.values()) / max(1, len(noticed)):.1%}")
    for kind in sorted({fault.kind for fault in chosen}):
        of = [noticed[fault] for fault in chosen if fault.kind == kind]
        print(f"    {kind}: {sum(of)} of {len(of)}")


def _try_all(chosen: list[Fault], workers: int) -> Iterator[tuple[Fault, bool]]:
    """Each fault, and whether a test failed with it in; as many processes at once as there are workers."""
    waiting, running = list(reversed(chosen)), dict[int, Fault]()
    while waiting or running:
        while waiting and len(running) < workers:
            fault = waiting.pop()
            running[run_with(fault)] = fault
        child, status = os.wait()
        fault = running.pop(child)
        # 0: all passed; 5: there was no test. Anything else is a failed test, a crash, or too long a time.
        is_noticed = os.waitstatus_to_exitcode(status) not in (0, 5)
        print("." if is_noticed else f"\nsurvived: {fault.told()}", end="", flush=True)
        yield fault, is_noticed


if __name__ == "__main__":
    main(sys.argv[1:])
