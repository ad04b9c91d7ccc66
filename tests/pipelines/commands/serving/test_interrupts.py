"""An interrupt that something swallows comes again; afterwards none is left over."""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Iterator

import pytest

from pipelines.commands.serving import children
from warehouse.attempts import signals


@pytest.fixture(autouse=True)
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Puts back the handlers of the tests' own process."""
    monkeypatch.setattr(children, "AGAIN_SECONDS", 0.1)
    monkeypatch.setattr(signals, "_received", [])
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
    former = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, former, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_that_a_finalizer_swallows_comes_again(number: signal.Signals) -> None:
    """Python prints what a finalizer or a hook of a fork raises, and goes on: `up` once ran on after Ctrl-C."""

    def work() -> None:
        with children.handle_interrupts():
            with contextlib.suppress(KeyboardInterrupt):
                os.kill(os.getpid(), number)
                time.sleep(0.05)
            time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert signals.find_signal() == number, "the alarm that repeats it is not what ended the process"


def test_a_loop_that_is_interrupted_reports_no_error_of_its_own(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Ctrl-C on `heartbeat serve` printed the traceback of a connection that Prefect was reading from."""
    monkeypatch.setattr(logging.getLogger("asyncio"), "disabled", False)

    async def answer(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(1)

    async def work() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1")
        connection = await asyncio.open_connection(*server.sockets[0].getsockname())
        await asyncio.sleep(0.1)
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(5)
        connection[1].close()

    with pytest.raises(KeyboardInterrupt), children.handle_interrupts():
        asyncio.run(work())
    assert caplog.records == []
