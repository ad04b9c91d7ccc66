"""What is wrong with this installation, as `status`, `doctor` and `alerts` print it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import Any

from rich.console import Console

from pipelines.commands.terminal import say
from warehouse.attempts.entries import AttemptKind
from warehouse.database import WarehouseError, read_format, warehouse_path
from warehouse.faults import Fault, LandingError
from warehouse.findings import EFFECTS, LEVELS, Finding, begin_sentence, find_problems, sort_findings
from warehouse.landing import Zone, list_landed, open_zone
from warehouse.manifest import REMEDY, unpack_file
from warehouse.schema.tables import VERSION
from warehouse.settings import Settings
from warehouse.sharing.followed import read_shown
from warehouse.snapshot import Snapshot
from warehouse.wording import count_things

LOOKED_AT = 50
"""Maximum number of newest landed files to test for readability."""


def read_problems(settings: Settings) -> tuple[Snapshot | None, list[Finding]]:
    """Reads the snapshot that readers see, None if there is none or it cannot be read, and all that is wrong, the
    worst first."""
    snapshot, unreadable = None, ""
    try:
        snapshot = read_shown(settings)
    except (OSError, WarehouseError) as error:
        unreadable = str(error)
    found = find_problems(settings, snapshot, unreadable)
    damage = [] if settings.snapshot else [*_find_warehouse_damage(settings), *_find_landing_damage(settings)]
    if damage:
        # A step that met the damage says the same.
        found = [finding for finding in found if finding.fault != Fault.DAMAGED]
    return snapshot, sort_findings([*damage, *found])


def print_problems(console: Console, findings: Sequence[Finding], now: datetime) -> None:
    """Prints each finding with its effect and remedy, or that nothing is wrong."""
    for finding in findings:
        first, *others = finding.list_lines(now)
        say(console, f" {first}", LEVELS[finding.level].replace("orange", "yellow"), mark=f"{finding.level:7}")
        for line in others:
            say(console, line, indent=8)
    if not findings:
        say(console, "nothing is wrong", "green")


def list_problems(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Returns findings for JSON."""
    return [{**asdict(finding), "since": finding.since.isoformat()} for finding in findings]


def _find_warehouse_damage(settings: Settings) -> Iterator[Finding]:
    """Finds a warehouse that cannot be read, or of another version."""
    try:
        version = read_format(settings.home)
    except WarehouseError as error:
        if "set lock" not in str(error):
            remedy = (
                "Check its disk (`dmesg`), then restore a backup into a new HEARTBEAT_HOME. Without one, move the file"
                " away: `heartbeat build` makes it again from landed files, which are kept for"
                f" {count_things(settings.keep_days, 'day')}; what is older is lost."
            )
            yield _report_damage(settings, AttemptKind.BUILD, "the warehouse cannot be read", str(error), remedy)
        return
    if version not in (None, VERSION):
        why = f"{warehouse_path(settings.home)}: format {version}, but this Heartbeat reads {VERSION}"
        remedy = "Update Heartbeat, or move the home away and collect again."
        yield _report_damage(settings, AttemptKind.BUILD, "the warehouse is of another version", why, remedy)


def _find_landing_damage(settings: Settings) -> Iterator[Finding]:
    """Finds a landing zone that cannot be read, or some of whose newest files cannot."""
    try:
        zone = open_zone(settings.landing_url)
        broken = _list_broken(zone, list_landed(zone))
    except (LandingError, OSError) as error:
        remedy = "Correct HEARTBEAT_LANDING, its rights or its credentials, or check its disk."
        yield _report_damage(settings, "landing", "the landing zone cannot be read", str(error), remedy)
        return
    if broken:
        what = f"{count_things(len(broken), 'landed file')} cannot be read"
        effect, why = "figures keep what was loaded of it before, and lack the rest", "; ".join(broken)
        remedy = f"{begin_sentence(REMEDY)}."
        yield Finding("landing", "error", settings.clock(), what, effect, remedy, why, Fault.DAMAGED)


def _list_broken(zone: Zone, paths: Iterable[str]) -> list[str]:
    """Lists the faults of each channel's newest file."""
    faults = []
    newest = [list(own)[-1] for _, own in groupby(paths, key=lambda path: path.split("/")[0])]
    for path in newest[:LOOKED_AT]:
        try:
            unpack_file(path, zone.read(path))
        except LandingError as error:
            faults.append(str(error))
    return faults


def _report_damage(settings: Settings, id: str, what: str, why: str, remedy: str) -> Finding:
    return Finding(id, "error", settings.clock(), what, EFFECTS[AttemptKind.LOAD], remedy, why)
