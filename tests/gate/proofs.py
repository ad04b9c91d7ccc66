"""Proofs that stand: what is a pure function of files is proved again only when one of them changed.

A test that says `@pytest.mark.rests_on("analytics", …)` passes at once where it passed before on the same bytes of
these files and of its own.
Only with `--keep-proofs`, as in `make test` and `make test-fast`: whoever runs a test by hand wants it run.
"""

import hashlib
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.gate.digests import digest, forget_digests
from tests.paths import ROOT

KEPT = ROOT / ".cache" / "proved"
STANDS = ("proof", "stands")
"""The property of the report of a test that was not run, as its proof stands."""
PHASES = {"setup", "call", "teardown"}


class Proofs:
    """Lets tests pass whose proof stands, and keeps the proof of those that pass in all their phases."""

    def __init__(self, kept: Path = KEPT) -> None:
        self._kept = kept
        self._paths: dict[pytest.Item, Path] = {}
        self._passed: dict[pytest.Item, set[str]] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Takes the fixtures from tests whose proof stands, as making these is most of the work."""
        for item in items:
            if isinstance(item, pytest.Function) and any(item.iter_markers("rests_on")):
                self._paths[item] = self._path(item)
                if self._paths[item].exists():
                    item.user_properties.append(STANDS)
                    item.fixturenames = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Passes in the place of a test whose proof stands."""
        return STANDS in pyfuncitem.user_properties or None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keeps a proof when the last phase of a test passed, too."""
        report = yield
        if item in self._paths and report.passed and not hasattr(report, "wasxfail"):
            passed = self._passed.setdefault(item, set())
            passed.add(report.when or "")
            if passed == PHASES and STANDS not in item.user_properties:
                self._keep(item)
        return report

    def _keep(self, item: pytest.Item) -> None:
        """Unless somebody changed a file while the test ran: then nobody knows which bytes it read."""
        forget_digests()
        path = self._path(item)
        if path == self._paths[item]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(item.nodeid, encoding="utf-8")

    def _path(self, item: pytest.Item) -> Path:
        own = str(item.path.relative_to(item.config.rootpath))
        name = f"{item.nodeid}\0{digest(own, *names_of(item))}"
        return self._kept / hashlib.sha256(name.encode()).hexdigest()[:32]


def names_of(item: Any) -> set[str]:
    """The files and folders that a test rests on, by what it and its module are marked with."""
    return {name for mark in item.iter_markers("rests_on") for name in mark.args}
