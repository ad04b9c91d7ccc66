"""Reads `ends.json` from a file, a folder or a published address, or the one that came with the program.

What was fetched is kept, and used while its address cannot be reached.
"""

import hashlib
import os
import pkgutil
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path

from warehouse.ends.evidence import DIGEST, NAME, Evidence, parse_evidence
from warehouse.faults import WarehouseError

MOST_BYTES = 64 * 1024 * 1024
SECONDS = 20
"""How long an address may be silent."""
_ADDRESS = re.compile(r"https://[^\s@?#]+|http://(?:127\.0\.0\.1|localhost)(?::\d+)?/[^\s@?#]*")


def read_evidence(source: str) -> Evidence:
    """Reads the evidence of a file, a folder or an address; without a source the bundled one, and what is newer at its
    address. Raises WarehouseError."""
    if "://" in source:
        return _follow(source.removesuffix(NAME).rstrip("/"))
    if source:
        path = Path(source)
        return _read_file(path / NAME if path.is_dir() else path)
    bundled = _read_bundled()
    address = bundled.address if bundled else _find_address()
    if address:
        return _follow(address)
    if bundled is None:
        raise WarehouseError(f"no {NAME} came with this program; name its file, folder or address with --from")
    return bundled


def _find_address() -> str:
    """Finds where the repository on GitHub from which this runs publishes its site; empty without one."""
    command = ["git", "-C", str(Path(__file__).parent), "remote", "get-url", "origin"]
    # Within a hook, git's own variables lead to the project.
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True, env=own)
    except (OSError, subprocess.SubprocessError):
        return ""
    origin = done.stdout
    match = re.search(r"github\.com[:/]([\w-]+)/([\w.-]+?)(?:\.git)?\s*$", origin)
    return f"https://{match[1]}.github.io/{match[2]}" if match else ""


def _read_bundled() -> Evidence | None:
    try:
        content = pkgutil.get_data("warehouse.ends", NAME)
    except OSError:
        return None
    return parse_evidence(content, f"the {NAME} in this program") if content else None


def _read_file(path: Path) -> Evidence:
    try:
        return parse_evidence(path.read_bytes(), str(path))
    except OSError as error:
        raise WarehouseError(f"--from {path}: {error.strerror}") from None


def _follow(address: str) -> Evidence:
    """Reads the evidence of an address, or the newest that is held if it gives none."""
    if not _ADDRESS.fullmatch(f"{address}/"):
        label = re.sub(r"//[^/]*@", "//", address)
        raise WarehouseError(f"--from {label}: give an https address without a password, a query or a fragment")
    kept = _name_kept(address)
    try:
        digest = _fetch(f"{address}/{DIGEST}")[:64].decode("ascii", errors="replace")
        if not (kept.is_file() and _hash(kept.read_bytes()) == digest):
            content = _fetch(f"{address}/{NAME}")
            if _hash(content) != digest:
                raise ValueError(f"{NAME} is not what {DIGEST} says")
            evidence = parse_evidence(content, address)
            _keep(kept, content)
            return evidence
        return replace(_read_file(kept), source=address)
    except (OSError, ValueError, HTTPException, WarehouseError) as error:
        held = max(_list_held(address, kept), key=lambda one: one.published_at, default=None)
        if held is None:
            raise WarehouseError(f"--from {address}: {error}") from None
        return replace(held, source=address, trouble=f"{address} gave nothing newer ({error})")


def _list_held(address: str, kept: Path) -> Iterator[Evidence]:
    """Lists the evidence of an address that is held here: fetched before, and bundled."""
    with suppress(WarehouseError):
        yield _read_file(kept)
    bundled = _read_bundled()
    if bundled and bundled.address == address:
        yield bundled


def _fetch(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"user-agent": "heartbeat-ends"})  # noqa: S310 - see _ADDRESS
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
        content: bytes = answer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"{address}: larger than {MOST_BYTES:,} bytes")
    return content


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _name_kept(address: str) -> Path:
    folder = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(folder, "heartbeat-ends", f"{_hash(address.encode())[:16]}.json")


def _keep(path: Path, content: bytes) -> None:
    """Keeps fetched evidence; without a place for it, it is fetched again next time."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        staging = path.with_suffix(f".{os.getpid()}.tmp")
        staging.write_bytes(content)
        staging.replace(path)
