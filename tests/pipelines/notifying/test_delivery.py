"""A message that no place accepted is sent again by the next run, and a restart repeats none that one did."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.notifying import alerts, deadman
from pipelines.notifying.alerts import (
    FILE,
    AlertState,
    Message,
    describe_undelivered,
    list_messages,
    read_state,
    send_messages,
)
from pipelines.notifying.conditions import Condition, Severity
from pipelines.notifying.deadman import ping_deadman
from pipelines.notifying.sending import deliver_notice
from tests.worlds.raw_server import raw_server
from tests.worlds.receivers import Webhook, open_mailbox, open_webhook
from warehouse.settings import Settings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def make_settings(home: Path, *places: str) -> Settings:
    return Settings(HEARTBEAT_HOME=home, HEARTBEAT_NOTIFY=" ".join(places), _env_file=None)


def list_due(home: Path, *names: str) -> list[Message]:
    conditions = [Condition(name, Severity.ERROR, NOW, name, "Fix it.") for name in names]
    return list(list_messages(read_state(home), conditions, NOW))


def test_what_every_place_refused_is_sent_again_and_what_one_accepted_is_not(tmp_path: Path) -> None:
    """The place that refused is named, without its address."""
    refused = "place 1 of HEARTBEAT_NOTIFY (JSON): answered 503"
    with open_webhook() as hook, open_mailbox() as mailbox:
        alone = make_settings(tmp_path, hook.address("canary"))
        hook.code = 503
        state = send_messages(alone, AlertState(), list_due(tmp_path, "first", "second"))
        assert state == read_state(tmp_path) and len(hook.asked) == 1
        assert describe_undelivered(state) == [f"the last message was refused: {refused}"]
        both = make_settings(tmp_path, hook.address("canary"), mailbox.address())
        state = send_messages(both, state, list_due(tmp_path, "first", "second"))
        assert state.trouble == refused and list_due(tmp_path, "first", "second") == []
        hook.code = 200
        state = send_messages(both, state, list_due(tmp_path, "third", "first", "second"))

    assert describe_undelivered(state) == [] and hook.titles == ["Heartbeat: error: third"]
    assert [mail["subject"] for mail in mailbox.mails] == [
        f"Heartbeat: error: {name}" for name in ("first", "second", "third")
    ]
    assert "canary" not in (tmp_path / FILE).read_text()


def test_a_run_that_is_killed_between_two_messages_repeats_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was accepted is written down before the next one goes."""
    with open_webhook() as hook:
        settings = make_settings(tmp_path, hook.address())
        with monkeypatch.context() as patched:

            def die_at_second(*words: object) -> object:
                if hook.messages:
                    raise KeyboardInterrupt
                return deliver_notice(*words)  # type: ignore[arg-type]

            patched.setattr(alerts, "deliver_notice", die_at_second)
            with pytest.raises(KeyboardInterrupt):
                send_messages(settings, AlertState(), list_due(tmp_path, "first", "second"))
        send_messages(settings, read_state(tmp_path), list_due(tmp_path, "first", "second"))

    assert hook.titles == ["Heartbeat: error: first", "Heartbeat: error: second"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"alerts": {"a": {"severity": 9}}}', b"\xff"])
def test_a_damaged_file_of_what_was_told_says_nothing(tmp_path: Path, content: bytes) -> None:
    """What is wrong is stated once more."""
    (tmp_path / FILE).write_bytes(content)
    assert read_state(tmp_path) == AlertState()


def _ping(hook: Webhook) -> str:
    return ping_deadman(Settings(HEARTBEAT_DEADMAN=f"http://127.0.0.1:{hook.port}/canary-uuid", _env_file=None))


def test_a_service_outside_is_asked_for_its_address_and_a_fault_repeats_none_of_it() -> None:
    """A redirect is a fault, too."""
    with open_webhook() as hook, open_webhook() as other:
        assert _ping(hook) == "" and [path for path, _ in hook.asked] == ["/canary-uuid"]
        hook.code = 404
        assert _ping(hook) == "HEARTBEAT_DEADMAN answered 404"
        hook.code, hook.location = 302, f"http://127.0.0.1:{other.port}/"
        assert _ping(hook) == "HEARTBEAT_DEADMAN answered 302" and other.asked == []
    stated = [
        ping_deadman(Settings(HEARTBEAT_DEADMAN=one, _env_file=None)) for one in ("http://127.0.0.1:9/canary", "x:")
    ]
    assert all(one.startswith("HEARTBEAT_DEADMAN could not be reached (") and "canary" not in one for one in stated)
    assert ping_deadman(Settings(_env_file=None)) == ""


def _drip(head: bytes, piece: bytes) -> list[bytes | float]:
    pieces: list[bytes | float] = [piece, 0.3]
    return [head, *pieces * 30]


def test_a_service_outside_that_sends_byte_by_byte_holds_up_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """How it answered is known before the rest comes, and what never ends is not waited for."""
    monkeypatch.setattr(deadman, "SECONDS", 1.0)
    ok = b"HTTP/1.1 200 OK\r\n"
    with raw_server() as server:
        server.script = {
            "/head": [_drip(ok, b"x-a: b\r\n")],
            "/body": [_drip(ok + b"content-length: 99\r\n\r\n", b"x")],
        }
        began = time.monotonic()
        stated = [ping_deadman(Settings(HEARTBEAT_DEADMAN=server.url(path), _env_file=None)) for path in server.script]
        took = time.monotonic() - began
    assert stated == ["HEARTBEAT_DEADMAN could not be reached (ReadTimeout)", ""] and took < 5
