"""Where else this home's data were put: folders of backups, exported files, targets of public copies."""

import contextlib
import json
from enum import StrEnum
from pathlib import Path

from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.attempts.reader import read_attempts
from warehouse.durable import make_private_folder, write_file
from warehouse.lock import hold_file_lock

FILE = "copies.json"
THROWN_AWAY = "thrown away"


class CopyKind(StrEnum):
    """What was put somewhere."""

    BACKUP = "backup"
    EXPORT = "export"
    PUBLIC = "public copy"


def remember_place(home: Path, kind: CopyKind, *places: str) -> None:
    """Remembers places, so that they can be asked to forget; a home that takes no note costs the note only."""
    if home.is_dir():
        with contextlib.suppress(OSError):
            _note_places(home, kind, *places)


def throw_away_place(home: Path, place: str) -> None:
    """Notes that a place no longer exists; what is put there later is remembered again."""
    _note_places(home, THROWN_AWAY, place)


def _note_places(home: Path, kind: str, *added: str) -> None:
    make_private_folder(home)
    with hold_file_lock(home / "copies.lock", is_alone=True):
        noted = _read_noted(home)
        changed = {name: [one for one in places if one not in added] for name, places in noted.items()}
        changed[kind] = [*changed.get(kind, []), *added]
        if {name: sorted(places) for name, places in changed.items()} != {
            name: sorted(places) for name, places in noted.items()
        }:
            write_file(home / FILE, json.dumps(changed, indent=1))


def _read_noted(home: Path) -> dict[str, list[str]]:
    try:
        noted = json.loads((home / FILE).read_bytes())
        return {str(name): list(map(str, places)) for name, places in noted.items()}
    except (AttributeError, OSError, TypeError, ValueError):
        return {}


def read_places(home: Path) -> dict[CopyKind, list[str]]:
    """Reads all places by kind, also those of backups and public copies that only the ledger of attempts knows."""
    noted = _read_noted(home)
    places = {kind: noted.get(kind, []) for kind in CopyKind}
    known = {place for named in noted.values() for place in named}
    kinds = {AttemptKind.BACKUP: CopyKind.BACKUP, AttemptKind.PUBLISH: CopyKind.PUBLIC}
    for attempt in reversed(read_attempts(home)):
        kind, place = kinds.get(attempt.beginning.kind), attempt.beginning.about
        if kind and place and attempt.state == AttemptState.DONE and place not in known:
            places[kind].append(place)
            known.add(place)
    return places
