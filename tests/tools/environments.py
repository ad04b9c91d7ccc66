"""Environments of other tools: made when one is asked for, from its lock file, and kept until that changes."""

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / ".cache" / "environments"
UV = Path(sys.executable).parent / "uv"


def prepare_environment(name: str) -> Path:
    """Returns the Python of a tool's environment, which it makes if there is none. Raises SystemExit if the packages
    cannot be installed."""
    lock = HERE / f"{name}.lock"
    folder = KEPT / f"{name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        print(f"setting up {name} …", file=sys.stderr, flush=True)
        _run(name, str(UV), "venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
        _run(name, str(UV), "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python),
             "--require-hashes", "-r", str(lock))  # fmt: skip
        (folder / "complete").touch()
    return python


def _run(name: str, *command: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} cannot be set up: {done.stdout.strip()[-500:]}")
