"""What works and what does not, and what to do: this machine, this installation, and every endpoint of the catalog."""

import json
import os
import platform
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.markup import escape

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import Catalog
from pipelines.collecting.run import refusal, terms_of
from pipelines.commands.probes import Finding, as_kept, ask_all
from warehouse.database import VERSION, WarehouseError, format_of, path_of
from warehouse.landing import LandingError, Zone, landed, open_zone, read_landed
from warehouse.lock import Locked, writing
from warehouse.settings import TOKENS, Settings
from warehouse.snapshot import current

KEPT = "doctor.json"
"""The last good finding of each endpoint, in the home."""
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


def examine(
    settings: Settings,
    catalog: Catalog,
    source: str = "",
    family: str = "",
    channel: str = "",
    is_offline: bool = False,
) -> dict[str, Any]:
    """Looks at everything, or at the endpoints that match; keeps what endpoints answered, to say next time what has changed."""
    chosen = [one for one in catalog.channels if one.enabled and _fits(one, source, family, channel)]
    checks = local_checks(settings, catalog)
    findings: list[Finding] = []
    if not is_offline:
        known = read_kept(settings.home)
        findings = ask_all(chosen, settings, known)
        good = {one.key: as_kept(one, settings.clock()) for one in findings if one.state == "ok"}
        checks += [*_clock(findings), *_keep(settings.home, {**known, **good})]
    is_wrong = any(check.state == "wrong" for check in checks) or any(
        one.state == "failed" or one.is_worse for one in findings
    )
    return {
        "is_wrong": is_wrong,
        "checks": [asdict(check) for check in checks],
        "endpoints": [_shown(one) for one in findings],
    }


def _fits(channel: Channel, source: str, family: str, name: str) -> bool:
    return source in ("", channel.source) and family in ("", channel.family) and name in ("", channel.id)


def _shown(finding: Finding) -> dict[str, Any]:
    hidden = ("always", "at_times", "blank", "order")
    return {name: value for name, value in asdict(finding).items() if name not in hidden} | {
        "keys": len(finding.always)
    }


def read_kept(home: Path) -> dict[str, Any]:
    """What was kept of earlier findings; nothing where the file is missing or broken: then there is nothing to compare with."""
    try:
        found = json.loads((home / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def keep(home: Path, found: Mapping[str, Any]) -> None:
    """Replaces what is kept, in one step."""
    home.mkdir(parents=True, exist_ok=True)
    aside = home / f"{KEPT}.{os.getpid()}.tmp"
    aside.write_text(json.dumps(found, sort_keys=True), encoding="utf-8")
    os.replace(aside, home / KEPT)


def _keep(home: Path, found: Mapping[str, Any]) -> list[Check]:
    try:
        keep(home, found)
    except OSError as error:
        return [
            Check(
                "findings",
                "wrong",
                f"{home / KEPT}: cannot be written ({error.strerror}), so the next check has nothing to compare with",
            )
        ]
    return []


def local_checks(settings: Settings, catalog: Catalog) -> list[Check]:
    """Everything that can be said without a network."""
    return [
        _python(), *_settings(settings), *_tokens(settings, catalog), *_terms(settings, catalog), _disk(settings.home),
        _lock(settings.home), _warehouse(settings.home), *_landing(settings), _snapshot(settings), Check("backup", "note", "no backup yet"),
    ]  # fmt: skip


def _python() -> Check:
    is_fit = (3, 11) <= sys.version_info[:2] < (3, 14)
    words = platform.python_version() + (
        "" if is_fit else ": Heartbeat is tested with 3.11 to 3.13; set it up with one of these"
    )
    return Check("python", "ok" if is_fit else "wrong", words)


def _settings(settings: Settings) -> list[Check]:
    """Names only: a value may be a secret, or lead to one."""
    fields = type(settings).model_fields
    named = sorted(fields[name].alias or name for name in settings.model_fields_set)
    return [Check("settings", "ok", f"set: {', '.join(named) or 'none; all are as shipped'}")]


def _tokens(settings: Settings, catalog: Catalog) -> list[Check]:
    """Which tokens are there, and what each that is missing keeps from being collected."""
    have, waiting = settings.tokens(), Counter[str]()
    for channel in catalog.channels:
        for name, thing in sources.get_streams(channel.source).items():
            if channel.enabled and (not channel.things or name in channel.things):
                waiting.update(need for need in thing.needs if need not in have)
    told = {name: f" ({waiting[name]} things wait for it)" if waiting[name] else "" for name in TOKENS}
    return [
        Check(name, "ok", "set") if name in have else Check(name, "note", f"not set; it brings {UNLOCKS[name]}{told[name]}")
        for name in TOKENS
    ]  # fmt: skip


def _terms(settings: Settings, catalog: Catalog) -> list[Check]:
    """One line for each set of terms that somebody would have to accept, with the channels that wait for it."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for channel in catalog.channels:
        if channel.enabled and refusal(channel, settings):
            waiting.setdefault((channel.source, terms_of(channel)), []).append(channel.target.lower())
    remedy = "to accept them, put the names of channels, or {} for all, into HEARTBEAT_TERMS"
    return [
        Check(
            "terms",
            "note",
            f"{url} must be accepted before {', '.join(sorted(names))} is asked; {remedy.format(source)}",
        )
        for (source, url), names in sorted(waiting.items())
    ]


def _disk(home: Path) -> Check:
    place = next(folder for folder in (home.absolute(), *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    words = f"{free / 1024**3:.1f} GiB free where HEARTBEAT_HOME is"
    return (
        Check("disk", "ok", words)
        if free >= LITTLE_SPACE
        else Check("disk", "wrong", f"{words}: make room before the next run")
    )


def _lock(home: Path) -> Check:
    if not home.exists():
        return Check("lock", "ok", "nobody writes; there is no home yet")
    try:
        with writing(home, "doctor", wait_seconds=0):
            return Check("lock", "ok", "nobody writes")
    except Locked as held:
        return Check("lock", "note", str(held))
    except OSError as error:
        return Check("lock", "wrong", f"{home}: cannot be written to ({error.strerror})")


def _warehouse(home: Path) -> Check:
    try:
        found = format_of(home)
    except WarehouseError as error:
        return Check("warehouse", "wrong", f"{error}; if a run is under way, ask again after it")
    if found is None:
        return Check("warehouse", "note", "none yet: `heartbeat up` makes it")
    if found > VERSION:
        return Check(
            "warehouse", "wrong", f"{path_of(home)}: format {found}, this Heartbeat knows {VERSION}: update Heartbeat"
        )
    return Check(
        "warehouse", "ok", f"format {found}" + ("" if found == VERSION else f"; the next build makes it {VERSION}")
    )


def _landing(settings: Settings) -> list[Check]:
    try:
        zone = open_zone(settings.landing_url)
        paths = landed(zone)
        broken = _broken(zone, paths)
    except (LandingError, OSError) as error:
        return [Check("landing", "wrong", str(error))]
    words = f"{len(paths):,} files; the newest of each channel can be read" if paths else "nothing has been landed yet"
    return [Check("landing", "wrong", fault) for fault in broken] or [Check("landing", "ok", words)]


def _broken(zone: Zone, paths: Iterable[str]) -> list[str]:
    """What is wrong with the newest file of each channel."""
    faults = []
    newest = [list(own)[-1] for _, own in groupby(paths, key=lambda path: path.split("/")[0])]
    for path in newest[:LOOKED_AT]:
        try:
            read_landed(zone, path)
        except LandingError as error:
            faults.append(str(error))
    return faults


def _snapshot(settings: Settings) -> Check:
    try:
        found = current(settings.home)
    except (OSError, ValueError, KeyError) as error:
        return Check(
            "snapshot",
            "wrong",
            f"the pointer to what is published cannot be read ({type(error).__name__}); run `heartbeat publish`",
        )
    if found is None:
        return Check("snapshot", "note", "nothing is published yet: `heartbeat up` does it")
    hours = (settings.clock() - found.published_at).total_seconds() / 3600
    words = f"version {found.version}{' of the sample world' if found.is_sample else ''}, published {hours:.1f} h ago"
    if not found.path.exists():
        return Check("snapshot", "wrong", f"{words}, but its file is gone; run `heartbeat publish`")
    return Check(
        "snapshot",
        "note" if hours > OLD_HOURS else "ok",
        words + (": is the schedule running?" if hours > OLD_HOURS else ""),
    )


def _clock(findings: Iterable[Finding]) -> list[Check]:
    """How far our clock is from those of the hosts: one of them may be wrong, most of them are not."""
    skews = {one.host: one.skew_seconds for one in findings if one.skew_seconds is not None}
    if not skews:
        return []
    off = median(skews.values())
    words = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} the clocks of {len(skews)} hosts"
    return [
        Check("clock", "wrong", f"{words}: set the clock")
        if abs(off) > MOST_SKEW_SECONDS
        else Check("clock", "ok", words)
    ]


def show(console: Console, found: Mapping[str, Any]) -> None:
    """Prints what `examine` found: a line a check, then a line an endpoint, by source."""
    for check in found["checks"]:
        console.print(f"{_mark(check['state'])} {check['name']}: {escape(check['words'])}")
    for source, endpoints in groupby(found["endpoints"], key=lambda one: str(one["source"])):
        console.print(f"{source}:")
        for one in endpoints:
            console.print(
                f"  {_mark('wrong' if one['is_worse'] else one['state'])} {escape(one['channel'])} {one['thing']}: {escape(_words(one))}"
            )
    states = Counter(one["state"] for one in found["endpoints"])
    if states:
        console.print(f"{states['ok']} endpoints answer, {states['failed']} do not, {states['skipped']} were not asked")


def _mark(state: str) -> str:
    return {"ok": "ok   ", "note": "note ", "skipped": "-    "}.get(state, "WRONG")


def _words(one: Mapping[str, Any]) -> str:
    if one["state"] != "ok":
        return f"{one['fault']}: {one['words']}"
    cost = f"{one['requests']} requests" + (f", {one['points']} points" if one["points"] else "")
    newest = f"newest {one['newest_at'][:16]}" if one["newest_at"] else "no date"
    said = [
        newest,
        f"{one['rows']} rows",
        cost,
        ", ".join(one["formats"]),
        one["words"],
        *(f"CHANGED {change}" for change in one["changes"]),
    ]
    return "; ".join(part for part in said if part)
