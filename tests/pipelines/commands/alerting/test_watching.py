"""`heartbeat alerts`, and what a run of the schedule tells afterwards, as a webhook and a mailbox receive it."""

import errno
import os
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest

from pipelines.attempts import record_attempt
from pipelines.commands.alerting import watch
from pipelines.commands.alerting.watch import tell_afterwards, watch_home
from tests.faults.volume import Volume, mount_volume
from tests.pipelines.commands.conftest import NOW, Run
from tests.upstream.emulator import Upstream
from tests.upstream.faults import status as answer
from tests.worlds.receivers import open_mailbox, open_webhook
from warehouse.attempts.entries import AttemptKind
from warehouse.database import WarehouseError
from warehouse.findings import find_problems
from warehouse.lock import hold_lock
from warehouse.logs.log import open_log
from warehouse.settings import read_settings
from warehouse.snapshot import read_current


def _set_clock(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    monkeypatch.setenv("HEARTBEAT_NOW", (NOW + timedelta(hours=hours)).isoformat())


def test_a_schedule_that_died_is_told_once_from_cron_and_its_return_when_it_is_back(
    heartbeat: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By webhook and by mail; a run that finds the same says nothing, a dry one sends nothing."""
    heartbeat("collect", "--source", "status")
    heartbeat("build")
    heartbeat("publish")
    with open_webhook() as hook, open_mailbox() as mailbox:
        monkeypatch.setenv("HEARTBEAT_NOTIFY", f"{hook.address()} {mailbox.address()}")
        _set_clock(monkeypatch, 20)
        code, said = heartbeat("alerts", "--dry-run")
        assert code == 1 and "would send: Heartbeat: error: nothing was collected, or tried, for" in said
        assert hook.titles == [] and not (home / "alerts.json").exists()
        assert heartbeat("alerts")[0] == 1
        assert heartbeat("alerts")[1].endswith("nothing new to send\n")
        assert heartbeat("collect", "--source", "status")[0] == 2  # the frozen clock is not that of the hosts
        _set_clock(monkeypatch, 0.1)
        said = heartbeat("alerts")[1]

    subjects = [str(mail["subject"]) for mail in mailbox.mails]
    assert subjects == hook.titles and len(subjects) == 2
    assert subjects[0] == "Heartbeat: error: nothing was collected, or tried, for 20 …"
    assert hook.messages[0]["message"].splitlines()[1] == "Since 1 Nov 2026 06:00 UTC (20\N{NO-BREAK SPACE}h ago)."
    assert "Resolved 1 Nov 2026 06:06 UTC: nothing was collected, or tried" in hook.messages[1]["message"]
    assert "or tried" not in said.splitlines()[0]


def test_what_was_not_delivered_is_said_by_status(heartbeat: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is."""
    heartbeat("collect", "--source", "status")
    heartbeat("build")
    heartbeat("publish")
    _set_clock(monkeypatch, 20)
    assert "HEARTBEAT_NOTIFY is not set: no alerts are sent" in heartbeat("doctor")[1]
    with open_webhook() as hook:
        monkeypatch.setenv("HEARTBEAT_NOTIFY", hook.address("canary-path"))
        hook.code = 500
        waits = "place 1 of HEARTBEAT_NOTIFY (JSON): answered 500"
        for words in (("alerts",), ("status",), ("status", "--json")):
            code, said = heartbeat(*words)
            assert code == 1 and waits in said and "canary" not in said, words
        hook.code = 200
        heartbeat("alerts")
    assert waits not in heartbeat("status")[1] and len(hook.messages) == 1


def test_after_each_run_the_service_outside_hears_of_it_also_of_one_that_failed(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that is asked to stop ends at once; a trouble of telling is none of the run."""
    with open_webhook() as hook:
        monkeypatch.setenv("HEARTBEAT_DEADMAN", f"http://127.0.0.1:{hook.port}/uuid")
        with tell_afterwards(read_settings()):
            assert hook.asked == []
        with pytest.raises(ValueError, match="no"), tell_afterwards(read_settings()):
            raise ValueError("no")
        with pytest.raises(KeyboardInterrupt), tell_afterwards(read_settings()):
            raise KeyboardInterrupt
        assert [path for path, _ in hook.asked] == ["/uuid", "/uuid"]
        (home / "alerts.json").unlink()
        (home / "alerts.json").mkdir()
        with tell_afterwards(read_settings()):
            pass
    assert "alerts: " in capsys.readouterr().out


def test_who_waits_for_another_to_send_judges_what_is_wrong_after_that(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a cause that ended meanwhile would be reported once more."""
    with open_webhook() as hook:
        monkeypatch.setenv("HEARTBEAT_NOTIFY", hook.address())
        settings = read_settings()
        with suppress(WarehouseError), record_attempt(settings, AttemptKind.BUILD):
            raise WarehouseError("broken")
        with hold_lock(home, "sending", name="alerts"):
            watching = threading.Thread(target=watch_home, args=[settings])
            watching.start()
            watching.join(1)
            assert watching.is_alive()
            with record_attempt(settings, AttemptKind.BUILD):
                pass
        watching.join(60)
    assert hook.titles == [] and (home / "alerts.json").exists()


DISKS = {
    "full": (Volume.fill, "No space left", "he disk of HEARTBEAT_HOME is full"),
    "read-only": (Volume.forbid_writes, "Read-only file system", "HEARTBEAT_HOME cannot be written"),
}


@pytest.mark.parametrize("state", DISKS)
def test_a_disk_that_cannot_be_written_is_told_though_nothing_can_be_noted(
    heartbeat: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    """The service outside hears of no run then, so that it tells, too."""
    break_disk, error, words = DISKS[state]
    with mount_volume(tmp_path / "disk") as volume, open_webhook() as hook, open_webhook() as outside:
        if volume is None:
            pytest.skip("mounting a disk, which only root may")
        monkeypatch.setenv("HEARTBEAT_HOME", str(volume.folder / "home"))
        for step in ("collect", "build", "publish"):
            assert heartbeat(step)[0] == 0
        monkeypatch.setenv("HEARTBEAT_NOTIFY", hook.address())
        monkeypatch.setenv("HEARTBEAT_DEADMAN", f"http://127.0.0.1:{outside.port}/uuid")
        with tell_afterwards(read_settings()):
            pass
        open_log(tmp_path, [])  # a file open for writing keeps its disk writable
        break_disk(volume)
        assert heartbeat("collect")[0] == 4
        with pytest.raises(OSError, match=error):
            watch_home(read_settings())
        with tell_afterwards(read_settings()):
            pass
        code, said = heartbeat("alerts", "--dry-run")
        assert (code, words in said) == (1, True), said
        code, said = heartbeat("status")
        assert (code, words in said) == (1, True), said
        with monkeypatch.context() as other:
            other.setattr(os, "geteuid", lambda: 10002)
            seen = find_problems(read_settings(), read_current(volume.folder / "home"))
            assert (words in str(seen)) == (state == "full"), "a dashboard with a user of its own may not write"
        # The first is about so small a disk.
        assert [words in title for title in hook.titles] == [False, True, True]
        assert len(outside.asked) == 1
        volume.free()
        with tell_afterwards(read_settings()):
            pass
        assert len(outside.asked) == 2


def test_whatever_keeps_a_home_from_being_written_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a disk that had room and took no file nobody heard."""
    refusal = OSError(errno.EIO, os.strerror(errno.EIO))
    monkeypatch.setattr(watch, "write_state", mock.Mock(side_effect=refusal))
    with open_webhook() as hook:
        monkeypatch.setenv("HEARTBEAT_NOTIFY", hook.address())
        with pytest.raises(OSError, match="Input/output"):
            watch_home(read_settings())
    assert hook.titles == ["Heartbeat: error: HEARTBEAT_HOME cannot be written"]


def test_the_service_outside_hears_of_no_run_that_brought_nothing(
    heartbeat: Run, world: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every token was refused it heard that all was well."""
    with open_webhook() as outside:
        monkeypatch.setenv("HEARTBEAT_DEADMAN", f"http://127.0.0.1:{outside.port}/uuid")
        rule = world.fail("*", None, answer(401))
        try:
            assert heartbeat("collect")[0] == 4
        finally:
            rule.stop()
        with tell_afterwards(read_settings()):
            pass
        assert outside.asked == []
        assert heartbeat("collect")[0] == 0
        with tell_afterwards(read_settings()):
            pass
        assert len(outside.asked) == 2
