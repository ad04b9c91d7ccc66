"""The software bill of materials: `make bill` writes what an installation consists of as CycloneDX, from the lock file.

The same lock gives the same bytes: there is no time in it, and its serial number is made from its content.
"""

import json
import sys
import tomllib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.paths import ROOT
from tests.supply.locked import LockedPackage, read_lock

FILE = Path("heartbeat.cdx.json")
NAMESPACE = uuid.UUID("8c8a1a2e-5d0f-5c3e-9d52-0b6f3a9f5e11")


def make_bill(packages: Sequence[LockedPackage]) -> dict[str, Any]:
    """Makes the bill of the packages of a lock file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = f"pkg:generic/{project['name']}@{project['version']}"
    # A package may be locked twice, for different versions of Python.
    askers: dict[str, list[str]] = {}
    for package in packages:
        askers.setdefault(package.name, []).append(package.ref)
    needs: dict[str, set[str]] = {own: set(), **{package.ref: set() for package in packages}}
    for package in packages:
        for asker in package.asked_by:
            for ref in askers.get(asker, [own]):
                needs[ref].add(package.ref)
    content: dict[str, Any] = {
        "metadata": {
            "component": {
                "type": "application", "bom-ref": own, "name": project["name"], "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [_make_component(package) for package in packages],
        "dependencies": [{"ref": ref, "dependsOn": sorted(needs[ref])} for ref in sorted(needs)],
    }  # fmt: skip
    serial = uuid.uuid5(NAMESPACE, json.dumps(content, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", "version": 1}
    return head | content


def _make_component(package: LockedPackage) -> dict[str, Any]:
    marker = [{"name": "heartbeat:marker", "value": package.marker}] if package.marker else []
    return {
        "type": "library", "bom-ref": package.ref, "purl": package.ref, "name": package.name,
        "version": package.version,
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.digests],
        **({"properties": marker} if marker else {}),
    }  # fmt: skip


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    target.write_text(json.dumps(make_bill(read_lock()), indent=1) + "\n", encoding="utf-8")
    print(f"{target}: the packages of requirements.lock as CycloneDX 1.6")
