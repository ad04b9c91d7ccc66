"""Runs the command line, whose further attempts follow at once: `python -m tests.worlds.without_waits COMMAND …`."""

import sys

from pipelines.http import waits

if __name__ == "__main__":
    waits.choose_backoff = lambda attempt: 0.0
    sys.argv = ["heartbeat", *sys.argv[1:]]
    from pipelines.cli import run

    run()
