"""`heartbeat notify` tries every place before it is needed."""

import pytest

from tests.pipelines.commands.conftest import Run
from tests.worlds.receivers import open_webhook


def test_a_test_message_is_sent_and_each_place_answered_for(heartbeat: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a place it says so; with one that refuses, the exit code tells."""
    monkeypatch.delenv("HEARTBEAT_NOTIFY", raising=False)
    assert heartbeat("notify")[0] == 1 and "is not set" in heartbeat("notify")[1]

    with open_webhook() as hook:
        monkeypatch.setenv("HEARTBEAT_NOTIFY", hook.address("canary"))
        assert heartbeat("notify") == (0, "place 1 of HEARTBEAT_NOTIFY (JSON): sent\n")
        assert heartbeat("notify", "--failed", "heartbeat-backup.service")[0] == 0
        hook.code = 500
        code, said = heartbeat("notify")

    assert (code, said) == (1, "place 1 of HEARTBEAT_NOTIFY (JSON): answered 500\n")
    assert hook.titles == ["Heartbeat: a test message", "Heartbeat: heartbeat-backup.service failed"]
