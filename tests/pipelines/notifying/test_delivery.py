"""A message that no place accepted is sent again by the next run, and a restart repeats none that one did."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.notifying import alerts
from pipelines.notifying.alerts import (
    FILE,
    AlertState,
    Message,
    list_alerts,
    read_state,
    send_messages,
)
from pipelines.notifying.sending import Notice, deliver_notice, ping_deadman
from tests.worlds.receivers import Webhook, open_mailbox, open_webhook
from warehouse.findings import ALERTS, Finding, find_problems
from warehouse.settings import Settings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NEWS = Message(Notice("news", "news"), {"news_ids": ["a"]})


def make_settings(home: Path, *places: str) -> Settings:
    return Settings(HEARTBEAT_HOME=home, HEARTBEAT_NOTIFY=" ".join(places), _env_file=None)


def list_due(home: Path, *names: str) -> list[Message]:
    conditions = [Finding(name, "error", NOW, name, "none", "Fix it.") for name in names]
    state = read_state(home)
    return list_alerts(state, conditions, NOW) + [NEWS] * (not state.news_ids)


def test_a_message_is_sent_again_only_if_every_place_refused_it(tmp_path: Path) -> None:
    """The place that refused is named, without its address."""
    refused = "place 1 of HEARTBEAT_NOTIFY (JSON): answered 503"
    with open_webhook() as hook, open_mailbox() as mailbox:
        alone = make_settings(tmp_path, hook.address("canary"))
        hook.code = 503
        state = send_messages(alone, AlertState(), list_due(tmp_path, "first"))
        assert state == read_state(tmp_path) == AlertState(trouble=refused)
        assert [one.why for one in find_problems(alone, None) if one.id == ALERTS] == [refused]
        both = make_settings(tmp_path, hook.address("canary"), mailbox.address())
        state = send_messages(both, state, list_due(tmp_path, "first"))
        assert state.trouble == refused and list_due(tmp_path, "first") == []
        hook.code = 200
        state = send_messages(both, state, list_due(tmp_path, "first", "second"))

    assert find_problems(both, None) == [] and hook.titles == ["Heartbeat: error: second"]
    assert [mail["subject"] for mail in mailbox.mails] == [
        "Heartbeat: error: first", "news", "Heartbeat: error: second",
    ]  # fmt: skip
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
                send_messages(settings, AlertState(), list_due(tmp_path, "first"))
        send_messages(settings, read_state(tmp_path), list_due(tmp_path, "first"))

    assert hook.titles == ["Heartbeat: error: first", "news"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"sent": {"a": {"level": 9}}}', b"\xff"])
def test_a_damaged_file_counts_as_nothing_sent(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert read_state(tmp_path) == AlertState()


def _ping(hook: Webhook) -> str:
    return ping_deadman(Settings(HEARTBEAT_DEADMAN=f"http://127.0.0.1:{hook.port}/canary-uuid", _env_file=None))


def test_a_service_outside_is_asked_for_its_address_and_a_fault_repeats_none_of_it() -> None:
    """A redirect is a fault, too."""
    with open_webhook() as hook, open_webhook() as other:
        assert _ping(hook) == "" and [path for path, _ in hook.asked] == ["/canary-uuid"]
        hook.code, hook.location = 302, f"http://127.0.0.1:{other.port}/"
        assert _ping(hook) == "HEARTBEAT_DEADMAN: answered 302" and other.asked == []
    stated = [
        ping_deadman(Settings(HEARTBEAT_DEADMAN=one, _env_file=None)) for one in ("http://127.0.0.1:9/canary", "x:")
    ]
    assert stated == [
        "HEARTBEAT_DEADMAN: could not be reached, or refused the message",
        "HEARTBEAT_DEADMAN: not an address that Apprise understands; correct it",
    ]
    assert ping_deadman(Settings(_env_file=None)) == ""
