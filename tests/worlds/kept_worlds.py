"""Builds homes that take long once per machine: keeps them under a digest of the files they are made from, and copies
them for each test."""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from tests.paths import ROOT

KEPT = ROOT / ".cache" / "worlds"
MOST = 2
"""Worlds kept of each name, so that two branches can take turns; the sample world takes 200 MB."""
LIBRARIES = "requirements-test.lock"
Make = Callable[[Path], object]


def copy_world(name: str, made_from: Sequence[str], make: Make, home: Path, kept: Path = KEPT) -> Path:
    """Copies a world into a home, and makes it first unless one of the same files and folders of ROOT is kept."""
    kept.mkdir(parents=True, exist_ok=True)
    world = kept / f"{name}-{digest_files(ROOT, (LIBRARIES, *made_from))}"
    with (kept / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not world.is_dir():
            _make_aside(world, kept / f".{name}.aside", make)
        os.utime(world)
        _remove_oldest(name, kept)
        shutil.copytree(world, home, dirs_exist_ok=True)
    return home


@cache
def digest_files(root: Path, names: tuple[str, ...]) -> str:
    """Digests files and whole folders, and the version of Python; once per process."""
    total = hashlib.sha256(sys.version.encode())
    for name in names:
        for path in sorted([root / name, *(root / name).rglob("*")]):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"{path.relative_to(root)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:32]


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
