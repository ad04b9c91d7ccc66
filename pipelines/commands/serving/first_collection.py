"""The collecting run that `heartbeat up` begins with: it goes on in the background while the page is open."""

import threading
from concurrent.futures import Future, wait
from datetime import UTC, datetime

from rich.console import Console

from pipelines.collecting.run import ChannelResult, CollectReport, Plan
from pipelines.commands import progress
from warehouse.progress import CollectionProgress, remove_progress, write_progress
from warehouse.settings import Settings

PROGRESS_SECONDS = 2.0
"""How often the open pages learn how far it is."""


class FirstCollection:
    """A collecting run in a thread of its own, which ends with the process: what has landed is kept."""

    def __init__(self, console: Console, plan: Plan, settings: Settings) -> None:
        self.plan = plan
        self._console, self._settings = console, settings
        self._report: Future[CollectReport] = Future()
        self._finished: list[ChannelResult] = []
        for work in (self._collect, self._report_progress):
            threading.Thread(target=work, daemon=True).start()

    def _collect(self) -> None:
        try:
            report = progress.collect_with_progress(self._console, self.plan, self._settings, self._finished.append)
        except BaseException as error:
            self._report.set_exception(error)
        else:
            self._report.set_result(report)

    def _report_progress(self) -> None:
        while not wait([self._report], PROGRESS_SECONDS).done:
            write_progress(self._settings.home, self._describe_progress())
        if self.has_data:
            remove_progress(self._settings.home)
        else:
            write_progress(self._settings.home, self._describe_progress(has_failed=True))

    def _describe_progress(self, has_failed: bool = False) -> CollectionProgress:
        return CollectionProgress(
            # The wall clock, not the settings': the pages ask whether this process still lives.
            written_at=datetime.now(UTC), finished=self.finished, total=len(self.plan.channels),
            rows=sum(result.rows for result in list(self._finished)), has_failed=has_failed,
        )  # fmt: skip

    def wait(self, seconds: float) -> bool:
        """Waits until the run has ended, at most so long; True if it has. Raises the error that ended it."""
        done, _ = wait([self._report], seconds)
        if done:
            self._report.result()
        return bool(done)

    @property
    def finished(self) -> int:
        """Number of channels that were visited to the end."""
        return len(self._finished)

    @property
    def has_data(self) -> bool:
        """True once any upstream has returned anything usable."""
        return any(result.was_reached for result in list(self._finished))
