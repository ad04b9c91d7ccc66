"""`heartbeat up`: opens the page on what was collected within a minute or two and keeps collecting behind it."""

import os
import subprocess
import sys
import time

from rich.console import Console

from pipelines import steps
from pipelines.catalog.reader import Catalog
from pipelines.collecting import planning
from pipelines.collecting.people_key import read_key
from pipelines.collecting.queues import TOKEN
from pipelines.commands import building, sample
from pipelines.commands.serving import children, dashboard
from pipelines.commands.serving.children import handle_interrupts
from pipelines.commands.serving.first_collection import FirstCollection
from pipelines.commands.serving.schedule import password_path
from pipelines.commands.tokens import COMMANDS
from pipelines.snapshots.following import describe_followed, follow_published
from pipelines.text.values import remove_unseen
from warehouse.database import WarehouseError
from warehouse.freshness import read_limits
from warehouse.lock import Locked, hold_lock
from warehouse.logs.log import describe_log, open_log
from warehouse.progress import remove_progress
from warehouse.settings import Settings
from warehouse.sharing.followed import label_source, read_followed
from warehouse.snapshot import read_current
from warehouse.wording import count_things

FIRST_REQUESTS = 40
"""Request budget per channel of the first collection; the schedule resumes from there."""
FIRST_PAGE_SECONDS = 90.0
"""The page opens on what was collected by then, and fills while collecting goes on."""
REFRESH_SECONDS = 60.0
"""Minimum time between two publishes during the first collection."""
TICK_SECONDS = 0.5


class ChildStopped(Exception):
    """A process that `up` started has ended by itself; the message names it."""


class Up:
    """One run of `heartbeat up`, with its child processes."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self.settings, self.out = settings, console
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, is_sample: bool, opens_browser: bool, parent: int, source: str = "") -> int:
        """Runs until Ctrl-C or SIGTERM and returns the exit code.

        With a source, only the page runs, on somebody's published snapshot: nothing is collected or scheduled.
        """
        if parent:
            children.end_with_parent(parent)
        # Refused before anything is said or collected; the page reads it later.
        read_limits(self.settings)
        open_log(self.settings.home, self.settings.list_secrets())
        address = dashboard.make_dashboard_address(self.settings)
        try:
            with handle_interrupts(), hold_lock(self.settings.home, address, wait_seconds=1, name="up"):
                self._check_ports(source)
                if source:
                    self._follow(source, opens_browser)
                elif is_sample:
                    remove_progress(self.settings.home)
                    self._open_sample()
                    self._open_page(opens_browser)
                else:
                    self._collect_and_serve(opens_browser)
                while True:
                    self._check_children()
                    time.sleep(TICK_SECONDS)
        except Locked as error:
            self._print(
                f"heartbeat up is already running: {error.holder}; open that page, or stop it there with Ctrl-C"
            )
            return 2
        except ChildStopped as stopped:
            self._print(f"the {stopped}; see {describe_log(self.settings.home)}")
            return 1
        except KeyboardInterrupt:
            self._print("stopped")
            return 0
        finally:
            children.stop_children(list(self._children.values()))

    def _print(self, line: str) -> None:
        self.out.print(remove_unseen(line), markup=False)

    def _check_ports(self, source: str) -> None:
        children.refuse_taken_port(self.settings.port, "HEARTBEAT_PORT")
        if not source:
            children.refuse_taken_port(self.settings.prefect_port, "HEARTBEAT_PREFECT_PORT")

    def _follow(self, source: str, opens_browser: bool) -> None:
        """Opens a published snapshot, serves the page, and looks for a newer one until the end."""
        self._print(f"opening the snapshot published at {label_source(source)} …")
        origin = follow_published(self.settings, source, self._print).origin
        followed = read_followed(self.settings.home, source)
        if followed is None:
            raise WarehouseError(f"{label_source(source)}: the fetched snapshot was removed; run the command again")
        if origin and origin.trouble:
            self._print(f"{origin.trouble}; showing the last one fetched")
        self._print(describe_followed(followed))
        self.settings = self.settings.model_copy(update={"snapshot": source})
        self._open_page(opens_browser)

    def _collect_and_serve(self, opens_browser: bool) -> None:
        # A landing zone or a key that cannot be used is refused before anything is said.
        read_key(self.settings)
        if TOKEN not in self.settings.get_tokens():
            self._print(f"{TOKEN} is not set: most of what GitHub holds is excluded. To include it: {COMMANDS[TOKEN]}")
        catalog = planning.open_catalog(self.settings)
        plan = planning.make_plan(self.settings, catalog, requests=FIRST_REQUESTS)
        self._print(f"collecting from {count_things(len(plan.channels), 'channel')} …")
        collection, is_done = FirstCollection(self.out, plan, self.settings), False
        if self._has_snapshot():
            self._print("the page opens on the last published figures and updates itself as new ones arrive")
        else:
            self._print(
                f"the page opens after at most {FIRST_PAGE_SECONDS:.0f} seconds of collecting, "
                "on what has arrived by then"
            )
            is_done = collection.wait(FIRST_PAGE_SECONDS)
            self._publish(collection, catalog, is_done)
        self._open_page(opens_browser)
        if not is_done:
            self._publish_while_collecting(collection, catalog)
        self._start_schedule()

    def _publish_while_collecting(self, collection: FirstCollection, catalog: Catalog) -> None:
        if not collection.wait(0):
            done, total = collection.finished, len(collection.plan.channels)
            self._print(f"still collecting: {done} of {total} channels done; the page updates itself")
        is_done = False
        # A collection that ended while the page opened has still to be published.
        while not is_done:
            published, next_publish = collection.finished, time.monotonic() + REFRESH_SECONDS
            while not (is_done := collection.wait(TICK_SECONDS)) and time.monotonic() < next_publish:
                self._check_children()
            if is_done or collection.finished > published:
                self._publish(collection, catalog, is_done)

    def _publish(self, collection: FirstCollection, catalog: Catalog, is_done: bool) -> None:
        """Publishes what was collected, or the sample world once it is clear that nothing can be."""
        if collection.has_data:
            if not self._has_snapshot():
                self._print("building the first figures …")
            building.print_build(self.out, steps.refresh_warehouse(self.settings, catalog))
        elif is_done and not self._has_snapshot():
            self._print("No source could be reached. The schedule will retry.")
            self._open_sample()

    def _has_snapshot(self) -> bool:
        published = read_current(self.settings.home)
        return published is not None and not published.is_sample

    def _open_sample(self) -> None:
        self._print("opening the sample world: simulated by an emulator, not measured; every page and export says so")
        sample.open_sample(self.settings)

    def _open_page(self, opens_browser: bool) -> None:
        """Starts the dashboard and waits until it answers. Raises ChildStopped if it does not."""
        address = dashboard.make_dashboard_address(self.settings)
        command = dashboard.dashboard_command(self.settings)
        page = children.start_child(command, dashboard.dashboard_environment(self.settings), "dashboard")
        self._children["dashboard"] = page
        if not dashboard.wait_for_page(self.settings, page):
            raise ChildStopped("dashboard did not start")
        self._print(f"open {address} (Ctrl-C stops everything)")
        if opens_browser:
            dashboard.open_browser(address)

    def _start_schedule(self) -> None:
        command = [sys.executable, "-m", "pipelines", "serve"]
        self._children["schedule"] = children.start_child(command, os.environ, "schedule")
        page = f"http://127.0.0.1:{self.settings.prefect_port}"
        login = f"log in with the line in {password_path(self.settings)}"
        self._print(f"the schedule is starting in the background: {page} ({login})")

    def _check_children(self) -> None:
        for name, child in self._children.items():
            if child.poll() is not None:
                raise ChildStopped(f"{name} stopped unexpectedly")
