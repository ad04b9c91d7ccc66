"""The table of faults names all of them, and for each the tests that show what happens then."""

import ast
import re
import tomllib
from functools import cache
from typing import Any

import pytest

from tests.paths import ROOT

TABLE: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "tests" / "faults" / "table.toml").read_text(encoding="utf-8"))
LENGTHS = {"A": 13, "B": 11, "C": 7, "D": 6, "S": 22}
"""So many faults there are of crashes and storage (A), requests and sources (B), data (C), telling (D) and security
(S)."""
LIST = ROOT.parent / "shared" / "reliability.md"


def test_no_fault_is_missing() -> None:
    """A fault that nobody lists is one that nobody tries."""
    assert list(TABLE) == [f"{kind}{number}" for kind, count in LENGTHS.items() for number in range(1, count + 1)]


@pytest.mark.skipif(not LIST.exists(), reason="the list of faults is not beside the checkout")
def test_the_numbers_are_those_of_the_list() -> None:
    """A fault that is added to the list is to be added to the table."""
    numbered = re.findall(r"^(?:- |\| )([ABCDS]\d+)\b", LIST.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(set(numbered)) == sorted(TABLE)


@pytest.mark.parametrize("number", TABLE)
def test_a_fault_has_an_outcome_and_tests_that_exist(number: str) -> None:
    """A test that was renamed or removed shows nothing any more."""
    fault = TABLE[number]

    assert set(fault) == {"fault", "outcome", "tests"}
    assert fault["fault"] and fault["outcome"].endswith(".")
    assert fault["tests"] == list(dict.fromkeys(fault["tests"])) != []
    assert [test for test in fault["tests"] if not _exists(*test.split("::"))] == []


def _exists(file: str, name: str) -> bool:
    return name.startswith("test_") and name in _list_tests(file)


@cache
def _list_tests(file: str) -> frozenset[str]:
    """The functions of a file that pytest takes for tests, and the state machines that it runs as such."""
    path = ROOT / file
    if not (path.is_file() and path.name.startswith("test_")):
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
