"""One scheduled run: collects what is due, builds and publishes. If no home stays between runs, as in a workflow,
one is restored from an encrypted file before the run, and saved to it afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines import steps
from pipelines.attempts import AttemptRecord, record_attempt
from pipelines.collecting import planning
from pipelines.collecting.due import read_past_visits, select_due
from pipelines.collecting.people_key import open_people
from pipelines.collecting.run import CollectReport, Plan, collect_plan
from pipelines.commands.alerting.watch import tell_afterwards
from pipelines.http.budget import DEFAULT_REQUESTS
from warehouse.attempts.entries import AttemptKind
from warehouse.backups import restore_backup, write_backup
from warehouse.database import warehouse_path
from warehouse.forgetting.places import remember_place
from warehouse.sealing import open_sealed, seal_folder
from warehouse.settings import STATE_KEY, Settings, SettingsError
from warehouse.snapshot import read_current
from warehouse.wording import count_things

Collect = Callable[[Plan, Settings], CollectReport]
"""Collects a plan: in Prefect's tasks, or showing how far it is."""


def collect_due(
    settings: Settings, source: str = "", requests: int = DEFAULT_REQUESTS, collect: Collect = collect_plan
) -> AttemptRecord | None:
    """Collects the channels that are due, of a source or of all; returns None if there is none."""
    catalog = planning.open_catalog_for(settings, AttemptKind.COLLECT)
    plan = planning.make_plan(settings, catalog, requests=requests, source=source)
    due = select_due(plan.channels, read_past_visits(settings, plan.channels), settings.clock())
    return collect(replace(plan, channels=due), settings).attempt if due else None


def refresh_home(
    settings: Settings, source: str = "", requests: int = DEFAULT_REQUESTS, collect: Collect = collect_plan
) -> tuple[AttemptRecord | None, steps.RefreshResult | None]:
    """Collects what is due, loads, builds and publishes it, and sends alerts.

    Returns None for a step without work: nothing was due, and readers have what was collected before.
    """
    with tell_afterwards(settings):
        attempt, result = collect_due(settings, source, requests, collect), None
        if attempt or read_current(settings.home) is None:
            result = steps.refresh_warehouse(settings, planning.open_catalog_for(settings, AttemptKind.LOAD))
    return attempt, result


@contextmanager
def keep_state(settings: Settings, path: Path) -> Iterator[None]:
    """Restores a home that was lost from the state in a file, and saves it there afterwards, even if the run failed.

    Raises SettingsError or WarehouseError; a state that cannot be opened, or holds more than this home, stays.
    """
    secret = settings.state_key.get_secret_value()
    if not secret:
        raise SettingsError(
            f"{STATE_KEY} is not set, and without it no state is kept: `openssl rand -base64 33 > secret` makes it, "
            f"`gh secret set {STATE_KEY} < secret` gives it to a workflow, and elsewhere `.env` holds it; keep the file"
        )
    with TemporaryDirectory(prefix="heartbeat-") as name:
        folder = Path(name, path.name)
        if path.exists():
            open_sealed(path, folder, secret)
            if not warehouse_path(settings.home).exists():
                restore_backup(folder, settings.home)
        try:
            yield
        finally:
            _save_state(settings, path, folder, secret)


def _save_state(settings: Settings, path: Path, folder: Path, secret: str) -> None:
    """Backs the home up into the folder in which its former state lies, and seals that."""
    with record_attempt(settings, AttemptKind.BACKUP, about=str(path.absolute())) as attempt:
        manifest = write_backup(folder, settings, open_people(settings).key, settings.clock())
        size = seal_folder(folder, path, secret)
        attempt.result = f"{count_things(manifest['loads'], 'load')}, {size:,} bytes"
    remember_place(settings.home, "backup", str(path.absolute()))
