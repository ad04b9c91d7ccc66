"""Compares the lock file with published advisories: `make audit`, or `make audit ARGS=FOLDER` for a copy of them.

The advisories are those of the Python Packaging Authority, in the OSV form. They are fetched with git; where that is
not possible nothing is audited, and the exit code says so.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from tests.supply.locked import LOCK, LockedPackage, read_lock

SOURCE = "https://github.com/pypa/advisory-database"
FOLDER = Path(".cache", "advisories")
FRESH = timedelta(days=30)
"""Older advisories than this audit nothing that was found since, and the report says so."""
NONE, FOUND, NOT_AUDITED = 0, 1, 2


def fetch_advisories(folder: Path = FOLDER, source: str = SOURCE) -> str:
    """Fetches the newest advisories into a folder; returns why that failed, or nothing."""
    command = (
        ["git", "-C", str(folder), "pull", "--quiet", "--ff-only"]
        if folder.exists()
        else ["git", "clone", "--quiet", "--depth", "1", source, str(folder)]
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["git failed"])[-1]


def list_findings(packages: Sequence[LockedPackage], folder: Path) -> Iterator[str]:
    """Lists the advisories that concern a locked version."""
    for package in packages:
        for path in sorted((folder / "vulns" / canonicalize_name(package.name)).glob("*.yaml")):
            advisory = yaml.safe_load(path.read_text(encoding="utf-8"))
            if not advisory.get("withdrawn") and any(_concerns(package, one) for one in advisory["affected"]):
                aliases = ", ".join(advisory.get("aliases") or [])
                summary = " ".join(str(advisory.get("details") or "").split())[:120]
                yield f"{package.name} {package.version}: {advisory['id']} ({aliases}): {summary}"


def _concerns(package: LockedPackage, affected: dict[str, Any]) -> bool:
    if canonicalize_name(affected["package"]["name"]) != canonicalize_name(package.name):
        return False
    ranges = (entry for entry in affected.get("ranges") or [] if entry["type"] == "ECOSYSTEM")
    return package.version in (affected.get("versions") or []) or any(
        _is_within(Version(package.version), entry["events"]) for entry in ranges
    )


def _is_within(version: Version, events: Sequence[dict[str, str]]) -> bool:
    is_affected = False
    for event in events:
        kind, value = next(iter(event.items()))
        try:
            bound = Version(value)
        except InvalidVersion:
            continue
        if kind == "introduced" and version >= bound:
            is_affected = True
        if (kind == "fixed" and version >= bound) or (kind == "last_affected" and version > bound):
            is_affected = False
    return is_affected


def read_age(folder: Path) -> datetime | None:
    """Reads when the advisories were last changed; None if the folder does not say."""
    command = ["git", "-C", str(folder), "log", "-1", "--format=%cI"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return datetime.fromisoformat(done.stdout.strip()) if done.returncode == 0 and done.stdout.strip() else None


def audit(folder: Path, now: datetime, lock: Path = LOCK) -> int:
    """Prints what concerns the lock file, and returns the exit code."""
    count = sum(1 for _ in (folder / "vulns").glob("*/*.yaml"))
    if not count:
        print(f"{folder}: no advisories here, so nothing was audited", file=sys.stderr)
        return NOT_AUDITED
    packages, changed_at = read_lock(lock), read_age(folder)
    findings = list(list_findings(packages, folder))
    print("\n".join(findings) or "no advisory concerns a locked version")
    age = f"as of {changed_at:%Y-%m-%d}" if changed_at else "of unknown age"
    print(f"{len(packages)} packages of {lock.name} against {count:,} advisories {age}")
    if changed_at is None or now - changed_at > FRESH:
        print(f"these advisories are older than {FRESH.days} days: what was found since is not audited")
        return FOUND if findings else NOT_AUDITED
    return FOUND if findings else NONE


def main(arguments: Sequence[str]) -> int:
    """Audits against a given copy, or the newest advisories."""
    if not arguments:
        fault = fetch_advisories()
        if fault:
            print(f"{SOURCE}: {fault}; nothing was audited against today's advisories", file=sys.stderr)
            return NOT_AUDITED
    return audit(Path(arguments[0]) if arguments else FOLDER, datetime.now(UTC))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
