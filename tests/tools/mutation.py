"""How many faults in `analytics/` the tests notice: small faults are put in one at a time, and the tests that know the
file are run.

`python -m tests.tools.mutation --every 7` tries every seventh fault (all with 1; `--offset 3` begins with the fourth),
and prints the score
and the survivors by name. Not part of the tests: it takes minutes to hours. Tests are collected once and the empty
warehouse is built once;
each fault has a forked process of its own, in which the file reads as if the fault were in it. No file is touched.
"""

import argparse
import os
import random
import re
import resource
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from analytics.engine import shapes
from analytics.engine.models import read_models
from tests.paths import ROOT
from tests.tools.mutation_tests import Knowing, test_files
from tests.worlds import rows

FOLDER = TemporaryDirectory()
"""Where processes leave word."""
NONE = "none"
"""The kind of fault that is none."""
CPU_SECONDS = 90
"""A fault that makes the tests compute longer than that is noticed, too."""
ENOUGH_SECONDS = 25
"""No further test is begun after so much computing: the fault counts as not noticed."""
SKIPPED = re.compile(r"\"\"\".*?\"\"\"|--[^\n]*|'(?:[^']|'')*'|\"[^\"\n]*\"|#[^\n]*", re.DOTALL)
"""Comments and texts: a fault there is no fault of the reckoning."""
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

EQUIVALENT: tuple[tuple[str, str, str], ...] = (
    (
        "aggregate",
        r"m(?:ax|in)\([^()]*\) filter \(where (?:from_last|from_newest|k\.place|place) = ",
        "one row of a group has that place",
    ),
    ("boundary", r"(\w+) > 0 then \1 else 0 end", "nothing is nothing either way"),
    ("aggregate", r"(?:least|greatest)\([^()]*\) is not null", "whichever is taken, one is known"),
    ("boundary", r"float\(mean < count\)", "a term too small for a float is far from both sides"),
)
"""Kind and line of faults that change nothing that could be seen, and why: they are not tried."""


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

    def near(self) -> str:
        """The lines around it."""
        text = self.path.read_text(encoding="utf-8")
        return text[max(0, self.start - 300) : self.end + 300]

    def text(self) -> str:
        """The file as it reads with the fault in it."""
        text = self.path.read_text(encoding="utf-8")
        return text[: self.start] + self.new + text[self.end :]


def faults(path: Path) -> Iterator[Fault]:
    """All small faults of a file, in the order of their places."""
    text = path.read_text(encoding="utf-8")
    hidden = SKIPPED.sub(lambda found: re.sub(r"[^\n]", "\x00", found[0]), text)
    found = [(match, kind, new) for kind, pattern, new in FAULTS for match in re.finditer(pattern, hidden)]
    for match, kind, new in sorted(found, key=lambda one: (one[0].start(), one[1])):
        line = text[text.rfind("\n", 0, match.start()) + 1 : text.find("\n", match.end())]
        if not any(kind == of and re.search(pattern, line) for of, pattern, _ in EQUIVALENT):
            yield Fault(path, match.start(), match.end(), kind, f"{float(match[0]) + 1:g}" if new == "{+1}" else new)


class Trials:
    """In place of running the tests that were collected, tries the faults with those of them that know the file."""

    def __init__(self, chosen: list[Fault], workers: int, minutes: float) -> None:
        self.chosen = chosen
        self.workers = workers
        self.until = time.monotonic() + 60 * minutes
        self.noticed: dict[Fault, bool] = {}
        self.told: dict[Fault, str] = {}
        """The test that failed, where one did."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Each fault, and whether a test failed with it in; then those tests without any fault: one that fails then,
        too, is no witness."""
        self.base = rows._warehouse()  # kept in every process: what was opened before a fork cannot be closed after it
        self.base.execute("set threads = 1")  # what is forked has no threads but its own
        knowing = Knowing(session.items)
        self._run(
            (fault, knowing.items_for(fault.path, fault.near()))
            for fault in self.chosen
            if time.monotonic() < self.until
        )
        witnesses = {
            fault: [item for item in session.items if item.nodeid == test] for fault, test in self.told.items()
        }
        asked = {items[0].nodeid: (fault.path, items) for fault, items in witnesses.items() if items}
        self._run((Fault(path, at, at, NONE, ""), items) for at, (path, items) in enumerate(asked.values()))
        broken = {
            self.told[fault]
            for fault, is_noticed in self.noticed.items()
            if fault.kind == NONE and is_noticed and fault in self.told
        }
        self.noticed = {
            fault: is_noticed and self.told.get(fault) not in broken
            for fault, is_noticed in self.noticed.items()
            if fault.kind != NONE
        }
        print("".join(f"\nfails without a fault: {test}" for test in sorted(broken)))
        return True

    def _run(self, trials: Iterator[tuple[Fault, list[pytest.Item]]]) -> None:
        """As many processes at once as there are workers."""
        running = dict[int, tuple[Fault, float]]()
        while True:
            while len(running) < self.workers and (trial := next(trials, None)):
                running[_start(*trial)] = trial[0], time.monotonic()
            if not running:
                return
            child, status, used = os.wait4(-1, 0)
            fault, began = running.pop(child)
            self.noticed[fault] = os.waitstatus_to_exitcode(status) != 0
            if (told := Path(FOLDER.name) / str(child)).is_file():
                self.told[fault] = told.read_text(encoding="utf-8")
            took = f"({used.ru_utime + used.ru_stime:.0f} s of {time.monotonic() - began:.0f})"
            survives = fault.kind != NONE and not self.noticed[fault]
            print(f"\nsurvived: {fault.told()} {took}\n" if survives else ".", end="", flush=True)


def _start(fault: Fault, items: list[pytest.Item]) -> int:
    """Starts a process in which the fault is there; gives its number. It ends with 0 where no test failed."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    try:
        signal.alarm(10 * CPU_SECONDS)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        _pretend(fault)
        os._exit(int(_fails_anew(items) if fault.path.suffix == ".py" and fault.kind != NONE else _fails(items)))
    except BaseException:
        os._exit(3)


def _fails(items: list[pytest.Item]) -> bool:
    """Whether one of these tests fails with what is loaded."""
    for model in read_models():  # a file that cannot be read any more ends the process, and is noticed
        known = next(at for at, one in enumerate(rows.MODELS) if one.table == model.table)
        if rows.MODELS[known].text != model.text and model.layer != "metrics":
            rows._warehouse.cache_clear()
        rows.MODELS[known] = model
        if model.table in rows.BY_TABLE:
            rows.BY_TABLE[model.table] = model
    rows.forget()
    witness = Witness()
    for item in items:
        if time.process_time() > ENOUGH_SECONDS:
            break
        for report in runtestprotocol(item, log=False, nextitem=None):
            witness.pytest_runtest_logreport(report)
        if witness.has_spoken:
            break
    return witness.has_spoken


def _fails_anew(items: list[pytest.Item]) -> bool:
    """The same for a fault in Python: what was loaded of ours is loaded anew, so that everybody has the fault."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("analytics", "warehouse", "tests")]:
        del sys.modules[name]
    files = list(dict.fromkeys(item.nodeid.partition("[")[0] for item in items))
    return bool(files) and pytest.main(["-x", "-q", "-p", "no:cacheprovider", *files], plugins=[Witness()]) not in (
        0,
        5,
    )


class Witness:
    """Writes down the first test that fails, for the process that started this one."""

    has_spoken = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called by pytest after each step of each test."""
        if report.failed and not self.has_spoken:
            self.has_spoken = True
            (Path(FOLDER.name) / str(os.getpid())).write_text(report.nodeid, encoding="utf-8")


def _pretend(fault: Fault) -> None:
    """SQL is read as text, Python as code."""
    text, read, load = fault.text(), Path.read_text, SourceFileLoader.get_code

    def read_text(path: Path, *args: Any, **kwargs: Any) -> str:
        return text if path == fault.path else read(path, *args, **kwargs)

    def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
        return compile(text, loader.path, "exec") if Path(loader.path) == fault.path else load(loader, name)

    Path.read_text = read_text  # type: ignore[method-assign, assignment]
    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    shapes._read_template.cache_clear()


def main(words: list[str]) -> None:
    """Tries the faults that were asked for, and prints the score and the survivors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=7, help="every so manieth fault")
    parser.add_argument("--offset", type=int, default=0, help="beginning with this one")
    parser.add_argument("--only", default="", help="only files whose path matches this")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--minutes",
        type=float,
        default=600,
        help="no further fault is tried after so long; they come in a random order",
    )
    asked = parser.parse_args(words)
    paths = sorted(
        path
        for path in (ROOT / "analytics").rglob("*.*")
        if path.suffix in (".sql", ".py") and path.name != "__init__.py"
    )
    every = [fault for path in paths if re.search(asked.only, str(path)) for fault in faults(path)]
    chosen = every[asked.offset :: asked.every]
    random.Random(asked.offset).shuffle(chosen)
    trials = Trials(chosen, asked.workers, asked.minutes)
    pytest.main(["-q", "-p", "no:cacheprovider", "--capture=no", *test_files()], plugins=[trials])
    noticed = trials.noticed
    print(
        f"\n{sum(noticed.values())} of {len(noticed)} faults noticed: "
        f"{sum(noticed.values()) / max(1, len(noticed)):.1%}"
    )
    for kind in sorted({fault.kind for fault in noticed}):
        of = [is_noticed for fault, is_noticed in noticed.items() if fault.kind == kind]
        print(f"    {kind}: {sum(of)} of {len(of)}")


if __name__ == "__main__":
    main(sys.argv[1:])
