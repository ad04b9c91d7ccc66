"""Heartbeat's command with every log line of every library on its error output: what a careless setting would show."""

import logging
import os
import sys
from functools import partial

from pipelines.cli import run
from pipelines.collecting import run as collecting
from pipelines.http.client import Http
from tests.worlds.visits import note_waits

SECONDS = "LOUD_SECONDS"
"""Variable that holds the time limit of a request."""

if __name__ == "__main__":
    logging.basicConfig(level=1, stream=sys.stderr)
    note_waits(lambda seconds: None)
    vars(collecting)["Http"] = partial(Http, deadline_seconds=float(os.environ.get(SECONDS, "30")))
    run()
