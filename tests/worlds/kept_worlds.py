"""Homes that take long to build, built once a machine: kept under the digest of what they rest on, and copied for
whoever needs one."""

import fcntl
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.gate.digests import digest
from tests.paths import ROOT

KEPT = ROOT / ".cache" / "worlds"
MOST = 2
"""So many of one name are kept: branches take turns, and the sample world takes 200 MB."""
Make = Callable[[Path], object]


def copy_world(name: str, rests_on: Sequence[str], make: Make, home: Path, kept: Path = KEPT) -> Path:
    """Copies a world into a home; makes it first unless one is kept that rests on the same files."""
    kept.mkdir(parents=True, exist_ok=True)
    world = kept / f"{name}-{digest(*rests_on)}"
    with (kept / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not world.is_dir():
            _make_aside(world, kept / f".{name}.aside", make)
        os.utime(world)
        _remove_oldest(name, kept)
        shutil.copytree(world, home, dirs_exist_ok=True)
    return home


def _make_aside(world: Path, aside: Path, make: Make) -> None:
    """A run that is killed leaves no half world under the name of a whole one."""
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    make(aside)
    aside.rename(world)


def _remove_oldest(name: str, kept: Path) -> None:
    worlds = sorted(kept.glob(f"{name}-{'[0-9a-f]' * 32}"), key=lambda path: path.stat().st_mtime)
    for path in worlds[:-MOST]:
        shutil.rmtree(path)
