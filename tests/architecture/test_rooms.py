"""The rules of the rooms: what rests on what."""

import ast
import subprocess
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from pipelines import sources
from tests.paths import ROOT

CODE = ("pipelines", "analytics", "dashboards", "warehouse")
GROUND = ("pipelines.http", "pipelines.text", "pipelines.markup")
"""What every source is on: it knows nothing of the catalog, the contract, or who collects."""


@cache
def _modules() -> dict[str, Path]:
    """Every module of ours by its dotted name; a package by the name of its folder."""
    paths = [path for top in CODE for path in (ROOT / top).rglob("*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


@cache
def _imports(module: str) -> frozenset[str]:
    """Modules of ours that a module imports anywhere in it, for types alone too."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse(_modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            imported |= names & _modules().keys() or {node.module}
        elif isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
    return frozenset(imported & _modules().keys() - {module})


def test_no_module_imports_itself_by_a_detour() -> None:
    """In a circle nobody can be read, tested or moved alone."""
    try:
        TopologicalSorter({module: _imports(module) for module in _modules()}).prepare()
    except CycleError as error:
        pytest.fail(f"imports run in a circle: {' → '.join(error.args[1])}")


def test_the_ground_of_the_sources_knows_nothing_above_it() -> None:
    """HTTP, text and markup could serve any collector."""
    above = {
        (module, name)
        for module in _modules()
        if module.startswith(GROUND)
        for name in _imports(module)
        if name.startswith("pipelines") and not name.startswith(GROUND)
    }

    assert above == set()


@pytest.mark.parametrize("source", sources.list_sources())
def test_a_source_imports_no_other_source(source: str) -> None:
    """What two sources share lies beneath them."""
    own = f"pipelines.sources.{source}"
    others = {
        name
        for module in _modules()
        if module == own or module.startswith(f"{own}.")
        for name in _imports(module)
        if name.startswith("pipelines.sources.") and not name.startswith(own)
    }

    assert others == set()


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked copy has no list of what is committed")
def test_nothing_is_committed_that_is_to_be_left_out() -> None:
    """A committed link in the place of `.venv` replaces the environment of everybody who takes the commit."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--ignored", "--exclude-standard"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == ""
