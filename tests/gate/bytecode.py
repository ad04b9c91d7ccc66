"""Bytecode that is there before workers start: else each of them would compile all code and all tests for itself."""

import compileall
import re
import sys
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

from tests.paths import ROOT

FOLDERS = ("analytics", "dashboards", "pipelines", "tests", "warehouse")
REWRITTEN = re.compile(r"/(test_\w+|conftest)\.py$")
"""What pytest compiles in a way of its own, so that a failed `assert` tells what it compared."""


def compile_all(config: pytest.Config, root: Path = ROOT) -> None:
    """Compiles what was never compiled; what changed since is left to the workers."""
    if sys.dont_write_bytecode:
        return
    for folder in FOLDERS:
        compileall.compile_dir(root / folder, quiet=2, rx=REWRITTEN)
        for path in sorted((root / folder).rglob("*.py")):
            if REWRITTEN.search(path.as_posix()):
                _rewrite(path, config)


def _rewrite(path: Path, config: pytest.Config) -> None:
    # pytest has no public way to rewrite a test without running its module, which takes as long again.
    folder = rewrite.get_cache_dir(path)
    compiled = folder / f"{path.stem}{rewrite.PYC_TAIL}"
    if not compiled.exists() and rewrite.try_makedirs(folder):
        digest, code = rewrite._rewrite_test(path, config)
        rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, digest, compiled)
