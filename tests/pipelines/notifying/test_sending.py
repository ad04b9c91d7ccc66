"""Messages reach every place, and nothing of an address or a secret goes anywhere else."""

import io
import logging
import threading
import time

import pytest

from pipelines.notifying import sending
from pipelines.notifying.sending import Notice, deliver_notice
from tests.worlds.receivers import open_mailbox, open_webhook
from warehouse.settings import CLOSED_NAMES, Settings, select_open_environment

NOTICE = Notice(title="GitHub has failed", body="No visit since yesterday.\n\nRun `heartbeat doctor`.")


def make_settings(*places: str) -> Settings:
    return Settings(HEARTBEAT_NOTIFY=" ".join(places), GITHUB_TOKEN="ghp_canary", _env_file=None)


def send(settings: Settings, notice: Notice) -> list[str]:
    """Sends a message, and returns a line for each place that refused it."""
    return [f"{label}: {fault}" for label, fault in deliver_notice(settings, notice) if fault]


def test_a_message_reaches_a_webhook_and_a_mailbox_as_it_was_written() -> None:
    """Plain text, whatever a place makes of it; the places are separated by any white space."""
    with open_webhook() as hook, open_mailbox() as mailbox:
        settings = Settings(HEARTBEAT_NOTIFY=f" {hook.address()}\n {mailbox.address()} ", _env_file=None)

        assert send(settings, NOTICE) == []

    (message,), (mail,) = hook.messages, mailbox.mails
    assert (message["title"], message["message"]) == (NOTICE.title, NOTICE.body)
    assert (mail["subject"], mail["to"], mail["from"]) == (
        NOTICE.title, "operator@example.com", "heartbeat@example.com",
    )  # fmt: skip
    body = mail.get_body(("plain", "html"))
    assert body is not None and "Run `heartbeat doctor`." in body.get_content()


def test_a_title_is_short_and_an_address_in_it_is_its_host() -> None:
    """A phone shows no more, and 150 characters with raw addresses hid what was wrong; the body has it all."""
    words = "github failed: https://api.github.com/repos/acme/kit/issues?page=2 answered 401; set a new token"
    with open_webhook() as hook:
        send(make_settings(hook.address()), Notice(title=f"Heartbeat: error: {words}", body=words, type="failure"))

    (message,) = hook.messages
    assert message["title"] == "Heartbeat: error: github failed: api.github.com answered …"
    assert (message["message"], message["type"]) == (words, "failure") and len(message["title"]) <= 60


def test_a_place_that_refuses_is_named_by_its_number_and_the_others_get_the_message() -> None:
    """Nothing of its address is repeated: each part of it may be a secret."""
    with open_webhook() as bad, open_webhook() as good:
        bad.code = 403
        secret = f"json://canary-user:canary-word@127.0.0.1:{bad.port}/canary-path?+X=canary-header"
        troubles = send(make_settings(secret, "canary-nonsense", "json://127.0.0.1:9/x", good.address()), NOTICE)

    assert troubles == [
        "place 1 of HEARTBEAT_NOTIFY (JSON): answered 403",
        "place 2 of HEARTBEAT_NOTIFY: not an address that Apprise understands; correct it",
        "place 3 of HEARTBEAT_NOTIFY (JSON): could not be reached, or refused the message",
    ]
    assert bad.asked[0][0] == "/canary-path" and good.titles == [NOTICE.title]


def test_a_redirect_is_not_followed() -> None:
    """It would carry the message and its credentials to a host that nobody named."""
    """It would carry the message and its credentials to a host that nobody named."""
    with open_webhook() as first, open_webhook() as second:
        first.code, first.location = 307, f"http://127.0.0.1:{second.port}/elsewhere"

        assert send(make_settings(first.address()), NOTICE) == ["place 1 of HEARTBEAT_NOTIFY (JSON): answered 307"]

    assert len(first.asked) == 1 and second.asked == []


def test_a_place_that_never_answers_ends_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PLACE_SECONDS", 0.5)
    with open_webhook() as slow, open_webhook() as good:
        slow.pause = threading.Event()
        began = time.monotonic()
        found = list(deliver_notice(make_settings(slow.address(), good.address()), NOTICE))
        took = time.monotonic() - began
        slow.pause.set()

    assert [fault for _, fault in found] == ["took longer than 0 s", ""] and took < 5


def test_no_log_line_holds_a_secret_whatever_is_logged(capfd: pytest.CaptureFixture[str]) -> None:
    """Apprise and urllib3 log addresses with their tokens, Apprise warns of them though nobody asked for logs."""
    heard, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(heard), root.level
    with open_webhook() as hook:
        settings = make_settings(hook.address("canary-path"), "json://canary-user:canary@127.0.0.1:9/", "canary://")
        send(settings, NOTICE)
        root.addHandler(handler)
        root.setLevel(1)
        try:
            send(settings, NOTICE)
        finally:
            root.removeHandler(handler)
            root.setLevel(level)

    assert hook.titles == [NOTICE.title] * 2
    assert "canary" not in heard.getvalue() + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("written", "arrived"),
    [
        ("the token ghp_canary was refused", "the token … was refused"),
        ("@everyone look, <!channel> <@U1> @here", "@\u200beveryone look, <\u200b!channel> <\u200b@U1> @\u200bhere"),
        ("@all @room @Channel, @allan", "@\u200ball @\u200broom @\u200bChannel, @allan"),
        ("a\x1b[31mb\u202ec", "a[31mbc"),
        (
            "write to jane@example.com, https://example.com/@jane",
            "write to jane@example.com, https://example.com/@jane",
        ),
    ],
)
def test_what_strangers_wrote_calls_nobody_and_tells_no_secret(written: str, arrived: str) -> None:
    """A message may quote an upstream; its title is one line, as it becomes a header."""
    with open_webhook() as hook:
        send(make_settings(hook.address()), Notice(title=f"{written}\nBcc: x", body=written))

    title = arrived.replace("https://example.com/@jane", "example.com")
    assert hook.messages[0]["message"] == arrived and hook.titles == [f"{title} Bcc: x"]


def test_no_server_sees_the_places() -> None:
    settings = make_settings("json://canary@127.0.0.1:9/")

    environment = dict.fromkeys(CLOSED_NAMES, "s3://canary:canary@bucket/x") | {"HEARTBEAT_PORT": "1"}
    assert select_open_environment(environment) == {"HEARTBEAT_PORT": "1"}
    assert "canary@" not in repr(settings) + str(settings.model_dump())
