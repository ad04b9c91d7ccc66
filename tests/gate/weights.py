"""How long each test file takes, in a committed table: the longest begin first, so that none is left running alone at
the end."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.paths import ROOT

TABLE = ROOT / "tests" / "weights.toml"
UNKNOWN = 10.0
"""Seconds of a file that was never weighed."""
LEAST = 1.0
"""Files that take less are not in the table."""
HEAD = "# Seconds that each test file takes, for the order in which they begin; `make weights` writes it anew.\n\n"


def read_weights(table: Path = TABLE) -> dict[str, float]:
    """Seconds by test file."""
    weights: dict[str, float] = tomllib.loads(table.read_text(encoding="utf-8"))["seconds"]
    return weights


def write_weights(seconds: Mapping[str, float], table: Path = TABLE) -> None:
    """Writes the table anew, the longest first; files that did not run are gone from it."""
    kept = sorted(((round(took, 1), name) for name, took in seconds.items() if took >= LEAST), reverse=True)
    lines = [f'"{name}" = {took}\n' for took, name in kept]
    table.write_text(HEAD + "[seconds]\n" + "".join(lines), encoding="utf-8")


def sort_longest_first(items: list[pytest.Item], weights: Mapping[str, float]) -> None:
    """Sorts tests by the weight of their file; those of one file keep their order."""
    items.sort(key=lambda item: (-weights.get(file_of(item.nodeid), UNKNOWN), file_of(item.nodeid)))


def file_of(nodeid: str) -> str:
    """The test file of a test."""
    return nodeid.partition("::")[0]
