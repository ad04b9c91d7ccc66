"""Checks what can be checked without a network: this machine and this installation, and what to do about each fault."""

import platform
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median

from pipelines import sources
from pipelines.catalog.reader import Catalog
from pipelines.collecting.run import find_refusal, find_terms
from pipelines.commands.probes import Finding
from warehouse.database import VERSION, WarehouseError, read_format, warehouse_path
from warehouse.landing import LandingError, Zone, list_landed, open_zone, read_landed
from warehouse.lock import Locked, hold_lock
from warehouse.settings import TOKENS, Settings
from warehouse.snapshot import read_current

LITTLE_SPACE = 1024**3
MOST_SKEW_SECONDS = 300.0
OLD_HOURS = 48.0
LOOKED_AT = 50
"""Newest landed files that are read to see whether they can be."""
UNLOCKS = {
    "GITHUB_TOKEN": "threads, changes and commits of GitHub, which are read in GraphQL, and 5,000 requests an hour in place of 60",
    "HF_TOKEN": "more requests to the Hub, and models that must be asked for",
    "REDDIT_CLIENT_ID": "subreddits, together with REDDIT_CLIENT_SECRET and the acceptance of Reddit's terms",
    "REDDIT_CLIENT_SECRET": "subreddits, together with REDDIT_CLIENT_ID and the acceptance of Reddit's terms",
    "STACKEXCHANGE_KEY": "10,000 requests a day to Stack Exchange in place of 300",
}
"""What each token is good for; none is ever shown."""


@dataclass(frozen=True, slots=True)
class Check:
    """One look at this machine or installation."""

    name: str
    state: str
    """ok, note or wrong."""
    words: str


def run_local_checks(settings: Settings, catalog: Catalog) -> list[Check]:
    """Everything that can be said without a network."""
    return [
        _check_python(),
        *_check_settings(settings),
        *_check_tokens(settings, catalog),
        *_check_terms(settings, catalog),
        _check_disk(settings.home),
        _check_lock(settings.home),
        _check_warehouse(settings.home),
        *_check_landing(settings),
        _check_snapshot(settings),
        Check("backup", "note", "no backup yet"),
    ]


def _check_python() -> Check:
    is_fit = (3, 11) <= sys.version_info[:2] < (3, 14)
    words = platform.python_version() + (
        "" if is_fit else ": Heartbeat is tested with 3.11 to 3.13; set it up with one of these"
    )
    return Check("python", "ok" if is_fit else "wrong", words)


def _check_settings(settings: Settings) -> list[Check]:
    """Names only: a value may be a secret, or lead to one."""
    fields = type(settings).model_fields
    named = sorted(fields[name].alias or name for name in settings.model_fields_set)
    return [Check("settings", "ok", f"set: {', '.join(named) or 'none; all are as shipped'}")]


def _check_tokens(settings: Settings, catalog: Catalog) -> list[Check]:
    """Which tokens are there, and what each that is missing keeps from being collected."""
    set_tokens, waiting = settings.tokens(), Counter[str]()
    for channel in catalog.channels:
        for name, thing in sources.get_streams(channel.source).items():
            if channel.enabled and (not channel.things or name in channel.things):
                waiting.update(need for need in thing.needs if need not in set_tokens)
    waiting_notes = {name: f" ({waiting[name]} things wait for it)" if waiting[name] else "" for name in TOKENS}
    return [
        Check(name, "ok", "set")
        if name in set_tokens
        else Check(name, "note", f"not set; it brings {UNLOCKS[name]}{waiting_notes[name]}")
        for name in TOKENS
    ]


def _check_terms(settings: Settings, catalog: Catalog) -> list[Check]:
    """One line for each set of terms that somebody would have to accept, with the channels that wait for it."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for channel in catalog.channels:
        if channel.enabled and find_refusal(channel, settings):
            waiting.setdefault((channel.source, find_terms(channel)), []).append(channel.target.lower())
    remedy = "to accept them, put the names of channels, or {} for all, into HEARTBEAT_TERMS"
    return [
        Check(
            "terms",
            "note",
            f"{url} must be accepted before {', '.join(sorted(names))} is asked; {remedy.format(source)}",
        )
        for (source, url), names in sorted(waiting.items())
    ]


def _check_disk(home: Path) -> Check:
    existing = next(folder for folder in (home.absolute(), *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    words = f"{free / 1024**3:.1f} GiB free where HEARTBEAT_HOME is"
    return (
        Check("disk", "ok", words)
        if free >= LITTLE_SPACE
        else Check("disk", "wrong", f"{words}: make room before the next run")
    )


def _check_lock(home: Path) -> Check:
    if not home.exists():
        return Check("lock", "ok", "nobody writes; there is no home yet")
    try:
        with hold_lock(home, "doctor", wait_seconds=0):
            return Check("lock", "ok", "nobody writes")
    except Locked as held:
        return Check("lock", "note", str(held))
    except OSError as error:
        return Check("lock", "wrong", f"{home}: cannot be written to ({error.strerror})")


def _check_warehouse(home: Path) -> Check:
    try:
        version = read_format(home)
    except WarehouseError as error:
        return Check("warehouse", "wrong", f"{error}; if a run is under way, ask again after it")
    if version is None:
        return Check("warehouse", "note", "none yet: `heartbeat up` makes it")
    if version > VERSION:
        return Check(
            "warehouse",
            "wrong",
            f"{warehouse_path(home)}: format {version}, this Heartbeat knows {VERSION}: update Heartbeat",
        )
    return Check(
        "warehouse", "ok", f"format {version}" + ("" if version == VERSION else f"; the next build makes it {VERSION}")
    )


def _check_landing(settings: Settings) -> list[Check]:
    try:
        zone = open_zone(settings.landing_url)
        paths = list_landed(zone)
        broken = _list_broken(zone, paths)
    except (LandingError, OSError) as error:
        return [Check("landing", "wrong", str(error))]
    words = f"{len(paths):,} files; the newest of each channel can be read" if paths else "nothing has been landed yet"
    return [Check("landing", "wrong", fault) for fault in broken] or [Check("landing", "ok", words)]


def _list_broken(zone: Zone, paths: Iterable[str]) -> list[str]:
    """What is wrong with the newest file of each channel."""
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
        snapshot = read_current(settings.home)
    except (OSError, ValueError, KeyError) as error:
        return Check(
            "snapshot",
            "wrong",
            f"the pointer to what is published cannot be read ({type(error).__name__}); run `heartbeat publish`",
        )
    if snapshot is None:
        return Check("snapshot", "note", "nothing is published yet: `heartbeat up` does it")
    hours = (settings.clock() - snapshot.published_at).total_seconds() / 3600
    words = (
        f"version {snapshot.version}{' of the sample world' if snapshot.is_sample else ''}, published {hours:.1f} h ago"
    )
    if not snapshot.path.exists():
        return Check("snapshot", "wrong", f"{words}, but its file is gone; run `heartbeat publish`")
    return Check(
        "snapshot",
        "note" if hours > OLD_HOURS else "ok",
        words + (": is the schedule running?" if hours > OLD_HOURS else ""),
    )


def check_clock(findings: Iterable[Finding]) -> list[Check]:
    """How far our clock is from those of the hosts: one of them may be wrong, most of them are not."""
    skews = {finding.host: finding.skew_seconds for finding in findings if finding.skew_seconds is not None}
    if not skews:
        return []
    off = median(skews.values())
    words = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} the clocks of {len(skews)} hosts"
    return [
        Check("clock", "wrong", f"{words}: set the clock")
        if abs(off) > MOST_SKEW_SECONDS
        else Check("clock", "ok", words)
    ]
