"""Medians, ratios, the history, and what peers are asked and hold."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.history import add_to_history, draw_history
from tests.benchmarks.measurements import (
    OURS,
    Measurement,
    compare_to_ours,
    find_medians,
    measure_command,
    print_table,
)  # fmt: skip
from tests.benchmarks.peers import environments
from tests.benchmarks.peers.rows import read_held
from tests.benchmarks.tracker import PEERS, describe_task, read_peers
from tests.paths import ROOT

FOUND = [
    Measurement("read", "a loop", {"seconds": 1.0, "cpu": 0.5}),
    Measurement("read", "a loop", {"seconds": 3.0, "cpu": 0.7}),
    Measurement("read", "a loop", {"seconds": 9.0, "cpu": 0.9}),
    Measurement("read", OURS, {"seconds": 6.0, "cpu": 1.4, "requests": 2.0}),
    Measurement("count", "a loop", {"seconds": 2.0}),
]


def test_the_median_of_each_figure_is_set_beside_ours() -> None:
    """Seconds 3 of 1, 3 and 9, half of ours; a work that we do not do has no ratio."""
    found = find_medians(FOUND)
    assert [(one.tool, one.figures["seconds"]) for one in found] == [("a loop", 3.0), (OURS, 6.0), ("a loop", 2.0)]
    assert compare_to_ours(found, "seconds") == {("read", "a loop"): 0.5, ("read", OURS): 1.0}


def test_the_table_leaves_empty_what_was_not_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """An empty cell is no zero."""
    print_table(find_medians(FOUND))
    assert capsys.readouterr().out.splitlines() == [
        "| work | tool | requests | seconds | CPU s | seconds ÷ ours | CPU s ÷ ours |",
        "|---|---|---|---|---|---|---|",
        "| read | a loop |  | 3.00 | 0.70 | 0.50 | 0.50 |",
        "| read | Heartbeat | 2 | 6.00 | 1.40 |  |  |",
        "| count | a loop |  | 2.00 |  |  |  |",
    ]


def test_a_command_that_fails_ends_the_benchmark_with_its_last_words() -> None:
    """A figure of work that was not done would be none."""
    assert measure_command([sys.executable, "-c", "pass"]).keys() == {"seconds", "cpu", "memory"}
    with pytest.raises(SystemExit, match="no such tracker"):
        measure_command([sys.executable, "-c", "raise SystemExit('no such tracker')"])


def test_runs_are_added_to_the_history_and_drawn(tmp_path: Path) -> None:
    """One row for each other tool and run; the head once."""
    history, plot = tmp_path / "history.csv", tmp_path / "plot.svg"
    for _ in range(2):
        add_to_history(find_medians(FOUND), history)
    with history.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["work"], row["tool"], row["seconds_ratio"], row["cpu_ratio"]) for row in rows] == [
        ("read", "a loop", "0.5", "0.5"), ("count", "a loop", "", ""),
    ] * 2  # fmt: skip
    draw_history(history, plot)
    assert "a loop" in plot.read_text(encoding="utf-8")


def test_the_rows_of_each_peer_are_read(tmp_path: Path) -> None:
    """A file of messages, as loops and the tap write it, and dlt's file of rows for each load."""
    messages = [
        {"type": "SCHEMA", "stream": "issues"},
        {"type": "RECORD", "stream": "issues", "record": {"number": 7}},
        {"stream": "issue_comments", "record": {"node_id": "IC_1"}},
        {"type": "STATE", "value": {}},
    ]
    tap, dlt = tmp_path / "tap", tmp_path / "dlt" / "files" / "tracker" / "issues"
    for folder in (tap, dlt):
        folder.mkdir(parents=True)
    (tap / "rows.jsonl").write_text("\n".join(map(json.dumps, messages)), encoding="utf-8")
    (dlt / "1.jsonl").write_text(json.dumps({"number": 7}) + "\n", encoding="utf-8")
    assert read_held(tap) == {"threads": {"7"}, "comments": {"IC_1"}}
    assert read_held(tmp_path / "dlt") == {"threads": {"7"}, "comments": set()}


def test_peers_are_named_by_how_they_begin() -> None:
    """All of them where none is named; an unknown one is an error that lists them."""
    assert read_peers("") == list(PEERS) and read_peers("dlt, bare") == ["bare GraphQL loop", "dlt"]
    with pytest.raises(SystemExit, match=r"no peer is named airbyte; there are: .*Perceval"):
        read_peers("airbyte")


def test_each_script_is_there_and_each_package_has_a_lock() -> None:
    """What is measured is pinned: another version would be another measurement."""
    for peer in PEERS.values():
        assert (ROOT / "tests" / "benchmarks" / "peers" / f"{peer.script}.py").exists()
        if peer.package:
            assert f"\n{peer.package}==" in (environments.HERE / f"{peer.package}.lock").read_text(encoding="utf-8")
    assert describe_task("http://127.0.0.1:1")["graphql"] == "http://127.0.0.1:1/graphql"


def test_a_peer_that_cannot_be_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock file without hashes is refused, and leaves no environment that counts as complete."""
    (tmp_path / "dlt.lock").write_text("dlt==0\n", encoding="utf-8")
    monkeypatch.setattr(environments, "HERE", tmp_path)
    monkeypatch.setattr(environments, "KEPT", tmp_path / "kept")
    with pytest.raises(SystemExit, match="dlt cannot be set up; leave it out"):
        environments.prepare_environment("dlt")
    assert not list(tmp_path.rglob("complete"))


def test_the_bare_loop_over_rest_reads_what_we_read(tmp_path: Path) -> None:
    """One peer is run whole here, against the emulator, as all are by `make bench`."""
    command = [sys.executable, "-m", "tests.benchmarks.tracker"]
    options = ["--threads", "30", "--latency", "0", "--times", "1", "--peers", "bare,pygithub"]
    done = subprocess.run([*command, *options], cwd=ROOT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.strip("|").split("|")][:2] for line in done.stdout.splitlines()[2:]]
    assert rows == [
        ["tracker, whole", "bare GraphQL loop"], ["tracker, whole", "PyGithub loop"], ["tracker, whole", OURS],
        ["tracker, nothing changed", "PyGithub loop"], ["tracker, nothing changed", OURS],
        ["tracker, 1 % changed", "PyGithub loop"], ["tracker, 1 % changed", OURS],
    ]  # fmt: skip
