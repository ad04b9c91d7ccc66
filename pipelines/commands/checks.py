"""Local checks of `heartbeat doctor`: this machine and this installation, with a remedy for each fault."""

import platform
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from statistics import median

from pipelines.catalog.reader import Catalog
from pipelines.collecting.access import find_refusal, find_terms
from pipelines.collecting.limits import find_wrong_limit
from pipelines.collecting.turns import TOKEN
from pipelines.commands.permissions import find_exposed
from pipelines.commands.probes import Finding
from pipelines.commands.tokens import describe_gain, list_gains
from pipelines.http.anonymous import ASSUMED
from warehouse.attempts.health import Health, describe_mark
from warehouse.attempts.reader import find_home, read_health
from warehouse.database import WarehouseError, read_format, warehouse_path
from warehouse.faults import LandingError
from warehouse.freshness import (
    SNAPSHOT_HOURS,
    describe_freshness,
    find_present,
    format_instant,
    format_with_age,
    load_collections,
    load_fact_ages,
    read_limits,
)
from warehouse.landing import Zone, list_landed, open_zone, read_landed
from warehouse.lock import Locked, hold_lock
from warehouse.schema.tables import VERSION
from warehouse.settings import TOKENS, Settings
from warehouse.sharing.followed import read_shown
from warehouse.warnings import describe_warning, read_warnings
from warehouse.wording import count_things

LITTLE_SPACE = 1024**3
MOST_SKEW_SECONDS = 300.0
MOST_WARNINGS = 10
MOST_NAMED = 8
LOOKED_AT = 50
"""Maximum number of newest landed files to test for readability."""
UNLOCKS = {
    TOKEN: f"without it GitHub answers {ASSUMED} requests an hour",
    "HF_TOKEN": "would raise the rate limit on the Hugging Face Hub and give access to gated models",
    "REDDIT_CLIENT_ID": "used together with REDDIT_CLIENT_SECRET, once Reddit's terms are accepted",
    "REDDIT_CLIENT_SECRET": "used together with REDDIT_CLIENT_ID, once Reddit's terms are accepted",
    "STACKEXCHANGE_KEY": "would raise the daily limit on Stack Exchange requests",
}
"""What a token is good for besides the streams that need it; token values are never shown."""


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    name: str
    state: str
    """ok, note or wrong."""
    words: str


def run_local_checks(settings: Settings, catalog: Catalog) -> list[Check]:
    """Runs every check that needs no network."""
    return [
        _check_python(),
        *_check_settings(settings),
        *_check_tokens(settings, catalog),
        *_check_terms(settings, catalog),
        *_check_permissions(settings),
        _check_disk(settings.home),
        _check_lock(settings.home),
        _check_warehouse(settings.home),
        *_check_landing(settings, catalog),
        _check_snapshot(settings),
        *_check_data(settings),
    ]


def _check_python() -> Check:
    is_fit = (3, 11) <= sys.version_info[:2] < (3, 14)
    advice = "" if is_fit else ": Heartbeat is tested with 3.11 to 3.13; install one of these"
    return Check("python", "ok" if is_fit else "wrong", platform.python_version() + advice)


def _check_settings(settings: Settings) -> list[Check]:
    # Names only: a value may be a secret, or lead to one.
    fields = type(settings).model_fields
    variables = sorted(fields[name].alias or name for name in settings.model_fields_set)
    checks = [Check("settings", "ok", f"set: {', '.join(variables) or 'none; all defaults'}")]
    trouble = find_wrong_limit(settings)
    return [*checks, Check("budgets", "wrong", trouble)] if trouble else checks


def _check_tokens(settings: Settings, catalog: Catalog) -> list[Check]:
    """Lists the tokens that are set, and what each missing one would add."""
    set_tokens = settings.get_tokens()
    gains = {name: describe_gain(name, missing) for name, missing in list_gains(catalog, set_tokens).items()}
    return [
        Check(name, "ok", "set") if name in set_tokens else Check(name, "note", _describe_missing_token(name, gains))
        for name in TOKENS
    ]


def check_refusals(checks: Iterable[Check], findings: Iterable[Finding]) -> list[Check]:
    """Corrects the checks of tokens by what hosts said of them: each refused one is named once."""
    hosts: dict[str, set[str]] = {}
    for finding in findings:
        for name in finding.refused:
            hosts.setdefault(name, set()).add(finding.host)
    words = {name: f"set, but refused by {', '.join(sorted(own))}; make a new one" for name, own in hosts.items()}
    return [Check(check.name, "wrong", words[check.name]) if check.name in words else check for check in checks]


def _describe_missing_token(name: str, gains: Mapping[str, str]) -> str:
    return "; ".join(["not set", *filter(None, (gains.get(name, ""), UNLOCKS.get(name, "")))])


def _check_terms(settings: Settings, catalog: Catalog) -> list[Check]:
    """Lists the terms not yet accepted, each with the channels that need it."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for channel in catalog.channels:
        if channel.enabled and find_refusal(channel, settings):
            waiting.setdefault((channel.source, find_terms(channel)), []).append(channel.target.lower())
    remedy = "to accept, add the channel names, or {} for all of them, to HEARTBEAT_TERMS"
    return [
        Check(
            "terms",
            "note",
            f"accept {url} to collect {', '.join(sorted(names))}; {remedy.format(source)}",
        )
        for (source, url), names in sorted(waiting.items())
    ]


def _check_permissions(settings: Settings) -> list[Check]:
    exposed = [Check("permissions", "note", words) for words in find_exposed(settings)]
    return exposed or [Check("permissions", "ok", "only you may read the home and .env")]


def _check_disk(home: Path) -> Check:
    existing = next(folder for folder in (home.absolute(), *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    words = f"{free / 1024**3:.1f} GiB free in HEARTBEAT_HOME"
    return (
        Check("disk", "ok", words)
        if free >= LITTLE_SPACE
        else Check("disk", "wrong", f"{words}; free some space before the next run")
    )


def _check_lock(home: Path) -> Check:
    if not home.exists():
        return Check("lock", "ok", "free; HEARTBEAT_HOME does not exist yet")
    try:
        with hold_lock(home, "doctor", wait_seconds=0):
            return Check("lock", "ok", "free")
    except Locked as held:
        return Check("lock", "note", str(held))
    except OSError as error:
        return Check("lock", "wrong", f"{home}: not writable ({error.strerror}); check its owner and permissions")


def _check_warehouse(home: Path) -> Check:
    try:
        version = read_format(home)
    except WarehouseError as error:
        remedy = "retry when a run in progress has finished; else move it away, and `heartbeat build` makes it anew"
        return Check("warehouse", "wrong", f"{error}; {remedy}")
    if version is None:
        return Check("warehouse", "note", "none yet; `heartbeat up` creates it")
    if version > VERSION:
        words = f"{warehouse_path(home)}: format {version}, but this Heartbeat reads up to {VERSION}; update Heartbeat"
        return Check("warehouse", "wrong", words)
    return Check("warehouse", "ok", f"format {version}")


def _check_landing(settings: Settings, catalog: Catalog) -> list[Check]:
    try:
        zone = open_zone(settings.landing_url)
        paths = list_landed(zone)
        broken = _list_broken(zone, paths)
    except (LandingError, OSError) as error:
        return [Check("landing", "wrong", str(error))]
    held = f"{count_things(len(paths), 'file')}; the newest of each channel is readable"
    words = held if paths else "empty: nothing collected yet"
    where = f"; in {zone.place.label}" if zone.place else ""
    checks = [Check("landing", "wrong", fault) for fault in broken] or [Check("landing", "ok", words + where)]
    unnamed = {path.split("/")[0] for path in paths} - {channel.id for channel in catalog.channels}
    return checks + ([Check("unnamed", "note", _describe_unnamed(sorted(unnamed)))] if unnamed else [])


def _describe_unnamed(ids: list[str]) -> str:
    """Describes channels that were collected and are in the catalog no more."""
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return (
        f"{', '.join(ids[:MOST_NAMED])}{more}: landed, but no family file names them, so nothing of them is in any"
        " figure. A channel's name begins with the name of its family's file: if you renamed a file, name it back, and"
        " change the family's `title` instead."
    )


def _list_broken(zone: Zone, paths: Iterable[str]) -> list[str]:
    """Lists the faults of each channel's newest file."""
    faults = []
    newest = [list(own)[-1] for _, own in groupby(paths, key=lambda path: path.split("/")[0])]
    for path in newest[:LOOKED_AT]:
        try:
            read_landed(zone, path)
        except LandingError as error:
            faults.append(str(error))
    return faults


def _check_snapshot(settings: Settings) -> Check:
    try:
        snapshot = read_shown(settings)
    except (OSError, WarehouseError) as error:
        return Check("snapshot", "wrong", str(error))
    if snapshot is None:
        nothing = "nothing fetched yet from HEARTBEAT_SNAPSHOT" if settings.snapshot else "nothing published yet"
        return Check("snapshot", "note", f"{nothing}; run `heartbeat up`")
    now = find_present(snapshot, settings.clock())
    hours = (now - snapshot.published_at).total_seconds() / 3600
    words = f"version {snapshot.version}, published {format_with_age(snapshot.published_at, now)}"
    if snapshot.is_sample:
        words = f"version {snapshot.version} of the sample world, which stands still at {format_instant(now)}"
    if snapshot.origin:
        words += f" by {snapshot.origin.publisher}, followed from {snapshot.origin.source}"
        if snapshot.origin.trouble:
            return Check("snapshot", "wrong", f"{words}; its source gave nothing newer: {snapshot.origin.trouble}")
    if snapshot.trouble:
        return Check("snapshot", "wrong", f"{words}: {snapshot.trouble}")
    return Check(
        "snapshot",
        "note" if hours > SNAPSHOT_HOURS else "ok",
        words + ("; is the schedule running?" if hours > SNAPSHOT_HOURS and not snapshot.origin else ""),
    )


def _check_data(settings: Settings) -> list[Check]:
    """Tells how fresh the data shown are, as the pages do, and lists the warnings of their snapshot."""
    try:
        snapshot = read_shown(settings)
    except (OSError, WarehouseError):
        # The check of the snapshot reports this.
        return []
    if snapshot is None or not snapshot.path.exists():
        return []
    now = find_present(snapshot, settings.clock())
    health = Health() if settings.snapshot else read_health(find_home(snapshot), snapshot, settings.clock())
    rows = load_collections(snapshot, now, read_limits(settings))
    fresh = describe_freshness(rows, load_fact_ages(snapshot, now), now, snapshot.is_sample)
    said, colour = describe_mark(health, *fresh)
    warnings = read_warnings(snapshot)
    is_overdue = any(row["condition"] == "overdue" for row in rows)
    checks = [Check("freshness", "wrong" if is_overdue else "ok" if colour == "green" else "note", said)]
    checks += [Check("data", "note", describe_warning(row).sentence) for row in warnings[:MOST_WARNINGS]]
    if len(warnings) > MOST_WARNINGS:
        more = f"{count_things(len(warnings) - MOST_WARNINGS, 'more warning')}; `heartbeat status --json` lists all"
        checks.append(Check("data", "note", more))
    return checks


def find_shown_present(settings: Settings) -> datetime:
    """Returns the instant against which the pages tell ages: a sample world's own, else the clock's."""
    try:
        snapshot = read_shown(settings)
    except (OSError, ValueError, KeyError):
        return settings.clock()
    return find_present(snapshot, settings.clock()) if snapshot else settings.clock()


def check_clock(findings: Iterable[Finding]) -> list[Check]:
    """Compares this machine's clock with the hosts' clocks."""
    skews = {finding.host: finding.skew_seconds for finding in findings if finding.skew_seconds is not None}
    if not skews:
        return []
    # The median, since one host's clock may be wrong but hardly most of them.
    off = median(skews.values())
    words = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} the clocks of {count_things(len(skews), 'host')}"
    return [
        Check("clock", "wrong", f"{words}; set this machine's clock")
        if abs(off) > MOST_SKEW_SECONDS
        else Check("clock", "ok", words)
    ]
