"""Checks of settings, tokens, terms, permissions and locks, which `heartbeat doctor` prints. None needs a network."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from pipelines.catalog.reader import Catalog
from pipelines.collecting.access import find_refusal, find_terms
from pipelines.collecting.people_key import read_key
from pipelines.commands.terminal import LISTED, say
from pipelines.commands.tokens import describe_gain, list_gains
from pipelines.notifying.sending import list_unusable
from pipelines.snapshots.places import check_followed
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.attempts.reader import read_attempts
from warehouse.durable import measure_room
from warehouse.faults import LandingError
from warehouse.findings import LITTLE_BYTES
from warehouse.freshness import format_with_age, read_limits
from warehouse.guesses import advise
from warehouse.lock import Locked, hold_lock
from warehouse.settings import ENV_FILE, NOTIFY, TOKENS, Settings, SettingsError
from warehouse.wording import count_things, join_few

OF_COMPOSE = {"HEARTBEAT_BASE", "HEARTBEAT_PROXY"}
"""Variables that compose.yaml reads."""
OTHERS = 0o007
"""The rights of everybody but the owner and the group, to which a dashboard with a user of its own belongs."""
STATES = {"wrong": ("wrong", "WRONG", "red"), "note": ("to note", "note ", "yellow"), "ok": ("fine", "ok   ", "green")}
"""The states of checks, the gravest first, with the words that count them, their marks and colours."""


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    name: str
    state: str
    """ok, note or wrong."""
    words: str


def run_checks(settings: Settings, catalog: Catalog) -> list[Check]:
    """Runs every check; what is wrong with the data is in `warehouse.findings`."""
    return [
        *_check_settings(settings, catalog),
        *_check_tokens(settings, catalog),
        *_check_terms(settings, catalog),
        *(find_exposed(settings) or [Check("permissions", "ok", "other users may not read the home or .env")]),
        *_check_disk(settings.home),
        _check_lock(settings.home),
        _check_backup(settings),
        _check_alerts(settings),
    ]


def print_checks(console: Console, checks: Sequence[Check], is_whole: bool = False) -> None:
    """Prints a summary, what is wrong and what to note; with `is_whole` also what is fine."""
    counts = Counter(check.state for check in checks)
    words = [f"{counts[state]} {word}" for state, (word, *_) in STATES.items() if counts[state]]
    say(console, f"{len(checks)} checks: {', '.join(words)}", "red" if counts["wrong"] else "green")
    for check in sorted(checks, key=lambda check: list(STATES).index(check.state)):
        _, mark, style = STATES[check.state]
        if is_whole or check.state != "ok":
            say(console, f" {check.name}: {check.words}", style, mark=mark)
    if not is_whole:
        say(console, "`heartbeat doctor --all` also lists what is fine")


def _check_settings(settings: Settings, catalog: Catalog) -> list[Check]:
    """Checks the values that `read_settings` cannot judge; it refuses all others."""
    if faults := list(_find_wrong_settings(settings, catalog)):
        return [Check("settings", "wrong", fault) for fault in faults]
    # Names only: a value may be a secret, or lead to one.
    fields = type(settings).model_fields
    variables = sorted(fields[name].alias or name for name in settings.model_fields_set)
    return [Check("settings", "ok", f"set: {', '.join(variables) or 'none; all defaults'}")]


def _find_wrong_settings(settings: Settings, catalog: Catalog) -> Iterator[str]:
    """Finds the settings whose values mean nothing, each with what to write instead."""
    for read in (read_limits, read_key, check_followed):
        # What is wrong with the landing zone is a check of its own.
        with suppress(LandingError):
            try:
                read(settings)
            except SettingsError as error:
                yield str(error)
    names = {str(field.alias) for field in type(settings).model_fields.values()}
    for name in sorted(_list_given() - names - OF_COMPOSE):
        yield f"{name}: no such setting; {advise(name, names, 'OPERATIONS.md')}"
    yield from list_unusable(settings)
    known = {name.lower() for channel in catalog.channels for name in (channel.source, channel.target)}
    for name in sorted(settings.accepted_terms - known):
        yield f"HEARTBEAT_TERMS: {name!r}: no such source or host; {advise(name, known, LISTED)}"
    if settings.port == settings.prefect_port:
        yield f"HEARTBEAT_PORT and HEARTBEAT_PREFECT_PORT are both {settings.port}: choose another port for one"


def _list_given() -> set[str]:
    """Lists our variables in the environment and in `.env`, with or without a setting."""
    lines = Path(ENV_FILE).read_text(encoding="utf-8").splitlines() if Path(ENV_FILE).is_file() else []
    words = [*os.environ, *(line.removeprefix("export ").partition("=")[0].strip() for line in lines)]
    return {word for word in words if word.startswith("HEARTBEAT_")}


def _check_tokens(settings: Settings, catalog: Catalog) -> list[Check]:
    """Lists the tokens that are set, and what each missing one would add."""
    set_tokens = settings.get_tokens()
    gains = {name: describe_gain(name, missing) for name, missing in list_gains(catalog, set_tokens).items()}
    missing = {name: "; ".join(filter(None, ("not set", gains.get(name)))) for name in TOKENS if name not in set_tokens}
    return [Check(name, "note" if name in missing else "ok", missing.get(name, "set")) for name in TOKENS]


def _check_terms(settings: Settings, catalog: Catalog) -> list[Check]:
    """Lists the terms not yet accepted, each with some channels that need it."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for channel in catalog.channels:
        if channel.enabled and find_refusal(channel, settings):
            waiting.setdefault((channel.source, find_terms(channel)), []).append(channel.target.lower())
    remedy = "to accept, add the channel names, or {} for all of them, to HEARTBEAT_TERMS"
    return [
        Check("terms", "note", f"accept {url} to collect {join_few(sorted(names))}; {remedy.format(source)}")
        for (source, url), names in sorted(waiting.items())
    ]


def find_exposed(settings: Settings) -> list[Check]:
    """Finds folders and files that others may read, each with the command that closes it."""
    folders = [settings.home, *([] if "://" in settings.landing_url else [Path(settings.landing_url)])]
    # What lies within a closed folder is closed, whatever its own rights are.
    outer = [folder for folder in folders if not any(other in folder.parents for other in folders)]
    return [
        Check("permissions", "note", f"{path}: other users of this machine may read it; run `chmod {mode} {path}`")
        for path, mode in [*((folder, 700) for folder in outer), (Path(ENV_FILE), 600)]
        if path.exists() and path.stat().st_mode & OTHERS
    ]


def _check_disk(home: Path) -> list[Check]:
    """States the free space; that it is too little is said among the problems."""
    existing = next(folder for folder in (home.absolute(), *home.absolute().parents) if folder.exists())
    free = measure_room(existing)
    return [] if free < LITTLE_BYTES else [Check("disk", "ok", f"{free / 2**30:.1f} GiB free in HEARTBEAT_HOME")]


def _check_lock(home: Path) -> Check:
    if not home.exists():
        return Check("lock", "ok", "free; HEARTBEAT_HOME does not exist yet")
    try:
        with hold_lock(home, "doctor", wait_seconds=0):
            return Check("lock", "ok", "free")
    except Locked as held:
        return Check("lock", "note", str(held))
    except OSError as error:
        return Check("lock", "note", f"cannot be taken: {error.strerror}")


def _check_backup(settings: Settings) -> Check:
    backups = read_attempts(settings.home, AttemptKind.BACKUP)
    last = next((one.beginning for one in backups if one.state == AttemptState.DONE), None)
    if last is None:
        return Check("backup", "note", "no backup yet: `heartbeat backup FOLDER` copies what cannot be made again")
    words = f"the last good one is of {format_with_age(last.started_at, settings.clock())}, in {last.about}"
    return Check("backup", "ok", words)


def _check_alerts(settings: Settings) -> Check:
    """Checks whether alerts go anywhere; `status` lists those that a place refused."""
    if not settings.notify_places:
        return Check("alerts", "note", f"{NOTIFY} is not set: no alerts are sent")
    places = count_things(len(settings.notify_places), "place")
    return Check("alerts", "ok", f"alerts go to {places}; `heartbeat notify` tests this")
