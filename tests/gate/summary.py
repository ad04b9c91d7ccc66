"""The end of a run: which files took longest, and in one line how many tests passed and what the skipped ones
wanted."""

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable

import pytest

from tests.gate.proofs import STANDS
from tests.gate.weights import file_of, write_weights

SLOWEST = 10
WANTS = {"recordings": "../shared/recordings", "Chromium": "Chromium", "npm": "npm's registry"}
"""What tests want, by the word in the reason of their skip that betrays it; any other reason is given as it is."""


class Summary:
    """Adds up the reports of all tests of a run, and prints what they come to."""

    def __init__(self, weighs: bool = False) -> None:
        self._weighs = weighs
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._outcomes: Counter[str] = Counter()
        self._reasons: list[str] = []
        self._standing = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Counts a phase of a test."""
        self._seconds[file_of(report.nodeid)] += report.duration
        if report.skipped and isinstance(report.longrepr, tuple):
            self._reasons.append(report.longrepr[2].removeprefix("Skipped: "))
        elif report.failed:
            self._outcomes["failed"] += 1
        elif report.when == "call":
            self._outcomes["passed"] += report.passed
            self._standing += STANDS in map(tuple, report.user_properties)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        """Prints after everything else, so that the last line says what the run was worth."""
        result = yield
        if self._weighs:
            write_weights(self._seconds)
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and sum(self._outcomes.values()) > 1:
            reporter.write_line("\n".join(self._lines()))
        return result

    def _lines(self) -> list[str]:
        slowest = heapq.nlargest(SLOWEST, ((took, name) for name, took in self._seconds.items()))
        lines = ["slowest files: " + ", ".join(f"{took:.0f} s {name}" for took, name in slowest)]
        if self._standing:
            lines.append(f"proved before, nothing they read changed: {self._standing} tests")
        return [*lines, last_line(self._outcomes["passed"], self._outcomes["failed"], self._reasons)]


def last_line(passed: int, failed: int, reasons: Iterable[str]) -> str:
    """How many tests passed, failed and were skipped for want of what."""
    counts = Counter(_want(reason) for reason in reasons)
    wants = ", ".join(f"{count} {want}" for want, count in counts.most_common())
    return f"{passed} passed{f', {failed} FAILED' if failed else ''}" + (f"; skipped: {wants}" if wants else "")


def _want(reason: str) -> str:
    for word, want in WANTS.items():
        if re.search(rf"\b{word}\b", reason):
            return f"for want of {want}"
    return f"as {reason}"
