"""Digests of what a test rests on: equal ones mean the same bytes, the same Python and the same locked libraries."""

import hashlib
import platform
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.paths import ROOT

LIBRARIES = "requirements-test.lock"


def digest(*names: str) -> str:
    """The digest of files and whole folders of the checkout, as they lie there now."""
    total = hashlib.sha256(f"{sys.version} {platform.platform()}".encode())
    for name in sorted({*names, LIBRARIES}):
        total.update(f"{name}\0{_digest_path(name, ROOT)}\0".encode())
    return total.hexdigest()[:32]


def forget_digests() -> None:
    """Reads every file anew at the next digest."""
    _digest_path.cache_clear()


@cache
def _digest_path(name: str, root: Path) -> str:
    total = hashlib.sha256()
    for path in _files(root / name):
        total.update(f"{path.relative_to(root)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (one for one in sorted(path.rglob("*")) if one.is_file() and "__pycache__" not in one.parts)
    elif path.exists():
        yield path
