"""The packages of a lock file: versions, digests, and which package asked for which."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.paths import ROOT

LOCK = ROOT / "requirements.lock"
_REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ASKED_BY = re.compile(r"^    #(?: via)?\s+([A-Za-z0-9._-]+)(?:\s.*)?$")


@dataclass(slots=True)
class LockedPackage:
    """One package of a lock file."""

    name: str
    version: str
    marker: str = ""
    """Condition under which it is installed, as in `sys_platform == 'win32'`."""
    digests: list[str] = field(default_factory=list)
    """SHA-256 of each file that may be installed."""
    asked_by: list[str] = field(default_factory=list)

    @property
    def ref(self) -> str:
        """Its address in bills and advisories."""
        return f"pkg:pypi/{self.name}@{self.version}"


def read_lock(path: Path = LOCK) -> list[LockedPackage]:
    """Reads a lock file. Raises ValueError for a package without a digest."""
    packages: list[LockedPackage] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := _REQUIREMENT.match(line):
            packages.append(LockedPackage(match[1], match[2], match[3] or ""))
        elif packages:
            packages[-1].digests += _DIGEST.findall(line)
            packages[-1].asked_by += [asker[1] for asker in [_ASKED_BY.match(line)] if asker]
    if lacking := [package.name for package in packages if not package.digests]:
        raise ValueError(f"{path}: no digest of {', '.join(lacking)}")
    return packages
