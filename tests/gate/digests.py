"""Digests of what a test rests on: equal ones mean the same bytes, the same Python and the same locked libraries."""

import hashlib
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.paths import RECORDINGS, ROOT

LIBRARIES = "requirements-test.lock"
EVERYTHING = "everything"
"""What a test rests on that names nothing: every file of the checkout, the recordings beside it, and the day."""
PASSING = {".git", ".venv", ".env", ".heartbeat", ".cache", ".hypothesis", "node_modules"}
"""What lies in a checkout and is not of it; so does what ends in `_cache`."""
_known: dict[Path, tuple[tuple[int, int, int], bytes]] = {}
"""Digests of files by what the file system says of them, so that only what was written is read again."""


def digest(*names: str) -> str:
    """The digest of files and whole folders of the checkout, as they lie there now."""
    total = hashlib.sha256(f"{sys.version} {platform.platform()}".encode())
    for name in sorted({*names, LIBRARIES}):
        total.update(f"{name}\0{_digest_name(name, ROOT)}\0".encode())
    return total.hexdigest()[:32]


def forget_digests() -> None:
    """Looks at every file anew at the next digest."""
    _digest_name.cache_clear()


@cache
def _digest_name(name: str, root: Path) -> str:
    if name == EVERYTHING:
        return f"{digest_everything(root, RECORDINGS)} {read_day()}"
    return _digest_paths(root, _list_files(root / name))


def read_day() -> str:
    """Today: facts grow old, and what lies outside of the checkout changes."""
    return datetime.now(UTC).date().isoformat()


def digest_everything(root: Path, recordings: Path) -> str:
    """The digest of a checkout without its caches, and of the recordings."""
    tops = [path for path in sorted(root.iterdir()) if path.name not in PASSING and not path.name.endswith("_cache")]
    checkout = _digest_paths(root, (file for top in tops for file in _list_files(top)))
    return f"{checkout} {_digest_paths(recordings, _list_files(recordings))}"


def _digest_paths(root: Path, paths: Iterator[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(root)}\0".encode())
        total.update(_digest_file(path))
    return total.hexdigest()


def _digest_file(path: Path) -> bytes:
    status = path.stat()
    state = (status.st_mtime_ns, status.st_size, status.st_ino)
    if path not in _known or _known[path][0] != state:
        _known[path] = (state, hashlib.sha256(path.read_bytes()).digest())
    return _known[path][1]


def _list_files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (one for one in sorted(path.rglob("*")) if one.is_file() and "__pycache__" not in one.parts)
    elif path.exists():
        yield path
