"""The ledger of attempts outlives the process, a full disk and half a line, and stays small."""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import ROOT
from warehouse.attempts import writer
from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState, Beginning, StreamEnd, judge_collect
from warehouse.attempts.reader import read_attempts
from warehouse.attempts.writer import AttemptWriter, close_open_attempts, list_files
from warehouse.faults import Fault

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
CAME, MISSED = StreamEnd(state="complete", rows=3), StreamEnd(state="failed", fault=Fault.DENIED, error="401: token")
PLANNED = {"fam.toy.one": ["things"], "fam.toy.two": ["things", "others"]}


def _begin(home: Path, kind: AttemptKind = AttemptKind.COLLECT) -> AttemptWriter:
    record = AttemptWriter(Beginning(kind=kind, version="0", pid=os.getpid(), started_at=NOW, planned=PLANNED))
    record.open(home)
    return record


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """No attempt of one test stays open for the next."""
    yield
    close_open_attempts(NOW, Fault.INTERRUPTED)


def _only(home: Path) -> Attempt:
    (attempt,) = read_attempts(home)
    return attempt


def test_an_attempt_is_running_until_it_is_closed_and_keeps_what_came(tmp_path: Path) -> None:
    """Readers meanwhile see the channels that have ended."""
    record = _begin(tmp_path)
    record.add_channel("fam.toy.one", {"things": CAME})
    running = _only(tmp_path)
    assert (running.state, running.list_outcomes(), running.list_unvisited()) == (
        "running", {"fam.toy.one": {"things": CAME}}, [],
    )  # fmt: skip

    record.close(AttemptState.PARTIAL, NOW, Fault.DENIED, "401: token")
    record.add_channel("fam.toy.two", {"things": CAME})
    ended = _only(tmp_path)

    assert (ended.state, ended.list_unvisited()) == ("partial", ["fam.toy.two"])
    assert ended.list_outcomes()["fam.toy.two"]["others"] == StreamEnd(
        state="failed", fault=Fault.DENIED, error="401: token"
    )
    (_, path), *_ = list_files(tmp_path / "attempts")
    assert not path.read_bytes().endswith(b"\n\n"), "the room that it had is given back"


def test_what_has_ended_is_read_once_however_much_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page asks: reading all of them again would cost more each month."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    for kind in [AttemptKind.COLLECT, AttemptKind.BUILD] * 300:
        _begin(tmp_path, kind).close(AttemptState.DONE, NOW, Fault.NONE)
    kept = writer.KEEP_OTHERS
    assert len(read_attempts(tmp_path)) == 300 + kept

    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} is read again"))
    assert len(read_attempts(tmp_path)) == 300 + kept
    assert [one.number for one in read_attempts(tmp_path, AttemptKind.BUILD)] == list(range(600, 600 - 2 * kept, -2))


def test_a_killed_process_leaves_an_attempt_that_died(tmp_path: Path) -> None:
    """Nothing runs in it any more that could say so."""
    code = (
        "import os, signal, pathlib, sys\n"
        "from tests.warehouse.attempts.test_ledger import _begin, CAME\n"
        "_begin(pathlib.Path(sys.argv[1])).add_channel('fam.toy.one', {'things': CAME})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=False, timeout=60)
    attempt = _only(tmp_path)

    assert done.returncode == -signal.SIGKILL
    assert (attempt.state, attempt.list_unvisited()) == ("died", ["fam.toy.two"])
    assert attempt.list_outcomes()["fam.toy.one"]["things"].rows == 3
    assert {end.fault for end in attempt.list_outcomes()["fam.toy.two"].values()} == {Fault.INTERRUPTED}


def test_a_disk_that_fills_up_after_the_beginning_still_takes_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines are written into reserved room: the file does not grow."""
    record = _begin(tmp_path)
    (_, path), *_ = list_files(tmp_path / "attempts")
    size, real = path.stat().st_size, os.pwrite

    def write_inside(descriptor: int, content: bytes, position: int) -> int:
        if position + len(content) > size:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, content, position)

    monkeypatch.setattr(os, "pwrite", write_inside)
    record.add_channel("fam.toy.one", {"things": MISSED})
    record.close(AttemptState.FAILED, NOW, Fault.DISK, "no space " * 200)

    assert (_only(tmp_path).state, record.trouble) == ("failed", "")


@pytest.mark.parametrize("fault", ["beginning", "line"])
def test_a_ledger_that_cannot_be_written_costs_the_record_and_not_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """A line that could not be written is written with the next one."""
    record = _begin(tmp_path) if fault == "line" else None

    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", refuse)
        record = record or _begin(tmp_path)
        record.add_channel("fam.toy.one", {"things": CAME})
        assert "No space left" in record.trouble
    record.close(AttemptState.DONE, NOW, Fault.NONE)

    assert [attempt.channels.keys() for attempt in read_attempts(tmp_path)] == (
        [{"fam.toy.one": 0}.keys()] if fault == "line" else []
    )
    assert not list((tmp_path / "attempts").glob("*.tmp"))


def test_only_the_newest_of_each_kind_are_kept_and_none_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schedule writes for years; what was killed as it began is swept away a day later."""
    stale, fresh = (tmp_path / "attempts" / f"0000000{number}-load-00000000.tmp" for number in (1, 2))
    stale.parent.mkdir()
    for path in (stale, fresh):
        path.touch()
    os.utime(stale, (0, 0))
    monkeypatch.setattr(writer, "KEEP", {AttemptKind.COLLECT: 3})
    running = _begin(tmp_path)
    for _ in range(6):
        _begin(tmp_path).close(AttemptState.DONE, NOW, Fault.NONE)
    _begin(tmp_path, AttemptKind.BUILD).close(AttemptState.DONE, NOW, Fault.NONE)
    kept = read_attempts(tmp_path)

    assert [(one.number, one.beginning.kind) for one in kept] == [
        (8, "build"), (7, "collect"), (6, "collect"), (5, "collect"), (1, "collect"),
    ]  # fmt: skip
    assert (stale.exists(), fresh.exists()) == (False, True)
    running.close(AttemptState.DONE, NOW, Fault.NONE)


@given(cut=st.integers(min_value=0, max_value=3_000), junk=st.binary(max_size=30))
def test_a_file_cut_or_overwritten_anywhere_is_read_as_far_as_it_goes(
    tmp_path_factory: pytest.TempPathFactory, cut: int, junk: bytes
) -> None:
    """Health must be known even if the disk of the home fails."""
    home = tmp_path_factory.mktemp("home")
    record = _begin(home)
    record.add_channel("fam.toy.one", {"things": StreamEnd(state="failed", error="lone \ud800 surrogate\nand a line")})
    record.close(AttemptState.DONE, NOW, Fault.NONE, "", "2 of 2")
    (_, path), *_ = list_files(home / "attempts")
    path.write_bytes(path.read_bytes()[:cut] + junk)

    for attempt in read_attempts(home):
        assert attempt.state in ("done", "died")
        assert set(attempt.list_outcomes()) == set(PLANNED)
        json.dumps({name: end.model_dump() for name, end in attempt.channels.get("fam.toy.one", {}).items()})


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        ([CAME], "done"),
        ([StreamEnd(state="unchanged")], "done"),
        ([StreamEnd(state="partial", fault=Fault.BUDGET)], "done"),
        ([CAME, MISSED], "partial"),
        ([StreamEnd(state="partial", fault=Fault.THROTTLED, rows=4)], "partial"),
        ([MISSED, StreamEnd(state="skipped", fault=Fault.TERMS)], "nothing came"),
        ([StreamEnd(state="partial", fault=Fault.THROTTLED)], "nothing came"),
        ([StreamEnd(state="skipped", fault=Fault.CREDENTIALS)], "done"),
        ([StreamEnd(state="partial", fault=Fault.BUDGET), MISSED], "nothing came"),
        ([], "done"),
    ],
)
def test_a_collect_is_judged_by_what_came_of_what_was_asked(ends: list[StreamEnd], state: str) -> None:
    """A spent budget goes on by itself, and what the operator did not unlock was not asked."""
    assert judge_collect([{str(number): end} for number, end in enumerate(ends)]) == state
    assert judge_collect([{str(number): end for number, end in enumerate(ends)}]) == state


def test_an_empty_list_is_an_answer_only_where_no_other_list_of_the_channel_failed() -> None:
    """A page that may lack a list gives none when it refuses, too."""
    quiet = StreamEnd(state="complete")

    assert judge_collect([{"incidents": MISSED, "components": quiet}]) == "nothing came"
    assert judge_collect([{"incidents": MISSED, "components": quiet}, {"posts": quiet}]) == "partial"
    assert judge_collect([{"incidents": quiet, "components": quiet}]) == "done"
    assert judge_collect([{"issues": MISSED, "gaps": StreamEnd(state="unchanged")}]) == "nothing came"
    assert judge_collect([{"issues": MISSED, "pulls": StreamEnd(state="unchanged", requests=1)}]) == "partial"
