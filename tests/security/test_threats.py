"""The threat model names a mitigation, a place and a test for every threat, and all of them exist."""

import ast
import re

from tests.paths import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| threat |")
]


def test_every_threat_has_a_mitigation_a_place_and_a_test() -> None:
    """No cell is empty, and no threat stands there twice."""
    assert len(ROWS) > 20 and len({row[0] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert len(row) == 4 and all(row), row
        assert "`" in row[2] and "::test_" in row[3], row


def test_every_place_and_test_that_the_threat_model_names_exists() -> None:
    """Files and folders by path, tests by file and name."""
    for _, _, places, proofs in ROWS:
        for path in re.findall(r"`([^`]+)`", places):
            assert (ROOT / path).exists(), path
        for file, name in re.findall(r"`([^`:]+)::(\w+)`", proofs):
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert name in names, f"{file}::{name}"


def test_the_threat_model_has_what_a_reviewer_looks_for() -> None:
    """Assets, actors, boundaries and what remains; every boundary of the drawing has its threats."""
    for heading in ("Assets", "Actors", "Boundaries", "Threats", "Residual risks"):
        assert f"\n## {heading}\n" in TEXT
    drawn = set(re.findall(r"(?<=[─ ])([1-9])(?=[─ \n])", TEXT.split("```")[1]))
    assert drawn == set(re.findall(r"(?m)^### (\d)\. ", TEXT)) == set("123456")
