"""`heartbeat up`: collects once, builds and publishes, then runs the dashboard and the schedule until Ctrl-C."""

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from types import FrameType

from rich.console import Console

from pipelines import steps
from pipelines.commands import children, progress, sample
from pipelines.commands.schedule import password_path
from warehouse.lock import Locked, hold_lock
from warehouse.settings import Settings, select_open_environment
from warehouse.snapshot import read_current

FIRST_REQUESTS = 40
"""Request budget per channel before the dashboard opens; the schedule resumes from there."""
DASHBOARD_SECONDS = 60.0


class Up:
    """One run of `heartbeat up`, with its child processes."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self.settings, self.out = settings, console
        self._children: list[subprocess.Popen[bytes]] = []

    def run(self, is_sample: bool, opens_browser: bool, ends_with_parent: bool) -> int:
        """Runs until Ctrl-C or SIGTERM and returns the exit code."""
        if ends_with_parent:
            children.end_with_parent()
        # A shell that starts this process in the background makes it ignore SIGINT.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _raise_interrupt)
        try:
            with hold_lock(self.settings.home, "heartbeat up", wait_seconds=1, name="up"):
                return self._start_services(is_sample, opens_browser)
        except Locked as error:
            self.out.print(f"heartbeat up is already running: {error}", markup=False)
            return 2
        except KeyboardInterrupt:
            self.out.print("stopped")
            return 0
        finally:
            children.stop_children(self._children)

    def _start_services(self, is_sample: bool, opens_browser: bool) -> int:
        for port, name in (
            (self.settings.port, "HEARTBEAT_PORT"),
            (self.settings.prefect_port, "HEARTBEAT_PREFECT_PORT"),
        ):
            if not children.is_port_free(port):
                self.out.print(f"port {port} is in use; free it or set {name}", markup=False)
                return 2
        if is_sample or not self._collect_first():
            sample.open_sample(self.settings)
            self.out.print(
                "opening the sample world: simulated by an emulator, not measured; every page and export says so"
            )
        return self._serve_pages(is_sample, opens_browser)

    def _collect_first(self) -> bool:
        """Collects, builds and publishes; False if there is no collected data to show."""
        catalog = steps.open_catalog(self.settings)
        self.out.print("collecting from every channel that needs no token or whose token is set …")
        results = progress.collect_with_progress(
            self.out, steps.make_plan(self.settings, catalog, requests=FIRST_REQUESTS), self.settings
        )
        published = read_current(self.settings.home)
        if not any(result.was_reached for result in results) and (published is None or published.is_sample):
            self.out.print("No source could be reached. The schedule will retry.")
            return False
        progress.print_build(self.out, steps.refresh_warehouse(self.settings, catalog))
        return True

    def _serve_pages(self, is_sample: bool, opens_browser: bool) -> int:
        logs = self.settings.home / "logs"
        page = children.start_child(
            dashboard_command(self.settings), dashboard_environment(self.settings), logs / "dashboard.log"
        )
        self._children.append(page)
        if not wait_for_page(self.settings, page):
            self.out.print(f"the dashboard did not start; see {logs / 'dashboard.log'}", markup=False)
            return 1
        self.out.print(f"open {page_address(self.settings)} (Ctrl-C stops everything)", markup=False)
        if opens_browser:
            open_browser(page_address(self.settings))
        if not is_sample:
            command = [sys.executable, "-m", "pipelines", "serve"]
            self._children.append(children.start_child(command, dict(os.environ), logs / "schedule.log"))
            login = f"log in with the line in {password_path(self.settings)}"
            self.out.print(
                f"the schedule is starting in the background: http://127.0.0.1:{self.settings.prefect_port} ({login})",
                markup=False,
            )
        return self._wait_for_children()

    def _wait_for_children(self) -> int:
        while True:
            for child in self._children:
                if child.poll() is not None:
                    name = "dashboard" if child is self._children[0] else "schedule"
                    self.out.print(f"the {name} stopped unexpectedly; see {self.settings.home / 'logs'}", markup=False)
                    return 1
            time.sleep(0.5)


def _raise_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def page_address(settings: Settings) -> str:
    """Returns the address of the dashboard."""
    return f"http://127.0.0.1:{settings.port}"


def dashboard_command(settings: Settings) -> list[str]:
    """Returns the command that serves the dashboard on the loopback address."""
    spec = importlib.util.find_spec("dashboards")
    folder = next(iter(spec.submodule_search_locations or [])) if spec else "dashboards"
    # Always headless: before Streamlit opens a browser for the first time, it asks for an e-mail address.
    options = {"server.port": str(settings.port), "server.address": "127.0.0.1", "server.headless": "true"}
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        f"{folder}/app.py",
        *(f"--{name}={value}" for name, value in options.items()),
    ]


def dashboard_environment(settings: Settings) -> dict[str, str]:
    """Returns the dashboard's environment, which holds no token and no key."""
    return select_open_environment(os.environ) | {
        "HEARTBEAT_HOME": str(settings.home.absolute()),
        "HEARTBEAT_HOSTS": settings.hosts,
        "HEARTBEAT_NOW": settings.now.isoformat() if settings.now else "",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    }


def wait_for_page(settings: Settings, process: subprocess.Popen[bytes], seconds: float = DASHBOARD_SECONDS) -> bool:
    """Waits until the dashboard answers a request; False if it exits or times out."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/_stcore/health", timeout=5):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def open_browser(address: str) -> None:
    """Opens the address in the desktop's browser; does nothing without a desktop or `BROWSER`."""
    needs_display = sys.platform not in ("darwin", "win32")
    if needs_display and not any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")):
        return
    # In its own thread: some browsers return only when their window is closed.
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def serve_dashboard(settings: Settings, opens_browser: bool) -> int:
    """Serves the dashboard until Ctrl-C and opens the browser once it answers. Returns the exit code."""
    signal.signal(signal.SIGTERM, _raise_interrupt)
    process = subprocess.Popen(
        dashboard_command(settings), env=dashboard_environment(settings), stdin=subprocess.DEVNULL
    )
    try:
        if opens_browser and wait_for_page(settings, process):
            open_browser(page_address(settings))
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        return 0
