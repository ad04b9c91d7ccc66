"""The process that serves the dashboard, and the browser that opens it."""

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import webbrowser

from pipelines.commands.serving import children
from pipelines.commands.serving.children import handle_interrupts
from pipelines.snapshots.following import follow_published
from warehouse.freshness import read_limits
from warehouse.settings import Settings, select_open_environment
from warehouse.sharing.followed import label_source

START_SECONDS = 60.0


def make_dashboard_address(settings: Settings) -> str:
    """Returns the address of the dashboard."""
    return f"http://127.0.0.1:{settings.port}"


def dashboard_command(settings: Settings) -> list[str]:
    """Returns the command that serves the dashboard on the loopback address."""
    spec = importlib.util.find_spec("dashboards")
    folder = next(iter(spec.submodule_search_locations or [])) if spec else "dashboards"
    # Always headless: before Streamlit opens a browser for the first time, it asks for an e-mail address.
    options = {"server.port": str(settings.port), "server.address": settings.address, "server.headless": "true"}
    words = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", f"{folder}/app.py", *words]


def dashboard_environment(settings: Settings) -> dict[str, str]:
    """Returns the dashboard's environment, which holds no token and no key."""
    return select_open_environment(os.environ) | {
        "HEARTBEAT_HOME": str(settings.home.absolute()),
        "HEARTBEAT_HOSTS": settings.hosts,
        "HEARTBEAT_PUBLIC_URL": settings.public_url,
        # What was fetched is found by the name of its source; the page needs no credentials of an address.
        "HEARTBEAT_LANDING": label_source(settings.landing_url),
        "HEARTBEAT_SNAPSHOT": label_source(settings.snapshot) if settings.snapshot else "",
        "HEARTBEAT_FRESHNESS": settings.freshness if read_limits(settings) else "",
        "HEARTBEAT_NOW": settings.now.isoformat() if settings.now else "",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    }


def wait_for_page(settings: Settings, process: subprocess.Popen[bytes]) -> bool:
    """Waits until the dashboard answers a request; False if it exits or times out."""
    return children.wait_for_answer(settings.port, "/_stcore/health", process, START_SECONDS)


def open_browser(address: str) -> None:
    """Opens the address in the desktop's browser; does nothing without a desktop or `BROWSER`."""
    needs_display = sys.platform not in ("darwin", "win32")
    if needs_display and not any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")):
        return
    # In its own thread: some browsers return only when their window is closed.
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def serve_dashboard(settings: Settings, opens_browser: bool) -> int:
    """Serves the dashboard until Ctrl-C, if wanted with a browser that opens once it answers. Returns the exit code.

    Raises SettingsError if its port is taken.
    """
    children.refuse_taken_port(settings.port, "HEARTBEAT_PORT")
    if settings.snapshot:
        follow_published(settings, settings.snapshot, print)
    command, environment = dashboard_command(settings), dashboard_environment(settings)
    if not opens_browser:
        # Ctrl-C would end Streamlit's command with "Aborted!" and an error, unless only its server listens to it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Nothing is left to do here: a process that waits would need 50 MB.
        os.execve(command[0], command, environment)
    process = children.open_child(command, environment)
    try:
        with handle_interrupts():
            if wait_for_page(settings, process):
                open_browser(make_dashboard_address(settings))
            return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        children.stop_children([process])
