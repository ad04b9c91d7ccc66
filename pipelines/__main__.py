"""`python -m pipelines`: the same as the command `heartbeat`."""

from pipelines.cli import run

run()
