"""Packs `heartbeat ends` and its evidence into one file that needs Python alone: `python heartbeat-ends.pyz .`"""

import shutil
import zipapp
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse.ends.evidence import NAME, Evidence, render_evidence

PROGRAM = "heartbeat-ends.pyz"
ROOT = Path(__file__).parents[2]
PARTS = (
    "warehouse/ends",
    "pipelines/commands/ends",
    "pipelines/text/values.py",
    "warehouse/faults.py",
    "warehouse/wording.py",
)
"""Folders and files that the program is made of; they import nothing but each other and Python's own library."""
PACKAGES = ("warehouse", "pipelines", "pipelines/commands", "pipelines/text")


def write_program(evidence: Evidence, path: Path) -> None:
    """Writes the program with this evidence."""
    with TemporaryDirectory() as folder:
        for package in PACKAGES:
            _copy(f"{package}/__init__.py", Path(folder))
        for part in PARTS:
            _copy(part, Path(folder))
        Path(folder, "warehouse", "ends", NAME).write_bytes(render_evidence(evidence))
        Path(folder, "__main__.py").write_text(
            "import sys\n\nfrom pipelines.commands.ends.program import main\n\nsys.exit(main())\n", encoding="utf-8"
        )
        zipapp.create_archive(folder, path, "/usr/bin/env python3", compressed=True)


def _copy(part: str, folder: Path) -> None:
    source, target = ROOT / part, folder / part
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.md"))
    else:
        shutil.copyfile(source, target)
