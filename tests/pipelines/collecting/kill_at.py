"""Runs the command line and kills it (SIGKILL) at the nth call of a function: `python -m
tests.pipelines.collecting.kill_at MODULE:NAME N COMMAND …`."""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from typing import Any


def kill_at(place: str, number: int) -> None:
    """Replaces a function by one that lets `number - 1` calls through and dies at the next, before it does anything."""
    module_name, _, name = place.partition(":")
    owner: Any = importlib.import_module(module_name)
    for part in name.split(".")[:-1]:
        owner = getattr(owner, part)
    real: Callable[..., Any] = getattr(owner, name.split(".")[-1])
    calls = 0

    def dying(*values: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*values, **named)

    setattr(owner, name.split(".")[-1], dying)


if __name__ == "__main__":
    kill_at(sys.argv[1], int(sys.argv[2]))
    sys.argv = ["heartbeat", *sys.argv[3:]]
    from pipelines.cli import run

    run()
