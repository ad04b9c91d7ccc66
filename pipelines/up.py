"""`heartbeat up`: collect once, build, publish; then the dashboard and the schedule, until Ctrl-C."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from rich.console import Console

from pipelines import children, progress, sample, steps
from warehouse.lock import Locked, writing
from warehouse.settings import Settings
from warehouse.snapshot import current

FIRST_REQUESTS = 40
"""Requests each channel may cost before the page opens; the schedule goes on from there."""
DASHBOARD_SECONDS = 60.0


class Up:
    """One `heartbeat up`, with what it started."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self.settings, self.out = settings, console
        self._children: list[subprocess.Popen[bytes]] = []

    def run(self, is_sample: bool, opens_browser: bool, ends_with_parent: bool) -> int:
        """Runs until Ctrl-C or SIGTERM; gives the exit code."""
        if ends_with_parent:
            children.end_with_parent()
        for number in (signal.SIGINT, signal.SIGTERM):  # a shell that starts us in the background would have SIGINT ignored
            signal.signal(number, _leave)
        try:
            with writing(self.settings.home, "heartbeat up", wait_seconds=1, name="up"):
                return self._run(is_sample, opens_browser)
        except Locked as error:
            self.out.print(f"heartbeat up runs already: {error}", markup=False)
            return 2
        except KeyboardInterrupt:
            self.out.print("ended")
            return 0
        finally:
            children.stop(self._children)

    def _run(self, is_sample: bool, opens_browser: bool) -> int:
        for port, name in ((self.settings.port, "HEARTBEAT_PORT"), (self.settings.prefect_port, "HEARTBEAT_PREFECT_PORT")):
            if not children.port_is_free(port):
                self.out.print(f"port {port} is in use; end what holds it or set {name}", markup=False)
                return 2
        if is_sample or not self._collect():
            sample.open_sample(self.settings)
            self.out.print("the sample world is open: made by our own emulator, not measured; every page and export says so")
        return self._serve(is_sample, opens_browser)

    def _collect(self) -> bool:
        """Collects, builds and publishes; False when there is nothing of our own to show."""
        catalog = steps.open_catalog(self.settings)
        self.out.print("collecting from every channel that needs no token, and from those whose token is set …")
        results = progress.watch(self.out, steps.plan(self.settings, catalog, requests=FIRST_REQUESTS), self.settings)
        found = current(self.settings.home)
        if not any(result.was_reached for result in results) and (found is None or found.is_sample):
            self.out.print("nothing could be reached; the schedule will try again")
            return False
        progress.tell_build(self.out, steps.refresh(self.settings, catalog))
        return True

    def _serve(self, is_sample: bool, opens_browser: bool) -> int:
        logs = self.settings.home / "logs"
        page = children.start(dashboard_command(self.settings, opens_browser), dashboard_environment(self.settings), logs / "dashboard.log")
        self._children.append(page)
        if not children.wait_for_port(self.settings.port, page, DASHBOARD_SECONDS):
            self.out.print(f"the dashboard did not start; see {logs / 'dashboard.log'}", markup=False)
            return 1
        self.out.print(f"open http://127.0.0.1:{self.settings.port} (Ctrl-C ends everything)", markup=False)
        if not is_sample:
            command = [sys.executable, "-m", "pipelines", "serve"]
            self._children.append(children.start(command, dict(os.environ), logs / "schedule.log"))
            self.out.print(f"the schedule starts behind it: http://127.0.0.1:{self.settings.prefect_port}", markup=False)
        return self._watch()

    def _watch(self) -> int:
        while True:
            for child in self._children:
                if child.poll() is not None:
                    name = "dashboard" if child is self._children[0] else "schedule"
                    self.out.print(f"the {name} ended by itself; see {self.settings.home / 'logs'}", markup=False)
                    return 1
            time.sleep(0.5)


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def dashboard_command(settings: Settings, opens_browser: bool) -> list[str]:
    """The command that serves the pages on the loopback address."""
    found = importlib.util.find_spec("dashboards")
    folder = next(iter(found.submodule_search_locations or [])) if found else "dashboards"
    options = {"server.port": str(settings.port), "server.address": "127.0.0.1", "server.headless": "false" if opens_browser else "true"}
    return [sys.executable, "-m", "streamlit", "run", f"{folder}/app.py", *(f"--{name}={value}" for name, value in options.items())]


def dashboard_environment(settings: Settings) -> dict[str, str]:
    """The environment of the pages; tokens stay out of it, since the pages need none."""
    from warehouse.settings import TOKENS

    kept = {name: value for name, value in os.environ.items() if name not in TOKENS}
    return kept | {"HEARTBEAT_HOME": str(settings.home.absolute()), "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}
