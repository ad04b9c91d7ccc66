"""`heartbeat claims`: what is printed is what was published, with its reasons and since when."""

import hashlib
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from analytics.claims.verdict_history import TABLE, keep_verdicts
from pipelines.commands import reading
from pipelines.commands.claims import print_board, read_board, read_registration
from tests.worlds.claim_worlds import CLOSED, OPEN, world
from tests.worlds.rows import NOW, found, measure
from warehouse.database import WarehouseError
from warehouse.publish import publish_snapshot
from warehouse.snapshot import Snapshot


def _published(home: Path) -> Snapshot:
    """A world of four families a side, as readers get it."""
    con = measure(world((OPEN,), (CLOSED,)))
    for table in ("claim_verdicts", "registered_claims"):
        found(con, table)
    con.execute("delete from ledger.verdicts")
    keep_verdicts(con, [TABLE])
    snapshot = publish_snapshot(con, home, datetime.now(UTC), "test")
    assert snapshot is not None
    return snapshot


@pytest.mark.slow
def test_the_board_shows_verdicts_and_since_when(tmp_path: Path) -> None:
    """As text and as JSON; both from the published snapshot alone."""
    snapshot = _published(tmp_path)
    claims = read_board(snapshot)
    text = StringIO()
    print_board(Console(file=text, width=500), snapshot, claims)
    said, fast = text.getvalue(), claims[5]

    assert [claim["claim_id"] for claim in claims] == ["h1", "h2", "h3", "h4", "h5", "h6", "h7"]
    assert [entry["verdict"] for entry in fast["history"]] == ["holds"]
    assert fast["since_at"] == NOW
    assert said.startswith("7 claims: 6 hold, 1 cannot be observed\n")
    power, verdict, *_ = said.split("H6 Official channels answer fast. ")[1].split("\n")
    assert power.startswith("A true difference of"), "before any verdict"
    assert verdict.startswith("    HOLDS since 2026-11-24. Runtimes such as ")
    assert "    4 tests: 4 supported. The verdict is the same whichever family is excluded.\n" in said.split("H6 ")[1]
    assert "    no test could be made\n" in said
    assert f"sha256 {_digest(snapshot)} (`heartbeat claims --registered`)" in said


def _digest(snapshot: Snapshot) -> str:
    return str(read_registration(snapshot)["digest"])


@pytest.mark.slow
def test_the_registered_text_is_what_the_digest_is_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`heartbeat claims --registered | sha256sum` prints the digest that every reader sees."""
    snapshot = _published(tmp_path)
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    reading.claims(is_registered=True)
    printed = capsys.readouterr().out

    assert hashlib.sha256(printed.encode()).hexdigest() == _digest(snapshot)
    assert '"least_effect": 0.05' in printed and '"rule"' in printed


@pytest.mark.slow
def test_the_command_prints_what_it_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`heartbeat claims --json` holds the tests of each claim."""
    _published(tmp_path)
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    reading.claims(as_json=True)
    board = json.loads(capsys.readouterr().out)
    reading.claims("H6", as_json=True)

    assert json.loads(capsys.readouterr().out) == [board[5]]
    with pytest.raises(WarehouseError, match="unknown claim 'H9': use one of H1, H2"):
        reading.claims("H9")
    assert [claim["verdict"] for claim in board].count("holds") == 6
    assert {test["metric"] for test in board[5]["tests"]} >= {"answered_share", "helped_share"}
