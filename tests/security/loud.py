"""Heartbeat's command with every log line of every library on its error output: what a careless setting would show."""

import logging
import sys

from pipelines.cli import run
from pipelines.http import waits

if __name__ == "__main__":
    logging.basicConfig(level=1, stream=sys.stderr)
    waits.choose_backoff = lambda attempt: 0.0
    run()
