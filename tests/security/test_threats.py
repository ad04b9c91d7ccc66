"""The threat model names a mitigation and a test for every threat, and each test exists."""

import ast
import re

from tests.paths import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!threat)(.+?) \| (.+?) \| `([^`:]+)::(\w+)` \|$", TEXT, re.MULTILINE)


def test_every_threat_has_a_mitigation_and_a_test_that_exists() -> None:
    assert len(ROWS) > 20 and len({row[0] for row in ROWS}) == len(re.findall(r"^\| (?!threat)", TEXT, re.MULTILINE))
    for _, _, file, name in ROWS:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, f"{file}::{name}"


def test_every_boundary_of_the_drawing_has_its_threats() -> None:
    """And no other number has."""
    drawn = set(re.findall(r"(?<=[─ ])([1-9])(?=[─ \n])", TEXT.split("```")[1]))

    assert drawn == set(re.findall(r"(?m)^### (\d)\. ", TEXT)) == set("123456")
