"""Proofs that stand: what is a pure function of files is proved again only when one of them changed.

A test that says `@pytest.mark.rests_on("analytics", …)` passes at once where it passed before on the same bytes of
these files and of its own. One that says nothing rests on every file of the checkout, and on the day.
Only with `--keep-proofs`, as in `make test` and `make test-fast`: whoever runs a test by hand wants it run.
"""

import json
import os
import time
from collections import defaultdict
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.gate.digests import EVERYTHING, digest, forget_digests
from tests.paths import ROOT

KEPT = ROOT / ".cache" / "proved"
STANDS = ("proof", "stands")
"""The property of the report of a test that was not run, as its proof stands."""
PHASES = {"setup", "call", "teardown"}
PATIENCE = 20.0
"""Seconds until passed tests are written down; looking at every file after each test would take longer than most."""
MOST = 400
"""So many lists are kept, one for each set of bytes that tests rest on; the newest of them."""
Names = tuple[str, ...]


class Proofs:
    """Lets tests pass whose proof stands, and keeps the proof of those that pass in all their phases."""

    def __init__(self, kept: Path = KEPT) -> None:
        self._kept = kept
        self._names: dict[pytest.Item, Names] = {}
        self._digests: dict[Names, str] = {}
        self._passed: dict[pytest.Item, set[str]] = {}
        self._unwritten: list[pytest.Item] = []
        self._written_at = time.monotonic()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Takes the fixtures from tests whose proof stands, as making these is most of the work."""
        for item in items:
            if isinstance(item, pytest.Function):
                self._names[item] = _list_grounds(item)
        self._digests = {names: digest(*names) for names in set(self._names.values())}
        proved = {names: self._read(names) for names in self._digests}
        for item, names in self._names.items():
            if item.nodeid in proved[names]:
                item.user_properties.append(STANDS)
                item.fixturenames = []  # type: ignore[attr-defined]

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Passes in the place of a test whose proof stands."""
        return STANDS in pyfuncitem.user_properties or None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keeps a proof when the last phase of a test passed, too."""
        report = yield
        if item in self._names and report.passed and not hasattr(report, "wasxfail"):
            passed = self._passed.setdefault(item, set())
            passed.add(report.when or "")
            if passed == PHASES and STANDS not in item.user_properties:
                self._unwritten.append(item)
                if time.monotonic() - self._written_at > PATIENCE:
                    self._write()
        return report

    def pytest_sessionfinish(self) -> None:
        """Keeps the proofs of the last tests."""
        self._write()
        with suppress(FileNotFoundError):  # another worker removes the same
            for path in sorted(self._kept.glob("*"), key=lambda path: -path.stat().st_mtime)[MOST:]:
                path.unlink()

    def _write(self) -> None:
        """Unless somebody changed a file while the tests ran: then nobody knows which bytes they read."""
        forget_digests()
        lists: defaultdict[Names, list[str]] = defaultdict(list)
        for item in self._unwritten:
            lists[self._names[item]].append(f"{json.dumps(item.nodeid)}\n")
        for names, lines in lists.items():
            if digest(*names) == self._digests[names]:
                self._kept.mkdir(parents=True, exist_ok=True)
                with self._path(names).open("a", encoding="utf-8") as proved:
                    proved.write("".join(lines))
        self._unwritten.clear()
        self._written_at = time.monotonic()

    def _read(self, names: Names) -> set[str]:
        """The tests that passed on these bytes; reading a list keeps it."""
        path = self._path(names)
        if not path.exists():
            return set()
        os.utime(path)
        return {json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()}

    def _path(self, names: Names) -> Path:
        return self._kept / self._digests[names]


def _list_grounds(item: pytest.Function) -> Names:
    names = names_of(item)
    own = item.path.relative_to(item.config.rootpath).as_posix()
    return (own, *sorted(names)) if names else (EVERYTHING,)


def names_of(item: Any) -> set[str]:
    """The files and folders that a test rests on, by what it and its module are marked with."""
    return {name for mark in item.iter_markers("rests_on") for name in mark.args}
