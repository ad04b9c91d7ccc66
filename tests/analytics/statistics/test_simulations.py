"""The tables of simulations as they are read: a line that a comma broke is refused, not cut."""

from pathlib import Path

import pytest

from analytics.statistics import simulations

TYPES = {"world": "string", "held_share": "double"}


@pytest.mark.parametrize("line", ["12 weeks, of 20,0.95", "12 weeks"])
def test_a_line_with_other_cells_than_the_columns_is_refused(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the file and the line."""
    monkeypatch.setattr(simulations, "FOLDER", tmp_path)
    table = tmp_path / "table.csv"
    table.write_text('world,held_share\n"12 weeks, of 20",0.95\n,\n', encoding="utf-8")
    assert simulations.read_simulations("table.csv", TYPES).to_pylist() == [
        {"world": "12 weeks, of 20", "held_share": 0.95}, {"world": None, "held_share": None},
    ]  # fmt: skip
    table.write_text(f"world,held_share\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"table.csv:2: does not have 2 cells"):
        simulations.read_simulations("table.csv", TYPES)
