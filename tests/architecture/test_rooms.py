"""The rules of the rooms: what rests on what, and that one name means one thing."""

import ast
import re
import subprocess
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from pipelines import sources
from tests.paths import ROOT

CODE = ("pipelines", "analytics", "dashboards", "warehouse")
GROUND = ("pipelines.http", "pipelines.text", "pipelines.markup")
"""What every source stands on: it knows nothing of the catalog, the contract, or who collects."""
FOLDERS = sorted(
    {path.parent for top in (*CODE, "tests") for path in (ROOT / top).rglob("*.*") if path.suffix in (".py", ".sql")}
)


def _name(folder: Path) -> str:
    return folder.relative_to(ROOT).as_posix()


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


def test_no_package_defines_a_name_that_a_module_of_it_bears() -> None:
    """`from package import name` would give the one or the other, whichever was imported last."""
    twice = {module: names for module, path in _modules().items() if (names := _find_borne_names(path))}

    assert twice == {}


def _find_borne_names(path: Path) -> set[str]:
    if path.name != "__init__.py":
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return defined & {child.stem for child in path.parent.iterdir()}


def test_no_name_of_a_type_means_two_things() -> None:
    """Whoever reads a name must not have to ask which."""
    types: dict[str, list[str]] = defaultdict(list)
    for path in _modules().values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                types[node.name].append(_name(path))

    assert {name: places for name, places in types.items() if len(places) > 1} == {}


def test_no_line_is_longer_than_a_screen_is_wide() -> None:
    """The linter counts lines of Python; those of SQL are counted here."""
    files = sorted((ROOT / "analytics").rglob("*.sql"))
    long = [
        f"{_name(path)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ]

    assert long == []


def test_a_folder_of_code_is_named_by_what_it_holds() -> None:
    """Neither by a layer's jargon nor by a heap."""
    assert [_name(folder) for folder in FOLDERS if not re.fullmatch(r"[a-z]+", folder.name)] == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked copy has no list of what is committed")
def test_nothing_is_committed_that_is_to_be_left_out() -> None:
    """A committed link in the place of `.venv` replaces the environment of everybody who takes the commit."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--ignored", "--exclude-standard"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == ""
