"""The order of test files: by the committed table, the longest first."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.gate.weights import UNKNOWN, file_of, read_weights, sort_longest_first, write_weights
from tests.paths import ROOT


def _items(*nodeids: str) -> list[Any]:
    return [SimpleNamespace(nodeid=nodeid) for nodeid in nodeids]


def test_the_longest_file_begins_and_the_tests_of_a_file_stay_together_in_their_order() -> None:
    """Files that nobody weighed stand between long and short ones."""
    items = _items("a.py::one", "b.py::two", "a.py::three", "new.py::four", "c.py::five[x::y]", "b.py::six")
    sort_longest_first(items, {"a.py": UNKNOWN - 1, "b.py": UNKNOWN + 1, "c.py": 90.0})

    assert [item.nodeid for item in items] == [
        "c.py::five[x::y]",
        "b.py::two",
        "b.py::six",
        "new.py::four",
        "a.py::one",
        "a.py::three",
    ]


def test_the_table_is_written_as_it_is_read(tmp_path: Path) -> None:
    """What took next to nothing is not in it."""
    table = tmp_path / "weights.toml"
    write_weights({"tests/a.py": 1.25, "tests/b.py": 90.04, "tests/c.py": 0.4}, table)

    assert list(read_weights(table).items()) == [("tests/b.py", 90.0), ("tests/a.py", 1.2)]


def test_every_file_of_the_table_is_there() -> None:
    """A file that moved would begin as if nobody had weighed it."""
    assert [name for name in read_weights() if not (ROOT / file_of(name)).is_file()] == []
