"""What `heartbeat status` and `heartbeat doctor` say of the ledger of attempts, against the channels of the catalog."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from rich.console import Console

from pipelines.catalog.faults import CatalogError
from pipelines.catalog.reader import Catalog
from pipelines.collecting import planning
from pipelines.commands.checks import Check
from pipelines.commands.terminal import say
from pipelines.notifying.outbox import describe_undelivered, read_state
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.attempts.failures import group_failures
from warehouse.attempts.health import Health, SilentChannel, describe_silence
from warehouse.attempts.outlook import describe_outlook, read_outlooks
from warehouse.attempts.reader import read_attempts, read_health
from warehouse.attempts.troubles import DISK, Trouble
from warehouse.database import WarehouseError
from warehouse.faults import Fault
from warehouse.forgetting.open_requests import add_open_request
from warehouse.freshness import find_present, format_with_age, load_collections
from warehouse.settings import NOTIFY, Settings
from warehouse.sharing.followed import read_shown
from warehouse.snapshot import Snapshot

OLD_BACKUP = timedelta(days=7)
"""Age from which on a backup that was made once is missed."""
MOST_FAILURES = 10
"""Causes of failed collections that the doctor names."""
MOST_NAMED = 3
"""Channels of a source that a line names."""


def read_home_health(settings: Settings, snapshot: Snapshot | None, catalog: Catalog | None = None) -> Health:
    """Reads the health of this home against its catalog; a catalog that cannot be read is told by what was planned."""
    if settings.snapshot:
        return Health()
    try:
        catalog = catalog or planning.open_catalog(settings)
    except CatalogError:
        channels = None
    else:
        channels = {channel.id: channel.source for channel in catalog.channels if channel.enabled}
    health = read_health(settings.home, snapshot, settings.clock(), channels)
    troubles = (*_find_read_only(settings), *health.troubles)
    return add_open_request(replace(health, troubles=troubles), settings)


def _find_read_only(settings: Settings) -> list[Trouble]:
    """Finds a home that cannot be written, of which the ledger says nothing. Pages may read one that only they cannot
    write."""
    if not settings.home.exists() or os.access(settings.home, os.W_OK):
        return []
    what, when = "HEARTBEAT_HOME cannot be written", "so nothing new is collected, built or published"
    remedy = "Make its disk and folder writable, then run `heartbeat up` or what failed again."
    return [Trouble(DISK, AttemptState.FAILED, Fault.DISK, True, settings.clock(), what, when, "", remedy)]


def check_health(settings: Settings, catalog: Catalog) -> list[Check]:
    """Checks the last collect, load, build, publish, backup and request to forget, and whether every channel ever
    answered."""
    try:
        snapshot = read_shown(settings)
    except (OSError, WarehouseError):
        snapshot = None  # the check of the snapshot reports this
    health = read_home_health(settings, snapshot, catalog)
    checks = [
        Check(trouble.kind, "wrong" if trouble.is_grave else "note", trouble.sentence)
        for trouble in health.troubles
        if trouble.kind != DISK  # which has a check of its own
    ]
    if snapshot is not None and snapshot.path.exists():
        checks += _check_failures(load_collections(snapshot, find_present(snapshot, settings.clock())))
    if health.unanswered:
        is_wrong = any(channel.error for channel in health.unanswered)
        named = "; ".join(describe_sources(health.unanswered))
        checks.append(Check("channels", "wrong" if is_wrong else "note", f"{describe_silence(health)}: {named}"))
    checks = checks or [Check("attempts", "ok", "no collect, load, build, publish, backup or forget went wrong last")]
    return [_check_backup(settings), *_check_places(settings), *checks]


def _check_places(settings: Settings) -> list[Check]:
    """Tells whether somebody is told when something breaks, and what could not be delivered."""
    count = len(settings.notify_places)
    unset = f"{NOTIFY} is not set: no alerts are sent; `heartbeat notify` tests what you set"
    named = "one place; `heartbeat notify` tests it" if count == 1 else f"{count} places; `heartbeat notify` tests them"
    places = Check("alerts", "ok", f"alerts go to {named}")
    wrong = [Check("alerts", "wrong", words) for words in list_undelivered(settings)]
    return [places if count else Check("alerts", "note", unset), *wrong]


def list_undelivered(settings: Settings) -> list[str]:
    """Lists what nobody was told because a place did not take it."""
    try:
        return describe_undelivered(read_state(settings.home))
    except WarehouseError as error:
        return [str(error)]


def _check_backup(settings: Settings) -> Check:
    backups = read_attempts(settings.home, AttemptKind.BACKUP)
    last = next((one.beginning for one in backups if one.state == AttemptState.DONE), None)
    if last is None:
        return Check("backup", "note", "no backup yet: `heartbeat backup FOLDER` copies what cannot be made again")
    words = f"the last good one is of {format_with_age(last.started_at, settings.clock())}, in {last.about}"
    is_old = settings.clock() - last.started_at > OLD_BACKUP
    return Check("backup", "wrong", f"{words}; run `heartbeat backup`") if is_old else Check("backup", "ok", words)


def _check_failures(rows: Iterable[Mapping[str, Any]]) -> list[Check]:
    """Names what stopped collections at their last visit, each cause once."""
    failures = group_failures(rows)
    checks = [
        Check("collections", "wrong", f"failed: {failure.who}: {failure.why or 'no reason was written down'}")
        for failure in failures[:MOST_FAILURES]
    ]
    if more := sum(len(failure.rows) for failure in failures[MOST_FAILURES:]):
        checks.append(Check("collections", "wrong", f"{more:,} more failed; `heartbeat status --all` lists them"))
    return checks


def describe_sources(channels: Iterable[SilentChannel]) -> list[str]:
    """Names the silent channels, a line for each source, with the error that one of them met last."""
    lines = []
    ordered = sorted(channels, key=lambda channel: (channel.source, channel.channel_id))
    for source, group in groupby(ordered, lambda channel: channel.source):
        own = list(group)
        names = ", ".join(channel.channel_id for channel in own[:MOST_NAMED])
        more = f" and {len(own) - MOST_NAMED:,} more" if len(own) > MOST_NAMED else ""
        met = next((channel for channel in own if channel.error), None)
        why = f" ({met.fault}: {met.error})" if met else " (no recorded visit)"
        lines.append(f"{source} ({len(own):,}): {names}{more}{why}")
    return lines


def print_health(console: Console, health: Health, undelivered: Iterable[str] = ()) -> None:
    """Prints what nobody was told, what went wrong last and who never answered; nothing where all is well."""
    for line in undelivered:
        say(console, line, "red")
    for trouble in health.troubles:
        say(console, trouble.sentence, "red" if trouble.is_grave else "yellow")
    if health.unanswered:
        say(console, describe_silence(health), "red")
    for line in describe_sources(health.unanswered):
        say(console, line, indent=2)


def to_record(health: Health) -> dict[str, Any]:
    """Returns the health for JSON."""
    troubles = [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(trouble).items()}
        for trouble in health.troubles
    ]
    silent = [asdict(channel) for channel in health.unanswered]
    return {"is_grave": health.is_grave, "troubles": troubles, "planned": health.planned_count, "unanswered": silent}


def read_budgets(settings: Settings) -> list[dict[str, Any]]:
    """Reads what is left of each source's budget today (UTC), and when its backlog is done; for JSON."""
    outlooks = [] if settings.snapshot else read_outlooks(read_attempts(settings.home), settings.clock())
    return [
        {
            "source": outlook.source,
            "spent": {"requests": outlook.spent.requests, "points": outlook.spent.points,
                      "minutes": round(outlook.spent.minutes, 1)},
            "limits": outlook.limits.model_dump(exclude_none=True),
            "left": outlook.left,
            "backlog": asdict(outlook.backlog),
            "sentence": describe_outlook(outlook),
        }
        for outlook in outlooks
    ]  # fmt: skip


def print_budgets(console: Console, budgets: Sequence[Mapping[str, Any]], is_whole: bool) -> None:
    """Prints what was spent today and what waits; of all sources, or of those that spent anything or have a backlog."""
    shown = [row for row in budgets if is_whole or row["backlog"]["waiting"] or any(row["spent"].values())]
    if shown:
        say(console, "")
        say(console, "spent today (UTC), and what waits for later visits:")
    for row in shown:
        say(console, row["sentence"], indent=2)


def print_ledger(
    console: Console, health: Health, budgets: Sequence[Mapping[str, Any]], trouble: str, is_whole: bool
) -> None:
    """Prints what the ledger says where no snapshot can be shown; as JSON with the trouble that says why, if given."""
    if trouble:
        print(
            json.dumps(
                {"snapshot": None, "trouble": trouble, "health": to_record(health), "budgets": budgets}, indent=1
            )
        )
    else:
        print_health(console, health)
        print_budgets(console, budgets, is_whole)
